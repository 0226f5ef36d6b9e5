//! How long a durable change takes to be answered, by how much it changed and how much there is, and
//! what readers notice of it. The change is written by another process, so to speak, and followed:
//! only the following is measured.
//!
//! `cargo bench -p kontor-app --bench change_visible -- [ENTRIES …]`, by default 1 and 10 million. The
//! data goes to the directory for temporary files.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints and fails loudly"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kontor_app::write::write_to;
use kontor_app::{App, AppConfig, LoginLimits, WriteError};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::Strategy;
use kontor_model::{FixedClock, Quantity, Uom};
use kontor_pricing::Question;
use kontor_store::{Abort, PriceOrder, PriceRows, RawPrice, Store, StoreError, WriteTx};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

const LISTS: u32 = 100;
const NOW: &str = "2016-01-28T11:24:28Z";

fn main() {
    let sizes = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut sizes: Vec<u32> = sizes.map(|text| text.parse().unwrap()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000_000, 10_000_000];
    }
    println!("   entries    changed   seen after ms   memory MiB   readers p99 us (quiet)");
    for entries in sizes {
        measure(entries);
    }
}

fn measure(entries: u32) {
    let directory = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(directory.path(), &OpenOptions::default()).unwrap());
    let products = entries / LISTS;
    write(&*store, move |tx| catalogue(tx, products));
    let all = move |tx: &mut dyn WriteTx| prices(tx, Rows::new(products, LISTS, 1_000_000));
    write(&*store, all);
    let app = App::open(AppConfig {
        store: Arc::clone(&store),
        clock: Arc::new(FixedClock(NOW.parse().unwrap())),
        login_limits: LoginLimits::default(),
    })
    .unwrap();
    // Products and lists of each: one price, some thousand, and a million.
    let many = products.min(1_000_000 / LISTS.min(1_000_000 / products.max(1)).max(1));
    let shapes =
        [(1, 1, 21), (200, 10, 7), (2_000, 1, 7), (many, (1_000_000 / many).min(LISTS), 3)];
    for (changed_products, lists, runs) in shapes {
        let (mut times, mut waits, mut memory) = (Vec::new(), Vec::new(), 0);
        let mut quiet =
            read_while(&app, products, || std::thread::sleep(Duration::from_millis(200)));
        for run in 0..runs {
            let amount = 2_000_000 + i64::from(run);
            write(&*store, move |tx| prices(tx, Rows::new(changed_products, lists, amount)));
            let before = resident_mib();
            let mut took = Duration::ZERO;
            waits.extend(read_while(&app, products, || {
                let began = Instant::now();
                app.catch_up().unwrap();
                took = began.elapsed();
            }));
            memory = memory.max(resident_mib().saturating_sub(before));
            assert_eq!(price(&app, 1, 0), amount, "it is not answered");
            times.push(took);
            app.compact().unwrap();
        }
        assert_eq!(app.reloads(), 0);
        times.sort_unstable();
        println!(
            "{entries:>10} {:>10} {:>15} {memory:>12} {:>14} ({})",
            changed_products * lists,
            milliseconds(times[times.len() / 2]),
            p99(&mut waits),
            p99(&mut quiet)
        );
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{}.{:03}", time.as_micros() / 1_000, time.as_micros() % 1_000)
}

/// Asks for prices on a thread of its own while `work` is done. Returns how long each answer took.
fn read_while(app: &Arc<App>, products: u32, work: impl FnOnce()) -> Vec<Duration> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut product, mut waits) = (0_u32, Vec::new());
            while !stop.load(Ordering::Relaxed) {
                product = (product + 7_919) % products;
                let began = Instant::now();
                price(app, product + 1, product % LISTS);
                waits.push(began.elapsed());
            }
            waits
        });
        work();
        stop.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    })
}

fn p99(waits: &mut [Duration]) -> String {
    waits.sort_unstable();
    let at = waits.len() * 99 / 100;
    waits.get(at).map_or("-".to_owned(), |wait| {
        format!("{}.{:03}", wait.as_micros(), wait.as_nanos() % 1_000)
    })
}

fn price(app: &App, product: u32, list: u32) -> i64 {
    let book = app.book();
    let lists = [PriceListId(list + 1)];
    let question = Question {
        lists: &lists,
        strategy: Strategy::First,
        product: ProductId(product),
        quantity: Quantity::ONE,
        uom: Uom::one(),
        currency: "EUR".parse().unwrap(),
        decimals: 2,
        at: NOW.parse().unwrap(),
        zone: &kontor_model::Zone::utc(),
        term: None,
    };
    book.price(&question).unwrap().amount.micros()
}

/// Prices of the first products in the first lists.
struct Rows {
    lists: u32,
    next: u32,
    end: u32,
    amount: i64,
    shapes: Vec<Shape>,
}

impl Rows {
    fn new(products: u32, lists: u32, amount: i64) -> Self {
        let Record::Price(entry) = record(
            Kind::Price,
            &[
                ("price_list", "L0"),
                ("sku", "P1"),
                ("currency", "EUR"),
                ("amount", "1"),
                ("changed_at", NOW),
            ],
        ) else {
            panic!("no price")
        };
        Self { lists, next: 0, end: products * lists, amount, shapes: vec![entry.shape] }
    }
}

impl PriceRows for Rows {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        for _ in 0..8_192.min(self.end - self.next) {
            let (product, list) = (self.next / self.lists, self.next % self.lists);
            self.next += 1;
            batch.push(RawPrice {
                product: ProductId(product + 1),
                list: PriceListId(list + 1),
                shape: 0,
                line: u64::from(self.next),
                amount: Some(self.amount),
                changed_at: None,
            });
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

fn prices(tx: &mut dyn WriteTx, mut rows: Rows) -> Result<(), Abort> {
    tx.import_prices(&mut rows, PriceOrder::merge(), &mut |fault| panic!("{fault:?}")).map(drop)
}

fn catalogue(tx: &mut dyn WriteTx, products: u32) -> Result<(), Abort> {
    let supplier = [("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")];
    tx.put(&record(Kind::Supplier, &supplier))?;
    for list in 0..LISTS {
        tx.put(&record(Kind::PriceList, &[("price_list", &format!("L{list}"))]))?;
    }
    for product in 1..=products {
        let sku = format!("P{product}");
        tx.put(&record(Kind::Product, &[("sku", &sku), ("base_uom", "C62")]))?;
    }
    Ok(())
}

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

fn write(store: &dyn Store, job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static) {
    let job = move |tx: &mut dyn WriteTx| {
        job(tx).map_err(|abort| match abort {
            Abort::Store(error) => WriteError::Store(error),
            Abort::Refused => WriteError::<()>::Store(StoreError::Closed),
        })
    };
    let supplier = "one".parse().unwrap();
    write_to(store, supplier, "bench".to_owned(), NOW.parse().unwrap(), job).unwrap();
}

/// Resident memory of this process in MiB; 0 where the system does not tell.
fn resident_mib() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4 / 1024
}
