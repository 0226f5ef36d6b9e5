//! What is asked, and what is answered.

use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::money::Money;
use kontor_model::price_list::{EntryKind, PriceListId};
use kontor_model::product::ProductId;
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy;
use kontor_model::uom::Uom;

/// A price question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The price lists that may answer, in their order: those of a customer or of a contract.
    pub lists: &'a [PriceListId],
    pub strategy: Strategy,
    pub product: ProductId,
    /// In `uom`; above zero.
    pub quantity: Quantity,
    pub uom: Uom,
    /// A hard filter: prices in other currencies do not count.
    pub currency: Currency,
    /// Decimals of that currency where it is asked: those of a store, else of the standard.
    pub decimals: u8,
    pub at: Instant,
    /// Zone of civil days in lists that state none: that of the store, of the supplier.
    pub zone: &'a Zone,
    /// Payment term: prices of this term win over prices of none.
    pub term: Option<&'a str>,
}

/// A price of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Price of one of the asked unit.
    pub amount: Money,
    /// Decimals it is shown with: the asked ones or those of the entry, whichever is more, and
    /// those a smaller unit adds.
    pub decimals: u8,
    /// The list that won.
    pub list: PriceListId,
    /// Number of the shape of the entry that won.
    pub shape: u32,
    /// Smallest quantity of the tier, in the unit of the entry.
    pub minimum: Quantity,
    pub kind: EntryKind,
    /// Base units in one asked unit, when the price of another unit was converted.
    pub factor: Option<Quantity>,
}

/// A step of a ladder: the price from a quantity on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Smallest quantity in base units; zero: from the smallest quantity on.
    pub minimum: Quantity,
    pub price: Price,
}
