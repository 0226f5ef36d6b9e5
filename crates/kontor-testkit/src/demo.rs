//! A dialect over the demo catalogue, at the frozen time of the conformance cases, asked without a
//! socket.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use kontor_app::deadline::within;
use kontor_app::{App, AppConfig, LoginLimits, WriteError};
use kontor_model::FixedClock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_store::{Store, WriteTx};
use kontor_wire::http::{Body, Dialect, Request, Response};
use kontor_wire::query::decode_path;
use serde_json::Value;

use crate::data::Data;

pub use crate::data::NOW;

/// A dialect that can be asked, over data of its own.
pub struct Served {
    pub app: Arc<App>,
    pub dialect: Arc<dyn Dialect>,
    data: Arc<Data>,
    runtime: tokio::runtime::Runtime,
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

/// Limits of logins of which so many a minute may fail.
pub fn limited(failed_per_minute: u32) -> LoginLimits {
    LoginLimits { failed_per_minute: NonZeroU32::new(failed_per_minute), ..LoginLimits::default() }
}

impl Served {
    /// At the time of the demo.
    pub fn new(make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>) -> Self {
        Self::at(NOW, LoginLimits::default(), make)
    }

    pub fn at(
        now: &str,
        login_limits: LoginLimits,
        make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>,
    ) -> Self {
        Self::over(Arc::new(Data::new()), now, login_limits, make)
    }

    /// Another process, so to speak, over the same data and at another time.
    #[must_use]
    pub fn again(
        &self,
        now: &str,
        login_limits: LoginLimits,
        make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>,
    ) -> Self {
        Self::over(Arc::clone(&self.data), now, login_limits, make)
    }

    fn over(
        data: Arc<Data>,
        now: &str,
        login_limits: LoginLimits,
        make: impl FnOnce(Arc<App>) -> Arc<dyn Dialect>,
    ) -> Self {
        let clock = Arc::new(FixedClock(now.parse().expect("an instant")));
        let store = Arc::clone(&data.store);
        let app = App::open(AppConfig { store, clock, login_limits }).expect("a book");
        let dialect = make(Arc::clone(&app));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { app, dialect, data, runtime }
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.data.store
    }

    /// Where the database is.
    pub fn directory(&self) -> &Path {
        self.data.directory()
    }

    /// Writes into the catalogue of a supplier.
    pub fn write(
        &self,
        supplier: &str,
        job: impl Fn(&mut dyn WriteTx) -> Result<(), WriteError<()>> + Send + 'static,
    ) {
        let supplier = supplier.parse().expect("a code");
        let written = self.app.write_blocking(supplier, "test".to_owned(), job);
        written.expect("rows that fit");
    }

    /// Puts rows into the catalogue of a supplier.
    pub fn put(&self, supplier: &str, records: Vec<Record>) {
        self.write(supplier, move |tx| {
            for record in &records {
                tx.put(record)?;
            }
            Ok(())
        });
    }

    /// Puts a row of demo42 as the catalogue writes it.
    pub fn put_row(&self, kind: Kind, cells: &[Cell]) {
        let record = Record::from_row(kind, cells).expect("a row");
        self.put("demo42", vec![record]);
    }

    pub fn send(&self, call: &Call) -> Answer {
        self.send_while(call, true)
    }

    /// Sends a call whose deadline passes before anything that it changes could begin.
    pub fn send_late(&self, call: &Call) -> Answer {
        self.send_while(call, false)
    }

    fn send_while(&self, call: &Call, may_begin: bool) -> Answer {
        let answered = within(Arc::new(move || may_begin), async {
            let mut response = self.dialect.answer(&call.0).await;
            let mut body = response.body.to_vec();
            while let Some(rest) = &mut response.rest
                && let Some(piece) = rest.next().await
            {
                body.extend_from_slice(&piece.expect("a piece"));
            }
            (response, body)
        });
        let (response, body) = self.runtime.block_on(answered);
        Answer {
            status: response.status.as_u16(),
            headers: response.headers,
            text: String::from_utf8(body).expect("answers are UTF-8"),
        }
    }

    /// The answer as the server gets it: what follows the first piece is not made yet.
    pub fn respond(&self, call: &Call) -> Response {
        self.runtime.block_on(self.dialect.answer(&call.0))
    }

    pub fn get(&self, target: &str) -> Answer {
        self.send(&Call::get(target))
    }
}

impl Call {
    /// A request as the server hands it over.
    pub fn new(method: Method, target: &str, body: &[u8]) -> Self {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let request = Request {
            method,
            path: decode_path(path),
            raw_path: path.to_owned(),
            raw_query: query,
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body: Body::Read(body.to_vec().into()),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            tls: false,
            deadline: kontor_wire::deadline::Deadline::default(),
        };
        Self(request).header("Host", "shop.test")
    }

    pub fn get(target: &str) -> Self {
        Self::new(Method::GET, target, b"")
    }

    /// JSON, or what is said to be some.
    pub fn post(target: &str, body: &str) -> Self {
        let call = Self::new(Method::POST, target, body.as_bytes());
        call.header("Content-Type", "application/json")
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let (name, value) = header(name, value.as_ref());
        self.0.headers.insert(name, value);
        self
    }

    /// Adds a header beside those of its name.
    #[must_use]
    pub fn also(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let (name, value) = header(name, value.as_ref());
        self.0.headers.append(name, value);
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.headers.remove(name);
        self
    }

    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// The same as it came over TLS.
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.0.tls = true;
        self
    }

    /// The same with a body that was not read to its end.
    #[must_use]
    pub fn too_large(mut self) -> Self {
        self.0.body = Body::TooLarge;
        self
    }

    /// The same with a body that is not coded as its `Content-Encoding` says.
    #[must_use]
    pub fn undecodable(mut self) -> Self {
        self.0.body = Body::Undecodable;
        self
    }
}

fn header(name: &str, value: &[u8]) -> (HeaderName, HeaderValue) {
    let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
    (name, HeaderValue::from_bytes(value).expect("a value"))
}

impl Answer {
    pub fn json(&self) -> Value {
        kontor_wire::json::parse(self.text.as_bytes()).expect("answers are JSON")
    }

    /// The value of a header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("readable"))
    }
}
