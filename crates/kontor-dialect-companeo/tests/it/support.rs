//! The dialect over the demo catalogue, at the frozen time of the conformance cases.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_companeo::{Config, dialect};
use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_model::{FixedClock, Instant};
use kontor_store::{ReadTx, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request};
use kontor_wire::query::decode_path;
use serde_json::{Value, json};

pub(crate) const NOW: &str = "2016-01-28T11:24:28.874Z";
pub(crate) const KEY: &str = "kontor-demo-secret-not-for-production";
pub(crate) const CREATE: &str = "/api/v1/partners/create_rfq";

/// A running dialect over data of its own.
pub(crate) struct Office {
    pub(crate) app: Arc<App>,
    pub(crate) dialect: Arc<dyn Dialect>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) directory: Arc<tempfile::TempDir>,
    runtime: tokio::runtime::Runtime,
}

/// A request to be sent.
#[derive(Clone)]
pub(crate) struct Call(pub(crate) Request);

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        static DEMO: LazyLock<tempfile::TempDir> = LazyLock::new(demo);
        let directory = tempfile::tempdir().expect("a directory");
        for entry in std::fs::read_dir(DEMO.path()).expect("a directory") {
            let entry = entry.expect("a file");
            if entry.path().is_file() {
                let copy = directory.path().join(entry.file_name());
                std::fs::copy(entry.path(), copy).expect("a copy");
            }
        }
        let store = open(directory.path());
        Self::over(store, Arc::new(directory), NOW, config, LoginLimits::default())
    }

    /// The same data at another time.
    pub(crate) fn at(&self, now: &str) -> Self {
        self.again(now, Config::default())
    }

    /// The same data at another time and with other settings.
    pub(crate) fn again(&self, now: &str, config: Config) -> Self {
        let (store, directory) = (Arc::clone(&self.store), Arc::clone(&self.directory));
        Self::over(store, directory, now, config, LoginLimits::default())
    }

    /// The same data, where so many logins a minute may fail.
    pub(crate) fn limited(&self, failed_per_minute: u32) -> Self {
        let limits = LoginLimits {
            failed_per_minute: NonZeroU32::new(failed_per_minute),
            ..LoginLimits::default()
        };
        let (store, directory) = (Arc::clone(&self.store), Arc::clone(&self.directory));
        Self::over(store, directory, NOW, Config::default(), limits)
    }

    fn over(
        store: Arc<dyn Store>,
        directory: Arc<tempfile::TempDir>,
        now: &str,
        config: Config,
        login_limits: LoginLimits,
    ) -> Self {
        let now: Instant = now.parse().expect("an instant");
        let app =
            AppConfig { store: Arc::clone(&store), clock: Arc::new(FixedClock(now)), login_limits };
        let app = App::open(app).expect("a book");
        let dialect = dialect(Arc::clone(&app), config).expect("settings that can be used");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { app, dialect, store, directory, runtime }
    }

    pub(crate) fn send(&self, call: &Call) -> Answer {
        let response = self.runtime.block_on(self.dialect.answer(&call.0));
        Answer {
            status: response.status.as_u16(),
            headers: response.headers,
            text: String::from_utf8(response.body.to_vec()).expect("answers are UTF-8"),
        }
    }

    /// Sends calls at the same time.
    pub(crate) fn send_all(&self, calls: &[Call]) -> Vec<Answer> {
        std::thread::scope(|scope| {
            let sent: Vec<_> = calls.iter().map(|call| scope.spawn(|| self.alone(call))).collect();
            sent.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        })
    }

    fn alone(&self, call: &Call) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let response = runtime.block_on(self.dialect.answer(&call.0));
        Answer {
            status: response.status.as_u16(),
            headers: response.headers,
            text: String::from_utf8(response.body.to_vec()).expect("answers are UTF-8"),
        }
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

    /// A row of demo42.
    pub(crate) fn row(&self, kind: Kind, key: &[Cell]) -> Option<Record> {
        self.read(|tx| tx.get(kind, key).expect("a row"))
    }

    /// All rows of a kind of demo42.
    pub(crate) fn rows(&self, kind: Kind) -> Vec<Record> {
        self.read(|tx| {
            let mut rows = Vec::new();
            tx.scan(kind, &[], &mut |record| {
                rows.push(record);
                Ok(())
            })
            .expect("rows");
            rows
        })
    }

    fn read<T>(&self, read: impl Fn(&dyn ReadTx) -> T) -> T {
        let supplier = self.store.supplier_id("demo42").expect("a store").expect("demo42");
        let mut found = None;
        let view = self.store.read(supplier, &mut |tx| {
            found = Some(read(tx));
            Ok(())
        });
        view.expect("a view");
        found.expect("a value")
    }
}

