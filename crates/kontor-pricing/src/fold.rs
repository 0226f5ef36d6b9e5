//! Folding changed products into a new base: what stands beside the base makes a book slower.

use std::collections::BTreeMap;
use std::hash::RandomState;
use std::sync::Arc;

use kontor_model::product::ProductId;

use crate::base::BaseBuilder;
use crate::book::{Book, Edits, Overlaid};
use crate::card::ProductCard;
use crate::edit::FoldPolicy;
use crate::identifiers;
use crate::ids::IdMap;
use crate::number_index::NumberIndex;

impl Book {
    /// The same book with everything in its base. It stands for the same change and the same
    /// edition.
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut book = self.clone().folded(BTreeMap::new());
        if !book.late_numbers.is_empty() {
            book.index = index(&book.hasher, book.base.cards());
            book.late_numbers = IdMap::default();
        }
        book.shapes = book.shapes.folded();
        book
    }

    /// Whether so much changed since the base was built that compacting pays.
    pub fn wants_compaction(&self, policy: FoldPolicy) -> bool {
        policy.wants(self.overlay.size(), self.base.product_count())
            || self.late_numbers.size() > policy.above.saturating_mul(8)
            || self.shapes.late_count() > policy.above
    }

    /// The book with these products in a new base, as the change that the book stands for leaves them.
    /// The index of numbers stays: numbers that came since are found beside it. Which products changed
    /// is forgotten when they are many: whoever asks is quicker with looking at all.
    pub(crate) fn folded(
        mut self,
        mut changed: BTreeMap<ProductId, Option<Arc<Overlaid>>>,
    ) -> Self {
        if changed.len() + self.edits.of_products.size() > self.base.product_count() / 8 + 1024 {
            let last = if changed.is_empty() { self.edits.last } else { self.change };
            self.edits = Edits::since(last);
        } else {
            for id in changed.keys() {
                self.edits.note(*id, self.change);
            }
        }
        for (id, overlaid) in &changed {
            if let Some(overlaid) = overlaid {
                self.add_numbers(*id, &overlaid.card);
            }
        }
        for (id, overlaid) in &self.overlay {
            changed.entry(*id).or_insert_with(|| overlaid.clone());
        }
        let beyond = changed.last_key_value().map_or(0, |(id, _)| id.0 + 1);
        let end = self.base.end().max(beyond);
        let mut changed = changed.into_iter().peekable();
        let mut base = BaseBuilder::default();
        base.reserve(self.base.entry_count());
        for id in (0..end).map(ProductId) {
            let change = changed.next_if(|(changed, _)| *changed == id);
            let product = match &change {
                Some((_, overlaid)) => overlaid.as_ref().map(|overlaid| {
                    let product = overlaid.product(id, &self.base);
                    (Arc::clone(&overlaid.card), product.run)
                }),
                None => self
                    .base
                    .product(id)
                    .and_then(|product| Some((Arc::clone(self.base.card(id)?), product.run))),
            };
            if let Some((card, run)) = product {
                base.push_run(id, card, run);
            }
        }
        let base = Arc::new(base.finish());
        Self { base, overlay: IdMap::default(), late_products: IdMap::default(), ..self }
    }
}

/// The index of the numbers on these cards.
pub(crate) fn index<'a>(
    hasher: &RandomState,
    cards: impl Iterator<Item = (ProductId, &'a ProductCard)>,
) -> Arc<NumberIndex> {
    let mut pairs = Vec::new();
    for (id, card) in cards {
        identifiers::hashes(hasher, card, |hash| pairs.push((hash, id)));
    }
    Arc::new(NumberIndex::new(pairs))
}
