//! Where scans are: pages are numbers, but a scan must go on where its last page ended, whatever
//! was written meanwhile.
//!
//! For each scan the key of the last row of each page is kept. Page N is the rows that there are
//! now after the end of page N-1: so no row is answered twice, none that was there all the time is
//! left out, and no page before the last is short. Nothing is pinned but one key a page.
//!
//! A request says neither whose scan it is nor whether it is one. It continues the scan of the
//! same reader, with the same filters and page size, that expects it most: the one whose next page
//! it is, before one whose last page it repeats, before any other; of these one from the same
//! address, and of equal ones the one that went on last. Every first page begins a scan, so that
//! two readers under one name have one each. Who goes back to a page before the last goes on with a
//! copy: the scan itself stays where it is, for it may be another's. A page that no scan leads to is
//! counted from the beginning.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use kontor_model::instant::Instant;

use super::index::ScanIndex;
use super::row::{Row, RowKey};
use super::{PageRequest, Selection};

/// Ends of pages that are kept of one scan; a page before them is counted from the beginning.
const KEPT_ENDS: usize = 64;
/// Scans that are kept of one reader.
const SCANS_OF_READER: usize = 32;
/// Scans of one reader that are kept at the end of the same first page: one each for so many who
/// begin at the same time, but not one for each first page that is asked for.
const SAME_BEGINNINGS: usize = 4;

/// All scans, the one that went on last at the end.
pub(super) struct Bookmarks {
    scans: Mutex<VecDeque<Scan>>,
    max_scans: usize,
    /// A scan that did not go on for so long is forgotten.
    idle_seconds: i64,
}

#[derive(Clone)]
struct Scan {
    request: PageRequest,
    selection: Selection,
    /// Page of the first of `ends`.
    first_page: u64,
    /// Ends of pages that follow each other; never empty.
    ends: VecDeque<End>,
    went_on: Instant,
}

/// The last row of a page.
#[derive(Clone, Copy)]
struct End {
    key: RowKey,
    /// Whether the page was answered, not only passed over by a request for a later one.
    answered: bool,
}

/// The rows of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageRows {
    pub(super) rows: Vec<Row>,
    pub(super) has_next: bool,
}

impl Bookmarks {
    pub(super) fn new(max_scans: usize, idle_seconds: i64) -> Self {
        Self { scans: Mutex::default(), max_scans, idle_seconds }
    }

    /// The rows of a page as of now.
    pub(super) fn page(
        &self,
        index: &ScanIndex,
        selection: &Selection,
        request: &PageRequest,
        now: Instant,
    ) -> PageRows {
        let mut scans = self.scans.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = now.plus_seconds(-self.idle_seconds);
        scans.retain(|scan| scan.went_on >= oldest);
        let known = best(&scans, selection, request).and_then(|place| scans.remove(place));
        if let Some(scan) = known.as_ref().filter(|scan| scan.is_behind(request.page())) {
            scans.push_back(scan.clone());
        }
        let is_new = known.is_none();
        let mut scan = known.unwrap_or_else(|| Scan::new(index, selection, request, now));
        let page = scan.answer(index, request.page(), now);
        // A scan that ends where it begins needs no bookmark.
        if !is_new || page.has_next {
            forget_beginnings(&mut scans, &scan);
            self.make_room(&mut scans, &scan.request);
            scans.push_back(scan);
        }
        page
    }

    fn make_room(&self, scans: &mut VecDeque<Scan>, request: &PageRequest) {
        let is_own = |scan: &Scan| scan.request.reader == request.reader;
        if scans.iter().filter(|scan| is_own(scan)).count() >= SCANS_OF_READER {
            let oldest = scans.iter().position(is_own);
            oldest.map(|place| scans.remove(place));
        }
        while scans.len() >= self.max_scans.max(1) {
            scans.pop_front();
        }
    }
}

/// Makes room for one more scan that is at the end of the same first page.
fn forget_beginnings(scans: &mut VecDeque<Scan>, scan: &Scan) {
    let same = scans.iter().filter(|other| other.is_same_beginning(scan)).count();
    if same >= SAME_BEGINNINGS {
        let oldest = scans.iter().position(|other| other.is_same_beginning(scan));
        oldest.map(|place| scans.remove(place));
    }
}

/// The scan that a request continues.
fn best(scans: &VecDeque<Scan>, selection: &Selection, request: &PageRequest) -> Option<usize> {
    let own = scans.iter().enumerate().filter(|(_, scan)| {
        scan.request.reader == request.reader
            && scan.request.size == request.size
            && scan.selection == *selection
            && scan.can_answer(request.page())
    });
    // Of equal ones the last, which went on last.
    let best = own.max_by_key(|(_, scan)| {
        let is_near = scan.request.peer == request.peer;
        let is_next = scan.last_page() + 1 == request.page();
        let is_again = scan.last_page() == request.page();
        (is_next, is_again, is_near)
    });
    best.map(|(place, _)| place)
}

