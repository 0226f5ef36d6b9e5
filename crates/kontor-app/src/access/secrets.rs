//! Secrets: how they are stored and compared.
//!
//! Passwords are stored as Argon2id digests. Verifying one costs many milliseconds on purpose, so
//! a password that was right once is remembered as a keyed digest in memory, and the next request
//! costs a microsecond. Tokens are long and random; SHA-256 is enough for them.

use arc_swap::ArcSwap;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use blake2::Blake2sMac;
use blake2::digest::consts::U32;
use blake2::digest::{FixedOutput as _, KeyInit as _, Update as _};
use kontor_model::account::{ByProtocol, Protocol, Secret};
use rpds::HashTrieMapSync;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

/// Argon2id parameters: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// What a digest that was made elsewhere may cost at most: memory in KiB, passes, lanes.
const MOST_MEMORY_KIB: u32 = 131_072;
const MOST_PASSES: u32 = 10;
const MOST_LANES: u32 = 16;
/// Digests computed at the same time, and waiting for their turn.
const DIGESTS_AT_ONCE: usize = 2;
const DIGESTS_WAITING: usize = 64;

/// Why a password was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct Busy;

/// Keyed digests of passwords by login.
type KnownPasswords = ByProtocol<HashTrieMapSync<Box<str>, Known>>;

/// A keyed digest that takes one step for most logins with their passwords: up to forty bytes.
type Keyed = Blake2sMac<U32>;

/// Begins every keyed digest; with it, the step for the key is done once and for all.
const BEGIN: &[u8] = &[1];

/// A password that was right.
#[derive(Clone)]
struct Known {
    /// Keyed digest of the password.
    digest: [u8; 32],
    /// The stored digest it was right for: a changed password is not remembered.
    stored: Secret,
}

/// Why a digest of a password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("it begins like an Argon2id digest, but is none in PHC form")]
    Form,
    #[error(
        "checking this digest would cost too much: it may have at most m={MOST_MEMORY_KIB} (KiB), \
         t={MOST_PASSES} and p={MOST_LANES}; make it anew with less"
    )]
    Cost,
}

/// Checks passwords.
pub struct PasswordCheck {
    /// Has taken in its key already: that is a good part of the work.
    keyed: Option<Keyed>,
    /// Keyed digests of passwords that were right, by account.
    known: ArcSwap<KnownPasswords>,
    turns: Semaphore,
    waiting: Semaphore,
    /// Verified for logins that do not exist, so that they take as long as others.
    nobody: String,
}

impl PasswordCheck {
    pub(crate) fn new() -> Self {
        Self {
            keyed: keyed(),
            known: ArcSwap::from_pointee(KnownPasswords::default()),
            turns: Semaphore::new(DIGESTS_AT_ONCE),
            waiting: Semaphore::new(DIGESTS_WAITING),
            nobody: hash_password("nobody has this password"),
        }
    }

    /// Whether this password was right before; costs no digest.
    pub(crate) fn is_remembered(
        &self,
        protocol: Protocol,
        login: &str,
        stored: Option<&Secret>,
        presented: &str,
    ) -> bool {
        let known = self.known.load();
        let Some(known) = known.get(protocol).get(login) else { return false };
        let digest = self.keyed_digest(protocol, login, presented);
        let is_same = digest.is_some_and(|digest| known.digest.ct_eq(&digest).into());
        is_same && stored == Some(&known.stored)
    }

    /// Whether a password is the one of an account. `stored` is its digest; without one no
    /// password is right, after the same time.
    pub(crate) async fn is_right(
        &self,
        protocol: Protocol,
        login: &str,
        stored: Option<&Secret>,
        presented: &str,
    ) -> Result<bool, Busy> {
        let right = self.verify(stored, presented).await?;
        if let (true, Some(stored)) = (right, stored)
            && let Some(digest) = self.keyed_digest(protocol, login, presented)
        {
            let fresh = Known { digest, stored: stored.clone() };
            self.known.rcu(|known| {
                let mut known = KnownPasswords::clone(known);
                known.get_mut(protocol).insert_mut(login.into(), fresh.clone());
                known
            });
        }
        Ok(right)
    }

    /// Waits for a turn: more than may wait are sent away at once.
    async fn verify(&self, stored: Option<&Secret>, presented: &str) -> Result<bool, Busy> {
        let _place = self.waiting.try_acquire().map_err(|_| Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| Busy)?;
        let exists = stored.is_some();
        let stored = stored.map_or(&*self.nobody, Secret::reveal).to_owned();
        let presented = presented.to_owned();
        let check = move || verify_password(&stored, &presented);
        let right = tokio::task::spawn_blocking(check).await.unwrap_or(false);
        Ok(right && exists)
    }

    /// Binds the presented password to the account. `None` never happens; then nothing is
    /// remembered.
    fn keyed_digest(&self, protocol: Protocol, login: &str, presented: &str) -> Option<[u8; 32]> {
        let mut mac = self.keyed.clone()?;
        for part in [protocol.name(), login, presented] {
            // With their lengths, parts cannot run into each other.
            mac.update(&u32::try_from(part.len()).ok()?.to_le_bytes());
            mac.update(part.as_bytes());
        }
        Some(mac.finalize_fixed().into())
    }
}

