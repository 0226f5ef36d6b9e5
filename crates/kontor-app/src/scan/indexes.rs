//! The indexes that are kept, and how they follow the book.
//!
//! An index is brought up to date when it is asked for: rows of products that changed since are
//! made anew, and so are those of products one of whose prices began or ended meanwhile. Writes
//! that touch no product (a login, a document, a customer) cost nothing. Only a book that was loaded
//! anew, or whose base was while an index was not asked for, makes an index be built anew.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::instant::Instant;
use kontor_model::product::ProductId;
use kontor_pricing::{Book, Edition};

use super::index::ScanIndex;
use super::row::Scope;

/// One more product in this many to make anew, and building the whole index is quicker.
const REBUILD_SHARE: usize = 8;

/// Indexes by scope, the one asked for last at the end.
pub(super) struct Indexes {
    slots: Mutex<Vec<Slot>>,
    /// Rows of all indexes together above which the ones not asked for longest are dropped.
    max_rows: usize,
}

#[derive(Clone)]
struct Slot {
    scope: Scope,
    /// Held while the index is brought up to date: others that ask for it wait for the same.
    built: Arc<Mutex<Option<Built>>>,
    rows: usize,
}

struct Built {
    edition: Edition,
    as_of: Instant,
    index: Arc<ScanIndex>,
    /// Coming beginnings and ends of prices, with the products whose rows they may change. It may
    /// hold boundaries that are gone; they only cost another look.
    coming: BTreeSet<(Instant, ProductId)>,
}

impl Indexes {
    pub(super) fn new(max_rows: usize) -> Self {
        Self { slots: Mutex::default(), max_rows }
    }

    /// The index of a scope as of now, with the book and the instant it stands for.
    pub(super) fn get(
        &self,
        scope: &Scope,
        now: impl FnOnce() -> (Arc<Book>, Instant),
    ) -> (Arc<Book>, Instant, Arc<ScanIndex>) {
        let slot = self.slot(scope);
        let mut built = slot.built.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked while the slot is held, so that an index never goes back.
        let (book, now) = now();
        let next = match built.take() {
            Some(built) => built.followed(scope, &book, now),
            None => Built::new(scope, &book, now),
        };
        let index = Arc::clone(&next.index);
        *built = Some(next);
        drop(built);
        self.keep(scope, index.len());
        (book, now, index)
    }

    fn slot(&self, scope: &Scope) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = slots.iter().position(|slot| slot.scope == *scope);
        let new = || Slot { scope: scope.clone(), built: Arc::default(), rows: 0 };
        let slot = known.map_or_else(new, |place| slots.remove(place));
        slots.push(slot.clone());
        slot
    }

    /// Notes how large an index is, and drops others when all together are too large.
    fn keep(&self, scope: &Scope, rows: usize) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.iter_mut().find(|slot| slot.scope == *scope) {
            slot.rows = rows;
        }
        // An empty one takes some room as well.
        let mut total: usize = slots.iter().map(|slot| slot.rows + 1024).sum();
        while total > self.max_rows && slots.len() > 1 {
            total -= slots.remove(0).rows + 1024;
        }
    }
}

impl Built {
    fn new(scope: &Scope, book: &Book, now: Instant) -> Self {
        let mut rows = Vec::new();
        let mut coming = Vec::new();
        for product in book.products_of(scope.supplier()) {
            if let Some(next) = scope.rows_of(book, product, now, &mut rows) {
                coming.push((next, product.id));
            }
        }
        Self {
            edition: book.edition(),
            as_of: now,
            index: Arc::new(ScanIndex::of(rows)),
            coming: coming.into_iter().collect(),
        }
    }

    fn followed(mut self, scope: &Scope, book: &Book, now: Instant) -> Self {
        let Some(changed) = book.products_since(self.edition).filter(|_| self.as_of <= now) else {
            return Self::new(scope, book, now);
        };
        let mut products: HashSet<ProductId> = changed.collect();
        while let Some((at, product)) = self.coming.first().copied().filter(|(at, _)| *at <= now) {
            self.coming.remove(&(at, product));
            products.insert(product);
        }
        if products.len() > self.index.len() / REBUILD_SHARE + 1024 {
            return Self::new(scope, book, now);
        }
        if !products.is_empty() {
            self.follow(scope, book, now, &products);
        }
        Self { edition: book.edition(), as_of: now, ..self }
    }

    fn follow(&mut self, scope: &Scope, book: &Book, now: Instant, products: &HashSet<ProductId>) {
        let mut rows = Vec::new();
        for product in products.iter().filter_map(|id| book.product(*id)) {
            if let Some(next) = scope.rows_of(book, product, now, &mut rows) {
                self.coming.insert((next, product.id));
            }
        }
        self.index = Arc::new(self.index.with(products, rows));
    }
}
