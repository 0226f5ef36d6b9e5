//! Imports of prices that are staged while others write: they end as if they had run alone at the
//! moment of their commit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::clock::{Clock, FixedClock};
use kontor_model::instant::Instant;
use kontor_model::price_list::Shape;
use kontor_model::record::Cell;

use super::catalogue::{committed, now, put, record, scan, write};
use super::imports::{Imported, Rows, counts, entry, raw};
use super::prices::{price, shop};
use crate::{
    Abort, LateConflict, Outcome, PriceImport, PriceOrder, PriceRows, RawPrice, Staged, StagedJob,
    StagedOrder, Store, StoreError, WriteTx,
};

pub(super) const CHECKS: super::Checks = &[
    ("a_staged_import_is_like_any_other", a_staged_import_is_like_any_other),
    ("a_staged_import_keeps_other_prices", a_staged_import_keeps_other_prices),
    ("a_staged_import_wins_over_the_same_price", a_staged_import_wins_over_the_same_price),
    ("a_staged_import_misses_no_removed_product", a_staged_import_misses_no_removed_product),
    ("a_staged_import_sees_new_conflicts", a_staged_import_sees_new_conflicts),
    ("a_staged_import_replaces_what_was_added", a_staged_import_replaces_what_was_added),
    ("a_staged_import_prices_new_products", a_staged_import_prices_new_products),
    ("a_product_may_be_added_twice_at_once", a_product_may_be_added_twice_at_once),
    ("a_changed_base_unit_is_noticed", a_changed_base_unit_is_noticed),
    ("a_staged_job_that_refuses_takes_no_lock", a_staged_job_that_refuses_takes_no_lock),
    ("a_change_is_dated_when_it_is_written", a_change_is_dated_when_it_is_written),
    ("changes_are_in_the_order_of_their_times", changes_are_in_the_order_of_their_times),
];

/// Stops a job once, while others write.
#[derive(Clone)]
pub(super) struct Pause(Arc<Mutex<Option<Meeting>>>);

/// Tells that the job waits, and waits until it may go on.
type Meeting = (SyncSender<()>, Receiver<()>);

impl Pause {
    /// Waits, the first time it is called.
    pub(super) fn wait(&self) {
        if let Some((began, go_on)) = self.0.lock().unwrap().take() {
            began.send(()).unwrap();
            go_on.recv().unwrap();
        }
    }
}

/// Runs a staged write of supplier `one` and `meanwhile` while its job waits.
pub(super) fn staged(
    store: &dyn Store,
    clock: Arc<dyn Clock>,
    job: impl FnOnce(Pause) -> StagedJob,
    meanwhile: impl FnOnce(),
) -> Result<Staged, StoreError> {
    let (began, has_begun) = mpsc::sync_channel(1);
    let (go_on, may_go_on) = mpsc::sync_channel(1);
    let pause = Pause(Arc::new(Mutex::new(Some((began, may_go_on)))));
    let order = StagedOrder {
        supplier: "one".parse().unwrap(),
        actor: "contract".to_owned(),
        clock,
        job: job(pause),
    };
    std::thread::scope(|scope| {
        let write = scope.spawn(move || store.write_staged(order));
        // A job that ends before it waits has nothing to be disturbed in.
        if has_begun.recv().is_ok() {
            meanwhile();
            go_on.send(()).unwrap();
        }
        write.join().unwrap()
    })
}

/// Rows that wait before the second batch.
struct Paused {
    rows: Rows,
    pause: Pause,
    batches: u32,
}

impl PriceRows for Paused {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        if self.batches == 1 {
            self.pause.wait();
        }
        self.batches += 1;
        self.rows.next_batch(batch)
    }

    fn shapes(&self) -> &[Shape] {
        self.rows.shapes()
    }
}

