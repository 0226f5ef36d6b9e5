//! Rows a second of a whole import of prices: from CSV text to a durable commit.
//!
//! `cargo bench -p kontor-exchange --bench import -- [ROWS] [DIRECTORY]`
//!
//! One dry run, one import into an empty database, one that finds everything there already, and
//! one that changes every tenth price. Rows come list by list, which is not the order of the table.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints and fails loudly"
)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use kontor_exchange::{Directory, Ended, ImportOptions, import_folder};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

const LISTS: u64 = 50;
/// Prices of one product in one list.
const TIERS: u64 = 4;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let rows: u64 = arguments.next().map_or(1_000_000, |rows| rows.parse().unwrap());
    let parent = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let scratch = tempfile::TempDir::new_in(parent).unwrap();
    let dir = scratch.path();
    let products = rows.div_ceil(LISTS * TIERS);
    write_folder(&dir.join("first"), products, 0);
    write_folder(&dir.join("second"), products, 1);
    let rows = products * LISTS * TIERS;
    let bytes = fs::metadata(dir.join("first/prices.csv")).unwrap().len();
    println!("{rows} rows, {} bytes each, {products} products, {LISTS} lists", bytes / rows);

    let store = SqliteStore::open(dir.join("data"), &OpenOptions::default()).unwrap();
    run("dry run", &store, &dir.join("first"), rows, true);
    run("import", &store, &dir.join("first"), rows, false);
    run("unchanged", &store, &dir.join("first"), rows, false);
    run("one in ten changed", &store, &dir.join("second"), rows, false);
}

fn run(what: &str, store: &SqliteStore, folder: &Path, rows: u64, dry_run: bool) {
    let at = "2016-01-28T00:00:00Z".parse().unwrap();
    let options = ImportOptions { dry_run, ..ImportOptions::new(at) };
    let begin = Instant::now();
    let report = import_folder(store, Arc::new(Directory::new(folder)), options).unwrap();
    let millis = u64::try_from(begin.elapsed().as_millis()).unwrap().max(1);
    assert!(report.is_clean(), "{:?}", report.faults.shown());
    let ended = report.folders.first().map(|folder| folder.ended);
    assert_eq!(ended == Some(Ended::Checked), dry_run);
    println!("{what}: {millis} ms, {} rows/s", rows * 1000 / millis);
}

fn write_folder(dir: &Path, products: u64, raise: u64) {
    fs::create_dir_all(dir).unwrap();
    let file = |name: &str, text: &str| fs::write(dir.join(name), text).unwrap();
    file("supplier.csv", "supplier,time_zone,currency\nbench,Europe/Berlin,EUR\n");
    let mut text = "price_list\n".to_owned();
    (0..LISTS).for_each(|list| writeln!(text, "LIST-{list:03}").unwrap());
    file("price_lists.csv", &text);
    let mut text = "sku,base_uom\n".to_owned();
    (0..products).for_each(|product| writeln!(text, "SKU-{product:08},C62").unwrap());
    file("products.csv", &text);

    let mut out = BufWriter::new(File::create(dir.join("prices.csv")).unwrap());
    writeln!(out, "price_list,sku,currency,minimum_quantity,valid_from,valid_to,amount").unwrap();
    for list in 0..LISTS {
        for product in 0..products {
            for tier in 0..TIERS {
                let raise = if product % 10 == 0 { raise } else { 0 };
                let cents = 100 + (product * 7 + list * 13) % 9000 + raise - tier;
                let (whole, cents) = (cents / 100, cents % 100);
                let minimum = 10_u64.pow(u32::try_from(tier).unwrap());
                writeln!(
                    out,
                    "LIST-{list:03},SKU-{product:08},EUR,{minimum},2016-01-01,2016-12-31,\
                     {whole}.{cents:02}"
                )
                .unwrap();
            }
        }
    }
    out.flush().unwrap();
}
