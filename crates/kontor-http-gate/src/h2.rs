//! Heads of HTTP/2, which did not come through the reader.

use http::request::Parts;
use http::{Method, StatusCode, Version, header};

use crate::limits::HeadLimits;

/// Judges the head of an HTTP/2 request, as far as HTTP/1 heads are judged: its
/// size, its host, its method. Those of other versions were judged before.
pub fn judge_h2(parts: &Parts, limits: &HeadLimits) -> Result<(), StatusCode> {
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
