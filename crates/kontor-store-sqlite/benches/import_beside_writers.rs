//! How long a partner's write waits while an import runs: a thread writes single prices in a loop, while
//! a file with all prices is imported of which some changed.
//!
//! `cargo bench -p kontor-store-sqlite --bench import_beside_writers -- [ROWS] [CHANGED] [DIRECTORY]`
//!
//! Of 1,000,000 rows 20,000 change, unless said otherwise: first all over the table, then side by side.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints and fails loudly"
)]

mod market;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use market::{Raised, Scattered};

/// Writes of the quiet store, for comparison.
const QUIET_WRITES: usize = 500;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |place: usize, otherwise: u64| {
        arguments.get(place).map_or(otherwise, |text| text.parse().unwrap())
    };
    let (rows, changed) = (number(0, 1_000_000), number(1, 20_000));
    let directory = arguments.get(2).map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("kontor-bench-{}", std::process::id()));
    let store = SqliteStore::open(&directory, &OpenOptions::default()).unwrap();
    let market = Scattered::new(&store, rows);
    market::import(&store, &market, false);
    let mut quiet: Vec<Duration> = (0..QUIET_WRITES).map(|turn| write_one(&store, turn)).collect();
    report("quiet", &mut quiet);

    let all_over = Raised { one_of: market.rows.div_ceil(changed), below: market.rows };
    beside(&store, &market.raised(10_000, all_over), "changes all over the table");
    let together =
        market.raised(10_000, all_over).raised(20_000, Raised { one_of: 1, below: changed });
    beside(&store, &together, "changes together");
    store.close();
    drop(store);
    std::fs::remove_dir_all(&directory).unwrap();
}

fn beside(store: &SqliteStore, raised: &Scattered, what: &str) {
    let done = AtomicBool::new(false);
    let (mut waits, took, counts) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut waits = Vec::new();
            while !done.load(Ordering::Relaxed) {
                waits.push(write_one(store, waits.len()));
            }
            waits
        });
        let began = Instant::now();
        let staged = market::import(store, raised, false);
        let took = began.elapsed();
        done.store(true, Ordering::Relaxed);
        (writer.join().unwrap(), took, staged.counts.unwrap())
    });
    println!("{what}: import of {} rows in {} ms, {counts:?}", raised.rows, took.as_millis());
    report(what, &mut waits);
}

/// Writes a price of a list that the import does not have. Returns how long it took.
fn write_one(store: &SqliteStore, turn: usize) -> Duration {
    let (sku, amount) = (format!("P{:08}", turn % 100), format!("{}.5", turn + 1));
    let began = Instant::now();
    market::write(store, move |tx| {
        let fields = [
            ("price_list", "PARTNER"),
            ("sku", &sku),
            ("currency", "EUR"),
            ("amount", &amount),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ];
        tx.put(&market::record(Kind::PriceList, &[("price_list", "PARTNER")], &[]))?;
        tx.put(&market::record(Kind::Price, &fields, &[("minimum_quantity", Cell::Int(0))]))
    });
    began.elapsed()
}

fn report(what: &str, waits: &mut [Duration]) {
    waits.sort_unstable();
    let at = |of_hundred: usize| waits.get((waits.len() * of_hundred / 100).min(waits.len() - 1));
    let ms = |wait: Option<&Duration>| wait.map_or(0, Duration::as_micros);
    println!(
        "{what}: {} writes, median {} us, p99 {} us, longest {} us",
        waits.len(),
        ms(at(50)),
        ms(at(99)),
        ms(waits.last())
    );
}
