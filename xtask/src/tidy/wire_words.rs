//! Words of a protocol stand in the crate of its dialect and nowhere else in the product. Which words
//! these are is said in the `Cargo.toml` of the dialect.
//!
//! Tests, documents, demo data and golden cases speak the protocols freely. A word that is also
//! a word of ours (`packing_quantity`) cannot be on the list.

use crate::tidy::dialects::{Dialect, dialects};
use crate::tidy::{Fault, has_word};
use crate::tree::{File, Tree};

/// What measures the binary asks as partners do.
const EXEMPT: &str = "crates/kontor/benches/";

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let dialects = dialects(tree);
    tree.ending(".rs")
        .filter(|file| file.path.starts_with("crates/") && !file.is_test())
        .filter(|file| !file.path.starts_with(EXEMPT))
        .flat_map(|file| faults(file, &dialects))
        .collect()
}

fn faults(file: &File, dialects: &[Dialect]) -> Vec<Fault> {
    let foreign = dialects.iter().filter(|dialect| !file.path.starts_with(&dialect.folder));
    let words: Vec<(&str, &str)> = foreign
        .flat_map(|dialect| dialect.wire_words.iter().map(|word| (&*dialect.name, &**word)))
        .collect();
    let mut faults = Vec::new();
    for (number, line) in file.product_lines() {
        for (dialect, word) in words.iter().filter(|(_, word)| has_word(line, word)) {
            let message = format!("{word} is a word of {dialect}: use ours (docs/glossary.md)");
            faults.push(Fault::new(&file.path, number, message));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    fn manifest(name: &str, word: &str) -> String {
        format!(
            "[package]\nname = \"kontor-dialect-{name}\"\n\
             [package.metadata.kontor]\nwire_words = [\"{word}\"]\n"
        )
    }

    #[test]
    fn a_wire_word_is_found_outside_of_its_dialect_only() {
        let text = "//! Ours.\nconst NAME: &str = \"seq_product\";\n#[cfg(test)]\nmod t { /* rfq_id */ }\n";
        let found = lines(
            check,
            &[
                ("crates/kontor-dialect-consinco/Cargo.toml", &manifest("consinco", "seq_product")),
                ("crates/kontor-dialect-companeo/Cargo.toml", &manifest("companeo", "rfq_id")),
                ("crates/kontor-app/src/a.rs", text),
                ("crates/kontor-app/tests/it/a.rs", text),
                ("crates/kontor/benches/a.rs", text),
                ("crates/kontor-dialect-consinco/src/wire.rs", text),
                ("crates/kontor-dialect-restigo/src/wire.rs", text),
                ("docs/a.md", text),
            ],
        );
        let expected = ["crates/kontor-app/src/a.rs", "crates/kontor-dialect-restigo/src/wire.rs"];
        assert_eq!(found, expected.map(|path| (path.to_owned(), 2)));
    }
}
