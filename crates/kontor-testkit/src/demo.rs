//! A dialect over the demo catalogue, at the frozen time of the conformance cases, asked without a
//! socket.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_model::FixedClock;
use kontor_model::catalogue::Record;
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request};
use kontor_wire::query::decode_path;

/// The instant at which the demo data lives.
pub const NOW: &str = "2016-01-28T11:24:28.874Z";

/// A dialect that can be asked.
pub struct Served {
    pub app: Arc<App>,
    pub dialect: Arc<dyn Dialect>,
    runtime: tokio::runtime::Runtime,
    _directory: Option<tempfile::TempDir>,
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Call(pub Request);

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Served {
    /// Over data that all tests of a binary share: nothing may be put.
    pub fn shared(
        now: &str,
        login_limits: LoginLimits,
        make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>,
    ) -> Self {
        static SHARED: LazyLock<(tempfile::TempDir, Arc<dyn Store>)> = LazyLock::new(demo);
        Self::over(Arc::clone(&SHARED.1), None, now, login_limits, make)
    }

    /// Over data of its own, in which rows may be put.
    pub fn own(make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>) -> Self {
        let (directory, store) = demo();
        Self::over(store, Some(directory), NOW, LoginLimits::default(), make)
    }

    fn over(
        store: Arc<dyn Store>,
        directory: Option<tempfile::TempDir>,
        now: &str,
        login_limits: LoginLimits,
        make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>,
    ) -> Self {
        let clock = Arc::new(FixedClock(now.parse().expect("an instant")));
        let app = App::open(AppConfig { store, clock, login_limits }).expect("a book");
        let dialect = make(Arc::clone(&app));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { app, dialect, runtime, _directory: directory }
    }

    /// Puts rows into the catalogue of a supplier.
    pub fn put(&self, supplier: &str, records: Vec<Record>) {
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

    pub fn send(&self, call: &Call) -> Answer {
        let response = self.runtime.block_on(self.dialect.answer(&call.0));
        Answer {
            status: response.status.as_u16(),
            headers: response.headers,
            text: String::from_utf8(response.body.to_vec()).expect("answers are UTF-8"),
        }
    }

    pub fn get(&self, target: &str) -> Answer {
        self.send(&Call::new(Method::GET, target, b""))
    }
}

impl Call {
    /// A request as the server hands it over.
    pub fn new(method: Method, target: &str, body: &[u8]) -> Self {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let decoded = decode_path(path);
        let trimmed = decoded.strip_suffix('/').filter(|path| !path.is_empty());
        Self(Request {
            method,
            path: trimmed.map_or_else(|| decoded.clone(), str::to_owned),
            raw_path: path.to_owned(),
            raw_query: query,
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body: Body::Read(body.to_vec().into()),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            tls: false,
        })
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a value");
        self.0.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// The same with a body that was not read to its end.
    #[must_use]
    pub fn too_large(mut self) -> Self {
        self.0.body = Body::TooLarge;
        self
    }
}

/// A database with the demo catalogue.
fn demo() -> (tempfile::TempDir, Arc<dyn Store>) {
    let directory = tempfile::tempdir().expect("a directory");
    let store = SqliteStore::open(directory.path(), &OpenOptions::default()).expect("a store");
    let store: Arc<dyn Store> = Arc::new(store);
    let mut options = ImportOptions::new(NOW.parse().expect("an instant"));
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    let report = import_folder(&*store, Arc::new(Demo), options).expect("an import");
    assert!(report.is_clean(), "the demo has no faults");
    (directory, store)
}