fn keyed() -> Option<Keyed> {
    let mut keyed = Keyed::new_from_slice(&random_bytes::<32>()).ok()?;
    keyed.update(BEGIN);
    Some(keyed)
}

/// The Argon2id digest of a password, in PHC form.
///
/// # Panics
/// When the operating system gives no random bytes.
#[expect(
    clippy::expect_used,
    reason = "fails only without random bytes; no secret may then be made"
)]
pub fn hash_password(password: &str) -> String {
    let hash = argon2().hash_password(password.as_bytes());
    hash.expect("a password can be hashed").to_string()
}

/// Whether a digest that was made elsewhere can be checked at a cost that has a measure.
pub fn check_digest(stored: &str) -> Result<(), DigestError> {
    let digest = PasswordHash::new(stored).map_err(|_| DigestError::Form)?;
    if digest.hash.is_none() || digest.salt.is_none() {
        return Err(DigestError::Form);
    }
    let cost = Params::try_from(&digest).map_err(|_| DigestError::Cost)?;
    let is_bearable = cost.m_cost() <= MOST_MEMORY_KIB
        && cost.t_cost() <= MOST_PASSES
        && cost.p_cost() <= MOST_LANES;
    is_bearable.then_some(()).ok_or(DigestError::Cost)
}

/// Whether a password has this digest; takes as long as hashing. Nothing has a digest that costs too
/// much.
pub fn verify_password(stored: &str, presented: &str) -> bool {
    check_digest(stored).is_ok() && argon2().verify_password(presented.as_bytes(), stored).is_ok()
}

/// The digest under which a token is stored and looked up.
pub fn token_digest(token: &str) -> String {
    bytes_digest(token.as_bytes())
}

/// The digest of any bytes, in the form of [`token_digest`].
pub fn bytes_digest(bytes: &[u8]) -> String {
    let mut digest = String::from("sha256:");
    push_hexadecimal(&mut digest, &Sha256::digest(bytes));
    digest
}

/// A new random token: 32 random bytes in hexadecimal.
pub fn mint_token() -> String {
    let mut token = String::new();
    push_hexadecimal(&mut token, &random_bytes::<32>());
    token
}

pub(crate) fn push_hexadecimal(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
}

/// A new random password: eight digits and letters, none of which look alike.
pub fn mint_password() -> String {
    const SIGNS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz9";
    let bytes: [u8; 8] = random_bytes();
    let sign = |byte: u8| SIGNS.get(usize::from(byte % 32)).copied().unwrap_or(b'2');
    bytes.into_iter().map(|byte| char::from(sign(byte))).collect()
}

/// Random bytes of the operating system.
///
/// # Panics
/// When it has none.
#[expect(clippy::expect_used, reason = "without random bytes no secret may be made")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    bytes
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn as_many_wait_as_may_and_the_next_is_sent_away() {
        let check = PasswordCheck::new();
        let stored = Secret::from(hash_password("12abcd34"));
        let ask = || check.is_right(Protocol::Secomp, "a", Some(&stored), "12abcd34");
        let all_but_one = u32::try_from(DIGESTS_WAITING - 1).unwrap();
        let waiting = check.waiting.acquire_many(all_but_one).await.unwrap();
        assert_eq!(ask().await, Ok(true));
        let last = check.waiting.acquire().await.unwrap();
        assert_eq!(ask().await, Err(Busy));
        drop((waiting, last));
        assert_eq!(ask().await, Ok(true));
    }

    #[test]
    fn digests_cost_as_much_as_they_may_and_not_more() {
        let digest = |cost: &str| {
            let salt = "A".repeat(22);
            format!("$argon2id$v=19${cost}${salt}${}", "A".repeat(43))
        };
        for cost in ["m=19456,t=2,p=1", "m=65536,t=3,p=4", "m=131072,t=1,p=1", "m=1024,t=10,p=16"] {
            assert_eq!(check_digest(&digest(cost)), Ok(()), "{cost}");
        }
        for cost in [
            "m=131073,t=1,p=1",
            "m=1024,t=11,p=1",
            "m=1024,t=1,p=17",
            "m=4194304,t=3,p=1",
            "m=19456,t=4294967295,p=1",
            "m=19456,t=0,p=1",
        ] {
            assert_eq!(check_digest(&digest(cost)), Err(DigestError::Cost), "{cost}");
            assert!(!verify_password(&digest(cost), "12abcd34"), "{cost}");
        }
        for text in ["$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA", "x"] {
            assert_eq!(check_digest(text), Err(DigestError::Form), "{text}");
        }
    }

    #[test]
    fn digests_are_recognized_and_verify() {
        let digest = hash_password("12abcd34");
        assert!(Secret::from(digest.clone()).is_digest());
        assert!(digest.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{digest}");
        assert!(verify_password(&digest, "12abcd34"));
        assert!(!verify_password(&digest, "12ABCD34"));
        assert!(!verify_password("12abcd34", "12abcd34"), "clear text is no digest");
        let token = token_digest("");
        assert_eq!(
            token,
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
