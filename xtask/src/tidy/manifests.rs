//! Every dependency says what it is for, and versions stand in one place.

use crate::tidy::Fault;
use crate::tree::{File, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    tree.ending("Cargo.toml").flat_map(faults).collect()
}

fn faults(file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut in_dependencies = false;
    let mut has_comment = false;
    for (number, line) in file.lines() {
        if line.starts_with('[') {
            in_dependencies = line.trim_end_matches(']').ends_with("dependencies");
        } else if in_dependencies && is_versioned(line) && !has_comment {
            let name = line.split(['=', '.', ' ']).next().unwrap_or(line);
            let message = format!("{name}: say in a comment above what it is for");
            faults.push(Fault::new(&file.path, number, message));
        }
        has_comment = line.starts_with('#');
    }
    faults
}

/// Whether a line names a crate with its version: neither one of ours nor one whose version
/// (and purpose) stands in the root.
fn is_versioned(line: &str) -> bool {
    let is_entry = line.starts_with(|c: char| c.is_ascii_alphabetic()) && line.contains('=');
    is_entry && !line.contains("workspace = true") && !line.contains("path = \"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn a_version_without_a_comment_is_found() {
        let text = "[package]\nname = \"a\"\n[dependencies]\n# For this.\none = \"1\"\n\
                    two = \"2\"\nkontor-model.workspace = true\nxtask = { path = \"x\" }\n\
                    [dev-dependencies]\nthree = { version = \"3\" }\n";
        let found = lines(check, &[("crates/a/Cargo.toml", text)]);
        assert_eq!(found, [6, 10].map(|line| ("crates/a/Cargo.toml".to_owned(), line)));
    }
}
