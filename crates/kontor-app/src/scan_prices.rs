//! Paging through all package prices of a market.
//!
//! A row is a product in a packing that has a base price now: its sequence number and the base
//! units of the packing put it in order. What a row costs is read from the book when it is
//! shown ([`Offer`]); which rows there are is kept in an index for each market that is asked for, and
//! where readers are in bookmarks. Nothing here is stored: after a restart scans go on by counting.

mod bookmarks;
mod index;
mod indexes;
mod offer;
mod row;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use kontor_model::gtin::Gtin;
use kontor_model::identifier::Scheme;
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, Lookup};

use crate::app::App;
use crate::market::Market;

use bookmarks::Bookmarks;
use index::ScanIndex;
use indexes::Indexes;
use row::Scope;

pub use offer::{Offer, Offers};
pub use row::{Row, RowKey};

/// How much scans may keep in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanLimits {
    /// Rows of all indexes together; one row takes about 40 bytes.
    pub index_rows: usize,
    /// Scans whose place is remembered.
    pub scans: usize,
    /// After so long without a new page a scan is forgotten.
    pub idle_seconds: i64,
}

/// Which rows are wanted; all conditions apply together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub supplier: SupplierId,
    pub entity: i64,
    pub segment: i64,
    /// The packing has this GTIN, compared as a number.
    pub gtin: Option<Box<str>>,
    /// The product has this sequence number.
    pub sequence: Option<i32>,
    /// The packing is in this sales table.
    pub table: Option<Box<str>>,
    /// The row changed at or after this instant.
    pub changed_since: Option<Instant>,
}

/// Which page is wanted, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Name of the reader: pages of one scan are asked for under one name.
    pub reader: Box<str>,
    pub peer: IpAddr,
    /// Pages count from 1.
    pub number: NonZeroU32,
    /// Rows of a page.
    pub size: NonZeroU32,
}

/// A page, and the state of the world it shows.
#[derive(Debug, Clone)]
pub struct ScanPage {
    pub book: Arc<Book>,
    pub now: Instant,
    pub rows: Vec<Row>,
    /// Rows over all pages, now.
    pub total: usize,
    pub has_next: bool,
}

/// What scans keep between requests.
pub struct PriceScans {
    indexes: Indexes,
    bookmarks: Bookmarks,
}

impl Default for ScanLimits {
    fn default() -> Self {
        Self { index_rows: 16_000_000, scans: 1024, idle_seconds: 900 }
    }
}

impl PageRequest {
    fn page(&self) -> u64 {
        u64::from(self.number.get())
    }

    fn rows(&self) -> usize {
        usize::try_from(self.size.get()).unwrap_or(usize::MAX)
    }
}

impl Selection {
    /// Whether so few products are meant that they are looked up instead of scanned.
    pub fn is_narrow(&self) -> bool {
        self.gtin.is_some() || self.sequence.is_some()
    }
}

impl PriceScans {
    pub fn new(limits: ScanLimits) -> Self {
        Self {
            indexes: Indexes::new(limits.index_rows),
            bookmarks: Bookmarks::new(limits.scans, limits.idle_seconds),
        }
    }

    /// The rows of a page of a market. Blocks: building the index of a market that was not asked
    /// for yet takes about a second for a few million rows.
    pub fn page(
        &self,
        app: &App,
        market: &Market,
        selection: &Selection,
        request: &PageRequest,
    ) -> ScanPage {
        self.page_of(|| (Arc::clone(&app.book()), app.now()), market, selection, request)
    }

    /// The same with the book and the clock that `world` shows when it is asked.
    fn page_of(
        &self,
        world: impl FnOnce() -> (Arc<Book>, Instant),
        market: &Market,
        selection: &Selection,
        request: &PageRequest,
    ) -> ScanPage {
        let table = selection.table.as_deref().map(|number| market.table(number));
        if let Some(None) = table {
            let (book, now) = world();
            return ScanPage { book, now, rows: Vec::new(), total: 0, has_next: false };
        }
        let scope = Scope::new(market, table.flatten().map(|table| table.list));
        let (book, now, index) = if selection.is_narrow() {
            let (book, now) = world();
            let index = narrow(&book, &scope, selection, now);
            (book, now, Arc::new(index))
        } else {
            self.indexes.get(&scope, world)
        };
        let mut selection = selection.clone();
        // Of a market that changed as a whole, all rows changed.
        if market.changed_at > Instant::MIN {
            let since = selection.changed_since;
            selection.changed_since = since.filter(|since| *since > market.changed_at);
        }
        let total = index.count(selection.changed_since);
        let page = self.bookmarks.page(&index, &selection, request, now);
        ScanPage { book, now, rows: page.rows, total, has_next: page.has_next }
    }
}

/// The rows of the products that a selection names.
fn narrow(book: &Book, scope: &Scope, selection: &Selection, now: Instant) -> ScanIndex {
    let sequence = selection.sequence.map(|number| number.to_string());
    let number = match (&sequence, &selection.gtin) {
        (Some(value), _) => Lookup::Other { scheme: Scheme::SequenceNumber, value },
        (None, Some(gtin)) => Lookup::PackingGtin(gtin),
        (None, None) => return ScanIndex::default(),
    };
    let mut rows = Vec::new();
    book.each(scope.supplier(), number, |product| {
        scope.rows_of(book, product, now, &mut rows);
    });
    rows.retain(|row| {
        let is_sequence = selection.sequence.is_none_or(|wanted| row.key.sequence == wanted);
        let has_gtin = |wanted: &str| {
            let gtin = scope.gtin(book, row.key);
            gtin.is_some_and(|gtin| Gtin::compared(gtin.as_str()) == Gtin::compared(wanted))
        };
        is_sequence && selection.gtin.as_deref().is_none_or(has_gtin)
    });
    ScanIndex::of(rows)
}
