//! What an import did.

use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::supplier::SupplierCode;
use kontor_store::{ChangeNumber, PriceImport, Put};

use crate::fault::Faults;

/// What an import did, supplier by supplier.
#[derive(Debug, Default)]
pub struct Report {
    pub folders: Vec<FolderReport>,
    pub faults: Faults,
    /// What is no fault and may be a mistake.
    pub warnings: Faults,
}

/// What the import of one supplier did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderReport {
    pub supplier: SupplierCode,
    pub ended: Ended,
    /// One per file of rows, in the order of the catalogue.
    pub kinds: Vec<KindReport>,
}

/// How the import of a supplier ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Applied, as this change.
    Committed(ChangeNumber),
    /// Everything was there already.
    Unchanged,
    /// Free of faults and, as demanded, not applied.
    Checked,
    /// Faulty: nothing was applied.
    Refused,
}

/// What an import did, or would have done, with the rows of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindReport {
    pub kind: Kind,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub removed: u64,
    /// Stored prices that gave way to rows of the file, in part or whole.
    pub trimmed: u64,
}

impl Report {
    /// Whether every supplier was free of faults.
    pub fn is_clean(&self) -> bool {
        self.faults.count() == 0
    }
}

impl KindReport {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, inserted: 0, updated: 0, unchanged: 0, removed: 0, trimmed: 0 }
    }

    pub(crate) fn count(&mut self, put: Put) {
        match put {
            Put::Inserted => self.inserted += 1,
            Put::Updated => self.updated += 1,
            Put::Unchanged => self.unchanged += 1,
        }
    }

    /// What became of the rows after all, which others may have changed since they were read.
    pub(crate) fn set_counts(&mut self, counts: &BTreeMap<Kind, PriceImport>) {
        let of_kind = counts.get(&self.kind).copied().unwrap_or_default();
        *self = Self::new(self.kind);
        self.count_prices(of_kind);
    }

    pub(crate) fn count_prices(&mut self, prices: PriceImport) {
        self.inserted += prices.inserted;
        self.updated += prices.updated;
        self.unchanged += prices.unchanged;
        self.removed += prices.removed;
        self.trimmed += prices.trimmed;
    }
}
