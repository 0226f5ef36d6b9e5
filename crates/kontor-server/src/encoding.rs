//! gzip, when it was asked for and is worth it.

use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderMap;
use http::header::ACCEPT_ENCODING;
use kontor_wire::pieces::{Broken, Made, Pieces};
use tokio::sync::Semaphore;

/// Bodies below this many bytes stay as they are.
pub(crate) const LEAST_BYTES: usize = 1_024;
/// Bodies from this many bytes on are compressed off the network threads.
const FAR_BYTES: usize = 256 << 10;

/// Whether the client asked for gzip: an entry `gzip`, or else `*`, with a quality above 0.
pub(crate) fn asks_for_gzip(headers: &HeaderMap) -> bool {
    let mut gzip = None;
    let mut any = None;
    for value in headers.get_all(ACCEPT_ENCODING) {
        for entry in value.as_bytes().split(|byte| *byte == b',') {
            let mut parts = entry.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
            let Some(coding) = parts.next() else { continue };
            let slot = if coding.eq_ignore_ascii_case(b"gzip") {
                &mut gzip
            } else if coding == b"*" {
                &mut any
            } else {
                continue;
            };
            if let Some(is_wanted) = is_quality_above_zero(parts) {
                *slot = Some(slot.unwrap_or(false) || is_wanted);
            }
        }
    }
    gzip.or(any).unwrap_or(false)
}

/// Compresses answers.
pub(crate) struct Zipper {
    /// Long bodies take turns, so that one processor is left for everybody else.
    turns: Arc<Semaphore>,
}

/// A body in pieces that is being compressed.
struct Zipping {
    encoder: GzEncoder<Vec<u8>>,
    /// The piece that was there at the beginning.
    first: Option<Bytes>,
    rest: Pieces,
}

impl Zipper {
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { turns: Arc::new(Semaphore::new(processors.saturating_sub(1).max(1))) }
    }

    /// The body compressed, or `None` when that failed, which leaves it plain.
    pub(crate) async fn gzip(&self, body: Bytes) -> Option<Bytes> {
        if body.len() < FAR_BYTES {
            return compress(&body);
        }
        let _turn = self.turns.acquire().await.ok()?;
        tokio::task::spawn_blocking(move || compress(&body)).await.ok().flatten()
    }

    /// A body that is made while it is sent, compressed in the same way.
    pub(crate) fn gzip_pieces(&self, first: Bytes, rest: Pieces) -> Pieces {
        let turns = Arc::clone(&self.turns);
        let zipping = Zipping { encoder: encoder(0), first: Some(first), rest };
        Pieces::new(zipping, move |zipping| Box::pin(zipping.next(Arc::clone(&turns))))
    }
}

impl Zipping {
    /// The next compressed bytes: those of one plain piece, or of several when they are few.
    async fn next(mut self, turns: Arc<Semaphore>) -> Result<Made<Self>, Broken> {
        loop {
            let plain = match self.first.take() {
                Some(first) => Some(first),
                None => self.rest.next().await.transpose()?,
            };
            let turn = Arc::clone(&turns).acquire_owned().await.map_err(|_| Broken)?;
            let mut encoder = self.encoder;
            let zipped = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                let Some(plain) = plain else { return encoder.finish().map(|end| (end, None)) };
                encoder.write_all(&plain)?;
                let zipped = std::mem::take(encoder.get_mut());
                Ok::<_, std::io::Error>((zipped, Some(encoder)))
            });
            let zipped = zipped.await.map_err(|_| Broken)?;
            let (bytes, encoder) = zipped.map_err(|_| Broken)?;
            let Some(encoder) = encoder else {
                return Ok(Made { bytes: bytes.into(), left: None });
            };
            self.encoder = encoder;
            if !bytes.is_empty() {
                return Ok(Made { bytes: bytes.into(), left: Some(self) });
            }
        }
    }
}

fn compress(body: &[u8]) -> Option<Bytes> {
    let mut encoder = encoder(body.len() / 4);
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn encoder(capacity: usize) -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::with_capacity(capacity), Compression::new(4))
}

/// Whether the parameters leave a quality above 0; `None` when the quality cannot be read.
fn is_quality_above_zero<'a>(parameters: impl Iterator<Item = &'a [u8]>) -> Option<bool> {
    for parameter in parameters {
        if let [b'q' | b'Q', b'=', quality @ ..] = parameter {
            return read_quality(quality);
        }
    }
    Some(true)
}

/// A quality is `0` or `1` with at most three decimals, those of `1` being zeros.
fn read_quality(quality: &[u8]) -> Option<bool> {
    let (whole, decimals) = match quality {
        [whole] => (whole, &[][..]),
        [whole, b'.', decimals @ ..] if decimals.len() <= 3 => (whole, decimals),
        _ => return None,
    };
    match whole {
        b'0' if decimals.iter().all(u8::is_ascii_digit) => {
            Some(decimals.iter().any(|digit| *digit != b'0'))
        }
        b'1' if decimals.iter().all(|digit| *digit == b'0') => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asks(values: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        asks_for_gzip(&headers)
    }

    #[test]
    fn gzip_is_taken_when_it_or_a_star_has_a_quality() {
        for values in [
            &["gzip"][..],
            &["GZip"],
            &["deflate, gzip;q=0.001, br"],
            &["deflate", "gzip"],
            &["*"],
            &["br;q=1, *;q=0.1"],
            &["gzip ; Q=1.000"],
            &["*;q=0, gzip"],
            &["gzip;q=0.5, identity;q=1"],
        ] {
            assert!(asks(values), "{values:?}");
        }
    }

    #[test]
    fn gzip_is_not_taken_unasked() {
        for values in [
            &[][..],
            &[""],
            &["identity"],
            &["gzip;q=0"],
            &["gzip;q=0.000"],
            &["*;q=0"],
            &["gzip;q=0, *"],
            &["*, gzip;q=0"],
            &["gzip;q=2"],
            &["gzip;q=0.1234"],
            &["gzip;q=-1"],
            &["gzip;q="],
            &["xgzip"],
            &["br, deflate"],
        ] {
            assert!(!asks(values), "{values:?}");
        }
    }
}
