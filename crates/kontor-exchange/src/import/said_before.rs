//! Which cells of a row of accounts say what they said when the row was imported last. They are known
//! again by keyed digests, one for each column, and never kept themselves.

use std::collections::BTreeMap;
use std::fmt;

use kontor_model::account::Account;
use kontor_model::catalogue::Kind;

use super::options::Fingerprint;
use super::table_file::TableFile;

/// Letters of a digest that are kept: 128 bits.
const DIGEST_LETTERS: usize = 32;

/// The digests of a row, by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digests {
    /// Names the key under which they were made.
    key: String,
    cells: BTreeMap<String, String>,
}

/// What was remembered of a row.
pub(super) enum Remembered {
    Cells(Digests),
    /// One digest of all cells, as versions before made it.
    Row(String),
}

/// What the cells of a row are to those that were imported last.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Repeats {
    /// None says anything else. These columns are new.
    AllBut(Vec<usize>),
    /// One says something else, which counts with all others of the row.
    NotAll,
}

impl Digests {
    /// Those of the current row: the columns that the file has, and what stands in them.
    pub(super) fn of(
        fingerprint: &Fingerprint,
        supplier: &str,
        account: &Account,
        table: &TableFile<'_>,
    ) -> Self {
        let protocol = account.protocol.to_string();
        let (mut key, mut cells) = (String::new(), BTreeMap::new());
        for (index, column) in Kind::Account.columns().iter().enumerate() {
            if !table.has(index) {
                continue;
            }
            let login = account.login.as_bytes();
            let parts = [supplier.as_bytes(), protocol.as_bytes(), login, column.name.as_bytes()];
            let digest = fingerprint(&joined(parts.into_iter().chain([table.bytes(index)])));
            let (name, digest) = digest.split_once(':').unwrap_or(("", &digest));
            name.clone_into(&mut key);
            let digest = digest.chars().take(DIGEST_LETTERS).collect();
            cells.insert(column.name.to_owned(), digest);
        }
        Self { key, cells }
    }

    /// What the cells are to those before; `None` when these were made under another key.
    pub(super) fn beside(&self, before: &Self) -> Option<Repeats> {
        if self.key != before.key {
            return None;
        }
        let mut new = Vec::new();
        for (index, column) in Kind::Account.columns().iter().enumerate() {
            let Some(now) = self.cells.get(column.name) else {
                continue;
            };
            match before.cells.get(column.name) {
                None => new.push(index),
                Some(before) if before == now => {}
                Some(_) => return Some(Repeats::NotAll),
            }
        }
        Some(Repeats::AllBut(new))
    }

    /// Remembers what was said before in columns that the file does not have now.
    pub(super) fn keep(&mut self, before: Self) {
        for (column, digest) in before.cells.into_iter().filter(|_| self.key == before.key) {
            self.cells.entry(column).or_insert(digest);
        }
    }
}

impl Remembered {
    pub(super) fn read(text: &str) -> Self {
        let row = || Self::Row(text.to_owned());
        let Some((key, cells)) = text.split_once(':') else {
            return row();
        };
        let cells: Option<BTreeMap<String, String>> = cells
            .split(',')
            .map(|cell| cell.split_once('=').map(|(name, is)| (name.to_owned(), is.to_owned())))
            .collect();
        cells.map_or_else(row, |cells| Self::Cells(Digests { key: key.to_owned(), cells }))
    }
}

/// `a1b2c3d4:login=…,token=…`
impl fmt::Display for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.key)?;
        for (index, (column, digest)) in self.cells.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{column}={digest}")?;
        }
        Ok(())
    }
}

/// The digest of all cells of the current row, as versions before made it.
pub(super) fn of_row(fingerprint: &Fingerprint, supplier: &str, table: &TableFile<'_>) -> String {
    let columns = Kind::Account.columns().iter().enumerate();
    let cells = columns.filter(|(index, _)| table.has(*index));
    let cells = cells.flat_map(|(index, column)| [column.name.as_bytes(), table.bytes(index)]);
    fingerprint(&joined([supplier.as_bytes()].into_iter().chain(cells)))
}

fn joined<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in texts {
        // The length keeps texts apart whatever stands in them.
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text);
    }
    bytes
}