/// Imports prices while others write. Before them the job puts these other records.
pub(super) fn import_after(
    store: &dyn Store,
    first: Vec<Record>,
    prices: Vec<Record>,
    order: PriceOrder,
    meanwhile: impl FnOnce(),
) -> Imported {
    let told: Arc<Mutex<(PriceImport, Vec<crate::PriceFault>)>> = Arc::default();
    let tell = Arc::clone(&told);
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let job = move |pause: Pause| -> StagedJob {
        Arc::new(move |tx: &mut dyn WriteTx| {
            count.fetch_add(1, Ordering::Relaxed);
            first.iter().try_for_each(|record| tx.put(record).map(drop))?;
            let rows = raw(tx, &prices, true)?;
            let mut rows = Paused { rows, pause: pause.clone(), batches: 0 };
            let mut faults = Vec::new();
            let result = tx.import_prices(&mut rows, order, &mut |fault| faults.push(fault))?;
            *tell.lock().unwrap() = (result, faults);
            Ok(())
        })
    };
    let ended = staged(store, Arc::new(FixedClock(now())), job, meanwhile);
    let (mut result, mut faults) = std::mem::take(&mut *told.lock().unwrap());
    let outcome = ended.and_then(|staged| {
        if let Some(counts) = staged.counts {
            result = counts.get(&Kind::Price).copied().unwrap_or_default();
        }
        for conflict in staged.conflicts {
            match conflict {
                LateConflict::Price(fault) => faults.push(fault),
                LateConflict::Put { reason, .. } | LateConflict::Removal { reason, .. } => {
                    return Err(StoreError::Conflict(reason));
                }
            }
        }
        Ok(staged.outcome)
    });
    Imported { outcome, result, faults, runs: runs.load(Ordering::Relaxed) }
}

pub(super) fn staged_import(
    store: &dyn Store,
    prices: Vec<Record>,
    replace: bool,
    meanwhile: impl FnOnce(),
) -> Imported {
    let order = if replace { PriceOrder::replace() } else { PriceOrder::merge() };
    import_after(store, Vec::new(), prices, order, meanwhile)
}

pub(super) fn product(sku: &str, base_uom: &str) -> Record {
    record(Kind::Product, &[("sku", sku), ("base_uom", base_uom)])
}

pub(super) fn prices_of(store: &dyn Store) -> Vec<Record> {
    let supplier = store.supplier_id("one").unwrap().unwrap();
    scan(store, supplier, Kind::Price, &[])
}

fn a_staged_import_is_like_any_other(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("sku", "cable")]), "one");
    let rows = vec![price(&[]), price(&[("sku", "cable"), ("amount", "7")])];
    let imported = staged_import(store, rows.clone(), false, || ());
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(1, 1, 0, 0)));
    assert_eq!(committed(imported.outcome), store.last_change().unwrap());
    assert_eq!(prices_of(store), rows);
    let again = staged_import(store, rows.clone(), true, || ());
    assert_eq!(again.outcome.unwrap(), Outcome::Unchanged);
    assert_eq!(again.result, counts(0, 0, 2, 0));
    let twice = vec![price(&[]), price(&[])];
    let faulty = staged_import(store, twice, true, || ());
    assert_eq!(faulty.outcome.unwrap(), Outcome::Refused);
    assert_eq!(faulty.faults.len(), 1);
    assert_eq!(prices_of(store), rows);
}

fn a_staged_import_keeps_other_prices(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("amount", "1")]), "one");
    let other = price(&[("price_list", "USD-B"), ("amount", "2")]);
    let tier = price(&[("minimum_quantity", "10"), ("amount", "0.5")]);
    let rows = vec![price(&[("amount", "9")]), price(&[("sku", "cable"), ("amount", "3")])];
    // One of another group, and one of the same group that is not among the rows.
    let imported = staged_import(store, rows.clone(), false, || {
        put(store, &other, "one");
        put(store, &tier, "one");
    });
    assert_eq!(imported.runs, 1);
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(1, 1, 0, 0)));
    committed(imported.outcome);
    let stored = prices_of(store);
    assert_eq!(stored.len(), 4);
    assert!([&rows[0], &rows[1], &other, &tier].iter().all(|row| stored.contains(row)));
}

