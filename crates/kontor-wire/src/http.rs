//! The seam between the server and the dialects: a request that has been read, an answer to be
//! sent, and the trait a dialect implements.
//!
//! The server does everything that is the same for all protocols (limits of connections, reading
//! the body, `HEAD`, gzip, request ids, logs); a dialect sees one plain value and returns another.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};

use crate::deadline::Deadline;
use crate::pieces::Pieces;

/// A request whose body has been read, as far as its limit allows.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    /// Percent-decoded path, without its one trailing slash (`/` alone stays).
    pub path: String,
    /// The path as it was sent.
    pub raw_path: String,
    /// The query as it was sent, without `?`. It may carry passwords: never log it.
    pub raw_query: Option<String>,
    pub version: Version,
    pub headers: HeaderMap,
    pub body: Body,
    /// Address of the client, for limits on failed logins.
    pub peer: IpAddr,
    /// Whether the request came over TLS.
    pub tls: bool,
    /// Until when what the request asks for may begin to change anything.
    pub deadline: Deadline,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub enum Body {
    /// The whole body; empty when there was none.
    Read(Bytes),
    /// The body is longer than [`Dialect::max_body`] allows and was not read to its end.
    TooLarge,
    /// The body is not of the coding that its `Content-Encoding` names. Where a body counts it is
    /// what the protocol calls unreadable, whatever its bytes look like.
    Undecodable,
}

/// An answer before the server adds what all answers have.
#[derive(Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body, or its first piece.
    pub body: Bytes,
    /// What follows the first piece of a body that is made while it is sent.
    pub rest: Option<Pieces>,
    /// What logs and metrics say about it.
    pub note: Note,
}

/// What logs and metrics say about an answer. It is not sent, and has no secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// Code of the supplier the request was answered for.
    pub supplier: Option<Box<str>>,
    /// The account that asked.
    pub account: Option<Box<str>>,
    pub credentials: Credentials,
    /// The protocol's own status, where that of HTTP does not tell it.
    pub own_status: Option<&'static str>,
}

/// What came of the credentials of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Credentials {
    /// None were looked at.
    #[default]
    None,
    Right,
    Wrong,
    /// Not looked at any more: too many were wrong, or too many are being checked.
    HeldBack,
}

/// Why the server refuses a request before or after the dialect saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Too many requests or failed logins (429 with `Retry-After`).
    TooMany { retry_after: Duration },
    /// No room for another request (503 with `Retry-After`).
    Overloaded { retry_after: Duration },
    /// A fault of ours (500).
    Internal,
}

/// What an [`answer`](Dialect::answer) resolves to.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

/// One partner protocol. It owns paths, and answers every request to them in its own words.
pub trait Dialect: Send + Sync {
    /// Name in logs, metrics and the configuration, e.g. `secomp`.
    fn name(&self) -> &'static str;

    /// Whether this percent-decoded path is this protocol's, also when it only owns the error.
    fn owns(&self, path: &str) -> bool;

    /// Longest request body in bytes that is read.
    fn max_body(&self) -> usize;

    /// Answers a request. `HEAD` is answered like `GET`; the server drops the body.
    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a>;

    /// Says in the protocol's own form that a request is refused. The server adds `Retry-After`.
    fn refuse(&self, refusal: Refusal, request: &Request) -> Response;
}

impl Request {
    /// A header's value when it is there and readable as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Response {
    /// An answer with a body and its `Content-Type`.
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status, headers, body: body.into(), rest: None, note: Note::default() }
    }

    /// The same answer with a body that goes on.
    #[must_use]
    pub fn with_rest(mut self, rest: Option<Pieces>) -> Self {
        self.rest = rest;
        self
    }

    /// An answer without body and without `Content-Type`.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            rest: None,
            note: Note::default(),
        }
    }

    /// Notes the protocol's own status.
    #[must_use]
    pub fn with_own_status(mut self, status: &'static str) -> Self {
        self.note.own_status = Some(status);
        self
    }

    /// Says when to ask again: in whole seconds, rounded up so that who waits as long is let in, and
    /// at least one.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        self
    }

    /// Adds a header; a value that no header can hold is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// 405 without a body, with the methods the path offers.
    pub fn method_not_allowed(allow: &'static str) -> Self {
        Self::empty(StatusCode::METHOD_NOT_ALLOWED).with_header(http::header::ALLOW, allow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_rounded_up_to_whole_seconds() {
        for (millis, seconds) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2"), (59_500, "60")] {
            let response = Response::empty(StatusCode::TOO_MANY_REQUESTS);
            let response = response.retry_after(Duration::from_millis(millis));
            let sent = response.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            assert_eq!(sent, Some(seconds), "{millis} ms");
        }
    }
}
