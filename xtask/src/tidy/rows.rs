//! Rows have types: use cases, commands and dialects meet nouns, and only what stands between
//! catalogue files, stores and the book meets kinds, records and cells.
//!
//! A noun is described in its own file and named on one line of the list. No other file names many
//! nouns one by one: such a file would have to be changed for a new one.

use std::collections::BTreeSet;

use crate::tidy::{Fault, has_word};
use crate::tree::{File, Tree};

/// What use cases, commands and dialects do not name.
const UNTYPED: [&str; 3] = ["Kind", "Record", "Cell"];
/// Files that do, each with its reason.
const MAY_BE_UNTYPED: &[(&str, &str)] = &[
    ("/load.rs", "reads rows of every noun into the book"),
    ("/follow.rs", "takes what the change log lists into the book, of whatever noun"),
    ("/follow_product.rs", "the same of the rows of a product"),
    ("/cards.rs", "makes cards of the book from rows"),
    ("/prepare.rs", "is what an import does to rows before they are stored"),
    ("crates/kontor/src/data.rs", "hands that to imports"),
];
const LIST: &str = "crates/kontor-model/src/catalogue.rs";
/// A file that names so many nouns one by one is a list of nouns.
const MAX_NAMED: usize = 12;

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults: Vec<Fault> =
        product(tree).filter(|file| is_typed(file)).flat_map(untyped).collect();
    let others = product(tree).filter(|file| !file.path.starts_with("crates/kontor-model/"));
    faults.extend(others.filter_map(second_list));
    faults.extend(unlisted(tree));
    faults
}

fn product(tree: &Tree) -> impl Iterator<Item = &File> {
    let sources = tree.ending(".rs");
    sources.filter(|file| {
        let is_source = file.path.starts_with("crates/") && file.path.contains("/src/");
        is_source && !file.is_test()
    })
}

/// Whether a file is a use case, a command or a part of a dialect.
fn is_typed(file: &File) -> bool {
    let crates = ["kontor-app/", "kontor-leads/", "kontor-dialect-", "kontor/"];
    let path = file.path.strip_prefix("crates/").unwrap_or(&file.path);
    crates.iter().any(|own| path.starts_with(own))
        && !MAY_BE_UNTYPED.iter().any(|(end, _)| file.path.ends_with(end))
}

fn untyped(file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, line) in file.product_lines() {
        let is_comment = line.trim_start().starts_with("//");
        for word in UNTYPED.iter().filter(|word| !is_comment && has_word(line, word)) {
            let message = format!(
                "{word}: read and write nouns (ReadNouns, WriteNouns, Tenant::find), not untyped rows"
            );
            faults.push(Fault::new(&file.path, number, message));
        }
    }
    faults
}

fn second_list(file: &File) -> Option<Fault> {
    let mut named = BTreeSet::new();
    for (_, line) in file.product_lines() {
        for prefix in ["Kind::", "Record::"] {
            for (before, after) in line.match_indices(prefix).map(|(at, _)| line.split_at(at)) {
                let is_own = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let name = after.get(prefix.len()..).unwrap_or("");
                let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
                if is_own && name.starts_with(|c: char| c.is_ascii_uppercase()) {
                    named.insert(name);
                }
            }
        }
    }
    named.remove("CATALOGUE");
    named.remove("RUNTIME");
    let message = format!(
        "names {} nouns one by one: let each noun say so in its description (crates/kontor-model/src/noun.rs)",
        named.len()
    );
    (named.len() > MAX_NAMED).then(|| Fault::new(&file.path, 0, message))
}

/// Nouns that do not stand on exactly one line of the list.
fn unlisted(tree: &Tree) -> Vec<Fault> {
    let Some(list) = tree.file(LIST) else { return Vec::new() };
    let mut faults = Vec::new();
    let model = product(tree).filter(|file| file.path.starts_with("crates/kontor-model/"));
    for file in model {
        for (number, line) in file.product_lines() {
            let Some(noun) = line.strip_prefix("impl Noun for ") else { continue };
            let noun = noun.trim_end_matches([' ', '{']);
            let end = format!("::{noun},");
            let lines = list.product_lines().filter(|(_, line)| line.ends_with(&end)).count();
            if lines != 1 {
                let message = format!("{noun} stands on {lines} lines of the list in {LIST}");
                faults.push(Fault::new(&file.path, number, message));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn untyped_rows_are_found_in_use_cases_commands_and_dialects() {
        let text = "//! A Kind.\nuse kontor_model::catalogue::Kind;\nfn a(b: ColumnKind) {}\n#[cfg(test)]\nmod t { /* Kind */ }\n";
        let found = lines(
            check,
            &[
                ("crates/kontor-app/src/leads.rs", text),
                ("crates/kontor-app/src/follow/load.rs", text),
                ("crates/kontor-app/tests/it/a.rs", text),
                ("crates/kontor-app/benches/a.rs", text),
                ("crates/kontor-dialect-secomp/src/a.rs", text),
                ("crates/kontor/src/commands/a.rs", text),
                ("crates/kontor-exchange/src/a.rs", text),
            ],
        );
        let expected = [
            "crates/kontor-app/src/leads.rs",
            "crates/kontor-dialect-secomp/src/a.rs",
            "crates/kontor/src/commands/a.rs",
        ];
        assert_eq!(found, expected.map(|path| (path.to_owned(), 2)));
    }

    #[test]
    fn a_second_list_of_nouns_is_found() {
        let few: Vec<String> =
            (0..MAX_NAMED).map(|n| format!("Kind::N{n}, EntryKind::M{n}\n")).collect();
        let few = few.concat();
        let many = format!("{few}Record::Another(_)\n");
        let found = lines(
            check,
            &[
                ("crates/kontor-exchange/src/few.rs", &few),
                ("crates/kontor-exchange/src/many.rs", &many),
                ("crates/kontor-model/src/catalogue.rs", &many),
            ],
        );
        assert_eq!(found, [("crates/kontor-exchange/src/many.rs".to_owned(), 0)]);
    }

    #[test]
    fn a_noun_stands_on_one_line_of_the_list() {
        let noun = "\nimpl Noun for Holiday {\n";
        let faults = |list: &str| {
            lines(check, &[(LIST, list), ("crates/kontor-model/src/holiday.rs", noun)])
        };
        assert_eq!(faults("    Holiday: crate::holiday::Holiday,\n"), []);
        let expected = [("crates/kontor-model/src/holiday.rs".to_owned(), 2)];
        assert_eq!(faults("    Other: crate::holiday::BankHoliday,\n"), expected);
    }
}
