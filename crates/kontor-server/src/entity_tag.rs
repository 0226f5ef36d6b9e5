//! Entity tags by coding: the gzip and the plain form of a body never share one.
//!
//! A dialect knows the tag of the plain form alone. On the way out a gzip body gets `-gzip` at the end
//! of its tag, and on the way in such a tag is shown to the dialect without it.

use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue};

/// How the tag of a gzip body ends.
const GZIP_END: &[u8] = b"-gzip\"";

/// Values of `If-None-Match` that name gzip bodies.
pub(crate) fn of_gzip(headers: &HeaderMap) -> Vec<HeaderValue> {
    let values = headers.get_all(IF_NONE_MATCH).iter();
    values.filter(|value| find(value.as_bytes(), GZIP_END).is_some()).cloned().collect()
}

/// Shows the tags of gzip bodies as those of the plain ones.
pub(crate) fn without_coding(headers: &mut HeaderMap) {
    for name in [IF_NONE_MATCH, IF_MATCH] {
        let has_coding = |value: &HeaderValue| find(value.as_bytes(), GZIP_END).is_some();
        if !headers.get_all(&name).iter().any(has_coding) {
            continue;
        }
        let values: Vec<_> = headers.get_all(&name).iter().map(plain).collect();
        headers.remove(&name);
        for value in values {
            headers.append(name.clone(), value);
        }
    }
}

/// Makes the tag of an answer that of its gzip form. A weak one may stay: it promises no bytes.
pub(crate) fn for_gzip(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).and_then(gzip_tag) else { return };
    headers.insert(ETAG, tag);
}

/// Makes the tag of an answer without a body the one that the client named.
pub(crate) fn as_client_has_it(headers: &mut HeaderMap, named: &[HeaderValue]) {
    let Some(tag) = headers.get(ETAG).and_then(gzip_tag) else { return };
    if named.iter().any(|value| find(value.as_bytes(), tag.as_bytes()).is_some()) {
        headers.insert(ETAG, tag);
    }
}

/// The tag of the gzip form, when this is a strong one.
fn gzip_tag(tag: &HeaderValue) -> Option<HeaderValue> {
    let opaque = tag.as_bytes().strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    HeaderValue::from_bytes(&[b"\"", opaque, GZIP_END].concat()).ok()
}

fn plain(value: &HeaderValue) -> HeaderValue {
    let mut rest = value.as_bytes();
    let mut shown = Vec::with_capacity(rest.len());
    while let Some(at) = find(rest, GZIP_END) {
        shown.extend_from_slice(rest.get(..at).unwrap_or_default());
        shown.push(b'"');
        rest = rest.get(at + GZIP_END.len()..).unwrap_or_default();
    }
    shown.extend_from_slice(rest);
    HeaderValue::from_bytes(&shown).unwrap_or_else(|_| value.clone())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &http::HeaderName, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_strong_tag_tells_its_coding() {
        for (tag, expected) in
            [("\"a1\"", "\"a1-gzip\""), ("W/\"a1\"", "W/\"a1\""), ("a1", "a1"), ("\"", "\"")]
        {
            let mut headers = headers(&ETAG, &[tag]);
            for_gzip(&mut headers);
            assert_eq!(headers[ETAG], expected);
        }
    }

    #[test]
    fn a_dialect_sees_the_plain_tag() {
        let mut headers = headers(&IF_NONE_MATCH, &["\"a1-gzip\", \"b\",\"c-gzip\"", "*"]);
        assert_eq!(of_gzip(&headers).len(), 1);
        without_coding(&mut headers);
        let values: Vec<_> = headers.get_all(IF_NONE_MATCH).iter().collect();
        assert_eq!(values, ["\"a1\", \"b\",\"c\"", "*"]);
    }

    #[test]
    fn what_did_not_change_has_the_tag_that_was_named() {
        let named = [HeaderValue::from_static("\"x\", \"a1-gzip\"")];
        for (tag, expected) in [("\"a1\"", "\"a1-gzip\""), ("\"x\"", "\"x\"")] {
            let mut headers = headers(&ETAG, &[tag]);
            as_client_has_it(&mut headers, &named);
            assert_eq!(headers[ETAG], expected);
        }
    }
}