fn a_staged_import_wins_over_the_same_price(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("amount", "1")]), "one");
    put(store, &price(&[("sku", "cable"), ("amount", "1")]), "one");
    // The first is there already when it is read, the second is not.
    let rows = vec![price(&[("amount", "1")]), price(&[("sku", "cable"), ("amount", "2")])];
    let imported = staged_import(store, rows.clone(), false, || {
        put(store, &price(&[("amount", "5")]), "one");
        put(store, &price(&[("sku", "cable"), ("amount", "2")]), "one");
    });
    assert_eq!(imported.runs, 1);
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(0, 1, 1, 0)));
    committed(imported.outcome);
    assert_eq!(prices_of(store), rows);
}

fn a_staged_import_misses_no_removed_product(store: &dyn Store) {
    shop(store, "one");
    let rows = vec![price(&[]), price(&[("sku", "cable")])];
    let before = price(&[("amount", "4")]);
    put(store, &before, "one");
    let imported = staged_import(store, rows, false, || {
        let key = [Cell::text("cable")];
        committed(write(store, "one", move |tx| Ok(tx.remove(Kind::Product, &key).map(drop)?)));
    });
    assert_eq!(imported.runs, 2);
    assert_eq!(imported.outcome.unwrap(), Outcome::Refused);
    assert_eq!(prices_of(store), [before]);
}

fn a_staged_import_sees_new_conflicts(store: &dyn Store) {
    shop(store, "one");
    let open = price(&[("valid_from", "2016-01-01T00:00:00Z")]);
    let rows = vec![
        price(&[("sku", "cable")]),
        price(&[("valid_from", "2016-06-01T00:00:00Z"), ("amount", "3")]),
    ];
    let imported = staged_import(store, rows, false, || {
        put(store, &open, "one");
    });
    assert_eq!(imported.runs, 1);
    assert_eq!(imported.outcome.unwrap(), Outcome::Refused);
    let places: Vec<_> = imported.faults.iter().map(|f| (f.line, f.other_line)).collect();
    assert_eq!(places, [(2, None)]);
    assert!(imported.faults[0].reason.contains("11045680"), "{:?}", imported.faults);
    assert_eq!(prices_of(store), [open], "a faulty import kept something");
}

fn a_staged_import_replaces_what_was_added(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("price_list", "USD-B")]), "one");
    let rows = vec![price(&[])];
    let imported = staged_import(store, rows.clone(), true, || {
        put(store, &price(&[("sku", "cable")]), "one");
        put(store, &product("later", "C62"), "one");
        put(store, &price(&[("sku", "later")]), "one");
    });
    assert_eq!(imported.runs, 1);
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(1, 0, 0, 3)));
    committed(imported.outcome);
    assert_eq!(prices_of(store), rows);
}

fn a_staged_import_prices_new_products(store: &dyn Store) {
    shop(store, "one");
    let list = record(Kind::PriceList, &[("price_list", "NEW"), ("currency", "EUR")]);
    let first = vec![product("n1", "C62"), product("n2", "MTR"), list];
    let rows = vec![
        price(&[("sku", "n2"), ("uom", "MTR"), ("price_list", "NEW"), ("amount", "2")]),
        price(&[("sku", "n1"), ("amount", "1")]),
        price(&[("minimum_quantity", "777")]),
    ];
    let imported = import_after(store, first, rows, PriceOrder::merge(), || {
        put(store, &product("others", "C62"), "one");
        put(store, &price(&[("sku", "others"), ("amount", "8")]), "one");
        put(store, &record(Kind::PriceList, &[("price_list", "OTHERS")]), "one");
    });
    assert_eq!(imported.runs, 1);
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(3, 0, 0, 0)));
    committed(imported.outcome);
    let expected = [
        price(&[("minimum_quantity", "777")]),
        price(&[("sku", "others"), ("amount", "8")]),
        price(&[("sku", "n1"), ("amount", "1")]),
        price(&[("sku", "n2"), ("price_list", "NEW"), ("amount", "2")]),
    ];
    assert_eq!(prices_of(store), expected);
}

