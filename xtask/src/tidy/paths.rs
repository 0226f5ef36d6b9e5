//! Documents name files that exist: links of all documents, and the paths between backticks.

use std::collections::BTreeSet;

use crate::markdown;
use crate::tidy::Fault;
use crate::tree::{File, Tree, is_rust};

/// A code span that begins so is a path.
const FOLDERS: &[&str] = &[
    ".cargo/",
    ".ci/",
    "benches/",
    "conformance/",
    "crates/",
    "demo/",
    "docs/",
    "fuzz/",
    "xtask/",
];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let known = known(tree);
    let is_document = |file: &&File| !file.path.contains('/') || file.path.starts_with("docs/");
    tree.ending(".md").filter(is_document).flat_map(|file| faults(file, &known)).collect()
}

/// All files and folders.
fn known(tree: &Tree) -> BTreeSet<&str> {
    let mut known = BTreeSet::new();
    for file in &tree.files {
        let slashes = file.path.match_indices('/').map(|(at, _)| at);
        known.extend(slashes.filter_map(|at| file.path.get(..at)));
        known.insert(file.path.as_str());
    }
    known
}

fn faults(file: &File, known: &BTreeSet<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (line, link) in markdown::links(&file.text) {
        let target = link.split('#').next().unwrap_or(link);
        let is_ours = !target.is_empty() && !target.contains(':');
        if is_ours && !known.contains(resolve(&file.path, target).as_str()) {
            faults.push(Fault::new(&file.path, line, format!("the link to {link} leads nowhere")));
        }
    }
    for (line, span) in markdown::spans(&file.text) {
        let is_path = FOLDERS.iter().any(|folder| span.starts_with(folder));
        // `<name>` stands for something the reader chooses.
        let is_dead = is_path && !span.contains(['<', ' ']) && !exists(span, known);
        if is_dead || (is_source_name(span) && !has_file(span, known)) {
            faults.push(Fault::new(&file.path, line, format!("{span} does not exist")));
        }
    }
    faults
}

/// Whether every path a span stands for exists: `{a,b}` is each, `*` is at least one.
fn exists(span: &str, known: &BTreeSet<&str>) -> bool {
    let alternatives = alternatives(span.trim_end_matches('/'));
    alternatives.iter().all(|path| known.iter().any(|file| matches(path, file)))
}

/// Whether a span is the bare name of a source file.
fn is_source_name(span: &str) -> bool {
    !span.contains(['/', '<', ' ', '*', '{']) && is_rust(span)
}

fn has_file(name: &str, known: &BTreeSet<&str>) -> bool {
    known.iter().any(|file| file.rsplit('/').next() == Some(name))
}

fn alternatives(span: &str) -> Vec<String> {
    let parts = span.split_once('{').and_then(|(before, rest)| {
        rest.split_once('}').map(|(inside, after)| (before, inside, after))
    });
    match parts {
        None => vec![span.to_owned()],
        Some((before, inside, after)) => inside
            .split(',')
            .flat_map(|choice| alternatives(&format!("{before}{choice}{after}")))
            .collect(),
    }
}

/// Whether a path fits a pattern in which `*` stands for any text inside of one name.
fn matches(pattern: &str, path: &str) -> bool {
    let (patterns, names) = (pattern.split('/'), path.split('/'));
    patterns.clone().count() == names.clone().count()
        && patterns.zip(names).all(|(pattern, name)| match pattern.split_once('*') {
            None => pattern == name,
            Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        })
}

/// The path a link in a document leads to.
fn resolve(document: &str, target: &str) -> String {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut names: Vec<&str> = Vec::new();
    for name in folder.split('/').chain(target.split('/')) {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn dead_paths_and_links_are_found() {
        let text = "`crates/a/src/{x,y}.rs` `crates/*/src/` `crates/<name>/src`\n\
                    `crates/a/src/{x,z}.rs`\n`x.rs`\n`gone.rs`\n[l](docs/d.md#part)\n[l](d.md)\n\
                    [w](https://example.org/)\n`docs/*.txt`\n";
        let files = [
            ("ARCHITECTURE.md", text),
            ("crates/a/src/x.rs", ""),
            ("crates/a/src/y.rs", ""),
            ("docs/d.md", "[back](../ARCHITECTURE.md) [gone](e.md)\n"),
        ];
        let expected = [2, 4, 6, 8].map(|line| ("ARCHITECTURE.md".to_owned(), line));
        let mut expected = expected.to_vec();
        expected.push(("docs/d.md".to_owned(), 1));
        assert_eq!(lines(check, &files), expected);
    }
}
