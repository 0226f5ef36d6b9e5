//! The vault: personal data of leads, sealed in the database.
//!
//! With a key, what a lead says about a person stands in the database as XChaCha20-Poly1305, bound
//! to the number of the lead. Its e-mail address and phone number are replaced by keyed digests, so
//! that the leads of an address are still found, and only by who has the key. Without a key leads
//! are stored readable; both kinds may stand side by side.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use kontor_model::lead::{Lead, phone_key};
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, ReadTx, StoreError};
use serde_json::{Value, json};
use sha2::Sha256;

use kontor_app::access::secrets::random_bytes;
use kontor_app::app::App;

/// What begins the answers of a sealed lead; JSON never begins like this.
const SEALED: &str = "sealed:v1:";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// Seals and opens leads.
#[derive(Clone, Default)]
pub struct LeadVault {
    keys: Option<Keys>,
}

/// Two keys, so that a digest in the database says nothing about what is sealed.
#[derive(Clone)]
struct Keys {
    seal: [u8; KEY_BYTES],
    index: [u8; KEY_BYTES],
}

/// Why a lead cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("the seal key is not 32 bytes in base64")]
    Key,
    #[error("the lead is sealed, and there is no key to open it with")]
    NoKey,
    #[error("the lead is sealed with another key, or was changed")]
    WrongKey,
    #[error("the lead cannot be sealed")]
    Seal,
}

/// A lead that is sealed and does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub supplier: SupplierCode,
    pub lead: i64,
    pub error: VaultError,
}

/// The digits of base64 in their order without case.
const DIGITS: &[u8] = b"+/0123456789abcdefghijklmnopqrstuvwxyz";

impl LeadVault {
    /// A vault with this key (base64); without one nothing is sealed.
    pub fn new(key: Option<&str>) -> Result<Self, VaultError> {
        let Some(key) = key else { return Ok(Self::default()) };
        let key = STANDARD.decode(key.trim()).map_err(|_| VaultError::Key)?;
        if key.len() != KEY_BYTES {
            return Err(VaultError::Key);
        }
        let keys = Keys {
            seal: digest(&key, &["kontor leads: seal"]),
            index: digest(&key, &["kontor leads: index"]),
        };
        Ok(Self { keys: Some(keys) })
    }

    /// A lead as it is stored.
    pub fn seal(&self, mut lead: Lead) -> Result<Lead, VaultError> {
        let Some(keys) = &self.keys else { return Ok(lead) };
        let personal =
            json!({"email": lead.email, "phone": lead.phone, "answers": lead.answers}).to_string();
        let nonce: [u8; NONCE_BYTES] = random_bytes();
        let payload = Payload { msg: personal.as_bytes(), aad: &lead.number.to_be_bytes() };
        let cipher = XChaCha20Poly1305::new(&Key::from(keys.seal));
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Seal)?;
        let sealed = [&nonce[..], &sealed].concat();
        lead.email = keys.index("email", &lead.email.to_ascii_lowercase());
        lead.phone_key = lead.phone.as_deref().and_then(phone_key).map(|k| keys.index("phone", &k));
        lead.phone = None;
        lead.answers = Some(format!("{SEALED}{}", STANDARD.encode(sealed)));
        Ok(lead)
    }

    /// A stored lead as it was before.
    pub fn open(&self, mut lead: Lead) -> Result<Lead, VaultError> {
        let Some(sealed) = lead.answers.as_deref().and_then(|text| text.strip_prefix(SEALED))
        else {
            return Ok(lead);
        };
        let keys = self.keys.as_ref().ok_or(VaultError::NoKey)?;
        let sealed = STANDARD.decode(sealed).map_err(|_| VaultError::WrongKey)?;
        let (nonce, sealed) =
            sealed.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::WrongKey)?;
        let payload = Payload { msg: sealed, aad: &lead.number.to_be_bytes() };
        let cipher = XChaCha20Poly1305::new(&Key::from(keys.seal));
        let personal =
            cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::WrongKey)?;
        let personal: Value =
            serde_json::from_slice(&personal).map_err(|_| VaultError::WrongKey)?;
        let text = |name: &str| personal.get(name).and_then(Value::as_str).map(str::to_owned);
        lead.email = text("email").ok_or(VaultError::WrongKey)?;
        lead.phone = text("phone");
        lead.phone_key = lead.phone.as_deref().and_then(phone_key);
        lead.answers = text("answers");
        Ok(lead)
    }

    /// A lead that was sealed with another key. Of each supplier the newest lead is tried, and sealed
    /// ones from all over the rest: what stands for their addresses is random, so any part of them is
    /// like the whole. However many leads there are, one for every two digits of base64 is looked up at most.
    pub fn cannot_open(&self, app: &App) -> Result<Option<Closed>, StoreError> {
        let book = app.book();
        for tenant in book.tenants() {
            let Some(supplier) = tenant.supplier().map(|supplier| supplier.code.clone()) else {
                continue;
            };
            let mut closed = None;
            let read = app.store().read(tenant.id(), &mut |tx| {
                closed = self.closed_among(tx)?;
                Ok(())
            });
            read.map_err(|abort| match abort {
                Abort::Store(error) => error,
                refused @ Abort::Refused => StoreError::Read(refused.to_string()),
            })?;
            if let Some((lead, error)) = closed {
                return Ok(Some(Closed { supplier, lead, error }));
            }
        }
        Ok(None)
    }

    fn closed_among(&self, tx: &dyn ReadTx) -> Result<Option<(i64, VaultError)>, StoreError> {
        let newest = tx.newest_lead()?;
        if let Some(closed) = newest.and_then(|lead| self.refuses(lead)) {
            return Ok(Some(closed));
        }
        let mut passed = String::new();
        for least in places() {
            if passed >= least {
                // The lead of the place before is that of this one, too.
                continue;
            }
            let Some(lead) = tx.lead_with_email_from(&least)? else { break };
            passed = lead.email.to_ascii_lowercase();
            if !passed.starts_with(SEALED) {
                break;
            }
            if let Some(closed) = self.refuses(lead) {
                return Ok(Some(closed));
            }
        }
        Ok(None)
    }

    /// The number of a lead that does not open, and why.
    fn refuses(&self, lead: Lead) -> Option<(i64, VaultError)> {
        let number = lead.number;
        self.open(lead).err().map(|error| (number, error))
    }

    /// What stands in the database for an e-mail address and a phone key: readable and, with a key,
    /// sealed.
    pub(crate) fn traces(&self, email: &str, key: Option<&str>) -> Vec<(String, Option<String>)> {
        let readable = (email.to_owned(), key.map(str::to_owned));
        let sealed = self.keys.as_ref().map(|keys| {
            let email = keys.index("email", &email.to_ascii_lowercase());
            (email, key.map(|key| keys.index("phone", key)))
        });
        std::iter::once(readable).chain(sealed).collect()
    }
}

