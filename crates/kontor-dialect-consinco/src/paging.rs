//! What an answer says about its page in headers: totals, the next page, and a tag of its bytes.

use std::sync::Arc;

use http::header::{ETAG, IF_NONE_MATCH, LINK};
use http::{HeaderMap, HeaderName, StatusCode};
use kontor_app::App;
use kontor_wire::accept::Choice;
use kontor_wire::http::{Request, Response};
use kontor_wire::pieces::{Broken, Made, Pieces};
use kontor_wire::query;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::from_wire::Parameters;
use crate::to_wire::Writing;
use crate::wire::{Body, Field, content_type};

const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
const X_PAGE_NO: HeaderName = HeaderName::from_static("x-page-no");
const X_PAGE_SIZE: HeaderName = HeaderName::from_static("x-page-size");

/// A page that is ready to be answered.
pub(crate) struct Answered {
    /// The body or its first piece, and what is left to be written.
    pub(crate) body: Vec<u8>,
    pub(crate) rest: Option<Writing>,
    /// Of the whole body.
    pub(crate) tag: String,
    /// Rows over all pages.
    pub(crate) total: usize,
    pub(crate) has_next: bool,
}

/// The answer with a page, or 304 when the client has these very bytes.
pub(crate) fn response(
    request: &Request,
    parameters: &Parameters,
    choice: Choice<Body>,
    page: Answered,
) -> Response {
    let response = if has(&request.headers, &page.tag) {
        Response::empty(StatusCode::NOT_MODIFIED)
    } else {
        Response::new(StatusCode::OK, content_type(choice.media_type), page.body)
    };
    let response = response
        .with_header(X_TOTAL_COUNT, &page.total.to_string())
        .with_header(X_PAGE_NO, &parameters.page.to_string())
        .with_header(X_PAGE_SIZE, &parameters.page_size.to_string())
        .with_header(ETAG, &page.tag);
    if page.has_next {
        let next = u64::from(parameters.page.get()) + 1;
        response.with_header(LINK, &format!("<{}>; rel=\"next\"", link(request, next)))
    } else {
        response
    }
}

/// The URL of another page: everything as it was sent but the number of the page.
fn link(request: &Request, page: u64) -> String {
    let number = Field::PageNo.name();
    let query = request.raw_query.as_deref().unwrap_or_default();
    let kept = query::pairs(query).filter(|pair| !pair.name.eq_ignore_ascii_case(number));
    let mut url = request.raw_path.clone().into_bytes();
    url.push(b'?');
    for pair in kept {
        url.extend_from_slice(pair.raw);
        url.push(b'&');
    }
    url.extend_from_slice(format!("{number}={page}").as_bytes());
    encoded(&url)
}

/// A URL with the bytes encoded that cannot stand in a header or would end the link.
fn encoded(url: &[u8]) -> String {
    let mut text = String::with_capacity(url.len());
    for byte in url {
        match byte {
            b'<' | b'>' | b'"' | 0..=b' ' | 0x7F.. => {
                let hex = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
                let (high, low) = (hex(byte >> 4), hex(byte & 15));
                text.extend(['%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]);
            }
            _ => text.push(char::from(*byte)),
        }
    }
    text
}

impl Answered {
    /// Writes a page as far as the first piece. The tag needs all of it: what does not fit in one
    /// piece is written once for the tag, which keeps nothing, and once more while it is sent.
    pub(crate) fn of(mut writing: Writing, media_type: &str) -> Self {
        let (total, has_next) = (writing.page().total, writing.page().has_next);
        let body = writing.piece();
        let mut digest = digest(media_type);
        digest.update(&body);
        let rest = (!writing.is_done()).then(|| writing.clone());
        while !writing.is_done() {
            digest.update(&writing.piece());
        }
        Self { body, rest, tag: tag(&digest), total, has_next }
    }
}

/// What is left of a page, written piece by piece.
pub(crate) fn pieces(app: &Arc<App>, rest: Writing) -> Pieces {
    let app = Arc::clone(app);
    Pieces::new(rest, move |mut rest| {
        let app = Arc::clone(&app);
        let made = async move {
            app.read_aside(move |_| {
                let bytes = rest.piece().into();
                Made { bytes, left: (!rest.is_done()).then_some(rest) }
            })
            .await
        };
        Box::pin(async { made.await.map_err(|_| Broken) })
    })
}

/// A strong tag: equal for equal bytes of the same type only.
fn tag(digest: &Xxh3) -> String {
    format!("\"{:032x}\"", digest.digest128())
}

fn digest(media_type: &str) -> Xxh3 {
    Xxh3::with_seed(xxh3_64(media_type.as_bytes()))
}

/// Whether `If-None-Match` names a tag, which is compared weakly, or any.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    { values }
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|own| own == "*" || own.strip_prefix("W/").unwrap_or(own) == tag)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn get(path: &str, query: &str) -> Request {
        Request {
            method: http::Method::GET,
            path: path.to_owned(),
            raw_path: path.to_owned(),
            raw_query: Some(query.to_owned()),
            version: http::Version::HTTP_11,
            headers: HeaderMap::new(),
            body: kontor_wire::http::Body::Read(bytes::Bytes::new()),
            peer: [127, 0, 0, 1].into(),
            tls: false,
            deadline: kontor_wire::deadline::Deadline::default(),
        }
    }

    #[test]
    fn the_link_keeps_everything_but_the_page() {
        let path = "/API/v2/sm_products/product-price/";
        for (query, expected) in [
            ("number_company=1&_pageSize=2", "number_company=1&_pageSize=2&_pageNo=3"),
            ("_PAGENO=2&number_company=+1+", "number_company=+1+&_pageNo=3"),
            ("_pageNo=2&&a=%2D1&%5FpageNo=7&", "a=%2D1&_pageNo=3"),
            ("_pageNo", "_pageNo=3"),
            ("a=\u{e9}>\"", "a=%C3%A9%3E%22&_pageNo=3"),
        ] {
            let request = get(path, query);
            assert_eq!(link(&request, 3), format!("{path}?{expected}"), "{query}");
        }
    }

    #[test]
    fn a_tag_is_of_the_bytes_and_their_type() {
        let tag = |media_type: &str, body: &[u8]| {
            let mut digest = digest(media_type);
            digest.update(body);
            tag(&digest)
        };
        let json = tag("application/json", b"[]");
        assert_eq!(json, tag("application/json", b"[]"));
        assert_ne!(json, tag("application/json", b"[ ]"));
        assert_ne!(json, tag("text/json", b"[]"));
        assert_eq!(json.len(), 34);
    }

    #[test]
    fn a_tag_the_client_has() {
        let check = |values: &[&'static str], expected| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IF_NONE_MATCH, HeaderValue::from_static(value));
            }
            assert_eq!(has(&headers, "\"ab\""), expected, "{values:?}");
        };
        check(&[], false);
        check(&["\"ab\""], true);
        check(&["W/\"ab\""], true);
        check(&["\"x\" , \"ab\""], true);
        check(&["\"x\"", "\"ab\""], true);
        check(&["*"], true);
        check(&["ab"], false);
        check(&["\"AB\""], false);
        check(&["\"abc\", W/\"b\""], false);
    }
}
