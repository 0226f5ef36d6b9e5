//! Rows a second of an import of prices: from rows in the importer's hands, in an order that has nothing
//! to do with the table's, to a durable commit. The import is staged, as `kontor import` does it.
//!
//! `cargo bench -p kontor-store-sqlite --bench import -- [ROWS] [DIRECTORY]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints and fails loudly"
)]

mod market;

use std::path::PathBuf;
use std::time::Instant;

use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use market::{Raised, Scattered};

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let rows: u64 = arguments.first().map_or(2_000_000, |text| text.parse().unwrap());
    let directory = arguments.get(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("kontor-bench-{}", std::process::id()));
    let store = SqliteStore::open(&directory, &OpenOptions::default()).unwrap();
    let watch = Watch::start();
    let market = Scattered::new(&store, rows);
    let rows = market.rows;
    watch.report("products, one put each", rows / (market::LISTS * market::TIERS));
    let of = |raise| market.raised(raise, Raised { one_of: 1, below: rows });
    run(&store, "new rows", &of(0), false);
    run(&store, "the same rows again", &of(0), false);
    run(&store, "all amounts changed", &of(10_000), false);
    run(&store, "the same rows, replacing", &of(10_000), true);
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

fn run(store: &SqliteStore, what: &str, source: &Scattered, replace: bool) {
    let watch = Watch::start();
    let staged = market::import(store, source, replace);
    watch.report(what, source.rows);
    println!("  {:?}", staged.counts.unwrap().values().next().unwrap());
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
