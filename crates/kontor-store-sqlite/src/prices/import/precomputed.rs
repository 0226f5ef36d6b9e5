//! What an import does, told before its change has a number and a time: the sums it adds and a digest of
//! its prices. It is made against the view, so that the change itself costs only what moved since.

use std::collections::BTreeSet;

use kontor_model::price_list::Shape;
use kontor_store::{PriceImport, StoreError};
use sha2::{Digest, Sha256};

use super::UNSAID;
use super::difference::{Difference, Step};
use super::shapes::FIRST_NEW;
use crate::change_log::{Hash, listed};
use crate::database::Database;
use crate::pending;
use crate::prices::read::PriceRow;
use crate::state::PriceSums;
use crate::state::names::{self, Names};

/// What is known of the steps that name products and lists with numbers.
pub(crate) struct Precomputed {
    pub(crate) sums: PriceSums,
    pub(crate) digest: Hash,
    /// The other steps.
    pub(crate) rest: Difference,
    /// Where the prices stand beside the table.
    pub(crate) written: Option<Written>,
}

/// Prices that stand beside the table, and the list of what they touch.
pub(crate) struct Written {
    pub(crate) token: i64,
    /// The first product of each entry of the list.
    pub(crate) firsts: Vec<u32>,
}

/// Goes over steps, one after the other.
pub(crate) struct Precomputing<'a> {
    names: Names<'a>,
    /// Of shapes that have no number yet.
    new_shapes: Vec<[u8; 12]>,
    pub(crate) sums: PriceSums,
    digest: Sha256,
    bytes: Vec<u8>,
}

impl<'a> Precomputing<'a> {
    pub(crate) fn new(database: &'a Database, new_shapes: &[Shape]) -> Self {
        Self {
            names: Names::new(database),
            new_shapes: new_shapes.iter().map(names::shape_part).collect(),
            sums: PriceSums::default(),
            digest: Sha256::new(),
            bytes: Vec::new(),
        }
    }

    pub(crate) fn step(&mut self, step: &Step) -> Result<(), StoreError> {
        self.bytes.clear();
        step.encode(&mut self.bytes);
        self.digest.update(&self.bytes);
        match step {
            Step::Insert(new, _) => self.put(new),
            Step::Update { old, new, .. } => {
                self.retire(old)?;
                self.put(new)
            }
            Step::Remove(old, _) => self.retire(old),
        }
    }

    pub(crate) fn finish(self, rest: Difference) -> Precomputed {
        Precomputed { sums: self.sums, digest: self.digest.finalize().into(), rest, written: None }
    }

    fn put(&mut self, row: &PriceRow) -> Result<(), StoreError> {
        let new = row.shape.checked_sub(FIRST_NEW).and_then(|index| usize::try_from(index).ok());
        let parts = match new.and_then(|index| self.new_shapes.get(index)) {
            Some(shape) => self.names.parts_with(row, *shape)?,
            None => self.names.parts(row)?,
        };
        let changed_at = (row.changed_at != UNSAID).then_some(row.changed_at);
        self.sums.put(&parts, row.amount, changed_at);
        Ok(())
    }

    fn retire(&mut self, row: &PriceRow) -> Result<(), StoreError> {
        let parts = self.names.parts(row)?;
        self.sums.retired(&parts, row);
        Ok(())
    }
}

impl Written {
    /// How many entries the list has.
    pub(crate) fn entries(&self) -> u32 {
        u32::try_from(self.firsts.len()).unwrap_or(u32::MAX)
    }

    /// Takes products out of what stands beside the table.
    pub(crate) fn leave_out(
        &self,
        database: &Database,
        products: &BTreeSet<u32>,
    ) -> Result<(), StoreError> {
        let mut entries = BTreeSet::new();
        for product in products {
            pending::leave_out(database, *product)?;
            // The entry before the first that begins with it may end with it.
            let begin = self.firsts.partition_point(|first| first < product).saturating_sub(1);
            entries.extend(begin..self.firsts.partition_point(|first| first <= product));
        }
        for entry in entries {
            let entry = u32::try_from(entry).unwrap_or(u32::MAX);
            listed::leave_out(database, self.token, entry, products)?;
        }
        Ok(())
    }
}

/// What is left of counts.
pub(crate) fn minus(all: PriceImport, left_out: PriceImport) -> PriceImport {
    PriceImport {
        inserted: all.inserted.saturating_sub(left_out.inserted),
        updated: all.updated.saturating_sub(left_out.updated),
        unchanged: all.unchanged.saturating_sub(left_out.unchanged),
        removed: all.removed.saturating_sub(left_out.removed),
        asked: all.asked.saturating_sub(left_out.asked),
        trimmed: all.trimmed.saturating_sub(left_out.trimmed),
    }
}

pub(crate) fn plus(one: PriceImport, other: PriceImport) -> PriceImport {
    PriceImport {
        inserted: one.inserted + other.inserted,
        updated: one.updated + other.updated,
        unchanged: one.unchanged + other.unchanged,
        removed: one.removed + other.removed,
        asked: one.asked + other.asked,
        trimmed: one.trimmed + other.trimmed,
    }
}