impl Scan {
    /// A scan of which nothing is known. One that does not begin at its first page goes on at the
    /// place that is counted from the beginning.
    fn new(index: &ScanIndex, selection: &Selection, request: &PageRequest, now: Instant) -> Self {
        let before = request.page() - 1;
        let offset = usize::try_from(before).unwrap_or(usize::MAX).saturating_mul(request.rows());
        let end = index.key_at(offset, selection.changed_since);
        let end = end.map(|key| End { key, answered: false });
        Self {
            request: request.clone(),
            selection: selection.clone(),
            first_page: before.max(1),
            ends: end.into_iter().collect(),
            went_on: now,
        }
    }

    /// Page of the last of its ends.
    fn last_page(&self) -> u64 {
        self.first_page + self.ends.len() as u64 - 1
    }

    /// Whether it knows where a page begins. A first page always begins a new scan.
    fn can_answer(&self, page: u64) -> bool {
        page > self.first_page
    }

    /// Whether it has answered a page and others after it.
    fn is_behind(&self, page: u64) -> bool {
        page < self.last_page() && self.end(page).is_some_and(|end| end.answered)
    }

    /// Whether both are at the end of the same first page for the same reader.
    fn is_same_beginning(&self, other: &Self) -> bool {
        let is_at_first = |scan: &Self| scan.first_page == 1 && scan.ends.len() == 1;
        is_at_first(self)
            && is_at_first(other)
            && self.request == other.request
            && self.selection == other.selection
            && self.end(1).map(|end| end.key) == other.end(1).map(|end| end.key)
    }

    /// Where a page ended.
    fn end(&self, page: u64) -> Option<End> {
        let place = page.checked_sub(self.first_page)?;
        self.ends.get(usize::try_from(place).ok()?).copied()
    }

    /// The rows of a page that [`Scan::can_answer`].
    fn answer(&mut self, index: &ScanIndex, page: u64, now: Instant) -> PageRows {
        let since = self.selection.changed_since;
        if page > 1 {
            self.pass_over(index, page - 1);
            // Passing over came to the end of all rows before this page.
            if self.end(page - 1).is_none() {
                return PageRows { rows: Vec::new(), has_next: false };
            }
        }
        let start = if page == 1 { None } else { self.end(page - 1).map(|end| end.key) };
        let until = self.keep_or_forget_later_ends(page);
        let mut rows: Vec<Row> = Vec::with_capacity(self.request.rows().min(index.len()));
        rows.extend(index.after(start, since).take(self.request.rows()));
        if let Some(until) = until {
            rows.retain(|row| row.key <= until);
        }
        let last = until.or(rows.last().map(|row| row.key));
        let has_next = last.is_some() && index.after(last, since).next().is_some();
        if let Some(key) = last {
            self.answered(page, key, now);
        }
        PageRows { rows, has_next }
    }

    /// Notes the ends of all pages up to this one that are not known yet, as far as there are rows.
    fn pass_over(&mut self, index: &ScanIndex, page: u64) {
        let mut known = self.last_page();
        let Some(last) = self.ends.back().map(|end| end.key).filter(|_| known < page) else {
            return;
        };
        let rows = index.after(Some(last), self.selection.changed_since);
        let size = self.request.rows();
        for row in { rows }.skip(size - 1).step_by(size) {
            self.push(End { key: row.key, answered: false });
            known += 1;
            if known == page {
                return;
            }
        }
    }

    /// A page after which others were answered already is read again, by a reader that goes back, or
    /// comes late, to a reader of several pages at a time. Going back starts anew from there. Coming
    /// late it must end where the next page began: returns that row.
    fn keep_or_forget_later_ends(&mut self, page: u64) -> Option<RowKey> {
        let end = self.end(page).filter(|_| page < self.last_page())?;
        if !end.answered {
            return Some(end.key);
        }
        let kept = usize::try_from(page - self.first_page).unwrap_or(usize::MAX);
        self.ends.truncate(kept.saturating_add(1));
        None
    }

    fn answered(&mut self, page: u64, key: RowKey, now: Instant) {
        let end = End { key, answered: true };
        if page > self.last_page() || self.ends.is_empty() {
            self.push(end);
            self.went_on = now;
        } else if let Some(place) = page.checked_sub(self.first_page) {
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if let Some(own) = self.ends.get_mut(place) {
                *own = end;
            }
        }
    }

    fn push(&mut self, end: End) {
        self.ends.push_back(end);
        if self.ends.len() > KEPT_ENDS {
            self.ends.pop_front();
            self.first_page += 1;
        }
    }
}
