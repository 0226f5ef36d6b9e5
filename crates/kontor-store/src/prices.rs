//! Many prices at once.

use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;

use crate::error::Abort;

/// One price row of an import, small enough to be sorted by the hundred million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RawPrice {
    pub product: ProductId,
    pub list: PriceListId,
    /// Index into [`PriceRows::shapes`].
    pub shape: u32,
    /// Line of the file, for faults.
    pub line: u64,
    /// Millionths of the currency unit; 0 for a listing.
    pub amount: i64,
    /// When the price changed, in microseconds; `None`: kept when the row is there already and
    /// unchanged, else the time of the change.
    pub changed_at: Option<i64>,
}

/// A source of price rows.
pub trait PriceRows {
    /// Fills `batch` (given empty) with some rows; leaves it empty at the end.
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort>;

    /// The shapes met so far.
    fn shapes(&self) -> &[Shape];
}

/// Two rows that cannot both be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceFault {
    pub line: u64,
    /// The other row: its line, or `None` when it is in the database already.
    pub other_line: Option<u64>,
    /// What is wrong, naming list, product and validity of the other row.
    pub reason: String,
}

/// What an import of prices did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriceImport {
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub removed: u64,
}
