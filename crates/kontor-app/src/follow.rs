//! The book follows the change log.
//!
//! Loading reads everything; following reads only the rows that the changes since touched, from
//! one consistent view, so that a change is shown whole or not at all. Own writes and those of
//! another process take the same way.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, BookBuilder, BookEdit, ProductCard};
use kontor_store::{Abort, BookSource, Change, ChangeNumber, StoreError, Touched};

use crate::app::App;
use crate::cards::{Parts, entry};

/// Kinds whose rows stand on the cards of products.
const ON_CARDS: [Kind; 4] = [Kind::Identifier, Kind::Conversion, Kind::Packing, Kind::Availability];

/// Kinds the book does not hold: nobody is priced by them.
const NOT_IN_BOOK: [Kind; 8] = [
    Kind::Counter,
    Kind::Lead,
    Kind::Document,
    Kind::DocumentLine,
    Kind::SubmissionKey,
    Kind::Delivery,
    Kind::DeliveryTurn,
    Kind::ClosedReceiver,
];

/// More touched rows than this, and reading everything anew is quicker.
const RELOAD_ABOVE: usize = 50_000;

impl App {
    /// Brings the book up to date with all durable changes. Returns the change it stands for.
    pub fn catch_up(&self) -> Result<ChangeNumber, StoreError> {
        self.catch_up_to(self.store.last_change()?)
    }

    /// Brings the book up to date with at least this change.
    pub(crate) fn catch_up_to(&self, wanted: ChangeNumber) -> Result<ChangeNumber, StoreError> {
        let _turn = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let book = self.book.load_full();
        if book.change() >= wanted.0 {
            return Ok(ChangeNumber(book.change()));
        }
        let Some(next) = self.followed(&book)? else {
            return self.load_anew();
        };
        let change = ChangeNumber(next.change());
        self.book.store(Arc::new(next));
        Ok(change)
    }

    /// Reads everything anew.
    pub(crate) fn reload(&self) -> Result<ChangeNumber, StoreError> {
        let _turn = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        self.load_anew()
    }

    fn load_anew(&self) -> Result<ChangeNumber, StoreError> {
        let mut loaded = None;
        let read = self.store.read_book(&mut |source| {
            loaded = Some(load(source)?);
            Ok(())
        });
        read.map_err(store_error)?;
        let book = loaded.unwrap_or_else(Book::empty);
        let change = ChangeNumber(book.change());
        self.book.store(Arc::new(book));
        Ok(change)
    }

    /// Folds what accumulated beside the base into it, when that pays. Readers and writers go on
    /// meanwhile; what they changed is added before the swap.
    pub fn compact(&self) -> Result<bool, StoreError> {
        let book = self.book.load_full();
        if !book.wants_compaction() {
            return Ok(false);
        }
        let compacted = book.compacted();
        let _turn = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(next) = self.followed(&compacted)? {
            self.book.store(Arc::new(next));
            return Ok(true);
        }
        self.load_anew().map(|_| true)
    }

    /// A book with all changes since; `None` when they are too many to be followed.
    fn followed(&self, book: &Book) -> Result<Option<Book>, StoreError> {
        let mut next = None;
        let read = self.store.read_book(&mut |source| {
            next = follow(self, book, source)?;
            Ok(())
        });
        read.map_err(store_error)?;
        Ok(next)
    }
}

/// A failure of a read that nobody refuses.
fn store_error(abort: Abort) -> StoreError {
    match abort {
        Abort::Store(error) => error,
        refused @ Abort::Refused => StoreError::Read(refused.to_string()),
    }
}

/// Reads everything.
fn load(source: &dyn BookSource) -> Result<Book, Abort> {
    let mut builder = BookBuilder::new();
    source.shapes(0, &mut |(number, shape)| {
        builder.put_shape(number, shape);
        Ok(())
    })?;
    let mut ids: HashMap<(SupplierId, Box<str>), ProductId> = HashMap::new();
    source.records(Kind::Product, &mut |row| {
        if let Record::Product(product) = row.record {
            ids.insert((row.supplier, product.sku.as_str().into()), ProductId(row.id));
            builder.put_card(ProductId(row.id), ProductCard::new(row.supplier, product));
        }
        Ok(())
    })?;
    let mut parts = load_parts(source, &ids)?;
    drop(ids);
    for kind in Kind::CATALOGUE {
        if is_in_tenant(kind) {
            source.records(kind, &mut |row| {
                builder.put_record(row.supplier, row.id, row.record);
                Ok(())
            })?;
        }
    }
    builder.reserve(usize::try_from(source.price_count()?).unwrap_or(0));
    let tenants = builder.book().tenants();
    let of_markets: HashSet<PriceListId> =
        tenants.flat_map(|tenant| tenant.market_lists().iter().copied()).collect();
    source.prices(&mut |price| {
        builder.push_price(price.product, entry(&price));
        let is_of_market = of_markets.contains(&price.list);
        if is_of_market || builder.is_packing(price.shape) {
            let parts = parts.entry(price.product).or_default();
            parts.take_price(builder.book(), &price, is_of_market);
        }
        Ok(())
    })?;
    source.removed_packing_prices(None, &mut |removed| {
        let parts = parts.entry(removed.product).or_default();
        parts.take_removed(builder.book(), &removed);
        Ok(())
    })?;
    for (product, parts) in parts {
        if let Some(card) = builder.card_mut(product) {
            parts.put_on(card);
        }
    }
    Ok(builder.finish(source.change().0))
}

