//! The book follows the change log.
//!
//! A change lists all that it touched, so following reads just that, page by page, from one view of
//! the database: a change is shown whole or not at all. What is read is the state of that view,
//! whatever change touched it, so the order of changes does not matter and the book stands for the
//! newest change of the view. Own writes and those of another process take the same way.
//!
//! Reading everything anew is for the start. It is a repair where a version of before did not list
//! what it touched, and counted.

mod policy;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use kontor_model::catalogue::Kind;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::Row;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, BookEdit};
use kontor_store::{Abort, BookSource, CONCERNING, ChangeNumber, LogPlace, StoreError, Touched};

use crate::app::App;
use crate::follow_product::{TouchedProduct, follow_product};
use crate::load::{is_in_tenant, load};

pub use policy::FollowPolicy;

/// What one page of the change log touched, each once.
#[derive(Default)]
struct Page {
    rows: BTreeSet<(SupplierId, Kind, Row)>,
    products: BTreeMap<ProductId, TouchedProduct>,
}

impl App {
    /// Brings the book up to date with all durable changes. Returns the change it stands for.
    pub fn catch_up(&self) -> Result<ChangeNumber, StoreError> {
        self.catch_up_to(self.store.last_change()?)
    }

    /// Brings the book up to date with at least this change.
    pub fn catch_up_to(&self, wanted: ChangeNumber) -> Result<ChangeNumber, StoreError> {
        let _turn = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let book = self.book.load_full();
        if book.change() >= wanted.0 {
            return Ok(ChangeNumber(book.change()));
        }
        self.follow_and_publish(&book)
    }

    /// Reads everything anew.
    pub(crate) fn reload(&self) -> Result<ChangeNumber, StoreError> {
        let _turn = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        self.load_anew()
    }

    /// How often everything was read anew to repair what could not be followed.
    pub fn reloads(&self) -> u64 {
        self.reloads.load(Ordering::Relaxed)
    }

    fn load_anew(&self) -> Result<ChangeNumber, StoreError> {
        let mut loaded = None;
        let read = self.store.read_book(&mut |source| {
            loaded = Some(load(source)?);
            Ok(())
        });
        read.map_err(store_error)?;
        let book = loaded.unwrap_or_else(Book::empty);
        let change = self.publish(book);
        self.forget_sessions();
        Ok(change)
    }

    /// Folds what accumulated beside the base into it, when that pays. Readers and writers go on
    /// meanwhile; what they changed is added before the swap.
    pub fn compact(&self) -> Result<bool, StoreError> {
        match self.begin_compaction() {
            None => Ok(false),
            Some(compacted) => self.end_compaction(&compacted).map(|()| true),
        }
    }

    /// The book with everything folded into its base, when that pays. The book may move on meanwhile.
    pub fn begin_compaction(&self) -> Option<Book> {
        let book = self.book.load_full();
        book.wants_compaction(self.follow_policy.fold).then(|| book.compacted())
    }

    /// Shows a compacted book with all changes since.
    pub fn end_compaction(&self, compacted: &Book) -> Result<(), StoreError> {
        let _turn = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        if self.book.load().change() == compacted.change() {
            self.publish(compacted.clone());
            return Ok(());
        }
        self.follow_and_publish(compacted).map(drop)
    }

    /// Makes the next version out of this one and shows it. Only while holding the turn.
    fn follow_and_publish(&self, book: &Book) -> Result<ChangeNumber, StoreError> {
        let mut next = None;
        let read = self.store.read_book(&mut |source| {
            next = follow(book, source, self.follow_policy)?;
            Ok(())
        });
        read.map_err(store_error)?;
        let Some(next) = next else {
            self.reloads.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(
                change = book.change(),
                "changes cannot be followed; reading everything"
            );
            return self.load_anew();
        };
        let Followed { book, touches_accounts } = next;
        let change = self.publish(book);
        if touches_accounts {
            self.forget_sessions();
        }
        Ok(change)
    }

    fn publish(&self, book: Book) -> ChangeNumber {
        let change = ChangeNumber(book.change());
        self.book.store(Arc::new(book));
        change
    }
}

/// The next version of a book.
struct Followed {
    book: Book,
    /// Whether an account changed: then its sessions may have, too.
    touches_accounts: bool,
}

/// A failure of a read that nobody refuses.
fn store_error(abort: Abort) -> StoreError {
    match abort {
        Abort::Store(error) => error,
        refused @ Abort::Refused => StoreError::Read(refused.to_string()),
    }
}

