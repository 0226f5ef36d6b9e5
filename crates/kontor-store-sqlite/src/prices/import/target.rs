//! Where the result of comparing an import with what is stored goes: into the tables at once, or into a
//! file, to be written later.

use kontor_store::StoreError;

use crate::prices::read::PriceRow;

/// Why a price is written or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// A line says so.
    Asked,
    /// No line names it, and others go.
    Unnamed,
    /// A line took over its time, or a part of it.
    GivesWay,
}

pub(crate) trait Target {
    /// A price that was not there.
    fn insert(&mut self, row: &PriceRow, why: Why) -> Result<(), StoreError>;

    /// Replaces a price by another one.
    fn update(&mut self, old: &PriceRow, new: &PriceRow, why: Why) -> Result<(), StoreError>;

    fn remove(&mut self, old: &PriceRow, why: Why) -> Result<(), StoreError>;
}
