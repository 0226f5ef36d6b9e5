//! The dialect over the demo catalogue, at the frozen time of the conformance cases.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_consinco::{Config, dialect};
use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{EntryKind, PriceEntry, PriceUnit, Shape};
use kontor_model::record::Cell;
use kontor_model::{FixedClock, Instant, Quantity, Validity};
use kontor_store::{Store, WriteTx};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request};
use kontor_wire::query::decode_path;
use serde_json::Value;

pub(crate) const NOW: &str = "2016-01-28T11:24:28.874Z";
pub(crate) const TOKEN: &str = "T-CONSINCO-DEMO";
pub(crate) const PRICES: &str = "/api/v2/sm_products/product-price";
pub(crate) const LOGIN: &str = "/api/v1/auth/login";
pub(crate) const REFRESH: &str = "/api/v1/auth/refresh-token";

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
#[derive(Debug, Clone, PartialEq, Eq)]
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

    fn at(now: &str, config: Config, login_limits: LoginLimits) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        for file in std::fs::read_dir(demo()).expect("the demo") {
            let file = file.expect("a file");
            std::fs::copy(file.path(), directory.path().join(file.file_name())).expect("a copy");
        }
        let store = open(directory.path());
        let shop = Self::over(store, now.parse().expect("an instant"), config, login_limits);
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

    /// Writes into the catalogue of a supplier.
    pub(crate) fn write(
        &self,
        supplier: &str,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<(), kontor_app::WriteError<()>> + Send + 'static,
    ) {
        let supplier = supplier.parse().expect("a code");
        self.app.write_blocking(supplier, "test".to_owned(), job).expect("rows that fit");
    }

    /// Puts rows into the catalogue of a supplier.
    pub(crate) fn put(&self, supplier: &str, records: Vec<Record>) {
        self.write(supplier, |tx| {
            for record in records {
                tx.put(&record)?;
            }
            Ok(())
        });
    }

    /// Puts a row of the demo's supplier as the catalogue writes it.
    pub(crate) fn put_row(&self, kind: Kind, cells: &[Cell]) {
        let record = Record::from_row(kind, cells).expect("a row");
        self.put("demo42", vec![record]);
    }

    pub(crate) fn send(&self, call: &Call) -> Answer {
        let response = self.runtime.block_on(self.dialect.answer(&call.0));
        Answer {
            status: response.status.as_u16(),
            headers: response.headers,
            text: String::from_utf8(response.body.to_vec()).expect("answers are UTF-8"),
        }
    }

    /// Prices with the token of the demo.
    pub(crate) fn get(&self, query: &str) -> Answer {
        self.send(&Call::prices(query))
    }

    /// The same as XML.
    pub(crate) fn xml(&self, query: &str) -> Answer {
        self.send(&Call::prices(query).header("Accept", "application/xml"))
    }
}

/// The demo catalogue, imported once: its passwords take a while to digest.
fn demo() -> &'static Path {
    static DEMO: OnceLock<tempfile::TempDir> = OnceLock::new();
    let demo = DEMO.get_or_init(|| {
        let directory = tempfile::tempdir().expect("a directory");
        let store = open(directory.path());
        let mut options = ImportOptions::new(NOW.parse().expect("an instant"));
        options.prepare = Arc::new(kontor_app::prepare::prepare);
        let report = import_folder(&*store, Arc::new(Demo), options).expect("an import");
        assert!(report.faults.shown().is_empty(), "the demo has no faults");
        store.close();
        directory
    });
    demo.path()
}

fn open(directory: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(directory, &OpenOptions::default()).expect("a store"))
}

impl Call {
    pub(crate) fn new(method: &str, target: &str, body: &[u8]) -> Self {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let request = Request {
            method: Method::from_bytes(method.as_bytes()).expect("a method"),
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
        Self::new("GET", target, b"")
    }

    /// A call for prices with the token of the demo.
    pub(crate) fn prices(query: &str) -> Self {
        Self::get(&format!("{PRICES}?{query}")).token(TOKEN)
    }

    pub(crate) fn post(target: &str, body: &str) -> Self {
        Self::new("POST", target, body.as_bytes()).header("Content-Type", "application/json")
    }

    /// Sets a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        self.0.headers.insert(name, HeaderValue::from_str(value).expect("a value"));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.headers.remove(name);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
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

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("readable"))
    }

    /// The rows of a good JSON answer.
    pub(crate) fn rows(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json().as_array().expect("a list").clone()
    }

    /// Rows as `sequence x quantity`.
    pub(crate) fn keys(&self) -> Vec<String> {
        let key = |row: &Value| format!("{} x {}", row["seq_product"], row["packing_quantity"]);
        self.rows().iter().map(key).collect()
    }

    /// Status and message of an error in JSON.
    pub(crate) fn error(&self) -> String {
        let answer = self.json();
        let message = answer["Message"].as_str().expect("a message");
        format!("{} {message}", self.status)
    }
}

/// A price of a packing in a list of the demo.
pub(crate) fn price(
    list: &str,
    sku: &str,
    packing: &str,
    quantity: &str,
    amount: &str,
) -> PriceEntry {
    PriceEntry {
        list: list.parse().unwrap(),
        sku: sku.parse().unwrap(),
        shape: Shape {
            unit: PriceUnit::Packing {
                name: packing.parse().unwrap(),
                quantity: quantity.parse().unwrap(),
            },
            currency: "BRL".parse().unwrap(),
            minimum: Quantity::ZERO,
            validity: Validity::ALWAYS,
            kind: EntryKind::Regular,
            term: None,
            decimals: 6,
        },
        amount: Some(amount.parse().unwrap()),
        changed_at: NOW.parse().unwrap(),
    }
}

/// The same as a price of the base unit.
pub(crate) fn of_base_unit(entry: PriceEntry) -> PriceEntry {
    PriceEntry { shape: Shape { unit: PriceUnit::Base, ..entry.shape }, ..entry }
}

/// The same as a promotion from one instant to, and not at, another.
pub(crate) fn promotion(entry: PriceEntry, from: &str, to: &str) -> PriceEntry {
    let bound = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    let validity = Validity::new(bound(from), bound(to)).unwrap();
    PriceEntry { shape: Shape { kind: EntryKind::Promotion, validity, ..entry.shape }, ..entry }
}

/// The same with a payment term.
pub(crate) fn with_term(entry: PriceEntry, term: &str) -> PriceEntry {
    PriceEntry { shape: Shape { term: Some(term.parse().unwrap()), ..entry.shape }, ..entry }
}
