//! What is old is forgotten in slices, and nothing that an answer depends on.

use std::sync::Arc;

use kontor_model::FixedClock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_store::{
    Abort, ChangeNumber, Horizon, LogPlace, Order, Outcome, Prune, RemovedOf, RemovedPrice, Store,
    StoreError, WriteTx,
};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::rows::record;
use crate::scratch::Scratch;

fn at(second: i64) -> Instant {
    Instant::from_micros(second * 1_000_000)
}

/// Writes at a second; the number of the change.
fn write(
    store: &SqliteStore,
    second: i64,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> u64 {
    let supplier = "one".parse().unwrap();
    let order = Order {
        supplier,
        actor: "test".to_owned(),
        clock: Arc::new(FixedClock(at(second))),
        job: Box::new(job),
    };
    match store.write(order) {
        Ok(Outcome::Committed(number)) => number.0,
        other => panic!("no change: {other:?}"),
    }
}

fn store(name: &str) -> (Scratch, SqliteStore) {
    let dir = Scratch::new(name);
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    write(&store, 1, |tx| {
        tx.put(&record(
            Kind::Supplier,
            &[("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")],
        ))?;
        tx.put(&product("first"))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "L")]))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "M")])).map(drop)
    });
    (dir, store)
}

fn product(name: &str) -> Record {
    record(Kind::Product, &[("sku", "a"), ("base_uom", "C62"), ("name", name)])
}

/// The price of a packing.
fn price(list: &str, amount: &str) -> Record {
    let fields = [
        ("price_list", list),
        ("sku", "a"),
        ("packing", "CT"),
        ("packing_quantity", "12"),
        ("currency", "EUR"),
        ("minimum_quantity", "1"),
        ("amount", amount),
        ("changed_at", "2016-01-20T02:00:00Z"),
    ];
    record(Kind::Price, &fields)
}

fn put(store: &SqliteStore, second: i64, record: &Record) -> u64 {
    let record = record.clone();
    write(store, second, move |tx| tx.put(&record).map(drop))
}

/// Prunes until nothing is left; how many slices it took.
fn prune(store: &SqliteStore, prune: Prune) -> usize {
    let (mut next, mut slices) = (Some(prune), 0);
    while let Some(slice) = next {
        next = store.prune(&slice).unwrap();
        slices += 1;
    }
    slices
}

