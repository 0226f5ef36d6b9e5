//! `cargo bench -p kontor-dialect-companeo`: how many leads a second are taken in durably.
//!
//! Through `Dialect::answer`, from the request to the bytes of the answer: the token is verified, the
//! questionnaire checked, repetitions searched, and the lead with its delivery is on the disk before
//! the answer is there. One client, sixteen at the same time, sixteen that send ten leads a call,
//! and refusals, which write nothing. Sockets are not part of it.

#![expect(clippy::expect_used, reason = "a measurement that cannot be set up is none")]

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_companeo::{Config, dialect};
use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_model::FixedClock;
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request};

const NOW: &str = "2016-01-28T11:24:28.874Z";
const PATH: &str = "/api/v1/partners/create_rfq";
const KEY: &str = "kontor-demo-secret-not-for-production";
const ISSUER: &str = "IjIyX0xQNzVfMTki";

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let office = Office::open(directory.path());
    office.run("warm-up, 16 clients", 16, 64, 1);
    office.run("1 client", 1, 400, 1);
    office.run("16 clients", 16, 200, 1);
    office.run("16 clients, 10 leads a call", 16, 40, 10);
    office.refuse("16 clients, refused", 16, 200);
}

struct Office {
    dialect: Arc<dyn Dialect>,
    authorization: HeaderValue,
    /// Numbers of people that have not sent a lead yet.
    people: AtomicUsize,
}

impl Office {
    fn open(directory: &Path) -> Self {
        let store = SqliteStore::open(directory, &OpenOptions::default()).expect("a database");
        let store: Arc<dyn Store> = Arc::new(store);
        let now = NOW.parse().expect("an instant");
        let mut options = ImportOptions::new(now);
        options.prepare = Arc::new(kontor_app::prepare::prepare);
        import_folder(&*store, Arc::new(Demo), options).expect("an import");
        let login_limits = LoginLimits::default();
        let app = AppConfig { store, clock: Arc::new(FixedClock(now)), login_limits };
        let app = App::open(app).expect("a book");
        let token =
            kontor_app::access::json_web_token::issue(KEY, "22", 2_524_608_000, Some(ISSUER));
        let authorization = format!("Bearer {}", token.expect("a token"));
        Self {
            dialect: dialect(app, Config::default()).expect("settings that can be used"),
            authorization: HeaderValue::from_str(&authorization).expect("a header"),
            people: AtomicUsize::new(0),
        }
    }

    /// So many clients send so many calls each.
    fn run(&self, name: &str, clients: usize, calls: usize, leads: usize) {
        let body = || {
            let inputs: Vec<String> = (0..leads).map(|_| self.lead("25638")).collect();
            format!("[{}]", inputs.join(","))
        };
        let (took, latencies) = self.send(clients, calls, &body, StatusCode::OK);
        report(name, clients * calls * leads, took, latencies);
    }

    /// The same with an answer that is no option.
    fn refuse(&self, name: &str, clients: usize, calls: usize) {
        let body = || format!("[{}]", self.lead("1"));
        let (took, latencies) = self.send(clients, calls, &body, StatusCode::BAD_REQUEST);
        report(name, clients * calls, took, latencies);
    }

    fn send(
        &self,
        clients: usize,
        calls: usize,
        body: &(dyn Fn() -> String + Sync),
        expected: StatusCode,
    ) -> (Duration, Vec<Duration>) {
        let begun = Instant::now();
        let latencies = std::thread::scope(|scope| {
            let clients: Vec<_> =
                (0..clients).map(|_| scope.spawn(|| self.client(calls, body, expected))).collect();
            clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
        });
        (begun.elapsed(), latencies)
    }

    fn client(
        &self,
        calls: usize,
        body: &(dyn Fn() -> String + Sync),
        expected: StatusCode,
    ) -> Vec<Duration> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let call = |_| {
            let request = self.request(body());
            let begun = Instant::now();
            let answer = runtime.block_on(self.dialect.answer(&request));
            assert_eq!(answer.status, expected, "{:?}", answer.body);
            begun.elapsed()
        };
        (0..calls).map(call).collect()
    }

    /// A lead of somebody who never sent one.
    fn lead(&self, staff: &str) -> String {
        let person = self.people.fetch_add(1, Ordering::Relaxed);
        format!(
            r#"{{"categoryId":1463,"data":{{"30148":{staff},"25533":"75001","email":"p{person}@test.fr","companyName":"HOTTE INC.","segment":1,"firstname":"Wayne","lastname":"Hotte","phone":"02{person:08}"}}}}"#
        )
    }

    fn request(&self, body: String) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::AUTHORIZATION, self.authorization.clone());
        Request {
            method: Method::POST,
            path: PATH.to_owned(),
            raw_path: PATH.to_owned(),
            raw_query: None,
            version: Version::HTTP_11,
            headers,
            body: Body::Read(body.into()),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            tls: false,
            deadline: kontor_wire::deadline::Deadline::default(),
        }
    }
}

fn report(name: &str, done: usize, took: Duration, mut latencies: Vec<Duration>) {
    latencies.sort_unstable();
    let at = |percent: usize| {
        let place = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
        latencies.get(place).map_or(0, Duration::as_micros)
    };
    let a_second = done as u128 * 1_000_000 / took.as_micros().max(1);
    let line = format!("{name}: {a_second}/s, p50 {} µs, p99 {} µs", at(50), at(99));
    writeln!(io::stdout(), "{line}").expect("a line of output");
}
