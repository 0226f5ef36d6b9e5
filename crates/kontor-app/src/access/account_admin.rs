//! Keeping accounts: listing them, adding them, renewing their credentials, switching them off and on.
//!
//! Everything works on the store alone, and a running server follows. A secret is returned once, when
//! it is made; only its digest is stored.

use std::collections::HashMap;

use kontor_model::account::{Account, Protocol};
use kontor_model::customer::{Customer, CustomerNumber, State};
use kontor_model::instant::Instant;
use kontor_model::key::Key;
use kontor_model::supplier::SupplierCode;
use kontor_store::{ReadNouns, Store, StoreError, WriteNouns, WriteTx};

use crate::access::secrets::{hash_password, mint_password, mint_token, token_digest};
use crate::of_supplier::{UnknownSupplier, read, write};
use crate::write::WriteError;

/// Who is named in the change log.
const ACTOR: &str = "account command";

/// An account to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    pub protocol: Protocol,
    pub login: String,
    /// The customer who is priced.
    pub customer: Option<CustomerNumber>,
    pub realm: Option<String>,
    pub number: Option<i64>,
}

/// An account and when it was used last, as far as that was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub account: Account,
    pub last_used: Option<Instant>,
}

/// Why a command about accounts failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    UnknownSupplier(#[from] UnknownSupplier),
    #[error("there is no {protocol} account {login}; `account list` shows all")]
    Unknown { protocol: Protocol, login: String },
    #[error(
        "there is a {protocol} account {login} already; `account rotate` gives it a new secret"
    )]
    Exists { protocol: Protocol, login: String },
    #[error("there is no customer {0}")]
    UnknownCustomer(CustomerNumber),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an account. Returns its password or token.
pub fn add(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    new: NewAccount,
) -> Result<String, AccountError> {
    let mut account = blank(new.protocol, &new.login);
    account.customer = new.customer;
    account.realm = new.realm;
    account.number = new.number;
    let secret = renew(&mut account, now);
    write(store, supplier, (ACTOR, now), move |tx| {
        if tx.has(&Key::of(&account))? {
            let (protocol, login) = (account.protocol, account.login.clone());
            return Err(WriteError::Refused(AccountError::Exists { protocol, login }));
        }
        if let Some(customer) = &account.customer
            && !tx.has(&Customer::by_number(customer.as_str()))?
        {
            return Err(WriteError::Refused(AccountError::UnknownCustomer(customer.clone())));
        }
        tx.save(account.clone())?;
        Ok(())
    })?;
    Ok(secret)
}

/// Gives an account a new password or token and returns it. A password before ends at once;
/// everything else that was given out before counts until `overlap_until`: a token without expiry,
/// and all sessions with what is opened for them.
pub fn rotate(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    (protocol, login): (Protocol, &str),
    overlap_until: Instant,
) -> Result<String, AccountError> {
    // Made before the transaction: a digest of a password takes long.
    let mut renewed = existing(store, supplier, protocol, login)?;
    let secret = renew(&mut renewed, overlap_until);
    change(store, supplier, now, (protocol, login), move |tx, account| {
        keep_until(account, overlap_until);
        if protocol == Protocol::Restigo {
            account.token.clone_from(&renewed.token);
        } else {
            account.password.clone_from(&renewed.password);
        }
        tx.end_sessions(protocol, &account.login, overlap_until)
    })?;
    Ok(secret)
}

/// Switches an account off, or on again as it was before.
pub fn set_state(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    (protocol, login): (Protocol, &str),
    state: State,
) -> Result<(), AccountError> {
    change(store, supplier, now, (protocol, login), move |_, account| {
        account.state = state;
        Ok(())
    })
}

