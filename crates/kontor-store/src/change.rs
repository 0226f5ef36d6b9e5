//! The change log: every write is a numbered change.

use kontor_model::catalogue::Kind;
use kontor_model::record::Row;
use kontor_model::supplier::SupplierId;

/// Number of a change; the first is 1, zero stands for an empty database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ChangeNumber(pub u64);

/// What one change touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub number: ChangeNumber,
    pub supplier: SupplierId,
    pub touched: Vec<Touched>,
}

/// A part of the data that a change touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// One row, by its key. It may have been put or removed.
    Row { kind: Kind, key: Row },
    /// So many rows of the supplier that they are not listed.
    Many { kind: Kind },
}
