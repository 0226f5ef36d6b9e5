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
    /// The line, in 31 bits: later ones are told as the last of them. The lowest bit is set when
    /// the row is faulty.
    line: u32,
}

/// Latest line that is told.
const MAX_LINE: u32 = u32::MAX >> 1;
const FAULTY: u32 = 1;

impl Seen {
    pub(crate) fn new() -> Self {
        Self { low: RandomState::new(), high: RandomState::new(), keys: HashTable::new() }
    }

    /// Notes a key. Returns the line it stood on before, when it did.
    pub(crate) fn insert(&mut self, key: &[Cell], line: u64) -> Option<u64> {
        let new = self.digest(key, line);
        if let Some(old) = self.find(new) {
            return Some(u64::from(old.line >> 1));
        }
        self.keys.insert_unique(new.low, new, |key| key.low);
        None
    }

    /// The line on which the file has shown this key.
    pub(crate) fn line(&self, key: &[Cell]) -> Option<u64> {
        let found = self.find(self.digest(key, 0))?;
        Some(u64::from(found.line >> 1))
    }

    /// Notes that the row of a key is faulty.
    pub(crate) fn mark_faulty(&mut self, key: &[Cell]) {
        let key = self.digest(key, 0);
        let same = |other: &Key| other.low == key.low && other.high == key.high;
        if let Some(found) = self.keys.find_mut(key.low, same) {
            found.line |= FAULTY;
        }
    }

    /// Whether the file has shown this key, and whether its row is faulty.
    pub(crate) fn is_faulty(&self, key: &[Cell]) -> Option<bool> {
        let found = self.find(self.digest(key, 0))?;
        Some(found.line & FAULTY != 0)
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
            line: u32::try_from(line).unwrap_or(MAX_LINE).min(MAX_LINE) << 1,
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
        assert_eq!((seen.line(&key(8)), seen.line(&key(1000))), (Some(10), None));
        assert_eq!(seen.is_faulty(&key(999)), Some(false));
        assert_eq!(seen.is_faulty(&key(1000)), None);
        seen.mark_faulty(&key(999));
        seen.mark_faulty(&key(1000));
        assert_eq!(seen.is_faulty(&key(999)), Some(true));
        assert_eq!(seen.is_faulty(&key(1000)), None);
        assert_eq!(seen.insert(&key(999), 2002), Some(1001));
        assert_eq!(seen.insert(&key(1000), u64::MAX), None);
        assert_eq!(seen.insert(&key(1000), 7), Some(u64::from(MAX_LINE)));
    }
}
