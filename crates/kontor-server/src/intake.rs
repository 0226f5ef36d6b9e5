//! From a head as the HTTP library gives it to the request that dialects see.

use bytes::Bytes;
use http::HeaderValue;
use http::header::HOST;
use http::request::Parts;
use kontor_wire::deadline::Deadline;
use kontor_wire::http::{Body, Request};
use kontor_wire::query::decode_path;

use crate::entity_tag;
use crate::proxies::{self, Network};
use crate::watch::Watch;

/// The request as dialects see it, before its body is read.
pub(crate) fn take_apart(mut parts: Parts, watch: &Watch, trusted: &[Network]) -> Request {
    name_host(&mut parts);
    entity_tag::without_coding(&mut parts.headers);
    let client = proxies::client(trusted, watch.peer, &parts.headers);
    let raw_path = parts.uri.path();
    Request {
        path: decode_path(raw_path),
        raw_path: raw_path.to_owned(),
        raw_query: parts.uri.query().map(str::to_owned),
        method: parts.method,
        version: parts.version,
        headers: parts.headers,
        body: Body::Read(Bytes::new()),
        peer: client,
        tls: watch.tls,
        deadline: Deadline::default(),
    }
}

/// A target may name the host itself, as every one of HTTP/2 does; then the header does not count
/// (RFC 9112, 3.2.2). Dialects look for it in the header alone.
fn name_host(parts: &mut Parts) {
    let authority = parts.uri.authority().map(http::uri::Authority::as_str);
    let host = authority.and_then(|text| text.rsplit('@').next()).map(HeaderValue::from_str);
    if let Some(Ok(host)) = host {
        parts.headers.insert(HOST, host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(target: &str, header: Option<&str>) -> Option<HeaderValue> {
        let mut request = http::Request::get(target);
        if let Some(header) = header {
            request = request.header(HOST, header);
        }
        let mut parts = request.body(()).expect("a request").into_parts().0;
        name_host(&mut parts);
        parts.headers.get(HOST).cloned()
    }

    #[test]
    fn the_host_of_a_target_counts_and_the_header_does_not() {
        assert_eq!(host("http://shop.test:81/a", None).expect("a host"), "shop.test:81");
        assert_eq!(host("http://user@shop.test/a", None).expect("a host"), "shop.test");
        assert_eq!(host("http://shop.test/a", Some("b.test")).expect("a host"), "shop.test");
        assert_eq!(host("/a", Some("b.test")).expect("a host"), "b.test");
        assert_eq!(host("/a", None), None);
    }
}
