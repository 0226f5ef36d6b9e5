//! The immutable part of the book: cards, and entries product by product.

use std::collections::HashMap;
use std::sync::Arc;

use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;

use crate::card::ProductCard;
use crate::entry::{Entries, Entry, Run};
use crate::product_ref::{ProductRef, Traits};

/// Built once, shared by all versions of the book that came from it.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// By product id, and one more that says where the last entries end.
    heads: Vec<Head>,
    entries: Entries,
    /// Products of each supplier, ascending.
    of_suppliers: HashMap<SupplierId, Vec<ProductId>>,
    product_count: usize,
}

/// All that a price question needs of a product beside its entries, in one place of memory.
#[derive(Debug)]
struct Head {
    /// `None` for ids that are not in use.
    card: Option<Arc<ProductCard>>,
    /// Where its entries begin.
    start: u64,
    traits: Option<Traits>,
}

impl Base {
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

    /// The card of a product, to be shared.
    pub(crate) fn card(&self, id: ProductId) -> Option<&Arc<ProductCard>> {
        self.heads.get(id.0 as usize)?.card.as_ref()
    }

    /// The cards of all products, with their ids.
    pub(crate) fn cards(&self) -> impl Iterator<Item = (ProductId, &ProductCard)> {
        let numbered = (0..).map(ProductId).zip(&self.heads);
        numbered.filter_map(|(id, head)| Some((id, head.card.as_deref()?)))
    }

    /// The products of a supplier, ascending.
    pub(crate) fn products_of(&self, supplier: SupplierId) -> &[ProductId] {
        self.of_suppliers.get(&supplier).map(Vec::as_slice).unwrap_or_default()
    }

    /// One more than the greatest id.
    pub(crate) fn end(&self) -> u32 {
        u32::try_from(self.heads.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    pub(crate) fn entry_count(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn product_count(&self) -> usize {
        self.product_count
    }
}

/// A base that is being built, product by product in ascending order.
#[derive(Debug, Default)]
pub(crate) struct BaseBuilder(Base);

impl BaseBuilder {
    /// Makes room for this many entries.
    pub(crate) fn reserve(&mut self, entries: usize) {
        self.0.entries.reserve_exact(entries);
    }

    /// Adds a product with the entries it has in another book.
    pub(crate) fn push_run(&mut self, id: ProductId, card: Arc<ProductCard>, run: Run<'_>) {
        self.push_card(id, card, self.0.entries.len() as u64);
        self.0.entries.push_run(run);
    }

    /// Adds the entries of a product whose card is added later. Returns where they begin.
    pub(crate) fn push_entries(&mut self, entries: &[Entry]) -> u64 {
        let start = self.0.entries.len() as u64;
        self.0.entries.push_product(entries);
        start
    }

    /// Adds a product whose entries begin there. Ids left out before it have none.
    pub(crate) fn push_card(&mut self, id: ProductId, card: Arc<ProductCard>, start: u64) {
        debug_assert!(id.0 as usize >= self.0.heads.len(), "products come in ascending order");
        let unused = || Head { card: None, start, traits: None };
        self.0.heads.resize_with(id.0 as usize, unused);
        self.0.of_suppliers.entry(card.supplier).or_default().push(id);
        self.0.product_count += 1;
        let traits = Some(Traits::of(&card));
        self.0.heads.push(Head { card: Some(card), start, traits });
    }

    /// Adds an id that is not in use, whose entries, if any, nobody asks for.
    pub(crate) fn push_unused(&mut self, start: u64) {
        self.0.heads.push(Head { card: None, start, traits: None });
    }

    pub(crate) fn entry_count(&self) -> u64 {
        self.0.entries.len() as u64
    }

    /// The cards that were added, with their ids.
    pub(crate) fn cards(&self) -> impl Iterator<Item = (ProductId, &ProductCard)> {
        self.0.cards()
    }

    pub(crate) fn finish(mut self) -> Base {
        let start = self.0.entries.len() as u64;
        self.0.heads.push(Head { card: None, start, traits: None });
        self.0.entries.shrink_to_fit();
        self.0
    }
}
