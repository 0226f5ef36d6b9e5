//! Property tests try the same values in every run: each configuration has a fixed seed and writes
//! no file of failures.

use crate::tidy::Fault;
use crate::tree::{File, Tree, is_rust};

/// What a configuration must say.
const DEMANDED: [&str; 2] = ["rng_seed: ", "failure_persistence: None"];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let is_looked_at = |file: &&File| is_rust(&file.path) && !file.path.starts_with("xtask/");
    let property_tests = tree.files.iter().filter(is_looked_at);
    property_tests.filter(|file| file.text.contains("proptest")).flat_map(faults).collect()
}

fn faults(file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    let lines: Vec<&str> = file.text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim();
        let following = lines.iter().skip(index + 1);
        let has_config =
            following.clone().next().is_some_and(|next| next.contains("#![proptest_config("));
        if line.ends_with("proptest! {") && !has_config {
            let message = "a property test without #![proptest_config(…)] has a random seed";
            faults.push(Fault::new(&file.path, index + 1, message));
        }
        if line.contains("TestRunner::default()") {
            faults.push(Fault::new(&file.path, index + 1, "this runner has a random seed"));
        }
        if is_changed_default(line) {
            // The fields stand between the name of the type and the rest that is as usual.
            let before = lines.iter().take(index).rev().take_while(|line| !is_start(line));
            let start = lines.iter().take(index).rev().find(|line| is_start(line));
            let fields: Vec<&str> =
                before.chain(start).copied().chain(std::iter::once(line)).collect();
            for demanded in DEMANDED {
                if !fields.iter().any(|field| field.contains(demanded)) {
                    let message =
                        format!("this configuration of property tests lacks `{demanded}`");
                    faults.push(Fault::new(&file.path, index + 1, message));
                }
            }
        }
    }
    faults
}

/// Whether a line takes the rest of a configuration from the default, or all of it.
fn is_changed_default(line: &str) -> bool {
    ["Config::default()", "..Default::default()"].iter().any(|rest| line.contains(rest))
}

fn is_start(line: &str) -> bool {
    line.contains("Config {")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn a_property_test_without_a_fixed_seed_is_found() {
        let good = "use proptest::prelude::*;\nproptest! {\n    #![proptest_config(Config {\n\
                    rng_seed: RngSeed::Fixed(1),\nfailure_persistence: None,\n\
                    ..Config::default()\n})]\n}\n";
        let bare = "proptest! {\n    #[test]\n}\n";
        let random = "// proptest\nlet config = Config {\nfailure_persistence: None,\n\
                      ..Config::default()\n};\nTestRunner::default();\n";
        let whole = "// proptest\nlet config = Config { cases: 24, ..Config::default() };\n";
        let other = "let config = Config { ..Config::default() };\n";
        let files = [
            ("good.rs", good),
            ("bare.rs", bare),
            ("random.rs", random),
            ("whole.rs", whole),
            ("other.rs", other),
        ];
        let found = lines(check, &files);
        let expected =
            [("bare.rs", 1), ("random.rs", 4), ("random.rs", 6), ("whole.rs", 2), ("whole.rs", 2)];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }
}