/// A book with all changes that the view shows; `None` when the log does not list what they touched.
fn follow(
    book: &Book,
    source: &dyn BookSource,
    policy: FollowPolicy,
) -> Result<Option<Followed>, Abort> {
    let mut edit = book.edit().folding(policy.fold);
    source.shapes(book.last_shape(), &mut |(number, shape)| {
        edit.put_shape(number, shape);
        Ok(())
    })?;
    // All rows come first: prices are looked at by what the lists of their supplier are, and while
    // only some rows are there a list may seem to be none of a market.
    let after = ChangeNumber(book.change());
    let mut touches_accounts = false;
    let is_told = each_page(source, after, policy, &mut |page| {
        touches_accounts |= page.rows.iter().any(|(_, kind, _)| *kind == Kind::Account);
        page.follow_rows(&mut edit, source)
    })?;
    if !is_told {
        return Ok(None);
    }
    edit.settle();
    each_page(source, after, policy, &mut |page| page.follow_products(&mut edit, source))?;
    follow_markets(book, &mut edit, source)?;
    Ok(Some(Followed { book: edit.finish(source.change().0), touches_accounts }))
}

/// Reads the log after a change page by page; `false` when it does not list what was touched.
fn each_page(
    source: &dyn BookSource,
    after: ChangeNumber,
    policy: FollowPolicy,
    work: &mut dyn FnMut(Page) -> Result<(), Abort>,
) -> Result<bool, Abort> {
    let mut next = Some(LogPlace::after(after));
    while let Some(from) = next {
        let read = match source.changes(from, policy.page_entries.max(1)) {
            // What was touched since was forgotten.
            Err(StoreError::TooOld { .. }) => return Ok(false),
            read => read?,
        };
        let mut page = Page::default();
        for entry in read.entries {
            if !page.take(entry.supplier, entry.touched) {
                return Ok(false);
            }
        }
        work(page)?;
        next = read.next;
    }
    Ok(true)
}

impl Page {
    /// Notes what an entry touched; `false` when it does not say.
    fn take(&mut self, supplier: SupplierId, touched: Touched) -> bool {
        match touched {
            Touched::Anything => return false,
            Touched::Rows { kind, keys } => {
                if is_in_tenant(kind) {
                    self.rows.extend(keys.into_iter().map(|key| (supplier, kind, key)));
                }
            }
            Touched::Products { kind, ids } => {
                for id in ids {
                    self.products.entry(id).or_default().kinds.insert(kind);
                }
            }
            Touched::Prices { places } => {
                for (id, list) in places {
                    self.products.entry(id).or_default().lists.insert(list);
                }
            }
        }
        true
    }

    fn follow_rows(self, edit: &mut BookEdit, source: &dyn BookSource) -> Result<(), Abort> {
        for (supplier, kind, key) in self.rows {
            let mut found = None;
            source.records_of(supplier, kind, &key, &mut |row| {
                found = Some((row.id, row.record));
                Ok(())
            })?;
            match found {
                Some((id, record)) => edit.put_record(supplier, id, record),
                None => edit.remove_record(supplier, kind, &key),
            }
            let changed_at = if CONCERNING.contains(&kind) {
                source.change_time_of_row(supplier, kind, &key)?
            } else {
                None
            };
            if let Some(at) = changed_at {
                edit.put_change_time(supplier, kind, key, at);
            }
        }
        Ok(())
    }

    fn follow_products(self, edit: &mut BookEdit, source: &dyn BookSource) -> Result<(), Abort> {
        for (id, touched) in self.products {
            follow_product(edit, source, id, &touched)?;
        }
        Ok(())
    }
}

/// When prices of a list last changed stands on the cards while it is a list of a segment or sales
/// table. Of lists that became such, or are no more, it is put there or taken away now.
fn follow_markets(
    before: &Book,
    edit: &mut BookEdit,
    source: &dyn BookSource,
) -> Result<(), Abort> {
    let mut lists: BTreeSet<(SupplierId, PriceListId)> = BTreeSet::new();
    for tenant in edit.touched_tenants() {
        let now = tenant.market_lists();
        let known = before.tenant(tenant.id());
        let known = known.map(|tenant| tenant.market_lists().clone()).unwrap_or_default();
        let other = now.iter().filter(|list| !known.contains(list));
        let other = other.chain(known.iter().filter(|list| !now.contains(list)));
        lists.extend(other.map(|list| (tenant.id(), *list)));
    }
    let mut products: BTreeMap<ProductId, TouchedProduct> = BTreeMap::new();
    for (supplier, list) in lists {
        source.products_priced_in(supplier, list, &mut |id| {
            products.entry(id).or_default().lists.insert(list);
            Ok(())
        })?;
    }
    for (id, touched) in products {
        follow_product(edit, source, id, &touched)?;
    }
    Ok(())
}
