//! Building a book from all rows.

use std::hash::RandomState;
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::price_list::{PriceUnit, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::Row;
use kontor_model::supplier::SupplierId;

use crate::base::BaseBuilder;
use crate::book::{Book, Edits};
use crate::card::ProductCard;
use crate::directory::Directory;
use crate::edit::BookEdit;
use crate::entry::Entry;
use crate::fold;
use crate::ids::IdMap;
use crate::shapes::Shapes;
use crate::tenant::Tenant;

/// Takes all rows: shapes, other records and cards in any order, prices in the order product,
/// list, shape.
pub struct BookBuilder {
    /// By product id.
    cards: Vec<Option<Arc<ProductCard>>>,
    base: BaseBuilder,
    /// The product whose prices come now, and its entries so far.
    priced: ProductId,
    entries: Vec<Entry>,
    /// Products with prices, ascending, and where their entries begin.
    starts: Vec<(ProductId, u64)>,
    edit: BookEdit,
}

impl Book {
    /// A book of an empty database.
    pub fn empty() -> Self {
        BookBuilder::new().finish(0)
    }
}

impl BookBuilder {
    pub fn new() -> Self {
        let book = Book {
            change: 0,
            hasher: RandomState::new(),
            shapes: Shapes::default(),
            base: Arc::default(),
            overlay: IdMap::default(),
            late_products: IdMap::default(),
            index: Arc::default(),
            late_numbers: IdMap::default(),
            edits: Edits::since(0),
            tenants: IdMap::default(),
            list_zones: IdMap::default(),
            directory: Directory::default(),
        };
        Self {
            cards: Vec::new(),
            base: BaseBuilder::default(),
            priced: ProductId(0),
            entries: Vec::new(),
            starts: Vec::new(),
            edit: book.edit(),
        }
    }

    /// Makes room for this many entries.
    pub fn reserve(&mut self, entries: usize) {
        self.base.reserve(entries);
    }

    pub fn put_shape(&mut self, number: u32, shape: Shape) {
        self.edit.put_shape(number, shape);
    }

    pub fn put_record(&mut self, supplier: SupplierId, id: u32, record: Record) {
        self.edit.put_record(supplier, id, record);
    }

    /// Notes when answers that depend on a row last changed because of it.
    pub fn put_change_time(&mut self, supplier: SupplierId, kind: Kind, key: Row, at: Instant) {
        self.edit.put_change_time(supplier, kind, key, at);
    }

    pub fn put_card(&mut self, id: ProductId, card: ProductCard) {
        let place = id.0 as usize;
        if self.cards.len() <= place {
            self.cards.resize(place + 1, None);
        }
        if let Some(slot) = self.cards.get_mut(place) {
            *slot = Some(Arc::new(card));
        }
    }

    /// The card of a product, to add what belongs to it.
    pub fn card_mut(&mut self, id: ProductId) -> Option<&mut ProductCard> {
        let card = self.cards.get_mut(id.0 as usize)?.as_mut()?;
        Arc::get_mut(card)
    }

    /// Adds a price. Prices of a product follow each other.
    pub fn push_price(&mut self, product: ProductId, entry: Entry) {
        if self.priced != product {
            self.end_product();
            self.priced = product;
        }
        self.entries.push(entry);
    }

    /// Whether a shape is of a packing.
    pub fn is_packing(&self, shape: u32) -> bool {
        let unit = self.edit.book().shape(shape).map(|shape| &shape.unit);
        matches!(unit, Some(PriceUnit::Packing { .. }))
    }

    /// The unfinished book, to read the shapes that were put.
    pub fn book(&self) -> &Book {
        self.edit.book()
    }

    /// The suppliers with all rows that were put.
    pub fn tenants(&mut self) -> impl Iterator<Item = &Tenant> {
        self.edit.settle();
        self.edit.touched_tenants()
    }

    /// The finished book, which stands for this change.
    pub fn finish(mut self, change: u64) -> Book {
        self.end_product();
        self.push_cards();
        let mut book = self.edit.finish(change);
        book.index = fold::index(&book.hasher, self.base.cards());
        book.base = Arc::new(self.base.finish());
        book.shapes = book.shapes.folded();
        book.edits = Edits::since(change);
        book
    }

    /// Takes the entries of the product whose prices came.
    fn end_product(&mut self) {
        if !self.entries.is_empty() {
            let in_order = self.starts.last().is_none_or(|(last, _)| *last < self.priced);
            debug_assert!(in_order, "prices come product by product");
            let start = self.base.push_entries(&self.entries);
            self.starts.push((self.priced, start));
            self.entries.clear();
        }
    }

    /// Takes all cards, after all prices.
    fn push_cards(&mut self) {
        let end = self.base.entry_count();
        let mut starts = std::mem::take(&mut self.starts).into_iter().peekable();
        for (id, card) in (0..).map(ProductId).zip(std::mem::take(&mut self.cards)) {
            let start = starts.peek().map_or(end, |(_, start)| *start);
            match card {
                Some(card) => self.base.push_card(id, card, start),
                None => self.base.push_unused(start),
            }
            starts.next_if(|(priced, _)| *priced == id);
        }
    }
}

impl Default for BookBuilder {
    fn default() -> Self {
        Self::new()
    }
}
