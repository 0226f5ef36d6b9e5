//! Signatures of Standard Webhooks, version 1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What secrets begin with in their written form.
const PREFIX: &str = "whsec_";
/// Shortest and longest key in bytes.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A key of signatures.
#[derive(Clone)]
pub(crate) struct SigningKey(Vec<u8>);

impl SigningKey {
    /// Reads `whsec_` and 24 to 64 bytes in base64.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let key = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        KEY_BYTES.contains(&key.len()).then_some(Self(key))
    }

    /// The signature of a message: `v1,` and base64.
    fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

/// The value of `webhook-signature`: one signature for each key.
pub(crate) fn signatures(keys: &[SigningKey], id: &str, timestamp: i64, body: &[u8]) -> String {
    let all: Vec<String> = keys.iter().filter_map(|key| key.sign(id, timestamp, body)).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published example of the standard.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_published_example() {
        let key = SigningKey::parse(SECRET).expect("a key");
        let body = br#"{"test": 2432232314}"#;
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let one = signatures(std::slice::from_ref(&key), id, 1_614_265_330, body);
        assert_eq!(one, SIGNATURE);
        let other = SigningKey::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").expect("a key");
        let two = signatures(&[key, other], id, 1_614_265_330, body);
        assert!(two.starts_with(&format!("{SIGNATURE} v1,")) && two.len() > 2 * SIGNATURE.len());
    }

    #[test]
    fn keys() {
        let written = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        for good in [24, 64] {
            assert!(SigningKey::parse(&written(good)).is_some());
        }
        for bad in [written(23), written(65), STANDARD.encode([7; 32]), "whsec_!".to_owned()] {
            assert!(SigningKey::parse(&bad).is_none());
        }
    }
}
