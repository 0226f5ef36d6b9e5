//! `cargo bench -p kontor-dialect-restigo`: small writes a second through the dialect, from the
//! bytes of a request to its answer, durable and shown by the book, with 1 and with 16 clients at
//! once; and how long a price question takes meanwhile. Sockets are not part of it.
//!
//! Clients share commits, so sixteen of them get far more than one sixteenth each of what one
//! gets. The data lies in the target directory, hence on its disk.

#![expect(clippy::expect_used, reason = "a measurement that cannot be set up is none")]

use std::hint::black_box;
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_restigo::{Config, dialect};
use kontor_exchange::{ImportOptions, demo, import_folder};
use kontor_model::clock::SystemClock;
use kontor_model::quantity::Quantity;
use kontor_pricing::{Found, Lookup, Question};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PATH: &str = "/api/departments/thirdParty/pricings/items";
/// How long each measurement takes.
const TIME: Duration = Duration::from_secs(4);
/// Price questions measured as one; a single one is too short for the clock.
const BATCH: u32 = 64;

fn main() {
    let scene = Scene::new();
    let idle = scene.while_reading(|| std::thread::sleep(TIME / 4)).1;
    report("price question, nobody writes", &idle);
    let mut of_one = 0;
    for clients in [1, 16] {
        let (writes, reads) = scene.while_reading(|| scene.write(clients));
        let (count, time) = (writes.len() as u128, TIME.as_millis());
        let a_second = count * 1_000 / time;
        print(&format!("{clients} clients: {a_second} writes/s"));
        report("  a write", &writes);
        report("  price question meanwhile", &reads);
        if clients == 1 {
            of_one = count.max(1);
        } else {
            let percent = count * 100 / of_one;
            print(&format!("{clients} clients write {percent} % of what 1 client writes"));
        }
    }
}

struct Scene {
    app: Arc<App>,
    dialect: Arc<dyn Dialect>,
    runtime: Runtime,
    _data: TempDir,
}

impl Scene {
    fn new() -> Self {
        let data = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let store = SqliteStore::open(data.path(), &OpenOptions::default()).expect("opens");
        let mut options = ImportOptions::new("2016-01-28T00:00:00Z".parse().expect("an instant"));
        options.prepare = Arc::new(kontor_app::prepare::prepare);
        let report = import_folder(&store, Arc::new(demo::Demo), options).expect("imports");
        assert!(report.is_clean());
        let app = App::open(AppConfig {
            store: Arc::new(store),
            clock: Arc::new(SystemClock),
            login_limits: LoginLimits::default(),
        });
        let app = app.expect("opens");
        let dialect = dialect(Arc::clone(&app), &Config::default()).expect("usable");
        Self { app, dialect, runtime: Runtime::new().expect("starts"), _data: data }
    }

    /// Times of the writes of so many clients, each of which sends one after the other.
    fn write(&self, clients: u32) -> Vec<Duration> {
        let end = Instant::now() + TIME;
        let running: Vec<_> = (0..clients)
            .map(|client| {
                let dialect = Arc::clone(&self.dialect);
                self.runtime.spawn(async move {
                    let mut times = Vec::new();
                    while Instant::now() < end {
                        let request = request(client, times.len());
                        let begun = Instant::now();
                        let answer = dialect.answer(&request).await;
                        times.push(begun.elapsed());
                        assert_eq!(answer.status, StatusCode::CREATED);
                    }
                    times
                })
            })
            .collect();
        let mut all = Vec::new();
        for client in running {
            all.extend(self.runtime.block_on(client).expect("a client that ended"));
        }
        all
    }

    /// What `work` gives, and the times of one price question each while it ran.
    fn while_reading<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<Duration>) {
        let done = AtomicBool::new(false);
        std::thread::scope(|threads| {
            let reader = threads.spawn(|| {
                let mut times = Vec::new();
                while !done.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    for _ in 0..BATCH {
                        black_box(self.ask());
                    }
                    times.push(begun.elapsed() / BATCH);
                    std::thread::sleep(Duration::from_millis(1));
                }
                times
            });
            let result = work();
            done.store(true, Ordering::Relaxed);
            (result, reader.join().expect("a reader that ended"))
        })
    }

    /// What a question of any protocol does: take the book, find the product, price it.
    fn ask(&self) -> i64 {
        let book = self.app.book();
        let tenant = book.supplier("demo42").expect("is there");
        let Found::One(product) = book.find(tenant.id(), Lookup::Sku("11045682")) else {
            return 0;
        };
        let customer = tenant.customer("556781").expect("is there");
        let price = book.price(&Question {
            lists: &customer.lists,
            strategy: kontor_model::supplier::Strategy::First,
            product,
            quantity: Quantity::ONE,
            uom: kontor_model::Uom::one(),
            currency: "ILS".parse().expect("a currency"),
            at: self.app.now(),
            term: None,
        });
        price.expect("has a price").amount.micros()
    }
}

/// Sets one price that differs from the one before.
fn request(client: u32, round: usize) -> Request {
    let number = if client.is_multiple_of(2) { "0101" } else { "100105" };
    let price = round * 16 + client as usize;
    let body = format!(
        r#"{{"pricing_id":4515,"customer_number":"556781","items":[{{"catalog_number":"{number}","price_after_discount":{price}}}]}}"#
    );
    let mut headers = HeaderMap::new();
    headers.insert("token", HeaderValue::from_static("tok-restigo-demo"));
    Request {
        method: Method::POST,
        path: PATH.to_owned(),
        raw_path: PATH.to_owned(),
        raw_query: None,
        version: Version::HTTP_11,
        headers,
        body: Body::Read(Bytes::from(body)),
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        tls: false,
    }
}

fn report(what: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let most = times.last().copied().unwrap_or_default();
    print(&format!("{what}: p50 {:?}, p99 {:?}, most {most:?}", at(50), at(99)));
}

fn print(line: &str) {
    writeln!(io::stdout(), "{line}").expect("standard output");
}
