//! Documents name files and columns of the catalogue that exist: `prices.csv.amount`.
//!
//! What exists stands in docs/catalogue-format.md, which is made from the code.

use std::collections::{BTreeMap, BTreeSet};

use crate::markdown;
use crate::tidy::Fault;
use crate::tree::{File, Tree};

const FORMAT: &str = "docs/catalogue-format.md";
/// What stands between the name of a file and that of a column.
const BETWEEN: &str = ".csv.";

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let columns = tree.file(FORMAT).map(|file| columns(&file.text)).unwrap_or_default();
    tree.ending(".md").flat_map(|file| faults(file, &columns)).collect()
}

/// The columns of each file.
fn columns(format: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut columns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut file = "";
    for line in format.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            file = heading.strip_suffix(".csv").unwrap_or_default();
        } else if let Some((column, _)) = line.strip_prefix("| `").and_then(|l| l.split_once('`'))
            && !file.is_empty()
        {
            columns.entry(file).or_default().insert(column);
        }
    }
    columns
}

fn faults(file: &File, columns: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<Fault> {
    let named = markdown::spans(&file.text).into_iter();
    named
        .filter_map(|(line, span)| {
            let (of, column) = span.split_once(BETWEEN)?;
            let exists = columns.get(of).is_some_and(|known| known.contains(column));
            (!exists).then(|| {
                Fault::new(&file.path, line, format!("{span} is not in the catalogue ({FORMAT})"))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn columns_that_are_not_there_are_found() {
        let format = "### prices.csv\n\n| column |\n|---|\n| `sku` | text |\n| `amount` | decimal |\n\
                      ### Passwords\n| `x` |\n";
        let text = "`prices.csv.sku` `prices.csv.amount`\n`prices.csv.price`\n`price.csv.sku`\n\
                    `prices.csv`\n`prices.csv.x`\n";
        let found = lines(check, &[(FORMAT, format), ("docs/fields.md", text)]);
        assert_eq!(found, [2, 3, 5].map(|line| ("docs/fields.md".to_owned(), line)));
    }
}
