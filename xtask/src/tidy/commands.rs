//! Documents show commands that exist: targets of make, tasks of xtask, programs of the blocks
//! that `cargo xtask readme` runs.

use std::collections::BTreeSet;

use crate::house::TASKS;
use crate::markdown;
use crate::readme::{ANSWER, RUN};
use crate::tidy::Fault;
use crate::tree::{File, Tree};

/// Programs a block that is run may start with.
const PROGRAMS: &[&str] = &["curl", "kontor", "mv", "printf"];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let makefile = tree.file("Makefile").map(|file| file.text.as_str()).unwrap_or_default();
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(target, rest)| is_name(target) && !rest.starts_with('='))
        .map(|(target, _)| target)
        .collect();
    let is_document = |file: &&File| !file.path.contains('/') || file.path.starts_with("docs/");
    tree.ending(".md").filter(is_document).flat_map(|file| faults(file, &targets)).collect()
}

fn faults(file: &File, targets: &BTreeSet<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let blocks = markdown::blocks(&file.text);
    let mut commands = markdown::spans(&file.text);
    for block in blocks.iter().filter(|block| block.info.starts_with("sh")) {
        let lines = block.text.lines().enumerate();
        commands.extend(lines.map(|(index, line)| (block.line + 1 + index, line)));
    }
    for (line, command) in commands {
        let mut words = command.split_whitespace();
        let unknown = match (words.next(), words.next(), words.next()) {
            (Some("make"), Some(target), _) => is_name(target) && !targets.contains(target),
            (Some("cargo"), Some("xtask"), Some(task)) => {
                is_name(task) && task != "help" && TASKS.iter().all(|(name, _)| *name != task)
            }
            _ => false,
        };
        if unknown {
            faults.push(Fault::new(&file.path, line, format!("`{command}` does not exist")));
        }
    }
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| block.info == RUN) {
        let program = block.text.split_whitespace().next().unwrap_or_default();
        if !PROGRAMS.contains(&program) {
            faults.push(Fault::new(&file.path, block.line, format!("cannot run {program:?}")));
        }
        let answer = blocks.get(index + 1);
        if !answer.is_some_and(|answer| answer.info.ends_with(ANSWER)) {
            let message = "a block that is run is followed by its answer";
            faults.push(Fault::new(&file.path, block.line, message));
        }
    }
    faults
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn unknown_commands_are_found() {
        let text = "`make test` `cargo xtask tidy`\n`make tset`\n`cargo xtask tdy`\n\
                    ```sh\nmake tset\n```\n\
                    ```sh run\ncurl x\n```\n```xml answer\n<a/>\n```\n\
                    ```sh run\nrm x\n```\n";
        let found = lines(check, &[("Makefile", "test: setup\nX := 1\n"), ("README.md", text)]);
        let expected = [2, 3, 5, 13, 13].map(|line| ("README.md".to_owned(), line));
        assert_eq!(found, expected);
    }
}
