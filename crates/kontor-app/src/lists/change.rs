//! What partners change of a price list, and why a change is refused.

use kontor_model::money::Money;

use crate::write::WriteError;

/// Why a change of a price list is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListRefusal {
    #[error("another price list has this name")]
    NameTaken,
    #[error("no price list has this number")]
    UnknownList,
    /// No such customer, or it is not on the list that it must be on.
    #[error("no such customer")]
    UnknownCustomer,
}

/// Prices to be set in one list for one of its customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricesToSet {
    /// Number of the list.
    pub list: i64,
    pub customer: String,
    /// Catalogue numbers with the price of one base unit; of a number that stands there twice, or
    /// two numbers of one product, the last price counts.
    pub prices: Vec<(String, Money)>,
}

/// What became of the numbers of [`PricesToSet`]: each once, in the order of first appearance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PricesSet {
    /// Had no price in the list before.
    pub added: Vec<String>,
    /// Had a price before, maybe the same.
    pub updated: Vec<String>,
    /// Denote no product for sale, or several: left out.
    pub not_found: Vec<String>,
}

/// Prices to be removed from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricesToRemove {
    /// Number of the list.
    pub list: i64,
    /// A customer that must be on the list.
    pub customer: String,
    /// Catalogue numbers.
    pub numbers: Vec<String>,
}

/// A job's own answer, or why there is none.
pub(super) type Done<T> = Result<T, WriteError<ListRefusal>>;
