//! `cargo xtask tidy`: the rules of the house that the compiler does not know.
//!
//! Every check is a function from the files of the repository to the faults it finds. Each has
//! two kinds of tests: this repository has no fault, and a repository with the fault is caught.

mod circles;
mod columns;
mod commands;
mod dialect_names;
mod dialects;
mod edges;
mod fault;
mod forbidden;
mod manifests;
mod paths;
mod rows;
mod seeds;
mod sizes;
mod unused;
mod wire_words;

use anyhow::bail;

use crate::house::root;
use crate::tree::Tree;

pub(crate) use fault::{Fault, has_word};

/// A check.
type Check = fn(&Tree) -> Vec<Fault>;

const CHECKS: &[(&str, Check)] = &[
    ("edges between crates", edges::check),
    ("circles between files of a crate", circles::check),
    ("comments of dependencies", manifests::check),
    ("dependencies without a use", unused::check),
    ("seeds of property tests", seeds::check),
    ("dialects", dialects::check),
    ("names of dialects outside of their folders", dialect_names::check),
    ("wire words outside of their dialect", wire_words::check),
    ("paths and links in documents", paths::check),
    ("commands in documents", commands::check),
    ("columns of the catalogue in documents", columns::check),
    ("rows have types", rows::check),
    ("sizes of files", sizes::check),
    ("forbidden words", forbidden::check),
];

/// Runs all checks and lists every fault.
pub(crate) fn run() -> anyhow::Result<()> {
    let tree = Tree::read(&root())?;
    let mut count = 0;
    for (name, check) in CHECKS {
        let mut faults = check(&tree);
        faults.sort();
        if !faults.is_empty() {
            eprintln!("tidy: {name}");
        }
        for fault in &faults {
            eprintln!("  {fault}");
        }
        count += faults.len();
    }
    if count > 0 {
        bail!("tidy: {count} faults");
    }
    eprintln!("tidy: {} checks, {} files, no faults", CHECKS.len(), tree.files.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::File;

    #[test]
    fn this_repository_is_tidy() {
        let tree = Tree::read(&root()).unwrap();
        assert!(tree.files.len() > 100, "only {} files were read", tree.files.len());
        let faults: Vec<String> = CHECKS
            .iter()
            .flat_map(|(_, check)| check(&tree))
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }

    #[test]
    fn a_word_is_a_whole_word() {
        assert!(has_word("x = PRODUCT_ID;", "PRODUCT_ID"));
        assert!(!has_word("x = MY_PRODUCT_ID;", "PRODUCT_ID"));
        assert!(!has_word("PRODUCT_IDS", "PRODUCT_ID"));
        assert!(has_word("PRODUCT_IDS PRODUCT_ID", "PRODUCT_ID"));
    }

    /// What a check says about files: the lines with faults.
    pub(super) fn lines(check: Check, files: &[(&str, &str)]) -> Vec<(String, usize)> {
        let files = files.iter().map(|(path, text)| File::new(path, text)).collect();
        let mut faults = check(&Tree { files });
        faults.sort();
        faults.into_iter().map(|fault| (fault.path, fault.line)).collect()
    }
}
