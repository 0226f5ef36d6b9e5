//! Reads a request body: all of it, but never more than allowed and never for ever.

use std::io::Read as _;

use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::{Duration, Instant, timeout_at};

use crate::caps::Share;
use crate::config::Pace;

/// Most room made for a body before its bytes have come.
const MOST_ROOM: usize = 64 << 10;

/// Bytes that are decoded at a time.
const DECODED_PIECE: usize = 8 << 10;

/// How a body is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Plain,
    Gzip,
    /// One that is not understood, or several.
    Other,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Longer than allowed.
    TooLarge,
    /// Too slow.
    TooSlow,
    /// Ended early or broke its framing.
    Broken,
    /// The bodies being read need all the room there is.
    NoRoom,
    /// Coded as nobody reads it.
    Coding,
    /// Not coded as it says.
    Undecodable,
}

/// Reads a body of at most `max` bytes, whose bytes are counted in `share`.
pub(crate) async fn read(
    body: &mut Incoming,
    max: usize,
    pace: &Pace,
    share: &mut Share,
) -> Result<Bytes, Unread> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let told = body.size_hint().lower();
    if told > max as u64 {
        return Err(Unread::TooLarge);
    }
    let begun = Instant::now();
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    loop {
        let length = first.len() + whole.len();
        let until = begun + Duration::from_millis(pace.allowance_ms(length as u64));
        let frame = match timeout_at(until, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(Unread::Broken),
            Ok(None) => break,
            Err(_) => return Err(Unread::TooSlow),
        };
        // Trailers are read and forgotten.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > max - length {
            return Err(Unread::TooLarge);
        }
        if !share.grow(data.len()) {
            return Err(Unread::NoRoom);
        }
        if length == 0 {
            // Most bodies come in one piece, which is passed on as it is.
            first = data;
            continue;
        }
        if whole.is_empty() {
            let told = usize::try_from(told).unwrap_or(max).clamp(first.len(), max);
            whole.reserve(told.min(MOST_ROOM));
            whole.extend_from_slice(&std::mem::take(&mut first));
        }
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

/// How the body of a request is coded.
pub(crate) fn coding(headers: &HeaderMap) -> Coding {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let mut codings = codings
        .map(<[u8]>::trim_ascii)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"));
    match (codings.next(), codings.next()) {
        (None, _) => Coding::Plain,
        (Some(one), None)
            if one.eq_ignore_ascii_case(b"gzip") || one.eq_ignore_ascii_case(b"x-gzip") =>
        {
            Coding::Gzip
        }
        (Some(_), _) => Coding::Other,
    }
}

/// Most bytes of a coded body whose decoded one may have `max`: what cannot be made shorter becomes a
/// little longer.
pub(crate) fn most_coded(max: usize) -> usize {
    max + max / 1_024 + 1_024
}

/// The body that was coded, of at most `max` bytes: decoding stops there.
pub(crate) fn decode(coded: Bytes, max: usize, share: &mut Share) -> Result<Bytes, Unread> {
    if coded.is_empty() {
        return Ok(coded);
    }
    let mut reader = MultiGzDecoder::new(&coded[..]);
    let mut piece = [0; DECODED_PIECE];
    let mut decoded = BytesMut::new();
    loop {
        let Ok(length) = reader.read(&mut piece) else {
            return Err(Unread::Undecodable);
        };
        if length == 0 {
            break;
        }
        if length > max - decoded.len() {
            return Err(Unread::TooLarge);
        }
        if !share.grow(length) {
            return Err(Unread::NoRoom);
        }
        decoded.extend_from_slice(piece.get(..length).unwrap_or_default());
    }
    share.shrink(coded.len());
    Ok(decoded.freeze())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::Arc;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::HeaderValue;

    use super::*;
    use crate::caps::AddressBudget;

    fn of(values: &[&'static str]) -> Coding {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
        }
        coding(&headers)
    }

    #[test]
    fn gzip_is_the_only_coding() {
        for plain in [&[][..], &[""], &["identity"], &["Identity", ""]] {
            assert_eq!(of(plain), Coding::Plain, "{plain:?}");
        }
        for gzip in [&["gzip"][..], &["GZip"], &["x-gzip"], &["identity, gzip"]] {
            assert_eq!(of(gzip), Coding::Gzip, "{gzip:?}");
        }
        for other in [&["br"][..], &["deflate"], &["gzip, gzip"], &["gzip", "gzip"], &["gzip2"]] {
            assert_eq!(of(other), Coding::Other, "{other:?}");
        }
    }

    fn gzip(body: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap().into()
    }

    fn decoded(coded: &[u8], max: usize) -> Result<Bytes, Unread> {
        let budget = Arc::new(AddressBudget::new(1 << 20));
        let mut share = budget.share([127, 0, 0, 1].into(), 1 << 20);
        assert!(share.grow(coded.len()));
        decode(Bytes::copy_from_slice(coded), max, &mut share)
    }

    #[test]
    fn a_body_is_decoded_to_its_limit_and_not_one_byte_more() {
        let coded = gzip(&vec![b'x'; 100_000]);
        assert_eq!(decoded(&coded, 100_000).unwrap(), vec![b'x'; 100_000]);
        assert_eq!(decoded(&coded, 99_999), Err(Unread::TooLarge));
        assert_eq!(decoded(&gzip(&vec![b'x'; 10 << 20]), 100_000), Err(Unread::TooLarge));
        assert_eq!(decoded(&gzip(&vec![b'x'; 2 << 20]), 3 << 20), Err(Unread::NoRoom));
        let two = [gzip(b"ab"), gzip(b"cd")].concat();
        assert_eq!(decoded(&two, 4).unwrap(), "abcd");
        assert_eq!(decoded(&two, 3), Err(Unread::TooLarge));
    }

    #[test]
    fn what_cannot_be_decoded_is_no_body() {
        let coded = gzip(b"abc");
        let mut broken = coded.to_vec();
        *broken.last_mut().unwrap() ^= 1;
        let long_tail = [&coded[..], b"tail"].concat();
        for body in [&broken[..], &coded[..coded.len() - 1], b"{}", b"\x1f\x8b", &long_tail] {
            assert_eq!(decoded(body, 100), Err(Unread::Undecodable), "{body:?}");
        }
        assert_eq!(decoded(b"", 100).unwrap(), "", "nothing is not coded");
    }
}
