//! Tokens that are signed with the key of the data.

use hmac::{Hmac, KeyInit, Mac};
use kontor_model::instant::Instant;
use kontor_store::TokenKey;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::access::secrets::{push_hexadecimal, random_bytes};

/// Random bytes of a token of a session.
const RANDOM_BYTES: usize = 16;
/// Digits of the signature of such a token. It only keeps tokens that were never given out away
/// from the database; whether one counts is decided by its digest.
const SIGNATURE_DIGITS: usize = 32;

/// What a signature is for: one that is right for one thing is wrong for all others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Session,
    Guest,
    BesideGuest,
}

/// Signs tokens and recognizes them.
pub(super) struct TokenKeys(TokenKey);

impl TokenKeys {
    pub(super) fn new(key: TokenKey) -> Self {
        Self(key)
    }

    /// A new token: the prefix, 32 random hexadecimal digits and 32 of their signature.
    pub(super) fn mint(&self, prefix: &str) -> String {
        let mut token = prefix.to_owned();
        push_hexadecimal(&mut token, &random_bytes::<RANDOM_BYTES>());
        let signature = self.short_signature(&token);
        token + &signature
    }

    /// Whether a token can be one of a session. Before there was a key tokens had no signature;
    /// they count until they expire.
    pub(super) fn may_have_minted(&self, token: &str, now: Instant) -> bool {
        let signed = token.len().checked_sub(SIGNATURE_DIGITS);
        let signed = signed.and_then(|end| token.split_at_checked(end));
        let is_signed =
            signed.is_some_and(|(text, signature)| is_same(&self.short_signature(text), signature));
        is_signed || now < self.0.unsigned_until
    }

    /// The signature of some texts, in 64 hexadecimal digits.
    pub(super) fn signature(&self, purpose: Purpose, texts: &[&str]) -> String {
        let mut digits = String::new();
        // HMAC takes keys of every length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0.key) else {
            return digits;
        };
        for text in [purpose.name()].iter().chain(texts) {
            // With their lengths, texts cannot run into each other.
            mac.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            mac.update(text.as_bytes());
        }
        push_hexadecimal(&mut digits, &mac.finalize().into_bytes());
        digits
    }

    fn short_signature(&self, text: &str) -> String {
        let mut signature = self.signature(Purpose::Session, &[text]);
        signature.truncate(SIGNATURE_DIGITS);
        signature
    }
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Guest => "guest",
            Self::BesideGuest => "beside guest",
        }
    }
}

/// Compares a signature in a time that does not depend on where the first difference is.
pub(super) fn is_same(signature: &str, presented: &str) -> bool {
    !signature.is_empty() && signature.as_bytes().ct_eq(presented.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(key: u8, unsigned_until: i64) -> TokenKeys {
        let unsigned_until = Instant::from_micros(unsigned_until);
        TokenKeys::new(TokenKey { key: [key; 32], unsigned_until })
    }

    #[test]
    fn only_tokens_that_were_minted_are_looked_for() {
        let keys = keys(1, 0);
        let now = Instant::from_micros(0);
        for prefix in ["", "7001,", "ä,"] {
            let token = keys.mint(prefix);
            assert_eq!(token.len(), prefix.len() + 64);
            assert_ne!(token, keys.mint(prefix));
            assert!(keys.may_have_minted(&token, now));
            assert!(!self::keys(2, 0).may_have_minted(&token, now), "another key");
            for other in [format!("x{token}"), format!("{token}0"), token.replace(',', ";,")] {
                assert!(other == token || !keys.may_have_minted(&other, now), "{other}");
            }
        }
        for token in ["", "x", &"0".repeat(64), &"ä".repeat(40)] {
            assert!(!keys.may_have_minted(token, now), "{token}");
        }
    }

    #[test]
    fn tokens_without_a_signature_are_looked_for_while_one_can_count() {
        let looked_for = |now| keys(1, 10).may_have_minted("x", Instant::from_micros(now));
        assert_eq!([9, 10].map(looked_for), [true, false]);
    }
}
