//! Whether what a row refers to exists.

use std::collections::{HashMap, HashSet};

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, CellError, Column, Row};
use kontor_store::{ReadTx, StoreError};

use super::seen::Seen;

/// Most keys that are remembered as existing. When there are more it begins anew.
const MAX_KNOWN: usize = 100_000;

/// Keys that exist: those of the files read so far, and those found in the database.
#[derive(Default)]
pub(crate) struct Keys {
    /// The keys of each file, also of faulty rows: their fault is told, so rows that refer to
    /// them are not told again.
    seen: HashMap<Kind, Seen>,
    known: HashSet<(Kind, Row)>,
}

impl Keys {
    /// Notes the key of a row of a file. Returns the line it stood on before, when it did.
    pub(crate) fn insert(&mut self, kind: Kind, key: &[Cell], line: u64) -> Option<u64> {
        self.seen.entry(kind).or_insert_with(Seen::new).insert(key, line)
    }

    /// Whether a file has shown this key.
    pub(crate) fn is_in_file(&self, kind: Kind, key: &[Cell]) -> bool {
        self.seen.get(&kind).is_some_and(|seen| seen.contains(key))
    }

    /// Whether a row with this key is in a file or in the database.
    pub(crate) fn exists<T: ReadTx + ?Sized>(
        &mut self,
        tx: &T,
        kind: Kind,
        key: Row,
    ) -> Result<bool, StoreError> {
        if self.is_in_file(kind, &key) {
            return Ok(true);
        }
        let entry = (kind, key);
        if self.known.contains(&entry) {
            return Ok(true);
        }
        if tx.get(kind, &entry.1)?.is_none() {
            return Ok(false);
        }
        if self.known.len() >= MAX_KNOWN {
            self.known.clear();
        }
        self.known.insert(entry);
        Ok(true)
    }
}

/// The references of a kind, by number of column.
pub(crate) struct References(Vec<Reference>);

struct Reference {
    columns: Vec<usize>,
    last: &'static Column,
    kind: Kind,
}

impl References {
    pub(crate) fn of(kind: Kind) -> Self {
        let columns = kind.columns();
        let find = |name: &&str| columns.iter().position(|column| column.name == *name);
        let reference = |(names, kind): &(&[&str], Kind)| {
            let places: Vec<usize> = names.iter().filter_map(find).collect();
            let last = places.last().and_then(|place| columns.get(*place))?;
            Some(Reference { columns: places, last, kind: *kind })
        };
        Self(kind.references().iter().filter_map(reference).collect())
    }

    /// The first reference of the row to something that does not exist.
    pub(crate) fn missing<T: ReadTx + ?Sized>(
        &self,
        tx: &T,
        keys: &mut Keys,
        row: &[Cell],
    ) -> Result<Option<CellError>, StoreError> {
        for reference in &self.0 {
            let cells = reference.columns.iter().filter_map(|column| row.get(*column));
            let key: Row = cells.cloned().collect();
            if !key.contains(&Cell::Null) && !keys.exists(tx, reference.kind, key)? {
                return Ok(Some(reference.last.fault(unknown(reference.kind))));
            }
        }
        Ok(None)
    }
}

/// Why a reference is a fault.
pub(crate) fn unknown(kind: Kind) -> String {
    format!("there is no such row in {}", kind.name())
}
