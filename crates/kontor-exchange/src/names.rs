//! Names of the files in a catalogue folder.

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;

/// Folder of the files of questions.
pub(crate) const QUESTIONNAIRES: &str = "questionnaires";
/// Column of categories whose value is a file of its own.
pub(crate) const QUESTIONS: &str = "questions";
/// Longest name of a file that every file system takes.
const MAX_NAME_BYTES: usize = 200;
/// Letters of a name for each one that may differ from what was probably meant.
const LETTERS_PER_TYPO: usize = 3;

/// The file of a kind: `products.csv`.
pub(crate) fn table(kind: Kind) -> String {
    format!("{}.csv", kind.name())
}

/// The kind whose file this is.
pub(crate) fn kind_of(name: &str) -> Option<Kind> {
    Kind::CATALOGUE.into_iter().find(|kind| name.strip_suffix(".csv") == Some(kind.name()))
}

/// The file of the questions of a category: `questionnaires/1463.json`. Bytes other than letters,
/// digits, `_` and `-` are written as `%2F`. `None` when no file can have the name.
pub(crate) fn questionnaire(category: &str) -> Option<String> {
    let mut name = String::new();
    for byte in category.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') {
            name.push(char::from(byte));
        } else {
            let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            name.extend(['%', hex(byte >> 4), hex(byte & 15)].map(|c| c.to_ascii_uppercase()));
        }
    }
    (name.len() <= MAX_NAME_BYTES).then(|| format!("{QUESTIONNAIRES}/{name}.json"))
}

/// The category whose file this is.
pub(crate) fn category_of(name: &str) -> Option<String> {
    let name = name.strip_prefix(QUESTIONNAIRES)?.strip_prefix('/')?.strip_suffix(".json")?;
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|d| !d.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().filter(|name| !name.is_empty() && !name.contains('\0'))
}

/// Why a file is none of a catalogue folder.
pub(crate) fn stranger(name: &str) -> String {
    let kind = name.strip_suffix(".csv").unwrap_or(name);
    match meant(kind, Kind::CATALOGUE.into_iter().map(Kind::name)) {
        Some(meant) => format!("no file of a catalogue folder, is it {meant}.csv?"),
        None => "no file of a catalogue folder".to_owned(),
    }
}

/// The name that was probably meant.
pub(crate) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let nearest = known.map(|known| (strsim::levenshtein(name, known), known)).min();
    let (typos, meant) = nearest?;
    (typos <= name.chars().count() / LETTERS_PER_TYPO).then_some(meant)
}

/// A key as people read it. Keys of the catalogue are never secret.
pub(crate) fn key(kind: Kind, key: &[Cell]) -> String {
    let columns = kind.columns().iter().filter(|column| column.key);
    let filled = columns.zip(key).filter(|(_, cell)| **cell != Cell::Null);
    let texts: Vec<String> = filled.map(|(column, cell)| column.print(cell)).collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_names_its_file_and_back() {
        for (category, name) in [
            ("1463", "questionnaires/1463.json"),
            ("a/b", "questionnaires/a%2Fb.json"),
            ("..", "questionnaires/%2E%2E.json"),
            ("é %", "questionnaires/%C3%A9%20%25.json"),
        ] {
            assert_eq!(questionnaire(category).unwrap(), name);
            assert_eq!(category_of(name).unwrap(), category);
        }
        assert!(questionnaire(&"x".repeat(MAX_NAME_BYTES)).is_some());
        assert!(questionnaire(&"x".repeat(MAX_NAME_BYTES + 1)).is_none());
        for name in [
            "questionnaires/%.json",
            "questionnaires/%+1.json",
            "1463.json",
            "questionnaires/.json",
        ] {
            assert_eq!(category_of(name), None, "{name}");
        }
    }

    #[test]
    fn every_kind_has_a_file() {
        for kind in Kind::CATALOGUE {
            assert_eq!(kind_of(&table(kind)), Some(kind));
        }
        assert_eq!(kind_of("deliveries.csv"), None);
        assert_eq!(stranger("stuff.csv"), "no file of a catalogue folder");
        assert_eq!(stranger("price.csv"), "no file of a catalogue folder, is it prices.csv?");
    }
}
