//! Every dependency of a crate is named by its code, and every version of the workspace by a crate.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::tidy::{Fault, has_word};
use crate::tree::{File, Tree};

/// Dependencies that no code names, each with its reason.
const UNNAMED: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    for manifest in tree.ending("/Cargo.toml") {
        let Ok(table) = manifest.text.parse::<Table>() else {
            faults.push(Fault::new(&manifest.path, 0, "is no TOML"));
            continue;
        };
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for name in names(table.get(section)) {
                if !is_named(tree, manifest, section, &name) {
                    let message = format!("{section}: no code names {name}");
                    faults.push(Fault::new(&manifest.path, 0, message));
                }
                used.insert(name);
            }
        }
    }
    let root = tree.file("Cargo.toml").and_then(|file| file.text.parse::<Table>().ok());
    let workspace = root.as_ref().and_then(|root| root.get("workspace"));
    for name in names(workspace.and_then(|workspace| workspace.get("dependencies"))) {
        if !used.contains(&name) {
            let message = format!("workspace.dependencies: no crate depends on {name}");
            faults.push(Fault::new("Cargo.toml", 0, message));
        }
    }
    faults
}

fn names(section: Option<&Value>) -> Vec<String> {
    section
        .and_then(Value::as_table)
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

/// Whether code of the crate names a dependency. What only tests name belongs to
/// `dev-dependencies`.
fn is_named(tree: &Tree, manifest: &File, section: &str, name: &str) -> bool {
    if UNNAMED.iter().any(|(unnamed, _)| *unnamed == name) {
        return true;
    }
    let word = name.replace('-', "_");
    let folder = manifest.path.trim_end_matches("Cargo.toml");
    let sources = tree.ending(".rs").filter(|file| file.path.starts_with(folder));
    if section == "dependencies" {
        let shipped = |file: &&File| !file.is_test() && !file.path.contains("/benches/");
        sources.filter(shipped).any(|file| is_in(file.product_lines(), &word))
    } else {
        sources.into_iter().any(|file| is_in(file.lines(), &word))
    }
}

fn is_in<'a>(mut lines: impl Iterator<Item = (usize, &'a str)>, word: &str) -> bool {
    lines.any(|(_, line)| !line.trim_start().starts_with("//") && has_word(line, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_use_is_found() {
        let root = "[workspace.dependencies]\none = \"1\"\ntwo-b = \"2\"\nthree = \"3\"\n";
        let manifest = "[dependencies]\none.workspace = true\ntwo-b.workspace = true\n\
                        four.workspace = true\n[dev-dependencies]\nfive.workspace = true\n\
                        six.workspace = true\n";
        let lib = "//! four\nuse two_b::Two;\n#[cfg(test)]\nmod tests {\n    use one::One;\n}\n";
        let files = [
            ("Cargo.toml", root),
            ("crates/a/Cargo.toml", manifest),
            ("crates/a/src/lib.rs", lib),
            ("crates/a/tests/it/main.rs", "use five::Five;\nuse four::Four;\n"),
            ("crates/ab/src/lib.rs", "use six::Six;\n"),
        ];
        let files = files.iter().map(|(path, text)| File::new(path, text)).collect();
        let mut found: Vec<String> = check(&Tree { files }).iter().map(Fault::to_string).collect();
        found.sort();
        let expected = [
            "Cargo.toml:0: workspace.dependencies: no crate depends on three",
            "crates/a/Cargo.toml:0: dependencies: no code names four",
            "crates/a/Cargo.toml:0: dependencies: no code names one",
            "crates/a/Cargo.toml:0: dev-dependencies: no code names six",
        ];
        assert_eq!(found, expected);
    }
}
