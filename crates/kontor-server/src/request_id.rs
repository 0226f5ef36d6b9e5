//! Fresh ids for requests, which tell nothing: neither how many requests there were, nor their order.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::HeaderValue;

/// Gives out ids that differ within this process and, very likely, from those of every other.
#[derive(Debug)]
pub(crate) struct RequestIds {
    /// Keys that the operating system seeded; each digests the number of a request.
    keys: [RandomState; 2],
    next: AtomicU64,
}

/// An id of 20 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId([u8; 20]);

impl RequestIds {
    pub(crate) fn new() -> Self {
        Self { keys: [RandomState::new(), RandomState::new()], next: AtomicU64::new(0) }
    }

    pub(crate) fn next(&self) -> RequestId {
        // The digests of a counter look like random numbers to whoever does not have the keys, and
        // cost less than asking the operating system for some each time.
        let count = self.next.fetch_add(1, Relaxed);
        let [high, low] = self.keys.each_ref().map(|key| key.hash_one(count));
        let number = (u128::from(high) << 64) | u128::from(low);
        let mut digits = [0; 20];
        for (index, digit) in digits.iter_mut().enumerate() {
            let nibble = (number >> (4 * index)) & 0xF;
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

    #[test]
    fn no_part_of_an_id_counts_requests() {
        let ids = RequestIds::new();
        let seen: Vec<String> = (0..40).map(|_| ids.next().to_string()).collect();
        for (from, to) in (0..20).flat_map(|from| (from + 2..=20).map(move |to| (from, to))) {
            let number = |id: &String| i128::from_str_radix(&id[from..to], 16).unwrap();
            let numbers: Vec<i128> = seen.iter().map(number).collect();
            let steps: HashSet<i128> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!(steps.len() > 1, "digits {from} to {to} count");
        }
    }
}
