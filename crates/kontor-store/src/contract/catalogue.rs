//! The rows the checks work with, and short ways to put and read them.

use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::clock::FixedClock;
use kontor_model::instant::Instant;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Column, ColumnKind, Row};
use kontor_model::supplier::SupplierId;

use crate::{
    Abort, BookSource, ChangeNumber, LogEntry, LogPlace, Order, Outcome, ReadTx, Store, StoreError,
    WriteTx,
};

/// When the checks take place.
pub(super) fn now() -> Instant {
    "2016-01-28T11:24:28Z".parse().unwrap()
}

/// All kinds, referred-to kinds first.
pub(super) fn kinds() -> impl DoubleEndedIterator<Item = Kind> {
    Kind::all()
}

/// A row of the kind, with the values that its columns give as examples. What it refers to is
/// there when the examples of the kinds before are.
pub(super) fn example(kind: Kind, supplier: &str) -> Record {
    let row: Row =
        kind.columns().iter().map(|column| example_cell(kind, column, supplier)).collect();
    Record::from_row(kind, &row).unwrap()
}

fn example_cell(kind: Kind, column: &Column, supplier: &str) -> Cell {
    // Codes that are unique among all suppliers, and those that refer to another example.
    let text = match (kind, column.name) {
        (_, "supplier") => supplier.to_owned(),
        (Kind::Store | Kind::StoreCurrency | Kind::StoreCustomer, "store") => {
            format!("{supplier}-shop")
        }
        (Kind::Account, "login") => format!("{supplier}-login"),
        (Kind::Account, "token") => format!("{supplier}-token"),
        (_, "sku") => "11045680".to_owned(),
        (_, "price_list") => "EUR-A".to_owned(),
        (_, "customer") => "123456".to_owned(),
        (_, "contract") => "20003".to_owned(),
        (_, "payment_term") => "2".to_owned(),
        (_, "segment") => "1".to_owned(),
        (Kind::Price, "uom" | "per") => String::new(),
        (_, "valid_from" | "valid_to") => format!("{}T00:00:00Z", column.example),
        _ => column.example.to_owned(),
    };
    column.parse(&text).unwrap()
}

/// The record with another value in a column that is not part of the key; `None` for kinds that
/// have no such column.
pub(super) fn changed(record: &Record) -> Option<Record> {
    let kind = record.kind();
    let mut row = record.to_row();
    let names = [
        "name",
        "quantity",
        "factor",
        "position",
        "guests",
        "decimals",
        "next",
        "amount",
        "remarks",
        "phone",
        "expires",
        "gtin",
        "supply_time",
        "valid_to",
        "price_list",
    ];
    let (index, column) = names.iter().find_map(|name| {
        let mut columns = kind.columns().iter().enumerate();
        columns.find(|(_, column)| !column.key && column.name == *name)
    })?;
    row[index] = match (column.name, column.kind) {
        ("gtin", _) => Cell::text("7611990131310"),
        ("price_list", _) => return None,
        ("supply_time", _) => Cell::text("07:45"),
        (_, ColumnKind::Text) => Cell::text("another"),
        (_, ColumnKind::Flag) => Cell::Int(0),
        ("decimals", _) => Cell::Int(3),
        _ => match &row[index] {
            Cell::Int(number) => Cell::Int(number + 1_000_000),
            Cell::Null | Cell::Text(_) => panic!("{} is no number", column.name),
        },
    };
    let changed = Record::from_row(kind, &row).unwrap();
    assert_ne!(changed, *record);
    Some(changed)
}

/// Puts the example of every kind, as one change.
pub(super) fn fill(store: &dyn Store, supplier: &str) -> ChangeNumber {
    let code = supplier.to_owned();
    let outcome = write(store, supplier, move |tx| {
        for kind in kinds() {
            tx.put(&example(kind, &code))?;
        }
        Ok(())
    });
    committed(outcome)
}

/// Puts only a supplier.
pub(super) fn found(store: &dyn Store, supplier: &str) -> SupplierId {
    put(store, &example(Kind::Supplier, supplier), supplier);
    id(store, supplier)
}

pub(super) fn put(store: &dyn Store, record: &Record, supplier: &str) -> ChangeNumber {
    let record = record.clone();
    committed(write(store, supplier, move |tx| tx.put(&record).map(drop)))
}

