//! The strict gate in front of the HTTP library: HTTP/1 heads are judged before they reach it.
//!
//! The library is lenient where leniency lets two servers disagree about where a request ends (it
//! drops a `Content-Length` next to `Transfer-Encoding`, and takes any coding before `chunked`),
//! and what it refuses itself it answers without a request id. So the gate shows it whole, judged
//! heads only. A refused head is replaced by one that no client can send ([`REFUSED`]), which the
//! dispatcher answers with the status the gate noted; nothing after it is read.
//!
//! On the way out it gathers the answers to requests that came together.
//!
//! The gate does not route, does not read bodies (it only follows where they end) and does not
//! touch HTTP/2 beyond recognising its preface: its framing leaves no such doubts.

mod framing;
mod head;
mod outbox;
mod reader;

pub(crate) use reader::Gate;

use http::request::Parts;
use http::{Method, StatusCode, Version, header};

/// The target of a refused head. The gate lets `*` pass with `OPTIONS` only.
const REFUSED_TARGET: &str = "*";
/// What the HTTP library reads in place of a refused head.
const REFUSED: &[u8] = b"GET * HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n";
/// The same when the refused request was a `HEAD`, whose answer has no body.
const REFUSED_HEAD: &[u8] = b"HEAD * HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n";

/// What the gate lets pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadLimits {
    pub(crate) uri_bytes: usize,
    pub(crate) headers: usize,
    pub(crate) header_bytes: usize,
}

impl HeadLimits {
    /// Longest head that can pass: target, header lines, and the method and version around them.
    pub(crate) fn head_bytes(&self) -> usize {
        self.uri_bytes + self.header_bytes + 128
    }
}

/// Whether this head stands for one that the gate refused.
pub(crate) fn is_refused(parts: &Parts) -> bool {
    parts.version < Version::HTTP_2
        && parts.uri.path() == REFUSED_TARGET
        && (parts.method == Method::GET || parts.method == Method::HEAD)
}

/// Judges the head of an HTTP/2 request, which did not come through the gate's reader.
pub(crate) fn judge_h2(parts: &Parts, limits: &HeadLimits) -> Result<(), StatusCode> {
    if parts.version != Version::HTTP_2 {
        return Ok(());
    }
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > limits.uri_bytes {
        return Err(StatusCode::URI_TOO_LONG);
    }
    if parts.headers.len() > limits.headers {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = hosts.next();
    let named = usize::from(parts.uri.authority().is_some()) + usize::from(host.is_some());
    if parts.method == Method::CONNECT || named == 0 || hosts.next().is_some() {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(())
}
