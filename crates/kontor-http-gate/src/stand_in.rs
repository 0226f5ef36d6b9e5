//! What stands for a head that may not pass.
//!
//! It is replaced by one that no client can send; nothing after it is read.

use http::request::Parts;
use http::{Method, Version};

/// The target of a refused head. The gate lets `*` pass with `OPTIONS` only.
pub(crate) const REFUSED_TARGET: &str = "*";
/// What the HTTP library reads in place of a refused head.
pub(crate) const REFUSED: &[u8] = b"GET * HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n";
/// The same when the refused request was a `HEAD`, whose answer has no body.
pub(crate) const REFUSED_HEAD: &[u8] = b"HEAD * HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n";

/// Whether this head stands for one that the gate refused.
pub fn is_refused(parts: &Parts) -> bool {
    parts.version < Version::HTTP_2
        && parts.uri.path() == REFUSED_TARGET
        && (parts.method == Method::GET || parts.method == Method::HEAD)
}
