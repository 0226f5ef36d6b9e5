//! A dialect is its folder and two lines: its name stands nowhere else in the product.
//!
//! Documents, demo data, golden cases, comments, tests and benchmarks may name dialects. Whatever else
//! does is listed here with its reason, and an entry without use is a fault too.

use std::collections::BTreeSet;

use crate::tidy::Fault;
use crate::tidy::dialects::{Dialect, dialects};
use crate::tree::{File, Tree};

/// Where the two lines of a dialect stand.
const MANIFEST: &str = "crates/kontor/Cargo.toml";
const LIST: &str = "crates/kontor/src/dialects.rs";

/// Places that name dialects, with the reason. Only those of accounts may need a change when a dialect is
/// added: their protocols are a closed list.
const REMAINING: &[(&str, &str)] = &[
    ("clippy.toml", "names with capitals inside, as prose writes them"),
    ("crates/kontor-leads/src/admin.rs", "a message names a key of the configuration"),
    (
        "crates/kontor-app/src/access/account_admin.rs",
        "accounts: those of one protocol have tokens",
    ),
    ("crates/kontor-app/src/supplier_admin.rs", "accounts: guests and partners ask without one"),
    (
        "crates/kontor-exchange/src/import/setup.rs",
        "accounts: what those of each protocol need from a catalogue",
    ),
    ("crates/kontor-exchange/src/page/mod.rs", "an example of a fault"),
    ("crates/kontor-model/src/account.rs", "accounts: the list of their protocols"),
    ("crates/kontor-model/src/imported_account.rs", "accounts: the list of their protocols"),
    ("crates/kontor-store/src/contract/", "the suite that backends run in their tests"),
    ("crates/kontor-store-sqlite/migrations/", "migrations are never changed"),
    ("crates/kontor/Cargo.toml", "the name of a benchmark"),
    ("crates/kontor/src/args.rs", "examples, and the protocol whose defaults can be explained"),
    ("crates/kontor/src/config.rs", "commands read settings of leads and documents"),
    ("crates/kontor/src/commands/documents.rs", "the command writes the format of one protocol"),
    ("crates/kontor/src/commands/price.rs", "the command asks in the words of one protocol"),
    ("crates/kontor/src/commands/questionnaire.rs", "the command prints the page of one protocol"),
    ("crates/kontor/src/outbox.rs", "messages name keys of the configuration"),
    ("xtask/src/tidy/circles.rs", "paths of circles that stay for now"),
];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let dialects = dialects(tree);
    let mut used = BTreeSet::new();
    let mut faults: Vec<Fault> = tree
        .files
        .iter()
        .filter(|file| is_product(&file.path))
        .flat_map(|file| faults(file, &dialects, &mut used))
        .collect();
    let unused = REMAINING.iter().filter(|(place, _)| !used.contains(place));
    faults.extend(unused.map(|(place, _)| {
        let message = "names no dialect any more: take it from xtask/src/tidy/dialect_names.rs";
        Fault::new(place, 0, message)
    }));
    faults
}

/// Whether a file is code or set-up that somebody who adds a dialect might have to change.
fn is_product(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_read = matches!(ending, "rs" | "toml" | "sql") || path.starts_with(".ci/");
    // The example configuration is generated.
    let is_free = ["conformance/", "demo/", "docs/", "kontor.example.toml"];
    is_read
        && !path.contains("/tests/")
        && !path.ends_with("/tests.rs")
        && !path.contains("/benches/")
        && !path.starts_with("xtask/src/tidy/dialect_names.rs")
        && !is_free.iter().any(|free| path.starts_with(free))
}

fn faults(file: &File, dialects: &[Dialect], used: &mut BTreeSet<&'static str>) -> Vec<Fault> {
    let place = REMAINING.iter().map(|(place, _)| *place);
    let place = { place }.find(|place| file.path.starts_with(place));
    let mut faults = Vec::new();
    for (number, line) in file.product_lines().filter(|(_, line)| !is_comment(line)) {
        let lower = line.to_lowercase();
        for Dialect { name, folder, .. } in dialects {
            let is_named = lower.contains(&**name) && !file.path.starts_with(&**folder);
            if !is_named || is_one_of_the_two(&file.path, line, name) {
                continue;
            }
            match place {
                Some(place) => {
                    used.insert(place);
                }
                None => faults.push(Fault::new(
                    &file.path,
                    number,
                    format!(
                        "names {name}: a dialect is its folder and two lines ({MANIFEST}, {LIST})"
                    ),
                )),
            }
        }
    }
    faults
}

fn is_comment(line: &str) -> bool {
    ["//", "#[doc", "# ", "-- "].iter().any(|begin| line.trim_start().starts_with(begin))
}

fn is_one_of_the_two(path: &str, line: &str, name: &str) -> bool {
    match path {
        MANIFEST => line.starts_with(&format!("kontor-dialect-{name} = ")),
        LIST => line.trim() == format!("&kontor_dialect_{}::DIALECT,", name.replace('-', "_")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn a_name_outside_of_the_folder_and_the_two_lines_is_found() {
        let files = [
            ("crates/kontor-dialect-quick/Cargo.toml", "[package]\nname = \"x\"\n"),
            ("crates/kontor-dialect-quick/src/lib.rs", "const NAME: &str = \"quick\";\n"),
            (MANIFEST, "kontor-dialect-quick = { path = \"../kontor-dialect-quick\" }\n"),
            (LIST, "    &kontor_dialect_quick::DIALECT,\n    let x = quick;\n"),
            ("docs/a.md", "quick\n"),
            ("crates/kontor-app/src/a.rs", "// quick\nmatch Quick {\n#[cfg(test)]\nquick\n"),
            ("crates/kontor-app/tests/it/a.rs", "quick\n"),
            (".ci/run", "dialects=quick\n"),
        ];
        let found = lines(check, &files);
        let found: Vec<_> = found.iter().filter(|(_, line)| *line > 0).collect();
        let expected = [(".ci/run", 1), ("crates/kontor-app/src/a.rs", 2), (LIST, 2)];
        assert_eq!(
            found,
            expected.map(|(path, line)| (path.to_owned(), line)).iter().collect::<Vec<_>>()
        );
        let unused = lines(check, &[]);
        assert_eq!(unused.len(), REMAINING.len(), "what names no dialect is not listed");
    }
}
