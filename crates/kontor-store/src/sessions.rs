//! What is stored of logins. None of it is a change of the data: it has no change number, stands in
//! no change log, and the price book does not know it.

use std::fmt;
use std::sync::Arc;

use kontor_model::account::{Protocol, Session};
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;

use crate::error::StoreError;

/// Sessions that are to be opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Whose account it is.
    pub supplier: SupplierId,
    pub sessions: Vec<Session>,
    /// Digest of a token that is used up for it.
    pub used: Option<String>,
    pub now: Instant,
    /// Sessions of one kind that an account keeps, those opened now among them.
    pub most_of_account: usize,
    /// Sessions that have expired, whoever's they are, of which so many are removed on the way.
    pub most_expired: usize,
    /// Asked when its turn has come: whether it may still begin. If not: [`StoreError::NotBegun`].
    pub turn: Turn,
}

/// Whether work whose turn has come may still begin.
#[derive(Clone)]
pub struct Turn(Arc<dyn Fn() -> bool + Send + Sync>);

impl Turn {
    pub fn new(may_begin: Arc<dyn Fn() -> bool + Send + Sync>) -> Self {
        Self(may_begin)
    }

    pub fn may_begin(&self) -> bool {
        (self.0)()
    }
}

impl Default for Turn {
    /// It may always begin.
    fn default() -> Self {
        Self(Arc::new(|| true))
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

/// What opening did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opened {
    /// Digests of sessions of the same account that ended because it has too many: those that
    /// would have expired first.
    pub displaced: Vec<String>,
    /// When what was opened ends at the latest, because the token that was used up for it does.
    pub ends_by: Option<Instant>,
}

/// When an account was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub supplier: SupplierId,
    pub protocol: Protocol,
    pub login: String,
    pub at: Instant,
}

/// The key with which tokens are signed that are stored nowhere. It lives with the data: a backup
/// has it, and all servers on the data have the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenKey {
    pub key: [u8; 32],
    /// Until then sessions may count that were opened before there was a key.
    pub unsigned_until: Instant,
}

/// Sessions of accounts. Everything that is written is durable when the call returns.
pub trait Sessions {
    /// The key of the data. When there is none yet, `fresh`, which must be random, becomes it.
    fn token_key(&self, fresh: [u8; 32]) -> Result<TokenKey, StoreError>;

    /// Opens sessions. `None`: the token to be used up is not there any more, and nothing was done;
    /// of two that use it at the same time one gets this.
    fn open_sessions(&self, opening: Opening) -> Result<Option<Opened>, StoreError>;

    /// The session whose token has this digest, also when it has expired.
    fn session(&self, digest: &str) -> Result<Option<(SupplierId, Session)>, StoreError>;

    /// Ends the session whose token has this digest; `false` when there was none. `turn` is asked as
    /// that of an [`Opening`] is.
    fn end_session(&self, digest: &str, turn: Turn) -> Result<bool, StoreError>;

    /// Notes when accounts were used; an older time than the one that is known changes nothing.
    fn note_used(&self, used: Vec<Used>) -> Result<(), StoreError>;

    /// When the accounts of a supplier were used last, as far as it was noted.
    fn last_used(&self, supplier: SupplierId) -> Result<Vec<Used>, StoreError>;
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("unsigned_until", &self.unsigned_until)
            .finish_non_exhaustive()
    }
}
