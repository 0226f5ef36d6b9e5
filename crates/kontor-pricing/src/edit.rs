//! Changing a book: a new version that shares with the old one all that did not change.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::{Instant, Zone};
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use rpds::{HashTrieSetSync, RedBlackTreeSetSync};

use crate::book::{Book, Overlaid};
use crate::card::ProductCard;
use crate::entry::{Entries, Entry};
use crate::identifiers;
use crate::product_ref::ProductRef;
use crate::tenant::Tenant;
use crate::tenant_edit::TenantEdit;

/// A book that is being changed. Nobody sees it before it is finished. Rows and products come in any
/// order.
pub struct BookEdit {
    book: Book,
    /// Products that were put or removed.
    products: BTreeMap<ProductId, Option<Arc<Overlaid>>>,
    tenants: HashMap<SupplierId, TenantEdit>,
    fold: FoldPolicy,
}

/// When changed products are folded into a new base at once instead of standing beside the old one:
/// when they are more than both of these. Parameters, so that small tests cross them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldPolicy {
    /// Changed products.
    pub above: usize,
    /// One in so many products of the base.
    pub share: usize,
}

impl Default for FoldPolicy {
    fn default() -> Self {
        Self { above: 4096, share: 20 }
    }
}

impl FoldPolicy {
    /// Whether so many changed products are better folded into the base.
    pub(crate) fn wants(self, changed: usize, base: usize) -> bool {
        changed > self.above && changed > base / self.share.max(1)
    }
}

impl Book {
    /// Begins a new version.
    pub fn edit(&self) -> BookEdit {
        BookEdit {
            book: self.clone(),
            products: BTreeMap::new(),
            tenants: HashMap::new(),
            fold: FoldPolicy::default(),
        }
    }
}

impl BookEdit {
    /// The same with another policy of folding.
    #[must_use]
    pub fn folding(self, fold: FoldPolicy) -> Self {
        Self { fold, ..self }
    }

    /// Puts a product with all its prices, sorted by list, then by shape.
    pub fn put_product(&mut self, id: ProductId, card: ProductCard, entries: &[Entry]) {
        let entries = Some(Arc::new(Entries::of_product(entries)));
        self.overlay(id, Overlaid { card: Arc::new(card), entries });
    }

    /// Puts the card of a product that is known; its prices stay.
    pub fn put_card(&mut self, id: ProductId, card: ProductCard) {
        let entries = self.overlaid(id).and_then(|overlaid| overlaid.entries.clone());
        self.overlay(id, Overlaid { card: Arc::new(card), entries });
    }

    /// Replaces the prices of a product that is known in these lists (ascending); its other prices
    /// stay. `entries` are sorted by list, then by shape.
    pub fn put_prices(&mut self, id: ProductId, lists: &[PriceListId], entries: &[Entry]) {
        let Some(product) = self.product(id) else { return };
        let kept = product.run.iter();
        let kept = kept.filter(|entry| lists.binary_search(&entry.list).is_err());
        let mut all: Vec<Entry> = kept.chain(entries.iter().copied()).collect();
        all.sort_by_key(|entry| (entry.list, entry.shape));
        let Some(card) = self.card(id) else { return };
        self.overlay(id, Overlaid { card, entries: Some(Arc::new(Entries::of_product(&all))) });
    }

    pub fn remove_product(&mut self, id: ProductId) {
        self.products.insert(id, None);
    }