/// All accounts of a supplier.
pub fn list(store: &dyn Store, supplier: &SupplierCode) -> Result<Vec<Listed>, AccountError> {
    let id = store.supplier_id(supplier.as_str())?;
    let id = id.ok_or_else(|| UnknownSupplier(supplier.to_string()))?;
    let used = store.last_used(id)?.into_iter();
    let mut used: HashMap<(Protocol, String), Instant> =
        used.map(|used| ((used.protocol, used.login), used.at)).collect();
    let mut list = Vec::new();
    read::<AccountError>(store, supplier, &mut |tx| {
        tx.each_of_all::<Account>(&mut |account| {
            let last_used = used.remove(&(account.protocol, account.login.clone()));
            list.push(Listed { account, last_used });
            Ok(())
        })
    })?;
    Ok(list)
}

/// An active account without credentials.
pub(crate) fn blank(protocol: Protocol, login: &str) -> Account {
    Account {
        protocol,
        login: login.to_owned(),
        realm: None,
        number: None,
        name: None,
        customer: None,
        state: State::Active,
        password: None,
        token: None,
        previous_token: None,
        previous_until: None,
        on_behalf: false,
    }
}

/// Gives an account a new secret of the sort its protocol asks for.
fn renew(account: &mut Account, overlap_until: Instant) -> String {
    match account.protocol {
        Protocol::Restigo => {
            let token = mint_token();
            keep_until(account, overlap_until);
            account.token = Some(token_digest(&token).into());
            token
        }
        Protocol::Secomp | Protocol::Websphere | Protocol::Consinco => {
            let password = mint_password();
            account.password = Some(hash_password(&password).into());
            password
        }
    }
}

/// Lets the token of an account count until then. One that was renewed before keeps its own end, as
/// long as there is no newer one to keep, and unless that is later.
fn keep_until(account: &mut Account, until: Instant) {
    if let Some(token) = account.token.take() {
        account.previous_token = Some(token);
        account.previous_until = Some(until);
    } else if account.previous_token.is_some() {
        let before = account.previous_until.unwrap_or(Instant::MAX);
        account.previous_until = Some(before.min(until));
    }
}

fn change(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    (protocol, login): (Protocol, &str),
    change: impl Fn(&mut dyn WriteTx, &mut Account) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), AccountError> {
    let login = login.to_owned();
    write(store, supplier, (ACTOR, now), move |tx| {
        let Some(mut account) = tx.find(&Account::by_login(protocol, &login))? else {
            let login = login.clone();
            return Err(WriteError::Refused(AccountError::Unknown { protocol, login }));
        };
        change(tx, &mut account)?;
        tx.save(account)?;
        Ok(())
    })
}

fn existing(
    store: &dyn Store,
    supplier: &SupplierCode,
    protocol: Protocol,
    login: &str,
) -> Result<Account, AccountError> {
    let mut found = None;
    read::<AccountError>(store, supplier, &mut |tx| {
        found = tx.find(&Account::by_login(protocol, login))?;
        Ok(())
    })?;
    found.ok_or_else(|| AccountError::Unknown { protocol, login: login.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(token: Option<&str>, before: Option<(&str, i64)>) -> Account {
        Account {
            token: token.map(|token| token.to_owned().into()),
            previous_token: before.map(|(token, _)| token.to_owned().into()),
            previous_until: before.map(|(_, until)| Instant::from_micros(until)),
            ..blank(Protocol::Consinco, "sys")
        }
    }

    #[test]
    fn the_newest_token_is_kept_until_the_overlap_ends() {
        for (before, after) in [
            (account(None, None), account(None, None)),
            (account(Some("a"), None), account(None, Some(("a", 50)))),
            (account(Some("a"), Some(("b", 70))), account(None, Some(("a", 50)))),
            (account(None, Some(("b", 70))), account(None, Some(("b", 50)))),
            (account(None, Some(("b", 30))), account(None, Some(("b", 30)))),
        ] {
            let mut kept = before;
            keep_until(&mut kept, Instant::from_micros(50));
            assert_eq!(kept, after);
        }
    }
}
