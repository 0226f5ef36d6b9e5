//! An import in slices of three prices: before each slice the files are copied, as a process that dies
//! leaves them, and partners write. Beside it the same is done with an import in one transaction.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kontor_model::FixedClock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_store::{
    Abort, ChangeNumber, LogPlace, Order, Outcome, PriceOrder, PriceRows, RawPrice, RemovedOf,
    Removes, Staged, StagedOrder, Store, Touched, WriteTx,
};

use super::*;
use crate::open::OpenOptions;
use crate::scratch::Scratch;
use crate::store::SqliteStore;

thread_local! {
    static BETWEEN: RefCell<Option<Box<dyn FnMut()>>> = const { RefCell::new(None) };
}

/// Runs before each slice of the thread that imports.
pub(super) fn between_slices() {
    // What it does must not be called by its own slices.
    let Some(mut hook) = BETWEEN.take() else { return };
    hook();
    BETWEEN.set(Some(hook));
}

/// Everything that the book is loaded from, and what proves it.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    head: String,
    touched: BTreeSet<String>,
    prices: Vec<String>,
    removed: Vec<String>,
    root: String,
}

const PRODUCTS: u32 = 9;

fn record(kind: Kind, filled: &[(&str, &str)]) -> Record {
    let columns = kind.columns().iter();
    let row: Row = columns
        .map(|column| {
            let text = filled.iter().find(|(name, _)| *name == column.name);
            text.map_or(Cell::Null, |(_, text)| column.parse(text).unwrap())
        })
        .collect();
    Record::from_row(kind, &row).unwrap()
}

fn options(above: u64) -> OpenOptions {
    OpenOptions { slices: Slices { above, least: 3, most: 3 }, ..OpenOptions::default() }
}

fn write(
    store: &SqliteStore,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> Outcome {
    let order = Order {
        supplier: "one".parse().unwrap(),
        actor: "test".to_owned(),
        clock: Arc::new(FixedClock("2016-01-28T11:24:28Z".parse().unwrap())),
        job: Box::new(job),
    };
    store.write(order).unwrap()
}

fn price(list: &str, sku: &str, amount: &str, end: Option<&str>) -> Record {
    let mut fields = vec![
        ("price_list", list),
        ("sku", sku),
        ("packing", "box"),
        ("packing_quantity", "1"),
        ("currency", "EUR"),
        ("minimum_quantity", "1"),
        ("amount", amount),
        ("changed_at", "2016-01-20T02:00:00Z"),
    ];
    fields.extend(end.map(|end| ("valid_to", end)));
    record(Kind::Price, &fields)
}

fn shape(end: Option<&str>) -> Shape {
    let Record::Price(entry) = price("L", "P1", "1", end) else { panic!("not a price") };
    entry.shape
}

/// Ten products, of which nine have a price in list `L`.
fn shop(above: u64, dir: &Path) -> SqliteStore {
    let store = SqliteStore::open(dir, &options(above)).unwrap();
    write(&store, |tx| {
        let fields = [("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")];
        tx.put(&record(Kind::Supplier, &fields))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "L")]))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "OTHER")]))?;
        for number in 1..=PRODUCTS + 1 {
            let sku = format!("P{number}");
            tx.put(&record(Kind::Product, &[("sku", &sku), ("base_uom", "C62")]))?;
            if number <= PRODUCTS {
                tx.put(&price("L", &sku, "10", None))?;
            }
        }
        Ok(())
    });
    store
}

/// Prices of list `L`: product, shape, amount.
struct Rows(Vec<(u32, u32, i64)>, Vec<Shape>);

impl PriceRows for Rows {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        for (line, (product, shape, amount)) in std::mem::take(&mut self.0).into_iter().enumerate()
        {
            batch.push(RawPrice {
                product: ProductId(product),
                list: PriceListId(1),
                shape,
                line: u64::try_from(line).unwrap(),
                amount: Some(amount),
                changed_at: None,
            });
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.1
    }
}

/// Replaces all prices: some get another amount, one ends, one is removed, two are new, one of them of
/// a new product.
fn import(store: &SqliteStore) -> Staged {
    let order = StagedOrder {
        supplier: "one".parse().unwrap(),
        actor: "import".to_owned(),
        clock: Arc::new(FixedClock("2016-01-29T11:24:28Z".parse().unwrap())),
        job: Arc::new(|tx: &mut dyn WriteTx| {
            tx.put(&record(Kind::Product, &[("sku", "NEW"), ("base_uom", "C62")]))?;
            let shapes = vec![shape(None), shape(Some("2030-01-01T00:00:00Z"))];
            let same = (8, 0, 10_000_000);
            let mut rows = vec![(7, 1, 10_000_000), same, (10, 0, 5), (11, 0, 6)];
            rows.extend((1..=6).map(|product| (product, 0, i64::from(product))));
            let mut rows = Rows(rows, shapes);
            let order = PriceOrder { removes: Removes::Everything, ..PriceOrder::default() };
            tx.import_prices(&mut rows, order, &mut |fault| panic!("{fault:?}")).map(drop)
        }),
    };
    store.write_staged(order).unwrap()
}

