//! Maps from numbers of our own, which need no protection against chosen keys.

use std::hash::{BuildHasherDefault, Hasher};

use rpds::HashTrieMapSync;

/// A persistent map whose keys are ids that the database gave, or hashes.
pub(crate) type IdMap<K, V> = HashTrieMapSync<K, V, BuildHasherDefault<IdHasher>>;

/// Spreads the bits of one number.
#[derive(Debug, Default, Clone)]
pub(crate) struct IdHasher(u64);

/// 2^64 divided by the golden ratio: neighbours end up far from each other.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        let product = (self.0 ^ number).wrapping_mul(SPREAD);
        // The best bits are the upper ones; the map takes the lower ones first.
        self.0 = product ^ product >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
