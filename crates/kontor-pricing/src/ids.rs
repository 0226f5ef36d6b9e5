//! Maps from what we or a supplier chose: ids, article numbers, logins. A stranger can ask for any
//! key but enter none, so that these maps need no protection against chosen keys.

use std::hash::{BuildHasherDefault, Hasher};

use rpds::HashTrieMapSync;

/// A persistent map with such keys.
pub(crate) type IdMap<K, V> = HashTrieMapSync<K, V, BuildHasherDefault<IdHasher>>;

/// Spreads the bits of what it is given, eight bytes at a time.
#[derive(Debug, Default, Clone)]
pub(crate) struct IdHasher(u64);

/// 2^64 divided by the golden ratio: neighbours end up far from each other.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        // The length tells texts apart that differ by zeros at their end.
        self.write_u64(u64::from_le_bytes(last) ^ (rest.len() as u64) << 56);
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::*;

    #[test]
    fn neighbours_and_similar_texts_differ_in_the_bits_a_map_takes_first() {
        let hasher = BuildHasherDefault::<IdHasher>::default();
        let ids: HashSet<u64> = (0_u32..4096).map(|id| hasher.hash_one(id) & 0xFFFF).collect();
        let texts = (0..4096).map(|number| hasher.hash_one(format!("_RQ{number:06}")) & 0xFFFF);
        let texts: HashSet<u64> = texts.collect();
        // Of 4,096 random values of 16 bits about 3,970 differ.
        assert!(ids.len() > 3_800 && texts.len() > 3_800, "{} {}", ids.len(), texts.len());
    }
}
