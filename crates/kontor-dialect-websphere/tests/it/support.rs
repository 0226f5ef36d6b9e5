//! The dialect over the demo catalogue, at the frozen time of the conformance cases.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_websphere::{Config, dialect};
use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_model::catalogue::Record;
use kontor_model::{FixedClock, Instant};
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request};
use kontor_wire::query::decode_path;
use serde_json::Value;

pub(crate) const NOW: &str = "2016-01-28T11:24:28.874Z";
pub(crate) const ACME: &str = "7001%2Cacme-secret";
pub(crate) const BETA: &str = "7002%2Cbeta-secret";

/// A running dialect.
pub(crate) struct Shop {
    pub(crate) app: Arc<App>,
    pub(crate) dialect: Arc<dyn Dialect>,
    store: Arc<dyn Store>,
    runtime: tokio::runtime::Runtime,
    _directory: Option<tempfile::TempDir>,
}

/// A request to be sent.
#[derive(Clone)]
pub(crate) struct Call(Request);

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        Self::at(NOW, config, LoginLimits::default())
    }

    pub(crate) fn limited(failed_per_minute: u32) -> Self {
        let limits = LoginLimits {
            failed_per_minute: NonZeroU32::new(failed_per_minute),
            ..LoginLimits::default()
        };
        Self::at(NOW, Config::default(), limits)
    }

    /// Over data that all tests share: they open sessions, but put no rows.
    pub(crate) fn at(now: &str, config: Config, login_limits: LoginLimits) -> Self {
        static SHARED: LazyLock<(tempfile::TempDir, Arc<dyn Store>)> = LazyLock::new(demo);
        let store = Arc::clone(&SHARED.1);
        Self::over(store, now.parse().expect("an instant"), config, login_limits)
    }

    /// Over data of its own, in which rows may be put.
    pub(crate) fn own() -> Self {
        Self::own_at(NOW, Config::default())
    }

    /// The same at another time: logins remove the sessions that have expired by then.
    pub(crate) fn own_at(now: &str, config: Config) -> Self {
        let (directory, store) = demo();
        let now = now.parse().expect("an instant");
        let shop = Self::over(store, now, config, LoginLimits::default());
        Self { _directory: Some(directory), ..shop }
    }

    /// The same data at another time. It lives no longer than the first.
    pub(crate) fn later(&self, now: &str) -> Self {
        let now = now.parse().expect("an instant");
        Self::over(Arc::clone(&self.store), now, Config::default(), LoginLimits::default())
    }

    fn over(
        store: Arc<dyn Store>,
        now: Instant,
        config: Config,
        login_limits: LoginLimits,
    ) -> Self {
        let clock = Arc::new(FixedClock(now));
        let app = AppConfig { store: Arc::clone(&store), clock, login_limits };
        let app = App::open(app).expect("a book");
        let dialect = dialect(Arc::clone(&app), config).expect("settings that can be used");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { app, dialect, store, runtime, _directory: None }
    }

    /// Puts rows into the catalogue of a supplier.
    pub(crate) fn put(&self, supplier: &str, records: Vec<Record>) {
        let supplier = supplier.parse().expect("a code");
        let job = move |tx: &mut dyn kontor_store::WriteTx| {
            for record in records {
                tx.put(&record)?;
            }
            Ok::<_, kontor_app::WriteError<()>>(())
        };
        let written = self.app.write_blocking(supplier, "test".to_owned(), job);
        written.expect("rows that fit");
    }

    pub(crate) fn send(&self, call: &Call) -> Answer {
        let response = self.runtime.block_on(self.dialect.answer(&call.0));
        Answer {
            status: response.status.as_u16(),
            headers: response.headers,
            text: String::from_utf8(response.body.to_vec()).expect("answers are UTF-8"),
        }
    }

    /// Asks store 10101 as ACME with a JSON query.
    pub(crate) fn ask(&self, query: &str) -> Answer {
        self.send(&Call::post(PRICE, &format!(r#"{{"query":{query}}}"#)).token(ACME))
    }
}

/// A database with the demo catalogue.
fn demo() -> (tempfile::TempDir, Arc<dyn Store>) {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let store = SqliteStore::open(directory.path(), &OpenOptions::default()).expect("a store");
    let store: Arc<dyn Store> = Arc::new(store);
    let mut options = ImportOptions::new(NOW.parse().expect("an instant"));
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    let report = import_folder(&*store, Arc::new(Demo), options).expect("an import");
    assert!(report.faults.shown().is_empty(), "the demo has no faults");
    (directory, store)
}

pub(crate) const PRICE: &str = "/wcs/resources/store/10101/price";

impl Call {
    pub(crate) fn new(method: Method, target: &str, body: &[u8]) -> Self {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let request = Request {
            method,
            path: decode_path(path),
            raw_path: path.to_owned(),
            raw_query: query.map(str::to_owned),
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body: Body::Read(body.to_vec().into()),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            tls: false,
        };
        Self(request).header("Host", "shop.test")
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new(Method::GET, target, b"")
    }

    pub(crate) fn post(target: &str, body: &str) -> Self {
        let json = Self::new(Method::POST, target, body.as_bytes());
        json.header("Content-Type", "application/json")
    }

    pub(crate) fn xml(target: &str, body: &str) -> Self {
        let xml = Self::new(Method::POST, target, body.as_bytes());
        xml.header("Content-Type", "application/xml")
    }

    /// Sets a header.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        self.raw_header(name, value.as_bytes())
    }

    pub(crate) fn raw_header(mut self, name: &str, value: &[u8]) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        self.0.headers.insert(name, HeaderValue::from_bytes(value).expect("a value"));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.headers.remove(name);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("WCToken", token)
    }

    pub(crate) fn tls(mut self) -> Self {
        self.0.tls = true;
        self
    }

    pub(crate) fn too_large(mut self) -> Self {
        self.0.body = Body::TooLarge;
        self
    }

    pub(crate) fn request(&self) -> &Request {
        &self.0
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        kontor_wire::json::parse(self.text.as_bytes()).expect("answers are JSON")
    }

    pub(crate) fn content_type(&self) -> &str {
        let value = self.headers.get("Content-Type").expect("a type");
        value.to_str().expect("readable")
    }

    /// The results, one line each: `contract part product: price currency/quantity unit, …`.
    pub(crate) fn prices(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text);
        let answer = self.json();
        let results = answer["EntitledPrice"].as_array().expect("a list");
        results.iter().map(line).collect()
    }

    /// The ranges of all results: `minimum-maximum unit price currency`.
    pub(crate) fn ranges(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text);
        let answer = self.json();
        let results = answer["EntitledPrice"].as_array().expect("a list");
        let ranges = results.iter().flat_map(|one| one["RangePrice"].as_array().expect("ranges"));
        ranges.map(range_line).collect()
    }

    /// Status, key, code and parameters of an error.
    pub(crate) fn error(&self) -> String {
        let answer = self.json();
        let error = &answer["errors"][0];
        let text = |name: &str| error[name].as_str().expect("a text").to_owned();
        assert!(!text("errorMessage").is_empty());
        let (key, code) = (text("errorKey"), text("errorCode"));
        let code = if code == key { "=".to_owned() } else { code };
        format!("{} {key} {code} {}", self.status, text("errorParameters"))
    }
}

fn line(result: &Value) -> String {
    let text = |name: &str| result[name].as_str().expect("a text").to_owned();
    let prices = result["UnitPrice"].as_array().expect("a list").iter().map(|one| {
        let (price, quantity) = (&one["price"], &one["quantity"]);
        let (currency, uom) = (price["currency"].as_str(), quantity["uom"].as_str());
        format!(
            "{} {}/{} {}",
            price["value"],
            currency.expect("a text"),
            quantity["value"],
            uom.expect("a text")
        )
    });
    let prices: Vec<String> = prices.collect();
    let (contract, part, id) = (text("contractId"), text("partNumber"), text("productId"));
    format!("{contract} {part} {id}: {}", prices.join(", "))
}

fn range_line(range: &Value) -> String {
    let (minimum, maximum) = (&range["minimumQuantity"], &range["maximumQuantity"]);
    let price = &range["priceInRange"];
    let uom = minimum["uom"].as_str().expect("a text");
    assert!(maximum.is_null() || maximum["uom"] == minimum["uom"]);
    let until = if maximum.is_null() { "…".to_owned() } else { maximum["value"].to_string() };
    let currency = price["currency"].as_str().expect("a text");
    format!("{}-{until} {uom} {} {currency}", minimum["value"], price["value"])
}
