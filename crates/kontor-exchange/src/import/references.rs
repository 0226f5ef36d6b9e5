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
    /// The keys of each file, also of faulty rows: their fault is told, and rows that refer to
    /// them have none of their own.
    seen: HashMap<Kind, Seen>,
    /// Kinds with rows whose keys could not be read.
    incomplete: HashSet<Kind>,
    known: HashSet<(Kind, Row)>,
}

impl Keys {
    /// Notes the key of a row of a file. Returns the line it stood on before, when it did.
    pub(crate) fn insert(&mut self, kind: Kind, key: &[Cell], line: u64) -> Option<u64> {
        self.seen.entry(kind).or_insert_with(Seen::new).insert(key, line)
    }

    /// The line of a file on which a key stands.
    pub(crate) fn line(&self, kind: Kind, key: &[Cell]) -> Option<u64> {
        self.seen.get(&kind)?.line(key)
    }

    /// Notes that the row of a key is faulty.
    pub(crate) fn mark_faulty(&mut self, kind: Kind, key: &[Cell]) {
        if let Some(seen) = self.seen.get_mut(&kind) {
            seen.mark_faulty(key);
        }
    }

    /// Notes that a file has rows whose keys could not be read, which is told.
    pub(crate) fn mark_incomplete(&mut self, kind: Kind) {
        self.incomplete.insert(kind);
    }

    /// Whether a row with this key may be in the files: a missing one is no fault of its own.
    pub(crate) fn may_be_in_file(&self, kind: Kind, key: &[Cell]) -> bool {
        self.incomplete.contains(&kind) || self.is_in_file(kind, key)
    }

    /// Whether a file has shown this key.
    pub(crate) fn is_in_file(&self, kind: Kind, key: &[Cell]) -> bool {
        self.seen.get(&kind).is_some_and(|seen| seen.is_faulty(key).is_some())
    }

    fn find<T: ReadTx + ?Sized>(
        &mut self,
        tx: &T,
        kind: Kind,
        key: Row,
    ) -> Result<Target, StoreError> {
        match self.seen.get(&kind).and_then(|seen| seen.is_faulty(&key)) {
            Some(true) => return Ok(Target::Faulty),
            Some(false) => return Ok(Target::There),
            None => {}
        }
        let entry = (kind, key);
        if self.known.contains(&entry) {
            return Ok(Target::There);
        }
        if tx.get(kind, &entry.1)?.is_none() {
            let incomplete = self.incomplete.contains(&kind);
            return Ok(if incomplete { Target::Faulty } else { Target::Missing });
        }
        if self.known.len() >= MAX_KNOWN {
            self.known.clear();
        }
        self.known.insert(entry);
        Ok(Target::There)
    }
}

/// What a reference leads to.
enum Target {
    There,
    /// A row of a file with a fault that is told.
    Faulty,
    Missing,
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

    /// Whether everything exists that the row refers to. What does not is told to `fault`, unless
    /// it is a faulty row of a file.
    pub(crate) fn hold<T: ReadTx + ?Sized>(
        &self,
        tx: &T,
        keys: &mut Keys,
        row: &[Cell],
        fault: &mut dyn FnMut(CellError),
    ) -> Result<bool, StoreError> {
        let mut hold = true;
        for reference in &self.0 {
            let cells = reference.columns.iter().filter_map(|column| row.get(*column));
            let key: Row = cells.cloned().collect();
            if key.contains(&Cell::Null) {
                continue;
            }
            match keys.find(tx, reference.kind, key)? {
                Target::There => {}
                Target::Faulty => hold = false,
                Target::Missing => {
                    hold = false;
                    fault(reference.last.fault(unknown(reference.kind)));
                }
            }
        }
        Ok(hold)
    }
}

/// Why a reference is a fault.
pub(crate) fn unknown(kind: Kind) -> String {
    format!("there is no such row in {}", kind.name())
}
