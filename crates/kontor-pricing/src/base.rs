//! The immutable part of the book: cards, entries product by product, and the identifier index.

use std::sync::Arc;

use kontor_model::product::ProductId;

use crate::card::ProductCard;
use crate::entry::{Packed, Run, Wide};
use crate::identifiers::Index;

/// Built once, shared by all versions of the book that came from it.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// By product id; ids that are not in use have none.
    pub(crate) cards: Vec<Option<Arc<ProductCard>>>,
    /// Where the entries of each product begin; one more than cards.
    pub(crate) starts: Vec<u64>,
    pub(crate) entries: Vec<Packed>,
    pub(crate) wide: Vec<Wide>,
    pub(crate) index: Index,
}

impl Base {
    #[inline]
    pub(crate) fn card(&self, product: ProductId) -> Option<&Arc<ProductCard>> {
        self.cards.get(product.0 as usize)?.as_ref()
    }

    #[inline]
    pub(crate) fn run(&self, product: ProductId) -> Run<'_> {
        let place = product.0 as usize;
        let (Some(start), Some(end)) = (self.starts.get(place), self.starts.get(place + 1)) else {
            return Run::default();
        };
        let entries = self
            .entries
            .get(*start as usize..*end as usize)
            .unwrap_or_default();
        Run {
            entries,
            wide: &self.wide,
        }
    }
}
