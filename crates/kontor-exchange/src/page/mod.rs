//! The documentation of the catalogue folder, made from the columns of the nouns and the demo.

use std::fmt::{self, Write as _};

use kontor_model::catalogue::Kind;
use kontor_model::record::{Column, ColumnKind};

use crate::column_texts;
use crate::demo;
use crate::names;
use crate::table::{Header, Rows};

/// The part that is written by hand.
const INTRO: &str = include_str!("intro.md");
/// Most example rows of a file, and most of them that look alike.
const MAX_EXAMPLES: usize = 16;
const MAX_ALIKE: usize = 2;
/// Lines of a questionnaire that are shown.
const QUESTION_LINES: usize = 9;

/// Faults as an import tells them; a test makes them.
pub const FAULT_EXAMPLES: &str = "\
products.csv:3:3 (gtin): \"7611990131311\": wrong check digit, expected 0
products.csv:4: the row has 6 cells, the header 7
accounts.csv:2:1 (protocol): \"telnet\": not one of secomp, websphere, consinco, restigo
prices.csv:2:1 (price_list): \"EUR-B\": there is no such row in price_lists
prices.csv:3:9 (amount): \"8,80\": not a decimal number; write 8.80
questionnaires/1463.json:4:5: not JSON: expected value";

/// The page `docs/catalogue-format.md`.
pub fn format_page() -> String {
    let mut page = INTRO.replace("{questions}", &questions()).replace("{faults}", FAULT_EXAMPLES);
    for kind in Kind::CATALOGUE {
        page.push_str(&Section(kind).to_string());
    }
    page
}

/// The section of a file.
struct Section(Kind);

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0;
        writeln!(f, "\n### {}\n\n{}\n", names::table(kind), kind.doc())?;
        writeln!(f, "| column | holds | | meaning | example |\n|---|---|---|---|---|")?;
        let is_shown = |column: &&Column| kind != Kind::Category || column.name != names::QUESTIONS;
        for column in kind.columns().iter().filter(is_shown) {
            let (name, holds, need) = (column.name, holds(column), need(column));
            let example = match column.example {
                "" => String::new(),
                example => format!("`{example}`"),
            };
            writeln!(f, "| `{name}` | {holds} | {need} | {} | {example} |", column.doc)?;
        }
        let references: Vec<String> = kind
            .references()
            .iter()
            .map(|(columns, kind)| {
                let columns = columns.join("`, `");
                format!("`{columns}` must be in {}", names::table(*kind))
            })
            .collect();
        if !references.is_empty() {
            writeln!(f, "\n{}.", references.join("; "))?;
        }
        let examples = examples(kind);
        if !examples.is_empty() {
            writeln!(f, "\n```csv\n{}\n```", examples.join("\n"))?;
        }
        Ok(())
    }
}

fn holds(column: &Column) -> String {
    match column.kind {
        ColumnKind::Text if column_texts::is_day(column) => "date".to_owned(),
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Integer => "whole number".to_owned(),
        ColumnKind::Decimal => "decimal".to_owned(),
        ColumnKind::Instant => "instant".to_owned(),
        ColumnKind::From | ColumnKind::To => "date or instant".to_owned(),
        ColumnKind::Flag => "yes or no".to_owned(),
        ColumnKind::Choice(words) => format!("`{}`", words.join("`, `")),
    }
}

fn need(column: &Column) -> String {
    let mut words = Vec::new();
    if column.key {
        words.push("key");
    }
    if column.required && !column.key {
        words.push("required");
    }
    if column.key && !column.required {
        words.push("may be empty");
    }
    if column.secret {
        words.push("never shown");
    }
    words.join(", ")
}

/// Header and rows of the demo, few of each sort.
fn examples(kind: Kind) -> Vec<String> {
    let file = names::table(kind);
    let mut files = demo::suppliers().iter().filter_map(|supplier| supplier.file(&file));
    let Some(text) = files.next() else {
        return Vec::new();
    };
    let mut input = text.as_bytes();
    let Ok(Ok(header)) = Header::read(&mut input, kind.columns()) else {
        return Vec::new();
    };
    let mut rows = Rows::new(input, header.delimiter, header.first_row);
    let lines: Vec<&str> = text.lines().collect();
    let mut shapes = Vec::new();
    let mut numbers = vec![1];
    while let Ok(true) = rows.advance() {
        let cell = |index| header.place(index).map_or(b"".as_slice(), |place| rows.cell(place));
        let columns = kind.columns().iter().enumerate();
        let shape: Vec<Vec<u8>> =
            columns.map(|(index, column)| shape(column, cell(index)).to_vec()).collect();
        let alike = shapes.iter().filter(|known| **known == shape).count();
        shapes.push(shape);
        if alike < MAX_ALIKE && numbers.len() <= MAX_EXAMPLES {
            numbers.push(rows.line());
        }
    }
    let line = |number: u64| lines.get(usize::try_from(number - 1).ok()?).copied();
    numbers.into_iter().filter_map(line).map(ToOwned::to_owned).collect()
}

/// What makes a cell of a different sort.
fn shape<'a>(column: &Column, cell: &'a [u8]) -> &'a [u8] {
    match column.kind {
        ColumnKind::Choice(_) => cell,
        ColumnKind::Text
        | ColumnKind::Integer
        | ColumnKind::Decimal
        | ColumnKind::Instant
        | ColumnKind::From
        | ColumnKind::To
        | ColumnKind::Flag => cell.get(..1).map_or(b"", |_| b"x"),
    }
}

/// The beginning of a questionnaire of the demo.
fn questions() -> String {
    let files = demo::suppliers().iter().flat_map(|supplier| supplier.files);
    let file = files.into_iter().find(|file| names::category_of(file.name).is_some());
    let mut text = String::new();
    let lines = file.map_or("", |file| file.text).lines();
    for line in lines.take(QUESTION_LINES) {
        // Formatting into a string cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text + "  …\n]"
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_committed_page_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/catalogue-format.md");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(path, format_page()).unwrap();
        }
        let committed = fs::read_to_string(path).unwrap();
        assert!(committed == format_page(), "run this test with UPDATE_GOLDEN=1");
    }

    #[test]
    fn every_column_and_file_has_its_place() {
        let page = format_page();
        for kind in Kind::CATALOGUE {
            assert!(page.contains(&format!("### {}.csv\n", kind.name())));
            for column in kind.columns() {
                let is_shown = (kind, column.name) != (Kind::Category, names::QUESTIONS);
                assert_eq!(page.contains(&format!("| `{}` |", column.name)), is_shown);
                assert!(column.doc.ends_with('.'), "{}: {}", column.name, column.doc);
            }
            assert!(examples(kind).len() > 1, "{}", kind.name());
        }
        assert!(!page.contains("{questions}") && !page.contains("{faults}"));
    }

    #[test]
    fn examples_show_different_rows() {
        let prices = examples(Kind::Price);
        assert!(prices.len() > MAX_EXAMPLES / 2);
        assert!(prices.iter().any(|line| line.contains("listing")));
        assert!(prices.iter().any(|line| line.contains("promotion")));
        assert_eq!(examples(Kind::Grant).len(), 1 + MAX_ALIKE);
    }
}
