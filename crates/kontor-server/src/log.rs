//! The log line of a request, and what a subscriber must keep off.

use std::time::Duration;

use http::Method;
use hyper::body::Body as _;
use kontor_wire::http::{Credentials, Note, Request};

use crate::request_id::RequestId;
use crate::sent::Sent;

/// Targets of the libraries below the server, whose log events may quote what a client sent (a
/// path with its query, for instance). A subscriber must keep them off at every level.
pub const QUIET_TARGETS: [&str; 6] =
    ["h2", "hyper", "hyper_util", "rustls", "tokio_rustls", "tokio_util"];

/// Longest path that is logged in full.
const LOGGED_PATH: usize = 256;

/// One line per request, of named fields only: never the query, headers or the body.
pub(crate) fn answered(
    (id, dialect): (RequestId, &'static str),
    request: &Request,
    (sent, note): (&http::Response<Sent>, &Note),
    took: Duration,
) {
    if !tracing::enabled!(target: "kontor::request", tracing::Level::INFO) {
        return;
    }
    let path = without_parameters(&request.raw_path);
    let path = path.get(..LOGGED_PATH).unwrap_or(path);
    tracing::info!(
        target: "kontor::request",
        id = %id,
        dialect,
        method = logged_method(&request.method),
        path,
        status = sent.status().as_u16(),
        own_status = note.own_status,
        supplier = note.supplier.as_deref(),
        account = note.account.as_deref(),
        login = logged_login(note.credentials),
        bytes = sent.body().size_hint().exact(),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        peer = %request.peer,
    );
}

/// A path up to what looks like parameters that somebody meant for the query.
fn without_parameters(path: &str) -> &str {
    let bytes = path.as_bytes();
    // As they are, or percent-encoded; also an encoded `%` or `?`.
    let is_sign = |at: usize| {
        matches!(
            bytes.get(at..).unwrap_or_default(),
            [b';' | b'=' | b'&', ..]
                | [b'%', b'2', b'5' | b'6', ..]
                | [b'%', b'3', b'b' | b'B' | b'd' | b'D' | b'f' | b'F', ..]
        )
    };
    let end = (0..bytes.len()).find(|at| is_sign(*at)).unwrap_or(bytes.len());
    path.get(..end).unwrap_or(path)
}

/// What is remarkable about a login.
fn logged_login(credentials: Credentials) -> Option<&'static str> {
    match credentials {
        Credentials::None | Credentials::Right => None,
        Credentials::Wrong => Some("failed"),
        Credentials::HeldBack => Some("held back"),
    }
}

/// A method of our own choosing could carry anything; the known ones cannot.
fn logged_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