/// Where sealed leads are looked for: places that are evenly spread over what can stand for an address.
fn places() -> impl Iterator<Item = String> {
    let pairs = DIGITS.iter().flat_map(|first| DIGITS.iter().map(move |second| (first, second)));
    pairs.map(|(first, second)| format!("{SEALED}{}{}", char::from(*first), char::from(*second)))
}

impl Keys {
    /// The text that stands for a value in the database.
    fn index(&self, what: &str, value: &str) -> String {
        let digest = digest(&self.index, &[what, value]);
        format!("{SEALED}{}", STANDARD.encode(digest))
    }
}

fn digest(key: &[u8], parts: &[&str]) -> [u8; KEY_BYTES] {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else {
        return [0; KEY_BYTES];
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead() -> Lead {
        Lead {
            number: 7,
            category: "1463".parse().expect("a code"),
            partner: "22".parse().expect("a code"),
            contact_number: 1,
            email: "Wayne.Hotte@test.fr".to_owned(),
            phone: Some("+33.1.30.92.67.84".to_owned()),
            phone_key: Some("130926784".to_owned()),
            created_at: kontor_model::Instant::from_micros(0),
            answers: Some(r#"{"email":"Wayne.Hotte@test.fr"}"#.to_owned()),
            questionnaire_version: Some(3),
        }
    }

    fn vault(byte: u8) -> LeadVault {
        LeadVault::new(Some(&STANDARD.encode([byte; KEY_BYTES]))).expect("a good key")
    }

    #[test]
    fn sealed_leads_show_nothing_and_open_again() {
        let sealed = vault(1).seal(lead()).expect("sealed");
        let shown = format!("{sealed:?}").to_lowercase();
        for secret in ["wayne", "hotte", "130926784", "30.92"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(vault(1).open(sealed.clone()), Ok(lead()));
        assert_eq!(vault(2).open(sealed.clone()), Err(VaultError::WrongKey));
        assert_eq!(LeadVault::default().open(sealed.clone()), Err(VaultError::NoKey));
        let moved = Lead { number: 8, ..sealed };
        assert_eq!(vault(1).open(moved), Err(VaultError::WrongKey));
    }

    #[test]
    fn what_is_sealed_is_found_by_its_traces() {
        let sealed = vault(1).seal(lead()).expect("sealed");
        let traces = vault(1).traces("WAYNE.hotte@test.fr", Some("130926784"));
        assert_eq!(traces[1], (sealed.email, sealed.phone_key));
        assert_eq!(traces[0].0, "WAYNE.hotte@test.fr");
        assert_ne!(vault(2).traces("wayne.hotte@test.fr", None)[1].0, traces[1].0);
        assert_eq!(LeadVault::default().traces("a@b", None).len(), 1);
    }

    #[test]
    fn without_a_key_leads_stay_readable() {
        assert_eq!(LeadVault::default().seal(lead()), Ok(lead()));
        assert_eq!(vault(1).open(lead()), Ok(lead()));
    }

    #[test]
    fn keys_are_32_bytes() {
        for key in ["", "x", &STANDARD.encode([0; 31]), &STANDARD.encode([0; 33])] {
            assert_eq!(LeadVault::new(Some(key)).err(), Some(VaultError::Key), "{key}");
        }
    }
}
