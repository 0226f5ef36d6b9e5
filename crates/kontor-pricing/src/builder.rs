//! Building a book from all rows.

use std::hash::RandomState;
use std::sync::Arc;

use kontor_model::catalogue::Record;
use kontor_model::price_list::{PriceUnit, Shape};
use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;

use crate::base::{Base, Head, Traits};
use crate::book::{Book, Directory};
use crate::card::ProductCard;
use crate::entry::{Entries, Entry};
use crate::identifiers::{self, Index};
use crate::ids::IdMap;
use crate::shapes::Shapes;

/// Takes all rows: shapes, other records and cards in any order, prices in the order product,
/// list, shape.
pub struct BookBuilder {
    /// By product id.
    cards: Vec<Option<Arc<ProductCard>>>,
    /// Where the entries of each product begin, by its id, up to the one whose prices come now.
    starts: Vec<u64>,
    entries: Entries,
    /// The entries of the product whose prices come now.
    of_product: Vec<Entry>,
    book: Book,
    /// The product whose prices come now.
    priced: u32,
}

impl BookBuilder {
    pub fn new() -> Self {
        let book = Book {
            change: 0,
            hasher: RandomState::new(),
            shapes: Shapes::default(),
            base: Arc::default(),
            overlay: IdMap::default(),
            edited: IdMap::default(),
            edition: 0,
            base_edition: 0,
            late_numbers: IdMap::default(),
            tenants: IdMap::default(),
            directory: Directory::new(),
        };
        Self {
            cards: Vec::new(),
            starts: vec![0],
            entries: Entries::default(),
            of_product: Vec::new(),
            book,
            priced: 0,
        }
    }

    /// Makes room for this many entries.
    pub fn reserve(&mut self, entries: usize) {
        self.entries.reserve_exact(entries);
    }

    pub fn put_shape(&mut self, number: u32, shape: Shape) {
        self.book.shapes.add(number, shape);
    }

    pub fn put_record(&mut self, supplier: SupplierId, id: u32, record: Record) {
        let mut edit = self.book.edit();
        edit.put_record(supplier, id, record);
        self.book = edit.finish(0);
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
        if self.priced != product.0 {
            self.start_runs(product.0);
        }
        self.of_product.push(entry);
    }

    /// Whether a shape is of a packing.
    pub fn is_packing(&self, shape: u32) -> bool {
        let unit = self.book.shapes.get(shape).map(|shape| &shape.unit);
        matches!(unit, Some(PriceUnit::Packing { .. }))
    }

    /// The unfinished book, to read what was put.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The finished book, which stands for this change.
    pub fn finish(mut self, change: u64) -> Book {
        let beyond = u32::try_from(self.cards.len()).unwrap_or(u32::MAX).max(self.priced);
        self.start_runs(beyond);
        self.entries.shrink_to_fit();
        let mut pairs = Vec::new();
        for (id, card) in (0..).zip(&self.cards) {
            let Some(card) = card else { continue };
            let add = |hash| pairs.push((hash, ProductId(id)));
            identifiers::hashes(&self.book.hasher, card, add);
        }
        let index = Index::new(&pairs);
        let heads = heads(self.cards, &self.starts);
        let base = Base::new(heads, self.entries, index);
        let shapes = self.book.shapes.folded();
        Book { change, base: Arc::new(base), shapes, ..self.book }
    }

    /// Ends the run of the product before, and says where those of all up to this one begin.
    fn start_runs(&mut self, product: u32) {
        debug_assert!(product >= self.priced, "prices come product by product");
        self.entries.push_product(&self.of_product);
        self.of_product.clear();
        let here = self.entries.len() as u64;
        while self.starts.len() <= product as usize {
            self.starts.push(here);
        }
        self.priced = product;
    }
}

/// One head for each product, and the one that says where the last entries end.
fn heads(cards: Vec<Option<Arc<ProductCard>>>, starts: &[u64]) -> Vec<Head> {
    let cards = cards.into_iter().chain(std::iter::repeat(None));
    let head = |(card, start): (Option<Arc<ProductCard>>, &u64)| {
        let traits = card.as_deref().map(Traits::of);
        Head { card, start: *start, traits }
    };
    cards.zip(starts).map(head).collect()
}

impl Default for BookBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl Book {
    /// The same book with everything in its base: what accumulates beside it makes it slower.
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut builder = BookBuilder::new();
        builder.book = Self {
            hasher: self.hasher.clone(),
            shapes: self.shapes.clone(),
            edition: self.edition,
            base_edition: self.edition,
            tenants: self.tenants.clone(),
            directory: self.directory.clone(),
            ..builder.book
        };
        let beyond = self.overlay.keys().map(|id| id.0 as usize + 1).max().unwrap_or(0);
        let end = u32::try_from(self.base.end().max(beyond)).unwrap_or(u32::MAX);
        for id in (0..end).map(ProductId) {
            let Some(product) = self.product(id) else {
                continue;
            };
            builder.put_card(id, product.card.clone());
            product.run.iter().for_each(|entry| builder.push_price(id, entry));
        }
        builder.finish(self.change)
    }

    /// Whether so much changed since the base was built that compacting pays.
    pub fn wants_compaction(&self) -> bool {
        let overlaid = self.overlay.size();
        overlaid > 4096 && overlaid > self.base.end() / 20 || self.shapes.late_count() > 4096
    }
}
