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
    /// Millionths of the currency unit, 0 for a listing; `None`: the price with this key goes, when it
    /// is there.
    pub amount: Option<i64>,
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

/// How many prices are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriceOrder {
    pub removes: Removes,
    pub on_overlap: OnOverlap,
    /// What the rows do not say of a price that is there stays as it is.
    pub keeps: Kept,
    /// Whether what is no fault and may be a mistake is told, too.
    pub warns: bool,
}

/// Which prices of the supplier go that are not among the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Removes {
    #[default]
    Nothing,
    /// Those of the lists that rows name.
    OfNamedLists,
    Everything,
}

/// What happens when a row would apply at the same time as a stored price with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnOverlap {
    /// It is a fault of the row.
    #[default]
    Refuse,
    /// The row takes over its interval; the stored price keeps what is left of its own, before and after.
    Trim,
}

/// What stays of a price that a row supersedes, because no row says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// The end of its validity.
    pub end: bool,
    /// Its decimals, unless the amount has more.
    pub decimals: bool,
    /// The number of base units that its amount is for.
    pub per: bool,
}

impl PriceOrder {
    /// Prices that are not among the rows stay.
    pub const fn merge() -> Self {
        Self {
            removes: Removes::Nothing,
            on_overlap: OnOverlap::Refuse,
            keeps: Kept { end: false, decimals: false, per: false },
            warns: false,
        }
    }

    /// All prices that are not among the rows go.
    pub const fn replace() -> Self {
        Self { removes: Removes::Everything, ..Self::merge() }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It cannot be.
    Fault,
    /// It can be, and may be a mistake.
    Warning,
}

/// A row that cannot be beside another one, or that is odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceFault {
    pub severity: Severity,
    pub line: u64,
    /// The other row: its line, or `None` when it is in the database already.
    pub other_line: Option<u64>,
    /// The price that a warning is about, as people name it.
    pub price: Option<String>,
    /// What is wrong; of two rows, naming list, product and validity of the other one.
    pub reason: String,
}

/// What an import of prices did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriceImport {
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub removed: u64,
    /// Of the removed ones, those that rows asked for.
    pub asked: u64,
    /// Stored prices that gave way to rows, in part or whole.
    pub trimmed: u64,
}
