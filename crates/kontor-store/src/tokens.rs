//! Tokens of accounts lead to one account, over all suppliers.

use std::fmt;

use kontor_model::account::Protocol;
use kontor_model::supplier::SupplierCode;

use crate::error::StoreError;

/// An account that was given a token which another account has. It does not tell which: that may
/// be an account of another supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenToken {
    pub protocol: Protocol,
    pub login: String,
}

/// An account, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHolder {
    pub supplier: SupplierCode,
    pub protocol: Protocol,
    pub login: String,
}

/// What is asked of tokens over all suppliers.
pub trait Tokens {
    /// The holders of each token that several accounts have, which only data of older versions can
    /// hold. For operators: nobody is let in by such a token until one of them gets another.
    fn duplicate_tokens(&self) -> Result<Vec<Vec<TokenHolder>>, StoreError>;
}

impl fmt::Display for TakenToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the token of {} {} is taken: another account has it or had it before; give this \
             account a token of its own",
            self.protocol, self.login
        )
    }
}

impl From<TakenToken> for StoreError {
    fn from(taken: TakenToken) -> Self {
        Self::Conflict(taken.to_string())
    }
}
