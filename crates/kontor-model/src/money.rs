//! An exact amount of money, without its currency.

use crate::exact::Exact;

/// Marker of [`Money`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OfMoney;

/// An amount: an integer of 1e-6 of the currency unit. The currency stands beside it, in the entry or
/// answer that holds both.
pub type Money = Exact<OfMoney>;
