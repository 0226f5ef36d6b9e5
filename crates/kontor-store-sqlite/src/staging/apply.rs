//! Writes the difference that a staged job made.

use std::collections::BTreeMap;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, LateConflict, PriceImport, Put, ReadTx as _, StoreError, WriteTx as _};

use super::moved::Again;
use super::rows::{StagedRow, What};
use super::run::{Applied, Difference};
use crate::prices::import::{Product, Renumbered};
use crate::read::record;
use crate::write::Tx;

/// So many rows that cannot be written are told.
const MAX_CONFLICTS: usize = 100;

/// Counts by kind.
pub(crate) type Counts = BTreeMap<Kind, PriceImport>;

/// The write of a difference.
pub(crate) struct Applying<'a, 'b> {
    difference: &'a Difference,
    tx: &'a mut Tx<'b>,
    counts: Counts,
    conflicts: Vec<LateConflict>,
    products: Renumbered,
    lists: Renumbered,
    /// A number came out otherwise than staged: somebody added the same row.
    renumbered: bool,
}

impl<'a, 'b> Applying<'a, 'b> {
    pub(crate) fn new(difference: &'a Difference, tx: &'a mut Tx<'b>) -> Self {
        Self {
            difference,
            tx,
            counts: Counts::new(),
            conflicts: Vec::new(),
            products: Renumbered { first: difference.first_product, shift: 0 },
            lists: Renumbered { first: difference.first_list, shift: 0 },
            renumbered: false,
        }
    }

    /// First rows are put, in the order of the job, then prices, then rows are removed.
    pub(crate) fn run(mut self, again: &Again) -> Result<Applied, StoreError> {
        let staged = self.difference.staged();
        for seq in &again.rows {
            staged.put_again(*seq)?;
        }
        self.counts = kept(self.difference)?;
        staged.each_changed(&mut |row| {
            if row.what == What::Remove || self.is_at_end() { Ok(()) } else { self.put(&row) }
        })?;
        if self.conflicts.is_empty() && !self.renumbered {
            self.prices(again)?;
        }
        if self.conflicts.is_empty() && !self.renumbered {
            for (kind, key) in &again.removed {
                self.remove(*kind, key)?;
            }
            staged.each_changed(&mut |row| {
                if row.what != What::Remove || self.is_at_end() {
                    return Ok(());
                }
                self.remove(row.kind, &row.cells)
            })?;
        }
        if self.renumbered {
            return Ok(Applied::Moved);
        }
        for taken in self.tx.taken_tokens()? {
            let key = vec![Cell::text(taken.protocol), Cell::text(&taken.login)];
            let reason = taken.to_string();
            self.conflicts.push(LateConflict::Put { kind: Kind::Account, key, reason });
        }
        for misread in self.tx.misread_prices()? {
            let (key, reason) = (vec![Cell::text(&misread.sku)], misread.to_string());
            self.conflicts.push(LateConflict::Put { kind: Kind::Product, key, reason });
        }
        for overlap in self.tx.judge_zones(self.difference.may_meet())? {
            let (key, reason) = (vec![Cell::text(&overlap.list)], overlap.to_string());
            self.conflicts.push(LateConflict::Put { kind: Kind::PriceList, key, reason });
        }
        if !self.conflicts.is_empty() {
            return Ok(Applied::Conflicts(self.conflicts));
        }
        Ok(Applied::Done(self.counts))
    }

    fn is_at_end(&self) -> bool {
        self.renumbered || self.conflicts.len() >= MAX_CONFLICTS
    }

    fn put(&mut self, row: &StagedRow) -> Result<(), StoreError> {
        let mut record = record(row.kind, &row.cells)?;
        let key = row.key();
        if let Record::Counter(counter) = &record
            && let Some(Record::Counter(now)) = self.tx.get(Kind::Counter, &key)?
            && now.next > counter.next
        {
            // Numbers that were given out meanwhile are never given out again.
            record = Record::Counter(now);
        }
        match self.tx.put(&record) {
            Ok(put) => {
                self.note_number(row, put);
                count(&mut self.counts, row.kind, put);
                Ok(())
            }
            Err(Abort::Store(StoreError::Conflict(reason))) => {
                self.conflicts.push(LateConflict::Put { kind: row.kind, key, reason });
                Ok(())
            }
            Err(abort) => Err(crate::read::store_error(abort)),
        }
    }

    /// All new rows of a kind are moved by the rows that others added meanwhile. Prices refer to their
    /// numbers, and stand in their order.
    fn note_number(&mut self, row: &StagedRow, put: Put) {
        let Some(staged) = row.number else {
            return;
        };
        let id = u32::try_from(self.tx.rows.database.connection.last_insert_rowid());
        let shift = id.ok().and_then(|id| id.checked_sub(staged));
        let numbers = if row.kind == Kind::Product { &mut self.products } else { &mut self.lists };
        match shift {
            Some(shift) if put == Put::Inserted && staged == numbers.first => numbers.shift = shift,
            Some(shift) if put == Put::Inserted && shift == numbers.shift => {}
            _ => self.renumbered = true,
        }
    }

    fn prices(&mut self, again: &Again) -> Result<(), StoreError> {
        let Some(prices) = &self.difference.prices else {
            return Ok(());
        };
        let moved: Vec<Product> = again.products.values().copied().collect();
        let conflicts = &mut self.conflicts;
        let result = prices.apply(self.tx, &moved, self.products, self.lists, &mut |fault| {
            conflicts.push(LateConflict::Price(fault));
        })?;
        self.counts.insert(Kind::Price, result);
        Ok(())
    }

    fn remove(&mut self, kind: Kind, key: &[Cell]) -> Result<(), StoreError> {
        match self.tx.remove(kind, key) {
            Ok(removed) => {
                self.counts.entry(kind).or_default().removed += u64::from(removed);
                Ok(())
            }
            Err(StoreError::Conflict(reason)) => {
                let key: Row = key.to_vec();
                self.conflicts.push(LateConflict::Removal { kind, key, reason });
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// The rows that were put as they are.
pub(crate) fn kept(difference: &Difference) -> Result<Counts, StoreError> {
    let kept = difference.staged().kept()?.into_iter();
    Ok(kept
        .map(|(kind, unchanged)| (kind, PriceImport { unchanged, ..Default::default() }))
        .collect())
}

fn count(counts: &mut Counts, kind: Kind, put: Put) {
    let counts = counts.entry(kind).or_default();
    match put {
        Put::Inserted => counts.inserted += 1,
        Put::Updated => counts.updated += 1,
        Put::Unchanged => counts.unchanged += 1,
    }
}
