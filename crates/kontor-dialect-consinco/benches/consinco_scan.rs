//! `cargo bench -p kontor-dialect-consinco`: how fast a partner can read every price of a company.
//!
//! A million rows in pages of ten thousand, through `Dialect::answer` from the request to the bytes
//! of the answer, beside reading the same rows by SQL in key order with an index made for it.
//! Medians over the pages of some scans; sockets are not part of it.

#![expect(clippy::expect_used, reason = "a measurement that cannot be set up is none")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Read, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_consinco::{Config, dialect};
use kontor_exchange::{FolderSource, ImportOptions, SourceFile, import_folder};
use kontor_model::FixedClock;
use kontor_model::catalogue::Record;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceUnit, Shape};
use kontor_model::{Quantity, Validity};
use kontor_store::{Store, WriteTx};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request, Response};

/// Each in four packings; a fifth of the rows has a promotion, each has a price in a sales table.
const PRODUCTS: usize = 250_000;
const PACKINGS: [(&str, usize); 4] = [("UN", 1), ("PC", 3), ("CX", 12), ("FD", 48)];
const ROWS: usize = PRODUCTS * PACKINGS.len();
const PAGE: usize = 10_000;
const NOW: &str = "2016-01-28T11:24:28.874Z";

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let (app, dialect) = shop(directory.path());
    let scans = Scans { runtime: runtime(), dialect };

    let built = timed(|| scans.page("application/json", "", 1)).0;
    say(&format!("first page, with the index of {ROWS} rows built: {} ms", built.as_millis()));
    let json = scans.run("json", "application/json", "");
    scans.run("xml", "application/xml", "");
    scans.run("json, of one sales table", "application/json", "&sales_table_number=001");
    scans.run("json, changed since", "application/json", "&last_update_date=01012016");
    follow(&app, &scans);
    drop((app, scans));

    let sql = sql(directory.path());
    report("sql in key order", sql, ROWS, 0);
    let ratio = sql.as_nanos() * 100 / json.as_nanos().max(1);
    say(&format!("rows a second, json to sql: {}.{:02}", ratio / 100, ratio % 100));
}

/// What is measured.
struct Scans {
    runtime: tokio::runtime::Runtime,
    dialect: Arc<dyn Dialect>,
}

impl Scans {
    fn page(&self, accept: &'static str, filter: &str, number: usize) -> Response {
        let query = format!("number_company=1&_pageSize={PAGE}&_pageNo={number}{filter}");
        let request = request(&query, accept);
        let response = self.runtime.block_on(self.dialect.answer(&request));
        assert_eq!(response.status, StatusCode::OK);
        response
    }

    /// Scans everything some times and tells the median of a scan.
    fn run(&self, name: &str, accept: &'static str, filter: &str) -> Duration {
        let mut bytes = 0;
        let scan = || {
            for number in 1..=ROWS / PAGE {
                bytes = black_box(self.page(accept, filter, number)).body.len();
            }
        };
        let took = median(5, scan);
        let last = self.page(accept, filter, ROWS / PAGE);
        assert!(!last.headers.contains_key("link"), "all rows were read");
        assert_eq!(last.headers.get("x-total-count"), Some(&HeaderValue::from(ROWS)));
        report(name, took, ROWS, bytes);
        took
    }
}

/// How long the first page takes after a price was written, beside the same without.
fn follow(app: &App, scans: &Scans) {
    let first = || black_box(scans.page("application/json", "", 1)).body.len();
    let idle = median(21, first);
    let mut number = 0;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..21 {
        number += 9973;
        write(app, number % PRODUCTS);
        times.push(timed(first).0);
    }
    times.sort_unstable();
    let after_write = times.get(times.len() / 2).copied().unwrap_or_default();
    let [idle, after_write] = [idle, after_write].map(|took| took.as_micros());
    say(&format!("first page: {idle} µs; after a price was written: {after_write} µs"));
}

