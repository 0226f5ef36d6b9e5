//! What the running application knows of sessions.

use kontor_store::{Store, StoreError};

use super::known::KnownSessions;
use super::token_keys::TokenKeys;
use crate::access::secrets::random_bytes;

/// What the running application knows of sessions.
pub(crate) struct SessionDesk {
    pub(super) keys: TokenKeys,
    pub(super) known: KnownSessions,
}

impl SessionDesk {
    /// Reads the key of the data; makes it when there is none yet.
    pub(crate) fn open(store: &dyn Store) -> Result<Self, StoreError> {
        let keys = TokenKeys::new(store.token_key(random_bytes())?);
        Ok(Self { keys, known: KnownSessions::default() })
    }
}
