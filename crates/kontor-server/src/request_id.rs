//! Fresh ids for requests: a prefix of this process, then a counter.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::HeaderValue;

/// Gives out ids that differ within this process and, very likely, from those of every other.
#[derive(Debug)]
pub(crate) struct RequestIds {
    prefix: u32,
    next: AtomicU64,
}

/// An id of 20 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId([u8; 20]);

impl RequestIds {
    pub(crate) fn new() -> Self {
        // Seeded by the operating system, once per process; ids need to differ, not to be secret.
        let random = RandomState::new().build_hasher().finish();
        Self { prefix: (random >> 32) as u32, next: AtomicU64::new(0) }
    }

    pub(crate) fn next(&self) -> RequestId {
        let count = self.next.fetch_add(1, Relaxed);
        let mut digits = [0; 20];
        let number = (u128::from(self.prefix) << 48) | u128::from(count & 0xFFFF_FFFF_FFFF);
        for (index, digit) in digits.iter_mut().enumerate() {
            let nibble = (number >> (4 * (19 - index))) & 0xF;
            *digit = b"0123456789abcdef".get(nibble as usize).copied().unwrap_or(b'0');
        }
        RequestId(digits)
    }
}

impl RequestId {
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_bytes(&self.0).unwrap_or(HeaderValue::from_static("0"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_fresh_and_of_one_shape() {
        let ids = RequestIds::new();
        let seen: HashSet<String> = (0..1_000).map(|_| ids.next().to_string()).collect();
        assert_eq!(seen.len(), 1_000);
        assert!(seen.iter().all(|id| id.len() == 20 && id.bytes().all(|b| b.is_ascii_hexdigit())));
        assert_eq!(ids.next().header().len(), 20);
    }
}