fn load_parts(
    source: &dyn BookSource,
    ids: &HashMap<(SupplierId, Box<str>), ProductId>,
) -> Result<HashMap<ProductId, Parts>, Abort> {
    let mut parts: HashMap<ProductId, Parts> = HashMap::new();
    for kind in ON_CARDS {
        source.records(kind, &mut |row| {
            let sku = row.record.key().into_iter().next();
            if let Some(Cell::Text(sku)) = sku
                && let Some(product) = ids.get(&(row.supplier, sku.into()))
            {
                parts.entry(*product).or_default().take(row.record);
            }
            Ok(())
        })?;
    }
    Ok(parts)
}

/// Whether rows of a kind stand in the tenants of the book.
fn is_in_tenant(kind: Kind) -> bool {
    !ON_CARDS.contains(&kind)
        && !NOT_IN_BOOK.contains(&kind)
        && !matches!(kind, Kind::Product | Kind::Price)
}

/// Whether a change of this kind changes the card or the prices of a product.
fn is_of_product(kind: Kind) -> bool {
    ON_CARDS.contains(&kind) || matches!(kind, Kind::Product | Kind::Price)
}

/// A book with all changes that the view shows; `None` when they are too many.
fn follow(app: &App, book: &Book, source: &dyn BookSource) -> Result<Option<Book>, Abort> {
    let after = ChangeNumber(book.change());
    let mut changes = app.store.changes_after(after, RELOAD_ABOVE)?;
    changes.retain(|change| change.number <= source.change());
    let Some(touched) = gather(&changes) else {
        return Ok(None);
    };
    let mut edit = book.edit();
    source.shapes(book.last_shape(), &mut |(number, shape)| {
        edit.put_shape(number, shape);
        Ok(())
    })?;
    for (supplier, kind, key) in touched.rows {
        follow_row(&mut edit, source, supplier, kind, &key)?;
    }
    if market_lists(edit.book()) > market_lists(book) {
        // When prices of the new list last changed is on no card yet.
        return Ok(None);
    }
    for (supplier, sku) in touched.products {
        follow_product(&mut edit, source, supplier, &sku)?;
    }
    Ok(Some(edit.finish(source.change().0)))
}

/// How many lists of segments and sales tables are known; there are never fewer.
fn market_lists(book: &Book) -> usize {
    book.tenants().map(|tenant| tenant.market_lists().size()).sum()
}

#[derive(Default)]
struct Gathered {
    rows: Vec<(SupplierId, Kind, Row)>,
    products: Vec<(SupplierId, String)>,
}

/// What changes touched, each once, referred-to kinds first.
fn gather(changes: &[Change]) -> Option<Gathered> {
    let mut all = Gathered::default();
    for change in changes {
        for touched in &change.touched {
            match touched {
                Touched::Row { kind, .. } | Touched::Many { kind }
                    if NOT_IN_BOOK.contains(kind) => {}
                Touched::Many { .. } => return None,
                Touched::Row { kind, key } if is_of_product(*kind) => {
                    all.products.extend(sku_of(*kind, key).map(|sku| (change.supplier, sku)));
                }
                Touched::Row { kind, key } => {
                    all.rows.push((change.supplier, *kind, key.clone()));
                }
            }
        }
        if all.rows.len() + all.products.len() > RELOAD_ABOVE {
            return None;
        }
    }
    all.rows.sort();
    all.rows.dedup();
    all.products.sort();
    all.products.dedup();
    Some(all)
}

/// The article number in the key of a row of a product.
fn sku_of(kind: Kind, key: &[Cell]) -> Option<String> {
    let columns = kind.columns().iter().filter(|column| column.key);
    let sku = columns.zip(key).find(|(column, _)| column.name == "sku");
    match sku {
        Some((_, Cell::Text(sku))) => Some(sku.clone()),
        _ => None,
    }
}

fn follow_row(
    edit: &mut BookEdit,
    source: &dyn BookSource,
    supplier: SupplierId,
    kind: Kind,
    key: &[Cell],
) -> Result<(), Abort> {
    let mut found = None;
    source.records_of(supplier, kind, key, &mut |row| {
        found = Some((row.id, row.record));
        Ok(())
    })?;
    match found {
        Some((id, record)) => edit.put_record(supplier, id, record),
        None => edit.remove_record(supplier, kind, key),
    }
    Ok(())
}

fn follow_product(
    edit: &mut BookEdit,
    source: &dyn BookSource,
    supplier: SupplierId,
    sku: &str,
) -> Result<(), Abort> {
    let key = [Cell::text(sku)];
    let mut found = None;
    source.records_of(supplier, Kind::Product, &key, &mut |row| {
        if let Record::Product(product) = row.record {
            found = Some((ProductId(row.id), product));
        }
        Ok(())
    })?;
    let Some((id, product)) = found else {
        edit.remove_sku(supplier, sku);
        return Ok(());
    };
    let mut parts = Parts::default();
    for kind in ON_CARDS {
        source.records_of(supplier, kind, &key, &mut |row| {
            parts.take(row.record);
            Ok(())
        })?;
    }
    let mut entries = Vec::new();
    let tenant = edit.book().tenant(supplier);
    source.prices_of(id, &mut |price| {
        let is_of_market = tenant.is_some_and(|tenant| tenant.market_lists().contains(&price.list));
        parts.take_price(edit.book(), &price, is_of_market);
        entries.push(entry(&price));
        Ok(())
    })?;
    source.removed_packing_prices(Some(id), &mut |removed| {
        parts.take_removed(edit.book(), &removed);
        Ok(())
    })?;
    let mut card = ProductCard::new(supplier, product);
    parts.put_on(&mut card);
    edit.put_product(id, card, &entries);
    Ok(())
}
