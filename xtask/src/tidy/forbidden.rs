//! Text that must not stand in the repository: paths of somebody's machine, hosts of package
//! registries, binary floats, things left for later, tests that do not run.

use crate::tidy::{Fault, has_word};
use crate::tree::{File, Tree, is_rust};

/// A forbidden text, put together so that this file does not contain it.
struct Rule {
    text: &'static str,
    /// Whether only a whole word counts.
    is_word: bool,
    is_looked_at: fn(&File) -> bool,
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule { text: concat!("/wo", "rk/"), is_word: false, is_looked_at: any, why: MACHINE },
    Rule { text: concat!("/ro", "ot/"), is_word: false, is_looked_at: any, why: MACHINE },
    Rule { text: concat!("/ho", "me/"), is_word: false, is_looked_at: any, why: MACHINE },
    Rule { text: concat!("index.cra", "tes.io"), is_word: false, is_looked_at: any, why: REGISTRY },
    Rule {
        text: concat!("static.cra", "tes.io"),
        is_word: false,
        is_looked_at: any,
        why: REGISTRY,
    },
    Rule {
        text: concat!("registry.np", "mjs.org"),
        is_word: false,
        is_looked_at: any,
        why: REGISTRY,
    },
    Rule { text: concat!("py", "pi.org"), is_word: false, is_looked_at: any, why: REGISTRY },
    Rule { text: concat!("f", "64"), is_word: true, is_looked_at: rust, why: FLOAT },
    Rule { text: concat!("f", "32"), is_word: true, is_looked_at: rust, why: FLOAT },
    Rule { text: concat!("TO", "DO"), is_word: true, is_looked_at: rust, why: LATER },
    Rule { text: concat!("#[ig", "nore"), is_word: false, is_looked_at: rust, why: ASLEEP },
    Rule { text: concat!("#[should", "_panic"), is_word: false, is_looked_at: rust, why: PANIC },
];

const MACHINE: &str = "is a path of one machine";
const REGISTRY: &str = "is the host of a package registry; cargo knows where crates come from";
const FLOAT: &str = "is a binary float; numbers are exact (kontor_model::decimal)";
const LATER: &str = "is left for later: do it now or say in CHANGELOG.md that it is missing";
const ASLEEP: &str = "is a test that does not run: assert what is, and say why it is wrong";
const PANIC: &str = "hides where a test fails: assert the error";

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for rule in RULES {
        for file in tree.files.iter().filter(|file| (rule.is_looked_at)(file)) {
            let hits = file.lines().filter(|(_, line)| rule.is_in(line));
            faults.extend(hits.map(|(line, _)| {
                Fault::new(&file.path, line, format!("{} {}", rule.text, rule.why))
            }));
        }
    }
    faults
}

impl Rule {
    fn is_in(&self, line: &str) -> bool {
        if self.is_word { has_word(line, self.text) } else { line.contains(self.text) }
    }
}

fn any(_: &File) -> bool {
    true
}

fn rust(file: &File) -> bool {
    is_rust(&file.path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn every_rule_finds_its_text_and_nothing_else() {
        for rule in RULES {
            let text = format!("fine\nx {} y\n", rule.text);
            let found = lines(check, &[("a.rs", &text), ("b.rs", "elf64 f6 todo()\n")]);
            assert_eq!(found, [("a.rs".to_owned(), 2)], "{}", rule.text);
        }
    }
}
