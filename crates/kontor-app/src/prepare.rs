//! What is done to a row before it is stored: clear secrets become digests, and counters never go
//! back.

use kontor_model::account::{Account, Secret};
use kontor_model::catalogue::Record;
use kontor_model::record::CellError;

use crate::access::secrets::{
    DigestError, check_digest, hash_password, token_digest, verify_password,
};

/// Makes a row ready to be stored. `existing` is the row it would supersede: a secret that did not
/// change keeps its digest, so that importing the same file again changes nothing.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other rows are stored as they come")]
pub fn prepare(record: Record, existing: Option<&Record>) -> Result<Record, CellError> {
    match record {
        Record::Account(account) => {
            let existing = match existing {
                Some(Record::Account(existing)) => Some(existing),
                _ => None,
            };
            if let Some(password) = account.password.as_ref().filter(|one| one.is_digest()) {
                check_digest(password.reveal()).map_err(bad_digest)?;
            }
            Ok(Record::Account(digested(account, existing)))
        }
        Record::Counter(mut counter) => {
            // Numbers that were given out are never given out again, whatever a file says.
            if let Some(Record::Counter(existing)) = existing {
                counter.next = counter.next.max(existing.next);
            }
            Ok(Record::Counter(counter))
        }
        other => Ok(other),
    }
}

fn bad_digest(error: DigestError) -> CellError {
    CellError { column: "password", reason: error.to_string() }
}

fn digested(mut account: Account, existing: Option<&Account>) -> Account {
    let known = existing.and_then(|existing| existing.password.as_ref());
    account.password = account.password.map(|password| digest_password(password, known));
    account.token = account.token.map(digest_token);
    account.previous_token = account.previous_token.map(digest_token);
    account
}

fn digest_password(password: Secret, known: Option<&Secret>) -> Secret {
    if password.is_digest() {
        return password;
    }
    match known {
        Some(known) if verify_password(known.reveal(), password.reveal()) => known.clone(),
        _ => hash_password(password.reveal()).into(),
    }
}

fn digest_token(token: Secret) -> Secret {
    if token.is_digest() { token } else { token_digest(token.reveal()).into() }
}