fn a_product_may_be_added_twice_at_once(store: &dyn Store) {
    shop(store, "one");
    let rows = vec![price(&[("sku", "n1")]), price(&[("sku", "n2")])];
    let first = vec![product("n1", "C62"), product("n2", "C62")];
    let imported = import_after(store, first, rows.clone(), PriceOrder::merge(), || {
        put(store, &product("n2", "MTR"), "one");
        put(store, &price(&[("sku", "n2"), ("amount", "5")]), "one");
    });
    assert_eq!(imported.runs, 2);
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(1, 1, 0, 0)));
    committed(imported.outcome);
    let stored = prices_of(store);
    assert_eq!(stored.len(), 2);
    assert!(rows.iter().all(|row| stored.contains(row)), "{stored:?}");
}

fn a_changed_base_unit_is_noticed(store: &dyn Store) {
    shop(store, "one");
    let rows = vec![price(&[("sku", "cable"), ("uom", "MTR")])];
    let imported = staged_import(store, rows, false, || {
        put(store, &product("cable", "C62"), "one");
    });
    assert_eq!(imported.runs, 2);
    committed(imported.outcome);
    assert_eq!(prices_of(store), [price(&[("sku", "cable"), ("uom", "MTR")])]);
}

/// A job of the writer that waits for the staged one would wait for ever if that waited for it.
fn a_staged_job_that_refuses_takes_no_lock(store: &dyn Store) {
    shop(store, "one");
    let (checked, was_checked) = mpsc::channel();
    let (began, has_begun) = mpsc::channel();
    std::thread::scope(|scope| {
        let job = scope.spawn(move || {
            write(store, "one", move |tx| {
                tx.put(&product("a", "C62"))?;
                began.send(()).unwrap();
                was_checked.recv().unwrap();
                Ok(())
            })
        });
        has_begun.recv().unwrap();
        let refusing = |_| -> StagedJob {
            Arc::new(|tx: &mut dyn WriteTx| {
                tx.put(&product("b", "C62"))?;
                let mut rows = raw(tx, &[price(&[("sku", "b")])], true)?;
                tx.import_prices(&mut rows, PriceOrder::replace(), &mut |fault| {
                    panic!("{fault:?}")
                })?;
                Err(Abort::Refused)
            })
        };
        let ended = staged(store, Arc::new(FixedClock(now())), refusing, || ()).unwrap();
        assert_eq!(ended.outcome, Outcome::Refused);
        checked.send(()).unwrap();
        committed(job.join().unwrap());
    });
    assert_eq!(prices_of(store), []);
}

/// A clock that others set.
struct SetClock(Mutex<Instant>);

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }
}

fn import_at(store: &dyn Store, clock: &Arc<SetClock>, amount: &str, later: Instant) -> Instant {
    let row = price(&[("amount", amount)]);
    let job = |pause: Pause| -> StagedJob {
        Arc::new(move |tx: &mut dyn WriteTx| {
            let mut rows = raw(tx, std::slice::from_ref(&row), false)?;
            pause.wait();
            tx.import_prices(&mut rows, PriceOrder::merge(), &mut |fault| panic!("{fault:?}"))
                .map(drop)
        })
    };
    let ended = staged(store, Arc::<SetClock>::clone(clock), job, || {
        *clock.0.lock().unwrap() = later;
    });
    committed(ended.map(|staged| staged.outcome));
    entry(&prices_of(store)[0]).changed_at
}

fn a_change_is_dated_when_it_is_written(store: &dyn Store) {
    shop(store, "one");
    let clock = Arc::new(SetClock(Mutex::new(now())));
    let later = now().plus_seconds(600);
    assert_eq!(import_at(store, &clock, "3", later), later);
}

fn changes_are_in_the_order_of_their_times(store: &dyn Store) {
    shop(store, "one");
    let clock = Arc::new(SetClock(Mutex::new(now())));
    let later = now().plus_seconds(600);
    assert_eq!(import_at(store, &clock, "3", later), later);
    let earlier = now().plus_seconds(300);
    assert_eq!(import_at(store, &clock, "4", earlier), later, "dated before the change before it");
    let latest = later.plus_seconds(1);
    assert_eq!(import_at(store, &clock, "5", latest), latest);
}