fn write(app: &App, product: usize) {
    let entry = PriceEntry {
        list: "BASE".parse().expect("a code"),
        sku: product.to_string().parse().expect("a code"),
        shape: Shape {
            unit: PriceUnit::Packing {
                name: "UN".parse().expect("a code"),
                quantity: Quantity::ONE,
            },
            currency: "BRL".parse().expect("a currency"),
            minimum: Quantity::ZERO,
            validity: Validity::ALWAYS,
            kind: EntryKind::Regular,
            term: None,
            decimals: 2,
        },
        amount: Some("1.5".parse().expect("an amount")),
        changed_at: NOW.parse().expect("an instant"),
    };
    let job = move |tx: &mut dyn WriteTx| {
        tx.put(&Record::Price(entry.clone()))?;
        Ok::<_, kontor_app::WriteError<()>>(())
    };
    let supplier = "bench".parse().expect("a code");
    app.write_blocking(supplier, "bench".to_owned(), job).expect("a write");
}

/// Reads the rows of the base list as a program that has only the database would.
fn sql(directory: &Path) -> Duration {
    let database = rusqlite::Connection::open(directory.join("kontor.db")).expect("the database");
    let index =
        "CREATE INDEX bench ON identifiers (supplier_id, scheme, CAST(value AS INTEGER), sku)";
    database.execute_batch(index).expect("an index");
    let query = "
        SELECT CAST(i.value AS INTEGER) AS sequence, s.packing, s.packing_quantity AS quantity,
            k.gtin, b.amount, b.changed_at
        FROM identifiers i
        JOIN products p ON p.supplier_id = i.supplier_id AND p.sku = i.sku
        JOIN price b ON b.product_id = p.id
        JOIN price_shape s ON s.id = b.shape_id
        LEFT JOIN packings k ON k.supplier_id = p.supplier_id AND k.sku = p.sku
            AND k.packing = s.packing AND k.quantity = s.packing_quantity
        WHERE i.supplier_id = (SELECT supplier_id FROM supplier WHERE supplier = 'bench')
            AND i.scheme = 'sequence_number' AND p.state = 'active' AND s.kind = 'regular'
            AND b.list_id = (SELECT id FROM price_lists WHERE price_list = 'BASE')
        ORDER BY CAST(i.value AS INTEGER), i.sku, s.packing_quantity";
    let mut statement = database.prepare(query).expect("a query");
    median(3, || {
        let mut rows = statement.query([]).expect("rows");
        let mut count = 0;
        while let Some(row) = rows.next().expect("a row") {
            let values: (i64, String, i64, Option<String>, i64, i64) = (
                row.get(0).expect("a number"),
                row.get(1).expect("a text"),
                row.get(2).expect("a number"),
                row.get(3).expect("a text"),
                row.get(4).expect("a number"),
                row.get(5).expect("a number"),
            );
            black_box(values);
            count += 1;
        }
        assert_eq!(count, ROWS);
    })
}

fn report(name: &str, took: Duration, rows: usize, bytes_of_page: usize) {
    let per_second = rows as u128 * 1_000_000_000 / took.as_nanos().max(1);
    let per_row = took.as_nanos() / rows as u128;
    let page = if bytes_of_page == 0 {
        String::new()
    } else {
        format!(", {} kB a page of {PAGE}", bytes_of_page / 1000)
    };
    say(&format!("{name}: {per_second} rows/s ({per_row} ns a row{page})"));
}

fn median<T>(rounds: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..rounds).map(|_| timed(&mut run).0).collect();
    times.sort_unstable();
    times.get(rounds / 2).copied().unwrap_or_default()
}

fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = run();
    (begun.elapsed(), done)
}

fn say(line: &str) {
    writeln!(io::stdout(), "consinco_scan: {line}").expect("standard output");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

fn request(query: &str, accept: &'static str) -> Request {
    let path = "/api/v2/sm_products/product-price";
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_static("Bearer T-BENCH"));
    headers.insert("accept", HeaderValue::from_static(accept));
    Request {
        method: Method::GET,
        path: path.to_owned(),
        raw_path: path.to_owned(),
        raw_query: Some(query.to_owned()),
        version: Version::HTTP_11,
        headers,
        body: Body::Read(bytes::Bytes::new()),
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        tls: false,
        deadline: kontor_wire::deadline::Deadline::default(),
    }
}

