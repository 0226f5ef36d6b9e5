//! The pages of a scan: rows of an index, from where a reader is.

use std::sync::Arc;

use kontor_model::gtin::Gtin;
use kontor_model::identifier::Scheme;
use kontor_model::instant::Instant;
use kontor_pricing::{Book, Lookup};

use crate::app::App;
use crate::scan::market::Market;

use super::bookmarks::Bookmarks;
use super::index::ScanIndex;
use super::indexes::Indexes;
use super::request::{PageRequest, Selection};
use super::row::{Row, Scope};

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
    pub(super) fn page_of(
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
