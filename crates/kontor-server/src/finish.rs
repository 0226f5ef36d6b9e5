//! What all answers have in common: request id, `Cache-Control`, `nosniff`, length, gzip, `HEAD`.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, ETAG, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use kontor_wire::http::Response;
use kontor_wire::pieces::Pieces;

use crate::encoding::{self, LEAST_BYTES, Zipper};
use crate::entity_tag;
use crate::request_id::RequestId;
use crate::sent::{Hold, Sent};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");
const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");
const CLOSE: HeaderValue = HeaderValue::from_static("close");

/// What finishing must know about the request.
pub(crate) struct Wishes {
    pub(crate) is_head: bool,
    pub(crate) takes_gzip: bool,
    /// The tags of gzip bodies that the client has.
    pub(crate) gzip_tags: Vec<HeaderValue>,
    /// Whether the connection must end after this answer (HTTP/1 only).
    pub(crate) must_close: bool,
}

/// Finishes answers.
pub(crate) struct Finisher {
    zipper: Zipper,
}

impl Wishes {
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        Self {
            is_head: method == Method::HEAD,
            takes_gzip: encoding::asks_for_gzip(headers),
            gzip_tags: entity_tag::of_gzip(headers),
            must_close: false,
        }
    }
}

impl Finisher {
    pub(crate) fn new() -> Self {
        Self { zipper: Zipper::new() }
    }

    /// Makes an answer ready to be sent.
    pub(crate) async fn finish(
        &self,
        response: Response,
        wishes: &Wishes,
        id: RequestId,
        hold: Hold,
    ) -> http::Response<Sent> {
        let Response { status, mut headers, body, rest, note: _ } = response;
        let sent = match rest {
            Some(rest) => self.in_pieces(&mut headers, (body, rest), wishes, hold),
            None => self.whole(status, &mut headers, body, wishes, hold).await,
        };
        headers.insert(CACHE_CONTROL, NO_STORE);
        // No browser may guess a type and run what a partner sent.
        headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.insert(X_REQUEST_ID, id.header());
        if wishes.must_close {
            headers.insert(CONNECTION, CLOSE);
        }
        let mut finished = http::Response::new(sent);
        *finished.status_mut() = status;
        *finished.headers_mut() = headers;
        finished
    }

    /// A body whose length is known.
    async fn whole(
        &self,
        status: StatusCode,
        headers: &mut HeaderMap,
        body: Bytes,
        wishes: &Wishes,
        hold: Hold,
    ) -> Sent {
        let plain_length = body.len();
        let mut body = self.code(status, headers, body, wishes).await;
        if has_length(status) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        } else {
            headers.remove(CONTENT_LENGTH);
            body = Bytes::new();
        }
        if wishes.is_head {
            body = Bytes::new();
        }
        hold.send(plain_length, body)
    }

    /// A body that is made while it is sent. Nobody knows its length, and an answer to `HEAD` says none
    /// either.
    fn in_pieces(
        &self,
        headers: &mut HeaderMap,
        (first, rest): (Bytes, Pieces),
        wishes: &Wishes,
        hold: Hold,
    ) -> Sent {
        headers.append(VARY, ACCEPT_ENCODING);
        if wishes.takes_gzip {
            headers.insert(CONTENT_ENCODING, GZIP);
            entity_tag::for_gzip(headers);
        }
        if wishes.is_head {
            return hold.send(0, Bytes::new());
        }
        if wishes.takes_gzip {
            return hold.send_on(Bytes::new(), self.zipper.gzip_pieces(first, rest));
        }
        hold.send_on(first, rest)
    }

    /// The body in the coding the client asked for. Wherever another client would get another coding,
    /// the answer says so; and each coding has an entity tag of its own (RFC 9110, 8.8.3).
    async fn code(
        &self,
        status: StatusCode,
        headers: &mut HeaderMap,
        body: Bytes,
        wishes: &Wishes,
    ) -> Bytes {
        let is_unchanged = status == StatusCode::NOT_MODIFIED;
        let may_zip = body.len() >= LEAST_BYTES && !headers.contains_key(CONTENT_ENCODING);
        if may_zip || (is_unchanged && headers.contains_key(ETAG)) {
            headers.append(VARY, ACCEPT_ENCODING);
        }
        if is_unchanged && wishes.takes_gzip {
            entity_tag::as_client_has_it(headers, &wishes.gzip_tags);
        }
        if !may_zip || !wishes.takes_gzip {
            return body;
        }
        let Some(zipped) = self.zipper.gzip(body.clone()).await else {
            return body;
        };
        headers.insert(CONTENT_ENCODING, GZIP);
        entity_tag::for_gzip(headers);
        zipped
    }
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
        StatusCode::SERVICE_UNAVAILABLE => "service unavailable",
        _ => "internal server error",
    };
    Response::new(status, "text/plain; charset=UTF-8", Bytes::from_static(text.as_bytes()))
}

/// Says that the body of a request is coded as nobody reads it, and which coding is.
pub(crate) fn unknown_coding() -> Response {
    let mut response = Response::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    response.headers.insert(http::header::ACCEPT_ENCODING, GZIP);
    response
}

fn has_length(status: StatusCode) -> bool {
    !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED
}
