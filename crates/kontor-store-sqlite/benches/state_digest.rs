//! What the digest of the state costs: the same digests are made alone, beside a write of one price, one
//! of 2,000 prices, an import of all prices, and a load, and told as a share of each.
//!
//! `cargo bench -p kontor-store-sqlite --bench state_digest -- [ROWS] [DIRECTORY]`, by default 1,000,000.
//! Reading and writing the sums, one row for each kind, is no part of what is told.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints and fails loudly"
)]

mod market;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::state::{PastPrice, PriceParts, TimedSum, past_price_digest, price_digest};
use kontor_store::{PriceOrder, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use market::{LISTS, Raised, Scattered, TIERS};

const ROUNDS: usize = 5;
const SMALL_WRITES: u64 = 500;
const MANY: u64 = 2_000;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let rows = arguments.first().map_or(1_000_000, |text| text.parse().unwrap());
    let directory = arguments.get(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("kontor-bench-{}", std::process::id()));
    let store = SqliteStore::open(&directory, &OpenOptions::default()).unwrap();
    let market = Scattered::new(&store, rows);
    let rows = market.rows;

    let import = time(|| drop(market::import(&store, &market, false)));
    tell("an import of all into an empty table", digests(rows, 1, false), import);
    let load = best(|| {
        store
            .read_book(&mut |book| {
                book.prices(&mut |price| {
                    black_box(price);
                    Ok(())
                })
            })
            .unwrap();
    });
    tell("reading all prices", best(|| make(rows, 1, false)), load);
    let mut raise = 0;
    let many = best(|| {
        raise += 10_000;
        let mut first = market.raised(raise, Raised { one_of: 1, below: MANY });
        first.rows = MANY;
        market::write(&store, move |tx| {
            let fault = &mut |fault| panic!("{fault:?}");
            tx.import_prices(&mut first.clone(), PriceOrder::merge(), fault).map(drop)
        });
    });
    tell("a write of 2,000 prices", digests(MANY, 1, true), many);
    let small = best(|| (0..SMALL_WRITES).for_each(|turn| write_one(&store, turn)));
    tell("a write of one price", digests(SMALL_WRITES, SMALL_WRITES, true), small);
    store.close();
    drop(store);
    std::fs::remove_dir_all(&directory).unwrap();
}

fn write_one(store: &SqliteStore, turn: u64) {
    let (sku, amount) = (format!("P{:08}", turn % 100), format!("{}.5", turn + 1));
    market::write(store, move |tx| {
        let fields = [
            ("price_list", "L000"),
            ("sku", &sku),
            ("currency", "EUR"),
            ("amount", &amount),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ];
        tx.put(&market::record(Kind::Price, &fields, &[("minimum_quantity", Cell::Int(0))]))
    });
}

fn digests(rows: u64, writes: u64, supersede: bool) -> Duration {
    best(|| make(rows, writes, supersede))
}

/// Makes the digests of so many prices, and of those that they supersede. Each write makes the digests of
/// the names of its product, list and shape.
fn make(rows: u64, writes: u64, supersede: bool) {
    let (mut sum, mut past) = (TimedSum::default(), TimedSum::default());
    let mut parts = PriceParts { product: [0; 15], list: [0; 12], shape: [0; 12] };
    for row in 0..rows {
        if writes > 1 || row.is_multiple_of(LISTS * TIERS) {
            parts.product = PriceParts::of_product("bench", "P00000000");
            parts.list = PriceParts::of_list("bench", "L000");
            parts.shape = PriceParts::of_shape([("currency", &Cell::text("EUR"))]);
        }
        let amount = i64::try_from(row).unwrap();
        sum.known().add(&price_digest(&parts, amount).at(1));
        if supersede {
            sum.known().subtract(&price_digest(&parts, amount + 1).at(1));
            let shape = parts.shape;
            past.add(&past_price_digest(&PastPrice {
                product: 1,
                list: 1,
                shape,
                amount,
                changed_at: 1,
            }));
        }
    }
    black_box((sum, past));
}

fn time(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

/// The shortest of some rounds: what others do on the machine only adds.
fn best(mut work: impl FnMut()) -> Duration {
    (0..ROUNDS).map(|_| time(&mut work)).min().unwrap_or_default()
}

fn tell(what: &str, alone: Duration, all: Duration) {
    let per_mille = alone.as_nanos() * 1_000 / all.as_nanos().max(1);
    println!(
        "{what}: {} us, the digests alone {} us, {}.{} %",
        all.as_micros(),
        alone.as_micros(),
        per_mille / 10,
        per_mille % 10
    );
}