fn shop(directory: &Path) -> (Arc<App>, Arc<dyn Dialect>) {
    let now = NOW.parse().expect("an instant");
    let store = SqliteStore::open(directory, &OpenOptions::default()).expect("a store");
    let store: Arc<dyn Store> = Arc::new(store);
    let mut options = ImportOptions::new(now);
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    import_folder(&*store, Arc::new(Catalogue::new()), options).expect("an import");
    let clock = Arc::new(FixedClock(now));
    let config = AppConfig { store, clock, login_limits: LoginLimits::default() };
    let app = App::open(config).expect("a book");
    let dialect = dialect(Arc::clone(&app), Config::default()).expect("settings");
    (app, dialect)
}

/// The catalogue as a folder in memory.
struct Catalogue(Vec<(&'static str, String)>);

impl Catalogue {
    fn new() -> Self {
        let mut products = "sku,state,base_uom\n".to_owned();
        let mut identifiers = "sku,scheme,value\n".to_owned();
        let mut packings = "sku,packing,quantity,gtin\n".to_owned();
        let mut prices = "price_list,sku,packing,packing_quantity,valid_from,valid_to,kind,payment_term,amount,changed_at\n".to_owned();
        for product in 0..PRODUCTS {
            // Numbers in another order than the products.
            let sequence = product * 7919 % PRODUCTS;
            writeln!(products, "{product},active,C62").expect("a text");
            writeln!(identifiers, "{product},sequence_number,{sequence}").expect("a text");
            for (place, (name, quantity)) in PACKINGS.iter().enumerate() {
                let gtin = gtin(product * PACKINGS.len() + place);
                let unit = format!("{product},{name},{quantity}");
                let cents = 100 + (product * 31 + place * 17) % 100_000;
                let amount = format!("{}.{:02}", cents / 100, cents % 100);
                let second = product % 60;
                let changed = format!("2016-01-{:02}T10:00:{second:02}Z", 1 + product % 27);
                writeln!(packings, "{unit},{gtin}").expect("a text");
                writeln!(prices, "BASE,{unit},,,regular,,{amount},{changed}").expect("a text");
                writeln!(prices, "TABLE,{unit},,,regular,1,{amount},{changed}").expect("a text");
                if (product + place) % 5 == 0 {
                    let days = ["2016-01-25,2016-02-29", "2016-01-01,2016-01-31"];
                    let days = days.get(product % 2).copied().unwrap_or_default();
                    writeln!(prices, "BASE,{unit},{days},promotion,,{amount},{changed}")
                        .expect("a text");
                }
            }
        }
        let zone = "America/Sao_Paulo";
        let file = |name, text: &str| (name, text.to_owned());
        Self(vec![
            file("supplier.csv", &format!("supplier,time_zone,currency\nbench,{zone},BRL\n")),
            ("products.csv", products),
            ("identifiers.csv", identifiers),
            ("packings.csv", packings),
            ("prices.csv", prices),
            file("payment_terms.csv", "payment_term,name\n1,A VISTA\n"),
            file("price_lists.csv", "price_list\nBASE\nTABLE\n"),
            file(
                "selling_entities.csv",
                &format!("entity,currency,time_zone,main_segment\n1,BRL,{zone},1\n"),
            ),
            file("segments.csv", "entity,segment,price_list\n1,1,BASE\n"),
            file(
                "sales_tables.csv",
                "entity,segment,number,name,price_list\n1,1,001,ATACADO,TABLE\n",
            ),
            file(
                "accounts.csv",
                "protocol,login,realm,state,token\nconsinco,bench,bench,active,T-BENCH\n",
            ),
        ])
    }
}

/// A GTIN-13 with its check digit.
fn gtin(number: usize) -> String {
    let body = format!("789{number:09}");
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 =
        body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

impl FolderSource for Catalogue {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        let files = self.0.iter();
        Ok(files
            .map(|(name, text)| SourceFile { name: (*name).to_owned(), bytes: text.len() as u64 })
            .collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let file = self.0.iter().find(|(own, _)| *own == name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(io::Cursor::new(file.1.clone().into_bytes())))
    }
}
