//! The change log: every write is a numbered change, and a change lists all that it touched.

use kontor_model::catalogue::Kind;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::Row;
use kontor_model::supplier::SupplierId;

/// Number of a change; the first is 1, zero stands for an empty database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ChangeNumber(pub u64);

/// A place in the change log: how far it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LogPlace {
    pub change: ChangeNumber,
    /// Entries of that change that were read.
    pub entries: u32,
}

/// Some entries of the change log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPage {
    pub entries: Vec<LogEntry>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<LogPlace>,
}

/// A part of what a change touched. A large change has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    pub change: ChangeNumber,
    pub supplier: SupplierId,
    pub touched: Touched,
}

/// Parts of the data that were written or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Rows of a kind, by their keys.
    Rows { kind: Kind, keys: Vec<Row> },
    /// Products of which a row of this kind ([`Kind::is_of_product`]) was touched, ascending.
    Products { kind: Kind, ids: Vec<ProductId> },
    /// Products and lists between which a price was touched, ascending.
    Prices { places: Vec<(ProductId, PriceListId)> },
    /// Anything of the supplier: versions of before did not list all that a change touched.
    Anything,
}

impl LogPlace {
    /// Behind everything of this change.
    pub fn after(change: ChangeNumber) -> Self {
        Self { change, entries: u32::MAX }
    }
}
