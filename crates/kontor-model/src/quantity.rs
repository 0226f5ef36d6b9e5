//! An exact quantity, without its unit.

use crate::exact::Exact;

/// Marker of [`Quantity`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OfQuantity;

/// A quantity: an integer of 1e-6 of the unit that stands beside it.
pub type Quantity = Exact<OfQuantity>;
