//! `GET /healthz`, `GET /readyz`, `GET /metrics`: what operators ask.
//!
//! They come after the protocols, so they can never hide a path of one.

use bytes::Bytes;
use http::{Method, StatusCode};
use kontor_wire::http::{Request, Response};

use crate::config::OpsAccess;
use crate::metrics::Metrics;

const TEXT: &str = "text/plain; charset=UTF-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the application says about itself.
pub trait Ops: Send + Sync {
    /// Whether requests can be answered. Called for every `/readyz`, so it must be quick.
    fn readiness(&self) -> Readiness;

    /// Appends lines in the Prometheus text format: size of the book, change number, progress of
    /// an import.
    fn metrics(&self, out: &mut String);
}

/// The answer of `/readyz`: 200 when ready, else 503, with the details as a JSON object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Whether requests can be answered.
    pub is_ready: bool,
    /// Number of the last change the answers show.
    pub change_number: u64,
    /// Further members of the JSON object, e.g. why it is not ready. Never secrets.
    pub details: Vec<(&'static str, serde_json::Value)>,
}

/// One of the endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Health,
    Ready,
    Metrics,
}

impl Endpoint {
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "/healthz" => Some(Self::Health),
            "/readyz" => Some(Self::Ready),
            "/metrics" => Some(Self::Metrics),
            _ => None,
        }
    }

    pub(crate) fn answer(self, request: &Request, ops: &dyn Ops, metrics: &Metrics) -> Response {
        if request.method != Method::GET && request.method != Method::HEAD {
            return Response::method_not_allowed("GET, HEAD");
        }
        match self {
            Self::Health => Response::new(StatusCode::OK, TEXT, Bytes::from_static(b"ok")),
            Self::Ready => ready(&ops.readiness()),
            Self::Metrics => {
                let mut text = metrics.render();
                ops.metrics(&mut text);
                Response::new(StatusCode::OK, PROMETHEUS, text)
            }
        }
    }
}

impl OpsAccess {
    /// Whether the sender of a request on the main address may ask.
    pub(crate) fn admits(self, request: &Request) -> bool {
        match self {
            Self::Everyone => true,
            Self::Nobody => false,
            Self::Loopback => request.peer.is_loopback() && !is_forwarded(request),
        }
    }
}

/// Whether a proxy says that it passes on the request of somebody else.
fn is_forwarded(request: &Request) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
        .iter()
        .any(|name| request.headers.contains_key(*name))
}

fn ready(readiness: &Readiness) -> Response {
    let mut object = serde_json::Map::new();
    object.insert("ready".to_owned(), readiness.is_ready.into());
    object.insert("change_number".to_owned(), readiness.change_number.into());
    for (name, value) in &readiness.details {
        object.insert((*name).to_owned(), value.clone());
    }
    let status = if readiness.is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Response::new(status, "application/json", serde_json::Value::Object(object).to_string())
}
