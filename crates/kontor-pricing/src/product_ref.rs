//! A product as the book shows it.

use kontor_model::product::ProductId;
use kontor_model::uom::Uom;

use crate::card::ProductCard;
use crate::entry::Run;

/// A product at hand: its card and its prices.
#[derive(Debug, Clone, Copy)]
pub struct ProductRef<'a> {
    pub id: ProductId,
    pub card: &'a ProductCard,
    pub run: Run<'a>,
    /// What prices need of the card, without a look at it.
    pub(crate) traits: Traits,
}

/// What the engine asks of every product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits {
    pub(crate) base_uom: Uom,
    pub(crate) is_active: bool,
}

impl Traits {
    pub(crate) fn of(card: &ProductCard) -> Self {
        Self { base_uom: card.product.base_uom, is_active: card.is_active() }
    }
}
