//! Rows a second of `import_prices`: from rows in the importer's hands, in an order that has nothing to
//! do with the table's, to a durable commit.
//!
//! `cargo bench -p kontor-store-sqlite --bench import -- [ROWS] [DIRECTORY]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints and fails loudly"
)]

use std::path::PathBuf;
use std::time::Instant;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, Order, PriceRows, RawPrice, Store, WriteTx};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

/// Shapes of one product in one list, as tiers.
const TIERS: u64 = 4;
const LISTS: u64 = 50;

/// Rows in a scattered order: the position times a number without common factor with the count.
struct Scattered {
    shapes: Vec<Shape>,
    rows: u64,
    done: u64,
    first_product: u32,
    first_list: u32,
    raise: i64,
}

impl PriceRows for Scattered {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        for _ in 0..4_096.min(self.rows - self.done) {
            let place = u128::from(self.done) * 7_368_787 % u128::from(self.rows);
            let place = u64::try_from(place).unwrap();
            let (product, rest) = (place / (LISTS * TIERS), place % (LISTS * TIERS));
            let (list, shape) = (rest / TIERS, rest % TIERS);
            self.done += 1;
            batch.push(RawPrice {
                product: ProductId(self.first_product + u32::try_from(product).unwrap()),
                list: PriceListId(self.first_list + u32::try_from(list).unwrap()),
                shape: u32::try_from(shape).unwrap(),
                line: self.done,
                amount: 1_000_000 + i64::try_from(place % 10_000).unwrap() * 10_000 + self.raise,
                changed_at: None,
            });
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let rows: u64 = arguments.first().map_or(2_000_000, |text| text.parse().unwrap());
    let directory = arguments.get(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("kontor-bench-{}", std::process::id()));
    let rows = rows / (LISTS * TIERS) * (LISTS * TIERS);
    let store = SqliteStore::open(&directory, &OpenOptions::default()).unwrap();
    let products = rows / (LISTS * TIERS);
    let watch = Watch::start();
    let (first_product, first_list) = catalogue(&store, products);
    watch.report("products, one put each", products);
    let of = |raise| Scattered {
        shapes: (0..TIERS).map(shape).collect(),
        rows,
        done: 0,
        first_product,
        first_list,
        raise,
    };
    run(&store, "new rows", of(0), false);
    run(&store, "the same rows again", of(0), false);
    run(&store, "all amounts changed", of(10_000), false);
    run(&store, "the same rows, replacing", of(10_000), true);
    let watch = Watch::start();
    let mut seen = 0;
    store
        .read_book(&mut |book| {
            book.prices(&mut |_| {
                seen += 1;
                Ok(())
            })
        })
        .unwrap();
    watch.report("reading for the book", seen);
    store.close();
    drop(store);
    let bytes = std::fs::metadata(directory.join("kontor.db")).unwrap().len();
    println!("{} bytes a row on disk, with its history", bytes / rows);
    let watch = Watch::start();
    SqliteStore::open(&directory, &OpenOptions::default()).unwrap();
    watch.report("opening and checking", rows);
    std::fs::remove_dir_all(&directory).unwrap();
}

fn run(store: &SqliteStore, what: &str, mut source: Scattered, replace: bool) {
    let (rows, watch) = (source.rows, Watch::start());
    let result = write(store, move |tx| {
        tx.import_prices(&mut source, replace, &mut |fault| panic!("{fault:?}"))
    });
    watch.report(what, rows);
    println!("  {result:?}");
}

/// A measurement. The time of the processor tells more than that of the clock on a busy machine.
struct Watch {
    began: Instant,
    processor_ms: u64,
}

impl Watch {
    fn start() -> Self {
        Self { began: Instant::now(), processor_ms: processor_ms() }
    }

    fn report(&self, what: &str, rows: u64) {
        let clock_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap().max(1);
        let processor_ms = processor_ms() - self.processor_ms;
        let speed = rows * 1_000 / clock_ms;
        println!(
            "{what}: {rows} rows in {clock_ms} ms ({processor_ms} of the processor) = {speed} rows/s"
        );
    }
}

/// Milliseconds of processor time this process has used; 0 where the system does not tell.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10
}

fn catalogue(store: &SqliteStore, products: u64) -> (u32, u32) {
    write(store, move |tx| {
        put(
            tx,
            Kind::Supplier,
            &[("supplier", "bench"), ("time_zone", "UTC"), ("currency", "EUR")],
        )?;
        for number in 0..products {
            put(tx, Kind::Product, &[("sku", &format!("P{number:08}")), ("base_uom", "C62")])?;
        }
        for number in 0..LISTS {
            put(tx, Kind::PriceList, &[("price_list", &format!("L{number:03}"))])?;
        }
        let (mut product, mut list) = (u32::MAX, u32::MAX);
        tx.product_ids(&mut |_, id, _| {
            product = product.min(id.0);
            Ok(())
        })?;
        tx.list_ids(&mut |_, id| {
            list = list.min(id.0);
            Ok(())
        })?;
        Ok((product, list))
    })
}

fn shape(tier: u64) -> Shape {
    let minimum = Cell::Int(i64::try_from(tier * 10).unwrap() * 1_000_000);
    let Record::Price(price) = record(
        Kind::Price,
        &[
            ("price_list", "L"),
            ("sku", "P"),
            ("currency", "EUR"),
            ("amount", "1"),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ],
        &[("minimum_quantity", minimum)],
    ) else {
        panic!("not a price");
    };
    price.shape
}

fn put(tx: &mut dyn WriteTx, kind: Kind, filled: &[(&str, &str)]) -> Result<(), Abort> {
    tx.put(&record(kind, filled, &[])).map(drop)
}

fn record(kind: Kind, texts: &[(&str, &str)], cells: &[(&str, Cell)]) -> Record {
    let cell = |name: &str, column: &kontor_model::record::Column| {
        let text = texts.iter().find(|(known, _)| *known == name);
        let text = text.map(|(_, text)| column.parse(text).unwrap());
        let cell = cells.iter().find(|(known, _)| *known == name);
        text.or_else(|| cell.map(|(_, cell)| cell.clone())).unwrap_or(Cell::Null)
    };
    let row: Row = kind.columns().iter().map(|column| cell(column.name, column)).collect();
    Record::from_row(kind, &row).unwrap()
}

fn write<T: Send + 'static>(
    store: &SqliteStore,
    job: impl FnOnce(&mut dyn WriteTx) -> Result<T, Abort> + Send + 'static,
) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    store
        .write_alone(Order {
            supplier: "bench".parse().unwrap(),
            actor: "bench".to_owned(),
            at: "2016-01-28T11:24:28Z".parse().unwrap(),
            job: Box::new(move |tx| {
                sender.send(job(tx)?).unwrap();
                Ok(())
            }),
        })
        .unwrap();
    receiver.recv().unwrap()
}