/// The demo catalogue in a database that is closed.
fn demo() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    let mut options = ImportOptions::new(NOW.parse().expect("an instant"));
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    let report = import_folder(&*store, Arc::new(Demo), options).expect("an import");
    assert!(report.faults.shown().is_empty());
    store.close();
    directory
}

fn open(directory: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(directory, &OpenOptions::default()).expect("a database"))
}

impl Call {
    /// Inputs sent as partner 22.
    pub(crate) fn inputs(inputs: &Value) -> Self {
        Self::post(CREATE, &inputs.to_string()).token(&token(22))
    }

    pub(crate) fn post(path: &str, body: &str) -> Self {
        Self(Request {
            method: Method::POST,
            path: decode_path(path),
            raw_path: path.to_owned(),
            raw_query: None,
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body: Body::Read(body.to_owned().into()),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            tls: false,
        })
    }

    pub(crate) fn method(mut self, method: Method) -> Self {
        self.0.method = method;
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        let mut call = self;
        call.0.headers.remove(http::header::AUTHORIZATION);
        call.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header");
        self.0.headers.append(HeaderName::from_static(name), value);
        self
    }

    pub(crate) fn too_large(mut self) -> Self {
        self.0.body = Body::TooLarge;
        self
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// Status and codes by input, such as `400 0:9,12 2:16`; of the request as `400 18`.
    pub(crate) fn brief(&self) -> String {
        let json = self.json();
        let codes = |list: &Value| {
            let codes = list.as_array().expect("a list").iter();
            codes.map(|entry| entry["code"].to_string()).collect::<Vec<_>>().join(",")
        };
        let errors = match json["errors"].as_object() {
            Some(inputs) => {
                let name = |name: &String| name.trim_start_matches("input_").to_owned();
                let one = |(key, list): (&String, &Value)| format!("{}:{}", name(key), codes(list));
                inputs.iter().map(one).collect::<Vec<_>>().join(" ")
            }
            None => codes(&json["errors"]),
        };
        format!("{} {errors}", self.status).trim_end().to_owned()
    }

    /// The number of the lead and of the contact of an input.
    pub(crate) fn ids(&self, place: usize) -> (String, i64) {
        let input = self.json()["data"][format!("input_{place}")].clone();
        let rfq = input["rfq_id"].as_str().expect("a number of a lead").to_owned();
        (rfq, input["cli_id"].as_i64().expect("a number of a contact"))
    }
}

/// A good token of a partner.
pub(crate) fn token(partner: u32) -> String {
    let issuer = (partner == 22).then_some("IjIyX0xQNzVfMTki");
    let issuer = if partner == 23 { Some("IjIzX09GRl8xIg") } else { issuer };
    kontor_app::json_web_token::issue(KEY, &partner.to_string(), 2_524_608_000, issuer)
        .expect("a token")
}

/// A good lead of category 1463.
pub(crate) fn lead(email: &str, phone: &str) -> Value {
    json!({"categoryId": 1463, "data": {
        "30148": 25638, "25533": "75001", "email": email, "companyName": "HOTTE INC.",
        "segment": 1, "firstname": "Wayne", "lastname": "Hotte", "phone": phone
    }})
}

/// A good lead of a category that has the contact questions alone.
pub(crate) fn contact(category: &str, email: &str, phone: &str) -> Value {
    json!({"categoryId": category, "data": {
        "email": email, "companyName": "HOTTE INC.",
        "segment": 1, "firstname": "Wayne", "lastname": "Hotte", "phone": phone
    }})
}