fn count(dir: &Scratch, table: &str) -> i64 {
    let connection = rusqlite::Connection::open(dir.path().join("kontor.db")).unwrap();
    connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

fn removed(store: &SqliteStore) -> Vec<RemovedPrice> {
    let mut all = Vec::new();
    let read = store.read_book(&mut |source| {
        source.removed_packing_prices(RemovedOf::Everything, &mut |removed| {
            all.push(removed);
            Ok(())
        })
    });
    read.unwrap();
    all
}

/// The changes after one, as far as they touched something.
fn touched_by(store: &SqliteStore, after: u64) -> Result<Vec<u64>, StoreError> {
    let mut changes = Vec::new();
    let read = store.read_book(&mut |source| {
        let page = source.changes(LogPlace::after(ChangeNumber(after)), 100)?;
        changes.extend(page.entries.iter().map(|entry| entry.change.0));
        Ok(())
    });
    match read {
        Ok(()) => Ok(changes),
        Err(Abort::Store(error)) => Err(error),
        Err(Abort::Refused) => panic!("nobody refuses"),
    }
}

#[test]
fn what_changes_touched_is_forgotten_and_the_changes_stay() {
    let (dir, store) = store("prune-entries");
    for second in 2..=5 {
        put(&store, second, &product(&format!("at {second}")));
    }
    assert_eq!(store.horizon().unwrap(), Horizon::default());
    let before = Prune { entries_before: Some(at(4)), ..Prune::default() };
    assert_eq!(prune(&store, before), 1);
    // Change 3 was at second 3; what was at 4 is not before 4.
    let horizon = Horizon { entries: ChangeNumber(3), ..Horizon::default() };
    assert_eq!(store.horizon().unwrap(), horizon);
    assert_eq!(store.verify_chain().unwrap(), 5);
    assert_eq!(touched_by(&store, 3).unwrap(), [4, 5]);
    for after in [0, 2] {
        let told = touched_by(&store, after);
        assert!(matches!(told, Err(StoreError::TooOld { horizon: 3 })), "{told:?}");
    }
    // The horizon does not come back, and nothing else was forgotten.
    prune(&store, Prune { entries_before: Some(at(2)), ..Prune::default() });
    assert_eq!(store.horizon().unwrap(), horizon);
    assert_eq!(count(&dir, "products_history"), 4);
}

#[test]
fn everything_may_be_old() {
    let (_dir, store) = store("prune-all");
    let last = put(&store, 2, &product("second"));
    prune(&store, Prune { entries_before: Some(at(3)), ..Prune::default() });
    assert_eq!(store.horizon().unwrap().entries, ChangeNumber(last));
    assert_eq!(touched_by(&store, last).unwrap(), [] as [u64; 0]);
}

#[test]
fn a_slice_removes_a_thousand_rows_at_most() {
    for (rows, left) in [(999, 0), (1_000, 0), (1_001, 1)] {
        let (dir, store) = store(&format!("prune-slices-{rows}"));
        for (second, name) in [(2, "first"), (3, "second")] {
            write(&store, second, move |tx| {
                (0..rows).try_for_each(|sku| {
                    let sku = format!("p{sku}");
                    let fields = [("sku", sku.as_str()), ("base_uom", "C62"), ("name", name)];
                    tx.put(&record(Kind::Product, &fields)).map(drop)
                })
            });
        }
        assert_eq!(count(&dir, "products_history"), rows);
        let all = Prune { history_before: Some(at(9)), ..Prune::default() };
        store.prune(&all).unwrap();
        assert_eq!(count(&dir, "products_history"), left);
        assert_eq!(prune(&store, all), 1);
        assert_eq!(count(&dir, "products_history"), 0);
    }
}

#[test]
fn superseded_rows_are_forgotten_and_when_a_price_went_is_not() {
    let (dir, store) = store("prune-history");
    put(&store, 2, &product("second"));
    put(&store, 3, &product("third"));
    for (second, amount) in [(4, "1"), (5, "2"), (6, "3")] {
        put(&store, second, &price("L", amount));
        put(&store, second, &price("M", amount));
    }
    let key = price("M", "3").key();
    write(&store, 7, move |tx| tx.remove(Kind::Price, &key).map(drop).map_err(Into::into));
    put(&store, 8, &product("last"));
    put(&store, 8, &price("L", "4"));
    let told = removed(&store);
    assert_eq!(told.len(), 1);
    assert_eq!((count(&dir, "products_history"), count(&dir, "price_history")), (3, 6));
    let before = Prune { history_before: Some(at(8)), ..Prune::default() };
    prune(&store, before);
    // What was superseded at second 8 stays, and the last row of the price that is gone.
    assert_eq!((count(&dir, "products_history"), count(&dir, "price_history")), (1, 2));
    assert_eq!(removed(&store), told);
    prune(&store, Prune { history_before: Some(at(9)), ..Prune::default() });
    assert_eq!((count(&dir, "products_history"), count(&dir, "price_history")), (0, 1));
    assert_eq!(removed(&store), told);
    let last = store.last_change().unwrap();
    // What stands is still proven, also after a restart.
    store.prove().unwrap();
    drop(store);
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    store.prove().unwrap();
    assert_eq!(store.horizon().unwrap(), Horizon { history: last, ..Horizon::default() });
}

#[test]
fn prices_of_many_products_are_looked_through_in_slices() {
    let (dir, store) = store("prune-prices");
    let of = |sku: usize, amount: &'static str| {
        let sku = format!("p{sku}");
        let fields = [
            ("price_list", "L"),
            ("sku", &sku),
            ("uom", "C62"),
            ("currency", "EUR"),
            ("minimum_quantity", "1"),
            ("amount", amount),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ];
        record(Kind::Price, &fields)
    };
    write(&store, 2, move |tx| {
        for sku in 0..1_500 {
            let name = format!("p{sku}");
            tx.put(&record(Kind::Product, &[("sku", &name), ("base_uom", "C62")]))?;
            tx.put(&of(sku, "1"))?;
        }
        Ok(())
    });
    write(&store, 3, move |tx| (0..1_500).try_for_each(|sku| tx.put(&of(sku, "2")).map(drop)));
    assert_eq!(count(&dir, "price_history"), 1_500);
    assert_eq!(prune(&store, Prune { history_before: Some(at(4)), ..Prune::default() }), 2);
    assert_eq!(count(&dir, "price_history"), 0);
    store.prove().unwrap();
}

#[test]
fn the_space_of_each_table_is_told() {
    let (dir, store) = store("sizes");
    store.close();
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    let sizes = store.sizes().unwrap();
    let total: u64 = sizes.iter().map(|size| size.bytes).sum();
    let file = std::fs::metadata(dir.path().join("kontor.db")).unwrap().len();
    assert!(total <= file && total > file / 2, "{total} of {file}");
    assert!(sizes.is_sorted_by(|one, next| one.bytes >= next.bytes));
    // Indexes count with their table.
    let of = |table: &str| sizes.iter().find(|size| size.table == table).map(|size| size.bytes);
    assert!(of("products") > of("change"), "{sizes:?}");
    assert_eq!(of("products_by_supplier"), None);
}
