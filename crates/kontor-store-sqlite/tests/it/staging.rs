//! An import of one process while another process writes, and what it leaves in the directory.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kontor_model::FixedClock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{PriceEntry, PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_store::{
    Abort, Outcome, PriceOrder, PriceRows, RawPrice, Staged, StagedOrder, Store, StoreError,
    WriteTx,
};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::rows::{change, fill, product, record, write};
use crate::scratch::Scratch;

/// Rows of the import.
const ROWS: u32 = 3;

/// One price of each product, each a batch; before each batch something happens.
struct Disturbed<'a> {
    entry: PriceEntry,
    done: u32,
    before_each: &'a dyn Fn(u32),
}

impl PriceRows for Disturbed<'_> {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        (self.before_each)(self.done);
        if self.done == ROWS {
            return Ok(());
        }
        self.done += 1;
        batch.push(RawPrice {
            product: ProductId(self.done),
            list: PriceListId(1),
            shape: 0,
            line: u64::from(self.done),
            amount: Some(i64::from(self.done)),
            changed_at: None,
        });
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        std::slice::from_ref(&self.entry.shape)
    }
}

fn price() -> PriceEntry {
    let fields = [
        ("price_list", "L"),
        ("sku", "P1"),
        ("currency", "EUR"),
        ("minimum_quantity", "1"),
        ("amount", "1"),
        ("changed_at", "2016-01-20T02:00:00Z"),
    ];
    let Record::Price(entry) = record(Kind::Price, &fields) else {
        panic!("not a price");
    };
    entry
}

/// Products 1 to 3 and a list.
fn shop(store: &SqliteStore) {
    fill(store, ROWS);
    change(store, |tx| tx.put(&record(Kind::PriceList, &[("price_list", "L")])).map(drop));
}

fn import(
    store: &SqliteStore,
    before_each: impl Fn(u32) + Send + Sync + 'static,
) -> Result<Staged, StoreError> {
    store.write_staged(StagedOrder {
        supplier: "one".parse().unwrap(),
        actor: "test".to_owned(),
        clock: Arc::new(FixedClock("2016-01-28T11:24:28Z".parse().unwrap())),
        job: Arc::new(move |tx: &mut dyn WriteTx| {
            let mut rows = Disturbed { entry: price(), done: 0, before_each: &before_each };
            tx.import_prices(&mut rows, PriceOrder::merge(), &mut |fault| panic!("{fault:?}"))
                .map(drop)
        }),
    })
}

fn files(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A writer that waited for the import would wait for ever: the import waits for it.
#[test]
fn another_process_writes_while_an_import_reads() {
    let dir = Scratch::new("staging-beside");
    let options = OpenOptions { busy_timeout: Duration::ZERO, ..OpenOptions::default() };
    let importing = SqliteStore::open(dir.path(), &options).unwrap();
    shop(&importing);
    let other = Arc::new(SqliteStore::open(dir.path(), &options).unwrap());
    let writing = Arc::clone(&other);
    let staged = import(&importing, move |turn| {
        change(&*writing, move |tx| tx.put(&product(100 + turn)).map(drop));
    });
    let staged = staged.unwrap();
    assert!(matches!(staged.outcome, Outcome::Committed(_)), "{staged:?}");
    let counts = staged.counts.unwrap();
    assert_eq!(counts.get(&Kind::Price).unwrap().inserted, u64::from(ROWS));
    assert_eq!(other.last_change().unwrap(), importing.last_change().unwrap());
}

/// A product changes its base unit whenever prices of it are read, as long as anybody else can write.
#[test]
fn an_import_that_is_always_disturbed_ends_all_the_same() {
    let dir = Scratch::new("staging-disturbed");
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    shop(&store);
    let options = OpenOptions { busy_timeout: Duration::ZERO, ..OpenOptions::default() };
    let other = SqliteStore::open(dir.path(), &options).unwrap();
    let turns: Arc<Mutex<Vec<bool>>> = Arc::default();
    let told = Arc::clone(&turns);
    let staged = import(&store, move |turn| {
        if turn != 0 {
            return;
        }
        let mut turns = told.lock().unwrap();
        let unit = if turns.len().is_multiple_of(2) { "MTR" } else { "KGM" };
        let fields = [("sku", "P2"), ("base_uom", unit)];
        let moved = write(&other, move |tx| tx.put(&record(Kind::Product, &fields)).map(drop));
        turns.push(moved.is_ok());
    });
    let staged = staged.unwrap();
    assert!(matches!(staged.outcome, Outcome::Committed(_)), "{staged:?}");
    let turns = turns.lock().unwrap();
    // Only inside of the transaction nobody can write any more.
    let (last, before) = turns.split_last().unwrap();
    assert!(!last && !before.is_empty() && before.iter().all(|moved| *moved), "{turns:?}");
    assert!(before.len() <= 3, "{turns:?}");
}

#[test]
fn an_import_leaves_no_files_however_it_ends() {
    let dir = Scratch::new("staging-files");
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    shop(&store);
    let before = files(dir.path());
    let (path, known) = (dir.path().to_owned(), before.clone());
    // Not even while it reads: a file without a name goes with the process, however that ends.
    let same = move |_| assert_eq!(files(&path), known);
    assert!(matches!(import(&store, same).unwrap().outcome, Outcome::Committed(_)));
    assert_eq!(files(dir.path()), before);
    let failed = import(&store, |turn| assert_eq!(turn, 0, "on purpose"));
    assert!(matches!(failed, Err(StoreError::Write(_))), "{failed:?}");
    assert_eq!(files(dir.path()), before);
    // The store goes on.
    assert_eq!(import(&store, |_| ()).unwrap().outcome, Outcome::Unchanged);
}
