//! Which keys a file has shown, and on which lines.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use kontor_model::record::Cell;

/// The keys of one file. A key takes some 30 bytes, however long it is: 96 bits of two keyed
/// hashes stand for it, so that one billion keys are told apart but for a chance of 1 in 10^11.
pub(crate) struct Seen {
    low: RandomState,
    high: RandomState,
    keys: HashTable<Key>,
}

#[derive(Clone, Copy)]
struct Key {
    low: u64,
    high: u32,
    /// Lines beyond 2^32 are told as 2^32.
    line: u32,
}

impl Seen {
    pub(crate) fn new() -> Self {
        Self { low: RandomState::new(), high: RandomState::new(), keys: HashTable::new() }
    }

    /// Notes a key. Returns the line it stood on before, when it did.
    pub(crate) fn insert(&mut self, key: &[Cell], line: u64) -> Option<u64> {
        let new = self.digest(key, line);
        if let Some(old) = self.find(new) {
            return Some(u64::from(old.line));
        }
        self.keys.insert_unique(new.low, new, |key| key.low);
        None
    }

    pub(crate) fn contains(&self, key: &[Cell]) -> bool {
        self.find(self.digest(key, 0)).is_some()
    }

    fn find(&self, key: Key) -> Option<&Key> {
        let same = |other: &Key| other.low == key.low && other.high == key.high;
        self.keys.find(key.low, same)
    }

    fn digest(&self, key: &[Cell], line: u64) -> Key {
        let [a, b, c, d, ..] = self.high.hash_one(key).to_le_bytes();
        Key {
            low: self.low.hash_one(key),
            high: u32::from_le_bytes([a, b, c, d]),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_first_line_of_a_key() {
        let mut seen = Seen::new();
        let key = |number| vec![Cell::text("a"), Cell::Int(number)];
        for number in 0..1000 {
            assert_eq!(seen.insert(&key(number), number.unsigned_abs() + 2), None);
        }
        assert_eq!(seen.insert(&key(7), 2000), Some(9));
        assert_eq!(seen.insert(&key(7), 2001), Some(9));
        assert!(seen.contains(&key(999)));
        assert!(!seen.contains(&key(1000)));
    }
}
