//! Judges one HTTP/1 head.
//!
//! It is read with the parser the HTTP library uses, so that both see the same lines; on top come
//! the rules about `Host`, `Content-Length`, `Transfer-Encoding` and the target.

use std::mem::MaybeUninit;

use http::{StatusCode, Uri};
use percent_encoding::{AsciiSet, percent_encode};

use crate::framing::Framing;
use crate::limits::{HeadLimits, MAX_HEADERS};
use crate::stand_in::REFUSED_TARGET;

/// How an HTTP/2 connection begins.
const H2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\n";

/// What the bytes at the beginning of a request are.
#[derive(Debug, PartialEq, Eq)]
pub enum Head {
    /// Not whole yet.
    Partial,
    /// A head of this many bytes that may pass, and the body that follows it.
    Whole { bytes: usize, framing: Framing },
    /// The beginning of an HTTP/2 connection.
    Http2,
    /// A head that may not pass as it is, but does with its target percent-encoded.
    Odd,
    /// A head that may not pass.
    Refused(StatusCode),
}

/// Bytes that no target may hold as they are. Clients send them nevertheless, and what they mean
/// is not in doubt.
const ODD: &AsciiSet = &AsciiSet::EMPTY
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Judges the head at the beginning of `bytes`.
pub fn judge(bytes: &[u8], limits: &HeadLimits) -> Head {
    let mut room = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut []);
    match request.parse_with_uninit_headers(bytes, &mut room) {
        Ok(httparse::Status::Complete(length)) => match judge_whole(&request, length, limits) {
            Ok(framing) => Head::Whole { bytes: length, framing },
            Err(status) => refused(status, bytes),
        },
        Ok(httparse::Status::Partial) => judge_partial(bytes, limits),
        Err(httparse::Error::Version) if bytes.starts_with(H2_PREFACE) => Head::Http2,
        Err(httparse::Error::TooManyHeaders) => {
            Head::Refused(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
        }
        Err(_) => refused(StatusCode::BAD_REQUEST, bytes),
    }
}

fn refused(status: StatusCode, bytes: &[u8]) -> Head {
    let is_odd = status == StatusCode::BAD_REQUEST && encoded(bytes).is_some();
    if is_odd { Head::Odd } else { Head::Refused(status) }
}

/// The head at the beginning of `bytes` with its target percent-encoded, and everything after it;
/// `None` when the target needs no encoding.
pub(crate) fn encoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let begin = start + bytes.get(start..)?.iter().position(|byte| *byte == b' ')? + 1;
    let rest = bytes.get(begin..)?;
    let length = rest.iter().position(u8::is_ascii_whitespace)?;
    let (target, after) = rest.split_at_checked(length)?;
    let encoded: String = percent_encode(target, ODD).collect();
    if encoded.as_bytes() == target {
        return None;
    }
    Some([bytes.get(..begin)?, encoded.as_bytes(), after].concat())
}

/// Whether the last of `bytes`, of which `known` were there before, may end a head.
pub(crate) fn may_end(bytes: &[u8], known: usize) -> bool {
    let news = bytes.get(known.saturating_sub(3)..).unwrap_or_default();
    news.windows(2).any(|pair| pair == b"\n\n") || news.windows(3).any(|three| three == b"\n\r\n")
}

/// Whether a head that is not whole can still become one that passes.
pub(crate) fn judge_partial(bytes: &[u8], limits: &HeadLimits) -> Head {
    if bytes.len() <= limits.head_bytes() {
        return Head::Partial;
    }
    let line = bytes.iter().skip_while(|byte| byte.is_ascii_whitespace()).position(|b| *b == b'\n');
    Head::Refused(match line {
        Some(end) if end <= limits.uri_bytes => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        _ => StatusCode::URI_TOO_LONG,
    })
}

fn judge_whole(
    request: &httparse::Request<'_, '_>,
    length: usize,
    limits: &HeadLimits,
) -> Result<Framing, StatusCode> {
    let method = request.method.unwrap_or_default();
    let target = request.path.unwrap_or_default();
    if target.len() > limits.uri_bytes {
        return Err(StatusCode::URI_TOO_LONG);
    }
    let header_bytes = length.saturating_sub(target.len() + method.len());
    if request.headers.len() > limits.headers || header_bytes > limits.header_bytes {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    judge_target(method, target)?;
    judge_headers(request.headers, request.version == Some(1))
}

/// The target is a path, or a whole `http` address, or `*` with `OPTIONS`. `CONNECT` is not
/// offered: this server is no proxy.
fn judge_target(method: &str, target: &str) -> Result<(), StatusCode> {
    if target == REFUSED_TARGET && method == "OPTIONS" {
        return Ok(());
    }
    let uri = Uri::try_from(target).map_err(|_| StatusCode::BAD_REQUEST)?;
    let is_path = target.starts_with('/');
    let is_address = matches!(uri.scheme_str(), Some("http" | "https"));
    if method != "CONNECT" && (is_path || is_address) {
        Ok(())
    } else {
        Err(StatusCode::BAD_REQUEST)
    }
}

fn judge_headers(
    headers: &[httparse::Header<'_>],
    is_http_11: bool,
) -> Result<Framing, StatusCode> {
    let mut hosts = 0;
    let mut length = None;
    let mut is_chunked = false;
    for header in headers {
        if header.name.eq_ignore_ascii_case("host") {
            hosts += 1;
            if !is_host(header.value) {
                return Err(StatusCode::BAD_REQUEST);
            }
        } else if header.name.eq_ignore_ascii_case("content-length") {
            let value = read_length(header.value)?;
            if length.is_some_and(|length| length != value) {
                return Err(StatusCode::BAD_REQUEST);
            }
            length = Some(value);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            let is_allowed = header.value.trim_ascii().eq_ignore_ascii_case(b"chunked");
            if is_chunked || !is_allowed || !is_http_11 {
                return Err(StatusCode::BAD_REQUEST);
            }
            is_chunked = true;
        }
    }
    if hosts > 1 || (hosts == 0 && is_http_11) {
        return Err(StatusCode::BAD_REQUEST);
    }
    match (length, is_chunked) {
        (Some(_), true) => Err(StatusCode::BAD_REQUEST),
        (None, true) => Ok(Framing::chunked()),
        (length, false) => Ok(Framing::sized(length.unwrap_or(0))),
    }
}

/// A host has no blanks and nothing that would make it more than a host with a port.
fn is_host(value: &[u8]) -> bool {
    !value.is_empty()
        && value.iter().all(|byte| byte.is_ascii_graphic() && !b"/\\@?#,\"<>".contains(byte))
}

/// A length is digits only: no sign, no blanks, no list.
fn read_length(value: &[u8]) -> Result<u64, StatusCode> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(StatusCode::BAD_REQUEST);
    }
    std::str::from_utf8(value)
        .ok()
        .and_then(|digits| digits.parse().ok())
        .filter(|length| *length <= u64::MAX / 4)
        .ok_or(StatusCode::BAD_REQUEST)
}
