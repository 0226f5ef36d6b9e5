//! A key under which rows of imported files are known again without being kept.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::access::secrets::{push_hexadecimal, random_bytes};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of its digest that name a key.
const NAME_BYTES: usize = 4;

/// A secret key. It stands in a file beside the data and in no backup: who has the digests and not the
/// key cannot try passwords on them.
#[derive(Clone)]
pub struct RowKey([u8; KEY_BYTES]);

impl RowKey {
    /// A new key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random_bytes())
    }

    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The digest of a row behind the name of the key: digests under another key tell nothing.
    #[must_use]
    pub fn digest(&self, row: &[u8]) -> String {
        let mut text = String::new();
        let name = Sha256::digest(self.0);
        push_hexadecimal(&mut text, name.get(..NAME_BYTES).unwrap_or_default());
        text.push(':');
        // HMAC takes keys of every length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(row);
            push_hexadecimal(&mut text, &mac.finalize().into_bytes());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_depends_on_row_and_key_and_names_the_key() {
        let (a, b) = (RowKey::from_bytes([1; KEY_BYTES]), RowKey::from_bytes([2; KEY_BYTES]));
        assert_eq!(a.digest(b"row"), a.digest(b"row"));
        assert_ne!(a.digest(b"row"), a.digest(b"row2"));
        let name = |digest: &str| digest.split(':').next().unwrap().to_owned();
        assert_eq!(name(&a.digest(b"row")), name(&a.digest(b"row2")));
        assert_ne!(name(&a.digest(b"row")), name(&b.digest(b"row")));
        assert_ne!(RowKey::generate().as_bytes(), RowKey::generate().as_bytes());
    }
}
