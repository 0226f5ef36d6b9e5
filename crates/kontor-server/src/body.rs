//! Reads a request body: all of it, but never more than allowed and never for ever.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::{Duration, Instant, timeout_at};

use crate::caps::Share;
use crate::config::Pace;

/// Most room made for a body before its bytes have come.
const MOST_ROOM: usize = 64 << 10;

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
}

/// Reads a body of at most `max` bytes, whose bytes are counted in `share`.
pub(crate) async fn read(
    body: &mut Incoming,
    max: usize,
    pace: &Pace,
    share: &mut Share<'_>,
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