pub(super) fn write(
    store: &dyn Store,
    supplier: &str,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> Result<Outcome, StoreError> {
    store.write(order(supplier, job))
}

pub(super) fn order(
    supplier: &str,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> Order {
    Order {
        supplier: supplier.parse().unwrap(),
        actor: "contract".to_owned(),
        clock: Arc::new(FixedClock(now())),
        job: Box::new(job),
    }
}

pub(super) fn committed(outcome: Result<Outcome, StoreError>) -> ChangeNumber {
    match outcome {
        Ok(Outcome::Committed(number)) => number,
        other => panic!("expected a commit, got {other:?}"),
    }
}

/// The reason why a write was forbidden.
pub(super) fn conflict(outcome: Result<Outcome, StoreError>) -> String {
    match outcome {
        Err(StoreError::Conflict(reason)) => reason,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

pub(super) fn id(store: &dyn Store, supplier: &str) -> SupplierId {
    store.supplier_id(supplier).unwrap().unwrap()
}

/// Reads in one view.
pub(super) fn read<T>(
    store: &dyn Store,
    supplier: SupplierId,
    mut read: impl FnMut(&dyn ReadTx) -> T,
) -> T {
    let mut result = None;
    store
        .read(supplier, &mut |tx| {
            result = Some(read(tx));
            Ok(())
        })
        .unwrap();
    result.unwrap()
}

pub(super) fn get(store: &dyn Store, supplier: SupplierId, record: &Record) -> Option<Record> {
    read(store, supplier, |tx| tx.get(record.kind(), &record.key()).unwrap())
}

pub(super) fn scan(
    store: &dyn Store,
    supplier: SupplierId,
    kind: Kind,
    prefix: &[Cell],
) -> Vec<Record> {
    read(store, supplier, |tx| all(tx, kind, prefix))
}

/// All rows a transaction sees.
pub(super) fn all(tx: &dyn ReadTx, kind: Kind, prefix: &[Cell]) -> Vec<Record> {
    let mut found = Vec::new();
    tx.scan(kind, prefix, &mut |record| {
        found.push(record);
        Ok(())
    })
    .unwrap();
    found
}

/// A row from texts, one per column that is named; the others are empty.
pub(super) fn record(kind: Kind, filled: &[(&str, &str)]) -> Record {
    for (name, _) in filled {
        let known = kind.columns().iter().any(|column| column.name == *name);
        assert!(known, "{} has no column {name}", kind.name());
    }
    let row: Row = kind
        .columns()
        .iter()
        .map(|column| {
            let text = filled.iter().find(|(name, _)| *name == column.name);
            text.map_or(Cell::Null, |(_, text)| column.parse(text).unwrap())
        })
        .collect();
    Record::from_row(kind, &row).unwrap()
}

/// What the changes after this one touched, read so many entries at a time.
pub(super) fn entries(store: &dyn Store, after: u64, limit: usize) -> Vec<LogEntry> {
    let mut all = Vec::new();
    book(store, |book| {
        let mut next = Some(LogPlace::after(ChangeNumber(after)));
        while let Some(from) = next {
            let page = book.changes(from, limit).unwrap();
            assert!(
                page.entries.len() <= limit && (page.next.is_none() || !page.entries.is_empty())
            );
            all.extend(page.entries);
            next = page.next;
        }
    });
    all
}

/// The numbers of the examples of product and price list.
pub(super) fn numbers(store: &dyn Store, supplier: SupplierId) -> (ProductId, PriceListId) {
    let mut list = None;
    read(store, supplier, |tx| {
        tx.list_ids(&mut |_, id| {
            list = Some(id);
            Ok(())
        })
        .unwrap();
    });
    (product_id(store, supplier, "11045680"), list.unwrap())
}

pub(super) fn product_id(store: &dyn Store, supplier: SupplierId, wanted: &str) -> ProductId {
    let mut product = None;
    read(store, supplier, |tx| {
        tx.product_ids(&mut |sku, id, _| {
            product = if sku == wanted { Some(id) } else { product };
            Ok(())
        })
        .unwrap();
    });
    product.unwrap()
}

/// Reads all suppliers in one view.
pub(super) fn book(store: &dyn Store, mut look: impl FnMut(&dyn BookSource)) {
    store
        .read_book(&mut |book| {
            look(book);
            Ok(())
        })
        .unwrap();
}