/// What a partner writes: prices that the import changes as well, ends, removes, adds, or does not have.
fn disturb(store: &SqliteStore, turn: u32) {
    let sku = ["P10", "P9", "P7", "P6"][usize::try_from(turn).unwrap() % 4];
    let (list, amount) = (if turn % 4 == 3 { "OTHER" } else { "L" }, format!("{}", 100 + turn));
    let outcome = write(store, move |tx| tx.put(&price(list, sku, &amount, None)).map(drop));
    assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
}

fn seen(store: &SqliteStore) -> Seen {
    let (mut prices, mut removed, mut head) = (Vec::new(), Vec::new(), String::new());
    store
        .read_book(&mut |book| {
            book.prices(&mut |price| {
                prices.push(format!("{price:?}"));
                Ok(())
            })?;
            book.removed_packing_prices(RemovedOf::Everything, &mut |price| {
                removed.push(format!("{price:?}"));
                Ok(())
            })?;
            for product in 1..=PRODUCTS + 2 {
                let lists = PriceListId(0)..=PriceListId(9);
                book.prices_of(ProductId(product), lists, &mut |price| {
                    assert!(prices.contains(&format!("{price:?}")), "{price:?}");
                    Ok(())
                })?;
                book.removed_packing_prices(
                    RemovedOf::Product(ProductId(product)),
                    &mut |price| {
                        assert!(removed.contains(&format!("{price:?}")), "{price:?}");
                        Ok(())
                    },
                )?;
            }
            assert_eq!(book.price_count()?, u64::try_from(prices.len()).unwrap());
            Ok(())
        })
        .unwrap();
    store
        .with_reader(|database| {
            let hash = crate::change_log::head(database)?;
            head = format!("{hash:?}");
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store.verify_chain().unwrap();
    let root = store.prove().unwrap().root_text();
    Seen { head, touched: touched(store), prices, removed, root }
}

/// What changes touched, read an entry at a time and all at once.
fn touched(store: &SqliteStore) -> BTreeSet<String> {
    let [single, whole] = [1, 1_000].map(|limit| {
        let mut found = BTreeSet::new();
        let mut from = Some(LogPlace::after(ChangeNumber(0)));
        while let Some(place) = from {
            let read = |database: &Database| crate::change_log::page(database, place, limit);
            let page = store.with_reader(read).unwrap();
            from = page.next;
            for entry in page.entries {
                let change = entry.change;
                match entry.touched {
                    Touched::Prices { places } => {
                        found.extend(places.iter().map(|place| format!("{change:?} {place:?}")));
                    }
                    other @ (Touched::Rows { .. }
                    | Touched::Products { .. }
                    | Touched::Anything) => {
                        found.insert(format!("{change:?} {other:?}"));
                    }
                }
            }
        }
        found
    });
    assert_eq!(single, whole);
    whole
}

fn pending(store: &SqliteStore) -> bool {
    store.with_reader(is_there).unwrap()
}

fn tables_of(store: &SqliteStore) -> Vec<String> {
    let read = |database: &Database| {
        let mut found = Vec::new();
        for table in ["price", "price_history", "price_import", "price_pending"] {
            let mut statement = database.prepare(&format!("SELECT * FROM {table}"))?;
            let width = statement.column_count();
            let mut rows = statement.query([]).map_err(error::reading)?;
            while let Some(row) = rows.next().map_err(error::reading)? {
                let cells: Vec<Option<i64>> =
                    (0..width).map(|cell| row.get(cell).unwrap()).collect();
                found.push(format!("{table} {cells:?}"));
            }
        }
        Ok::<_, StoreError>(found)
    };
    store.with_reader(read).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// A process died and left these files: what was seen is seen, and then settled.
fn dies_and_comes_back(store: &SqliteStore, dir: &Path, name: &str) {
    let left = Scratch::new(&format!("{name}-left"));
    copy(dir, left.path());
    let expected = seen(store);
    let opened = SqliteStore::open(left.path(), &options(3)).unwrap();
    assert_eq!(seen(&opened), expected);
    opened.settle_now();
    assert!(!pending(&opened));
    assert_eq!(seen(&opened), expected);
    opened.check().unwrap();
    opened.close();
}

/// Imports in slices, with a write of a partner before each slice that comes before, or after, the switch.
pub(crate) fn in_slices(name: &'static str, before_switch: bool, after_switch: bool) {
    let dir = Scratch::new(name);
    let store = Arc::new(shop(3, dir.path()));
    let before = seen(&store).prices;
    let turns: Arc<std::sync::Mutex<Vec<(u32, bool)>>> = Arc::default();
    let slices: Arc<std::sync::Mutex<Vec<bool>>> = Arc::default();
    let (hooked, told, counted) = (Arc::clone(&store), Arc::clone(&turns), Arc::clone(&slices));
    let path = dir.path().to_owned();
    BETWEEN.set(Some(Box::new(move || {
        let on = hooked.with_reader(is_on).unwrap();
        let turn = counted.lock().unwrap().iter().filter(|other| **other == on).count();
        let turn = u32::try_from(turn).unwrap();
        counted.lock().unwrap().push(on);
        if if on { after_switch } else { before_switch } {
            disturb(&hooked, turn);
            told.lock().unwrap().push((turn, on));
        }
        if !on && !before_switch {
            assert_eq!(seen(&hooked).prices, before);
        }
        dies_and_comes_back(&hooked, &path, name);
    })));
    let staged = import(&store);
    BETWEEN.set(None);
    assert!(matches!(staged.outcome, Outcome::Committed(_)), "{staged:?}");
    let slices = slices.lock().unwrap();
    assert!(slices.iter().filter(|on| **on).count() >= 1, "{slices:?}");
    assert!(slices.iter().filter(|on| !**on).count() >= 5, "{slices:?}");

    let other = Scratch::new(&format!("{name}-whole"));
    let whole = shop(u64::MAX, other.path());
    let turns = turns.lock().unwrap();
    turns.iter().filter(|(_, on)| !on).for_each(|(turn, _)| disturb(&whole, *turn));
    let expected = import(&whole);
    turns.iter().filter(|(_, on)| *on).for_each(|(turn, _)| disturb(&whole, *turn));
    assert_eq!(staged.counts, expected.counts);
    let (mut seen_store, mut seen_whole) = (seen(&store), seen(&whole));
    // The chain has another digest of prices that were written before their change.
    (seen_store.head, seen_whole.head) = Default::default();
    assert_eq!(store.last_change().unwrap(), whole.last_change().unwrap());
    assert_eq!(seen_store, seen_whole);
    assert_eq!(tables_of(&store), tables_of(&whole));
}

#[test]
fn an_import_in_slices_is_seen_at_once_and_survives_a_kill_anywhere() {
    in_slices("slices-quiet", false, false);
}

/// An import changes ten prices, of which nine can stand beside the table.
#[test]
fn only_an_import_above_the_limit_is_cut() {
    for (above, cut) in [(10, false), (9, true)] {
        let dir = Scratch::new(&format!("slices-limit-{above}"));
        let store = shop(above, dir.path());
        let slices: Arc<std::sync::Mutex<u32>> = Arc::default();
        let counted = Arc::clone(&slices);
        BETWEEN.set(Some(Box::new(move || *counted.lock().unwrap() += 1)));
        import(&store);
        BETWEEN.set(None);
        assert_eq!(*slices.lock().unwrap() > 0, cut, "above {above}");
    }
}

/// A process opened the data before another one died in the middle of an import: nobody opens it anew.
#[test]
fn what_a_dead_process_left_is_settled_by_one_that_is_running() {
    for killed_at in [2, 6, 9] {
        let dir = Scratch::new(&format!("slices-killed-{killed_at}"));
        let importer = Arc::new(shop(3, dir.path()));
        let often = OpenOptions { settle_every: std::time::Duration::from_millis(1), ..options(3) };
        let other = SqliteStore::open(dir.path(), &often).unwrap();
        let (hooked, mut slice, was_on) =
            (Arc::clone(&importer), 0, Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&was_on);
        BETWEEN.set(Some(Box::new(move || {
            slice += 1;
            if slice == killed_at {
                assert!(pending(&hooked));
                told.store(hooked.with_reader(is_on).unwrap(), Ordering::Relaxed);
                // It does nothing any more, and its claim goes with it.
                panic!("killed");
            }
        })));
        let died = catch_unwind(AssertUnwindSafe(|| import(&importer)));
        BETWEEN.set(None);
        assert!(died.is_err());
        let expected = seen(&importer);
        let began = std::time::Instant::now();
        while pending(&other) {
            assert!(began.elapsed().as_secs() < 60, "nobody settles it");
            std::thread::yield_now();
        }
        assert_eq!(seen(&other), expected, "killed at {killed_at}");
        assert_eq!(was_on.load(Ordering::Relaxed), killed_at == 9, "killed at {killed_at}");
        other.check().unwrap();
    }
}

/// Who lost what was prepared begins anew.
#[test]
fn prices_that_somebody_dropped_are_never_switched_on() {
    let dir = Scratch::new("slices-dropped");
    let store = Arc::new(shop(3, dir.path()));
    let (hooked, mut turn) = (Arc::clone(&store), 0);
    BETWEEN.set(Some(Box::new(move || {
        turn += 1;
        if turn == 4 {
            hooked.settle_now();
        }
    })));
    import(&store);
    BETWEEN.set(None);
    let other = Scratch::new("slices-dropped-whole");
    let whole = shop(u64::MAX, other.path());
    import(&whole);
    let (mut seen_store, mut seen_whole) = (seen(&store), seen(&whole));
    (seen_store.head, seen_whole.head) = Default::default();
    assert_eq!(seen_store, seen_whole);
    assert_eq!(tables_of(&store), tables_of(&whole));
}

#[test]
fn partners_write_before_the_switch() {
    in_slices("slices-before", true, false);
}

#[test]
fn partners_write_while_slices_are_settled() {
    in_slices("slices-after", false, true);
}

#[test]
fn partners_write_all_the_time() {
    in_slices("slices-always", true, true);
}
