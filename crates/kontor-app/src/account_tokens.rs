//! Tokens of accounts: rotating them without locking a partner out.

use kontor_model::account::Account;
use kontor_model::instant::Instant;

use crate::secrets::{mint_token, token_digest};

/// Gives an account a new token; the one before counts until `overlap_until`. Returns the token in
/// clear, which is shown once and never stored.
pub fn rotate(account: &mut Account, overlap_until: Instant) -> String {
    let token = mint_token();
    account.previous_token = account.token.replace(token_digest(&token).into());
    account.previous_until = account.previous_token.is_some().then_some(overlap_until);
    token
}
