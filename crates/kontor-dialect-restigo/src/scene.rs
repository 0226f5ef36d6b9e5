//! What the tests play on: the dialect over the demo catalogue, without a server.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use kontor_app::{App, AppConfig, LoginLimits, WriteError};
use kontor_exchange::{ImportOptions, demo, import_folder};
use kontor_model::catalogue::Record;
use kontor_model::clock::FixedClock;
use kontor_store::WriteTx;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request, Response};
use kontor_wire::query::decode_path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::config::Config;
use crate::wire::BASE;

pub(crate) const DEMO: &str = "tok-restigo-demo";
pub(crate) const MINI: &str = "tok-restigo-mini";

/// A running application with the demo catalogue, and the dialect on it.
pub(crate) struct Scene {
    pub(crate) app: Arc<App>,
    pub(crate) dialect: Arc<dyn Dialect>,
    pub(crate) runtime: Runtime,
    _data: TempDir,
}

/// A request of a partner.
#[derive(Clone)]
pub(crate) struct Call(Request);

/// The instant at which the clock stands.
pub(crate) const NOW: &str = "2016-01-28T11:24:28.874Z";

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with(&Config::default())
    }

    pub(crate) fn with(config: &Config) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let now = NOW.parse().expect("an instant");
        let store = SqliteStore::open(data.path(), &OpenOptions::default()).expect("opens");
        let mut options = ImportOptions::new(now);
        options.prepare = Arc::new(|record, existing| {
            kontor_app::prepare::prepare(without_password(record), existing)
        });
        let report = import_folder(&store, Arc::new(demo::Demo), options).expect("imports");
        assert!(report.is_clean(), "{report:?}");
        let app = App::open(AppConfig {
            store: Arc::new(store),
            clock: Arc::new(FixedClock(now)),
            login_limits: LoginLimits::default(),
        });
        let app = app.expect("opens");
        Self {
            dialect: crate::dialect(Arc::clone(&app), config).expect("usable settings"),
            app,
            runtime: Runtime::new().expect("starts"),
            _data: data,
        }
    }

    pub(crate) fn answer(&self, call: &Call) -> Response {
        assert!(self.dialect.owns(&call.0.path));
        self.runtime.block_on(self.dialect.answer(&call.0))
    }

    /// Compares status and body.
    pub(crate) fn check(&self, call: &Call, status: u16, body: &str) {
        let response = self.answer(call);
        let found = String::from_utf8_lossy(&response.body);
        assert_eq!((response.status.as_u16(), found.as_ref()), (status, body));
    }

    /// Puts rows of a supplier as an import would.
    pub(crate) fn put(&self, supplier: &str, records: Vec<Record>) {
        let supplier = supplier.parse().expect("a code");
        let job = move |tx: &mut dyn WriteTx| -> Result<(), WriteError<()>> {
            for record in &records {
                tx.put(record)?;
            }
            Ok(())
        };
        let written = self.app.write_blocking(supplier, "test".to_owned(), job);
        written.expect("accepted");
    }

    /// The number of the newest change.
    pub(crate) fn change(&self) -> u64 {
        self.app.book().change()
    }

    /// The bodies of `GET /pricings` of both suppliers: they show whether anything was changed.
    pub(crate) fn lists(&self) -> Vec<Bytes> {
        [DEMO, MINI]
            .map(|token| self.answer(&Call::new("GET", "/pricings").token(token)).body)
            .to_vec()
    }
}

/// Digests of passwords take long and nobody logs in here.
fn without_password(record: Record) -> Record {
    let Record::Account(mut account) = record else {
        return record;
    };
    account.password = None;
    Record::Account(account)
}

impl Call {
    /// A request with the key of the first supplier. The target may have a query.
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let raw_path = format!("{BASE}{path}");
        let call = Self(Request {
            method: Method::from_bytes(method.as_bytes()).expect("a method"),
            path: decode_path(&raw_path),
            raw_path,
            raw_query: query,
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body: Body::Read(Bytes::new()),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            tls: false,
        });
        call.token(DEMO)
    }

    pub(crate) fn token(mut self, token: &str) -> Self {
        self.0.headers.remove("token");
        self.header("token", token)
    }

    pub(crate) fn without_token(mut self) -> Self {
        self.0.headers.remove("token");
        self
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a value");
        self.0.headers.append(name, value);
        self
    }

    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.0.body = Body::Read(Bytes::copy_from_slice(body.as_ref()));
        self
    }

    pub(crate) fn json(self, body: &str) -> Self {
        self.header("content-type", "application/json").body(body)
    }

    pub(crate) fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub(crate) fn too_large(mut self) -> Self {
        self.0.body = Body::TooLarge;
        self
    }

    pub(crate) fn request(&self) -> &Request {
        &self.0
    }
}
