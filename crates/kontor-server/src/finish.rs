//! What all answers have in common: request id, `Cache-Control`, length, gzip, `HEAD`.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, VARY};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::Full;
use kontor_wire::http::Response;

use crate::encoding::{self, LEAST_BYTES};
use crate::request_id::RequestId;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");
const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");
const CLOSE: HeaderValue = HeaderValue::from_static("close");

/// What finishing must know about the request.
pub(crate) struct Wishes {
    pub(crate) is_head: bool,
    pub(crate) takes_gzip: bool,
    /// Whether the connection must end after this answer (HTTP/1 only).
    pub(crate) must_close: bool,
}

impl Wishes {
    pub(crate) fn of(method: &Method, headers: &http::HeaderMap) -> Self {
        Self {
            is_head: method == Method::HEAD,
            takes_gzip: encoding::asks_for_gzip(headers),
            must_close: false,
        }
    }
}

/// Makes an answer ready to be sent.
pub(crate) async fn finish(
    response: Response,
    wishes: &Wishes,
    id: RequestId,
) -> http::Response<Full<Bytes>> {
    let Response { status, mut headers, mut body } = response;
    let may_zip =
        wishes.takes_gzip && body.len() >= LEAST_BYTES && !headers.contains_key(CONTENT_ENCODING);
    if may_zip && let Some(zipped) = encoding::gzip(body.clone()).await {
        body = zipped;
        headers.insert(CONTENT_ENCODING, GZIP);
        headers.append(VARY, ACCEPT_ENCODING);
    }
    if has_length(status) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    } else {
        headers.remove(CONTENT_LENGTH);
        body = Bytes::new();
    }
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_REQUEST_ID, id.header());
    if wishes.must_close {
        headers.insert(CONNECTION, CLOSE);
    }
    if wishes.is_head {
        body = Bytes::new();
    }
    let mut finished = http::Response::new(Full::new(body));
    *finished.status_mut() = status;
    *finished.headers_mut() = headers;
    finished
}

/// A small answer of the server's own. What is too long is refused without a word, as all protocols
/// do that have no form for it.
pub(crate) fn plain(status: StatusCode) -> Response {
    let text: &'static str = match status {
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => {
            return Response::empty(status);
        }
        StatusCode::NOT_FOUND => "not found",
        StatusCode::BAD_REQUEST => "bad request",
        StatusCode::REQUEST_TIMEOUT => "request timeout",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "request header fields too large",
        _ => "internal server error",
    };
    Response::new(status, "text/plain; charset=UTF-8", Bytes::from_static(text.as_bytes()))
}

fn has_length(status: StatusCode) -> bool {
    !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED
}