    /// A product as it is now.
    pub fn product(&self, id: ProductId) -> Option<ProductRef<'_>> {
        match self.products.get(&id) {
            Some(changed) => {
                changed.as_deref().map(|overlaid| overlaid.product(id, &self.book.base))
            }
            None => self.book.product(id),
        }
    }

    /// Adds a shape by its number in the database.
    pub fn put_shape(&mut self, number: u32, shape: Shape) {
        self.book.shapes.add(number, shape);
    }

    /// Puts a row of another kind. `id` is the number of a price list in the database.
    pub fn put_record(&mut self, supplier: SupplierId, id: u32, record: Record) {
        if let Record::PriceList(list) = &record {
            self.date_list(PriceListId(id), list.time_zone.as_ref());
        }
        let entered = record.clone();
        if let Some(before) = self.open(supplier).put(id, record) {
            self.book.directory.remove(supplier, &before);
        }
        self.book.directory.enter(supplier, &entered);
    }

    pub fn remove_record(&mut self, supplier: SupplierId, kind: Kind, key: &[Cell]) {
        if let (Kind::PriceList, [Cell::Text(code)]) = (kind, key)
            && let Some(id) = self.tenant(supplier).and_then(|tenant| tenant.list_id(code))
        {
            self.date_list(id, None);
        }
        if let Some(before) = self.open(supplier).remove(kind, key) {
            self.book.directory.remove(supplier, &before);
        }
    }

    /// Notes when answers that depend on a row last changed because of it.
    pub fn put_change_time(&mut self, supplier: SupplierId, kind: Kind, key: Row, at: Instant) {
        self.open(supplier).tenant.change_times.insert_mut((kind, key), at);
    }

    fn date_list(&mut self, list: PriceListId, zone: Option<&Zone>) {
        match zone {
            Some(zone) => self.book.list_zones.insert_mut(list, zone.clone()),
            None => drop(self.book.list_zones.remove_mut(&list)),
        }
    }

    /// A supplier with the rows that were put. What is made of several rows is up to date after
    /// [`BookEdit::settle`].
    pub fn tenant(&self, supplier: SupplierId) -> Option<&Tenant> {
        match self.tenants.get(&supplier) {
            Some(edit) => Some(&edit.tenant),
            None => self.book.tenant(supplier),
        }
    }

    /// Suppliers of which rows were put or removed.
    pub fn touched_tenants(&self) -> impl Iterator<Item = &Tenant> {
        self.tenants.values().map(|edit| &edit.tenant)
    }

    /// Makes anew what is made of several rows.
    pub fn settle(&mut self) {
        self.tenants.values_mut().for_each(TenantEdit::settle);
    }

    /// The book as it was when the change began, with the shapes that were put.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The finished version, which stands for this change.
    pub fn finish(mut self, change: u64) -> Book {
        self.settle();
        for (supplier, edit) in self.tenants.drain() {
            if edit.tenant.is_gone() {
                self.book.tenants.remove_mut(&supplier);
                continue;
            }
            self.book.tenants.insert_mut(supplier, Arc::new(edit.tenant));
        }
        self.book.change = change;
        let changed = self.products.len() + self.book.overlay.size();
        if self.fold.wants(changed, self.book.base.product_count()) && self.products.len() > 1 {
            return self.book.folded(self.products);
        }
        for (id, overlaid) in self.products {
            self.book.put_overlaid(id, overlaid);
        }
        self.book
    }

    fn open(&mut self, supplier: SupplierId) -> &mut TenantEdit {
        let known = self.book.tenants.get(&supplier);
        self.tenants.entry(supplier).or_insert_with(|| match known {
            Some(tenant) => TenantEdit::new((**tenant).clone()),
            None => TenantEdit::of_supplier(supplier),
        })
    }

    fn overlay(&mut self, id: ProductId, overlaid: Overlaid) {
        self.products.insert(id, Some(Arc::new(overlaid)));
    }

    /// The product, when it stands beside the base.
    fn overlaid(&self, id: ProductId) -> Option<&Overlaid> {
        match self.products.get(&id) {
            Some(changed) => changed.as_deref(),
            None => self.book.overlay.get(&id)?.as_deref(),
        }
    }

    fn card(&self, id: ProductId) -> Option<Arc<ProductCard>> {
        match self.products.get(&id) {
            Some(changed) => changed.as_ref().map(|overlaid| Arc::clone(&overlaid.card)),
            None => self.book.card(id).cloned(),
        }
    }
}

impl Book {
    /// The card of a product, to be shared.
    pub(crate) fn card(&self, id: ProductId) -> Option<&Arc<ProductCard>> {
        match self.overlay.get(&id) {
            Some(overlaid) => overlaid.as_ref().map(|overlaid| &overlaid.card),
            None => self.base.card(id),
        }
    }

    /// Puts a product beside the base, as the change that the book stands for leaves it.
    fn put_overlaid(&mut self, id: ProductId, overlaid: Option<Arc<Overlaid>>) {
        if let Some(overlaid) = &overlaid {
            self.add_numbers(id, &overlaid.card);
            if self.base.card(id).is_none() {
                let supplier = overlaid.card.supplier;
                let late = self.late_products.get(&supplier).cloned();
                let mut late = late.unwrap_or_else(RedBlackTreeSetSync::new_sync);
                late.insert_mut(id);
                self.late_products.insert_mut(supplier, late);
            }
        }
        self.overlay.insert_mut(id, overlaid);
        self.edits.note(id, self.change);
    }

    /// Has the product looked at for the numbers on its card, unless they are on the card it had.
    /// Which of its numbers are out of date is seen on the card.
    pub(crate) fn add_numbers(&mut self, id: ProductId, card: &Arc<ProductCard>) {
        if self.card(id).is_some_and(|before| before.has_numbers_of(card)) {
            return;
        }
        let late_numbers = &mut self.late_numbers;
        identifiers::hashes(&self.hasher, card, |hash| {
            let known = late_numbers.get(&hash).cloned();
            let mut known = known.unwrap_or_else(HashTrieSetSync::new_sync);
            known.insert_mut(id);
            late_numbers.insert_mut(hash, known);
        });
    }
}
