//! What the tests play on: the dialect over the demo catalogue, without a server.

use std::ops::Deref;

use bytes::Bytes;
use http::Method;
use kontor_testkit::demo;
use kontor_wire::http::{Body, Request};

use crate::config::Config;
use crate::wire::BASE;

pub(crate) use kontor_testkit::demo::NOW;

pub(crate) const DEMO: &str = "tok-restigo-demo";
pub(crate) const MINI: &str = "tok-restigo-mini";

/// The dialect over the demo catalogue.
pub(crate) struct Scene(demo::Served);

/// A request of a partner.
#[derive(Clone)]
pub(crate) struct Call(demo::Call);

impl Deref for Scene {
    type Target = demo::Served;

    fn deref(&self) -> &demo::Served {
        &self.0
    }
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with(&Config::default())
    }

    pub(crate) fn with(config: &Config) -> Self {
        let make = |app| crate::dialect(app, config.clone()).expect("usable settings");
        Self(demo::Served::new(make))
    }

    pub(crate) fn answer(&self, call: &Call) -> demo::Answer {
        assert!(self.dialect.owns(&call.request().path));
        self.send(&call.0)
    }

    /// Bytes of the first piece of an answer, and whether more follow.
    pub(crate) fn first_piece(&self, call: &Call) -> (usize, bool) {
        let response = self.0.respond(&call.0);
        (response.body.len(), response.rest.is_some())
    }

    /// Compares status and body.
    pub(crate) fn check(&self, call: &Call, status: u16, body: &str) {
        let answer = self.answer(call);
        assert_eq!((answer.status, answer.text.as_str()), (status, body));
    }

    /// The number of the newest change.
    pub(crate) fn change(&self) -> u64 {
        self.app.book().change()
    }

    /// The bodies of `GET /pricings` of both suppliers: they show whether anything was changed.
    pub(crate) fn lists(&self) -> Vec<String> {
        [DEMO, MINI]
            .map(|token| self.answer(&Call::new("GET", "/pricings").token(token)).text)
            .to_vec()
    }
}

impl Call {
    /// A request with the key of the first supplier. The target may have a query.
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Self(demo::Call::new(method, &format!("{BASE}{target}"), b"")).token(DEMO)
    }

    pub(crate) fn token(self, token: &str) -> Self {
        Self(self.0.header("token", token))
    }

    pub(crate) fn without_token(self) -> Self {
        Self(self.0.without("token"))
    }

    /// Adds a header.
    pub(crate) fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        Self(self.0.also(name, value))
    }

    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.0.0.body = Body::Read(Bytes::copy_from_slice(body.as_ref()));
        self
    }

    pub(crate) fn json(self, body: &str) -> Self {
        self.header("content-type", "application/json").body(body)
    }

    pub(crate) fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub(crate) fn too_large(self) -> Self {
        Self(self.0.too_large())
    }

    pub(crate) fn undecodable(self) -> Self {
        Self(self.0.undecodable())
    }

    pub(crate) fn request(&self) -> &Request {
        &self.0.0
    }
}
