//! What a store does that the contract suite does not ask for.

use std::sync::Arc;

use kontor_model::FixedClock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::clock::Clock;
use kontor_model::instant::Instant;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_store::{
    Abort, Outcome, PriceOrder, PriceRows, Prune, RawPrice, StagedOrder, Store, WriteTx,
};
use rusqlite::Connection;

use self::rows::{change, fill, record};
use crate::change_list::ChangesWanted;
use crate::open::{FILE_NAME, OpenOptions};
use crate::scratch::Scratch;
use crate::store::SqliteStore;
use crate::wipe;

#[path = "../../tests/it/rows.rs"]
mod rows;

/// Runs all of it on data of its own.
pub(super) fn run() {
    let dir = Scratch::new("plans-operations");
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    fill(&store, 2);
    change(&store, |tx| {
        tx.put(&record(Kind::PriceList, &[("price_list", "L")]))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "M")]))?;
        tx.put(&price("L", "P1", "1"))?;
        tx.put(&price("L", "P2", "1"))?;
        tx.put(&price("M", "P1", "1")).map(drop)
    });
    change(&store, |tx| tx.put(&price("L", "P1", "2")).map(drop));
    change(&store, |tx| tx.put(&price("L", "P1", "3")).map(drop));
    ask(&store);
    remove_with_its_price(&store, Kind::Product, "P2", (2, 1));
    remove_with_its_price(&store, Kind::PriceList, "M", (1, 2));
    store.check().unwrap();
    store.wipe(Kind::Lead).unwrap();
    store.aside(|database| wipe::rewrite(database, Kind::Lead)).unwrap();
    crate::pending::tests::in_slices("plans-slices", true, true);
    assert!(!store.sizes().unwrap().is_empty());
    let clock = FixedClock("2016-01-28T11:24:28Z".parse().unwrap());
    forget(&store, clock.now().plus_seconds(1));
    drop(store);
    make_days(&dir);
    prove_as_if_from_before(&dir);
}

fn price(list: &str, sku: &str, amount: &str) -> Record {
    let fields = [
        ("price_list", list),
        ("sku", sku),
        ("currency", "EUR"),
        ("minimum_quantity", "1"),
        ("amount", amount),
        ("changed_at", "2016-01-20T02:00:00Z"),
    ];
    record(Kind::Price, &fields)
}

fn ask(store: &SqliteStore) {
    let supplier = store.supplier_id("one").unwrap().unwrap();
    let read = store.read(supplier, &mut |tx| {
        assert!(tx.last_actor(Kind::Product, &[Cell::text("P1")])?.is_some());
        assert!(tx.has_price("L", "EUR".parse().unwrap())?);
        assert!(!tx.has_price("L", "USD".parse().unwrap())?);
        Ok(())
    });
    read.unwrap();
    let read = store.read_book(&mut |book| {
        assert!(book.product(ProductId(1))?.is_some());
        let mut priced = 0;
        book.products_priced_in(supplier, PriceListId(1), &mut |_| {
            priced += 1;
            Ok(())
        })?;
        assert_eq!(priced, 2);
        Ok(())
    });
    read.unwrap();
    let wanted = ChangesWanted { supplier, product: None, limit: 10 };
    assert!(!store.changes(wanted).unwrap().is_empty());
}

/// One price that goes.
struct Going {
    shape: Shape,
    product: u32,
    list: u32,
    is_told: bool,
}

impl PriceRows for Going {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        if !std::mem::replace(&mut self.is_told, true) {
            batch.push(RawPrice {
                product: ProductId(self.product),
                list: PriceListId(self.list),
                shape: 0,
                line: 1,
                amount: None,
                changed_at: None,
            });
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        std::slice::from_ref(&self.shape)
    }
}

/// A product or list goes with its only price.
fn remove_with_its_price(store: &SqliteStore, kind: Kind, code: &'static str, of: (u32, u32)) {
    let Record::Price(entry) = price("L", "P2", "1") else {
        panic!("not a price");
    };
    let order = StagedOrder {
        supplier: "one".parse().unwrap(),
        actor: "test".to_owned(),
        clock: Arc::new(FixedClock("2016-01-28T11:24:28Z".parse().unwrap())),
        job: Arc::new(move |tx: &mut dyn WriteTx| {
            let shape = entry.shape.clone();
            let mut rows = Going { shape, product: of.0, list: of.1, is_told: false };
            tx.import_prices(&mut rows, PriceOrder::merge(), &mut |fault| panic!("{fault:?}"))?;
            Ok(tx.remove(kind, &[Cell::text(code)]).map(drop)?)
        }),
    };
    let outcome = store.write_staged(order).unwrap().outcome;
    assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
}

fn forget(store: &SqliteStore, before: Instant) {
    let all =
        Prune { entries_before: Some(before), history_before: Some(before), ..Prune::default() };
    let mut next = Some(all);
    while let Some(slice) = next {
        next = store.prune(&slice).unwrap();
    }
}

/// Instants that an earlier version made of days become days, and both are told.
fn make_days(dir: &Scratch) {
    let connection = || Connection::open(dir.path().join(FILE_NAME)).unwrap();
    let open = || SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    let store = open();
    change(&store, |tx| {
        let fields = [
            ("price_list", "L"),
            ("sku", "P1"),
            ("currency", "EUR"),
            ("minimum_quantity", "1"),
            ("kind", "promotion"),
            ("valid_from", "2016-02-01T00:00:00Z"),
            ("valid_to", "2016-03-01T00:00:00Z"),
            ("amount", "1"),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ];
        tx.put(&record(Kind::Price, &fields))?;
        // Somebody asks in a zone in which days begin at another moment.
        let fields = [
            ("entity", "1"),
            ("currency", "EUR"),
            ("time_zone", "America/Sao_Paulo"),
            ("main_segment", "1"),
        ];
        tx.put(&record(Kind::SellingEntity, &fields)).map(drop)
    });
    drop(store);
    let note = "INSERT INTO days_of_before (supplier_id, until_change) \
                SELECT supplier_id, 1000 FROM supplier";
    connection().execute_batch(note).unwrap();
    let store = open();
    let tell = || drop(store.day_report(&mut |_| Ok(())).unwrap());
    tell();
    let clock: Arc<dyn Clock> = Arc::new(FixedClock("2027-01-01T00:00:00Z".parse().unwrap()));
    store.make_days(&clock).unwrap();
    tell();
}

/// Data of before sums were kept gets them; what does not stand as it was written is named.
fn prove_as_if_from_before(dir: &Scratch) {
    let alter = |sql: &str| {
        Connection::open(dir.path().join(FILE_NAME)).unwrap().execute_batch(sql).unwrap();
    };
    let options = OpenOptions { accept_older: true, ..OpenOptions::default() };
    let open = || SqliteStore::open(dir.path(), &options).unwrap();
    alter(
        "UPDATE state_proof SET since = NULL; UPDATE history_proof SET since = NULL; DELETE FROM state_sum; DELETE FROM change",
    );
    open().prove().unwrap();
    alter(
        "UPDATE price SET amount = amount + 1 WHERE shape_id = (SELECT max(shape_id) FROM price)",
    );
    assert!(open().prove().is_err());
}
