//! The immutable part of the book: cards, entries product by product, and the identifier index.

use std::sync::Arc;

use kontor_model::product::ProductId;
use kontor_model::uom::Uom;

use crate::book::ProductRef;
use crate::card::ProductCard;
use crate::entry::Entries;
use crate::identifiers::Index;

/// Built once, shared by all versions of the book that came from it.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// By product id, and one more that says where the last entries end.
    heads: Vec<Head>,
    entries: Entries,
    pub(crate) index: Index,
}

/// All that a price question needs of a product beside its entries, in one place of memory.
#[derive(Debug)]
pub(crate) struct Head {
    /// `None` for ids that are not in use.
    pub(crate) card: Option<Arc<ProductCard>>,
    /// Where its entries begin.
    pub(crate) start: u64,
    pub(crate) traits: Option<Traits>,
}

/// What the engine asks of every product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits {
    pub(crate) base_uom: Uom,
    pub(crate) is_active: bool,
}

impl Base {
    pub(crate) fn new(heads: Vec<Head>, entries: Entries, index: Index) -> Self {
        Self { heads, entries, index }
    }

    /// A product that is in use.
    #[inline]
    pub(crate) fn product(&self, id: ProductId) -> Option<ProductRef<'_>> {
        let place = id.0 as usize;
        let (head, next) = (self.heads.get(place)?, self.heads.get(place + 1)?);
        let (card, traits) = (head.card.as_ref()?, head.traits?);
        let range = usize::try_from(head.start).ok()?..usize::try_from(next.start).ok()?;
        let run = self.entries.run(range)?;
        Some(ProductRef { id, card, run, traits })
    }

    /// One more than the greatest id.
    pub(crate) fn end(&self) -> usize {
        self.heads.len().saturating_sub(1)
    }

    pub(crate) fn entry_count(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn product_count(&self) -> usize {
        self.heads.iter().filter(|head| head.card.is_some()).count()
    }
}

impl Traits {
    pub(crate) fn of(card: &ProductCard) -> Self {
        Self { base_uom: card.product.base_uom, is_active: card.is_active() }
    }
}
