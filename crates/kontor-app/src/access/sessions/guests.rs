//! Guests: tokens that are signed and expire, and cost nothing durable. Anybody may ask for one, so
//! nothing may grow by it. They cannot be ended, and open nothing that a request without a token
//! does not.

use kontor_model::account::Protocol;
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;

use super::token_keys::{Purpose, is_same};
use crate::app::App;

/// Digits in front of the signature: when the token expires, in microseconds.
const EXPIRY_DIGITS: usize = 16;

/// Who is a guest of whom.
#[derive(Debug, Clone, Copy)]
pub struct Guest<'a> {
    pub protocol: Protocol,
    pub supplier: SupplierId,
    /// The name that the guest was given.
    pub name: &'a str,
}

/// What a guest shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSecrets {
    pub secret: String,
    /// What must stand beside it, where the protocol asks for a second one.
    pub beside: String,
}

impl App {
    /// Secrets of a guest, which count for so many seconds.
    pub fn guest_secrets(&self, guest: Guest<'_>, seconds: i64) -> GuestSecrets {
        let expires = self.now().plus_seconds(seconds).micros();
        let expires = format!("{expires:0EXPIRY_DIGITS$x}");
        let signature = self.guest_signature(Purpose::Guest, guest, &expires);
        let secret = expires + &signature;
        let beside = self.guest_signature(Purpose::BesideGuest, guest, &secret);
        GuestSecrets { secret, beside }
    }

    /// Whether this is the secret of the guest, and counts.
    pub fn is_guest(&self, guest: Guest<'_>, secret: &str) -> bool {
        let Some((expires, signature)) = secret.split_at_checked(EXPIRY_DIGITS) else {
            return false;
        };
        if !is_same(&self.guest_signature(Purpose::Guest, guest, expires), signature) {
            return false;
        }
        let expires = i64::from_str_radix(expires, 16).map(Instant::from_micros);
        expires.is_ok_and(|expires| self.now() < expires)
    }

    /// Whether `beside` was given out beside the secret of the guest.
    pub fn is_beside_guest(&self, guest: Guest<'_>, secret: &str, beside: &str) -> bool {
        is_same(&self.guest_signature(Purpose::BesideGuest, guest, secret), beside)
    }

    fn guest_signature(&self, purpose: Purpose, guest: Guest<'_>, text: &str) -> String {
        let supplier = guest.supplier.0.to_string();
        let texts = [guest.protocol.name(), &supplier, guest.name, text];
        self.sessions.keys.signature(purpose, &texts)
    }
}
