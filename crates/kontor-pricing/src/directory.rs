//! What leads from the words of a request to a supplier.
//!
//! An entry is removed only while it leads to the row that goes: within one version of the book a
//! name may move from one row to another, and the rows come in any order.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of rows lead nowhere; a new kind is one of them until it is named"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use kontor_model::account::{Account, ByProtocol, Protocol, Secret};
use kontor_model::catalogue::Record;
use kontor_model::supplier::SupplierId;

use crate::ids::IdMap;

/// Names and tokens of all suppliers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    suppliers: IdMap<Box<str>, SupplierId>,
    stores: IdMap<Box<str>, SupplierId>,
    logins: ByProtocol<IdMap<Box<str>, Holder>>,
    /// By digest of the token. Data of before tokens were unique may have several holders of one.
    tokens: IdMap<Box<str>, Arc<[Holder]>>,
}

/// An account and whose it is.
pub(crate) type Holder = (SupplierId, Arc<Account>);

impl Directory {
    pub(crate) fn supplier(&self, code: &str) -> Option<SupplierId> {
        self.suppliers.get(code).copied()
    }

    /// The supplier whose store this is.
    pub(crate) fn store(&self, code: &str) -> Option<SupplierId> {
        self.stores.get(code).copied()
    }

    pub(crate) fn login(&self, protocol: Protocol, login: &str) -> Option<&Holder> {
        self.logins.get(protocol).get(login)
    }

    /// The account whose token has this digest. A token of several accounts is of none of them.
    pub(crate) fn token(&self, digest: &str) -> Option<&Holder> {
        match &**self.tokens.get(digest)? {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Enters what leads to a row.
    pub(crate) fn enter(&mut self, supplier: SupplierId, record: &Record) {
        match record {
            Record::Supplier(row) => {
                self.suppliers.insert_mut(row.code.as_str().into(), supplier);
            }
            Record::Store(row) => self.stores.insert_mut(row.code.as_str().into(), supplier),
            Record::Account(account) => {
                let holder = (supplier, Arc::new(account.clone()));
                for digest in token_digests(account) {
                    self.enter_token(digest, &holder);
                }
                let logins = self.logins.get_mut(account.protocol);
                logins.insert_mut(account.login.as_str().into(), holder);
            }
            _ => {}
        }
    }

    /// Removes what leads to a row.
    pub(crate) fn remove(&mut self, supplier: SupplierId, record: &Record) {
        match record {
            Record::Supplier(row) => remove_own(&mut self.suppliers, row.code.as_str(), supplier),
            Record::Store(row) => remove_own(&mut self.stores, row.code.as_str(), supplier),
            Record::Account(account) => {
                for digest in token_digests(account) {
                    self.remove_token(digest, supplier, account);
                }
                let logins = self.logins.get_mut(account.protocol);
                let login = account.login.as_str();
                if logins.get(login).is_some_and(|(owner, _)| *owner == supplier) {
                    logins.remove_mut(login);
                }
            }
            _ => {}
        }
    }

    fn enter_token(&mut self, digest: &str, holder: &Holder) {
        let others = self.others(digest, holder.0, &holder.1);
        let holders = others.into_iter().chain([holder.clone()]).collect();
        self.tokens.insert_mut(digest.into(), holders);
    }

    fn remove_token(&mut self, digest: &str, supplier: SupplierId, account: &Account) {
        let others = self.others(digest, supplier, account);
        if others.is_empty() {
            self.tokens.remove_mut(digest);
        } else {
            self.tokens.insert_mut(digest.into(), others.into());
        }
    }

    /// The holders of a token other than this account.
    fn others(&self, digest: &str, supplier: SupplierId, account: &Account) -> Vec<Holder> {
        let holders = self.tokens.get(digest).map(|holders| &**holders).unwrap_or_default();
        let others = holders.iter().filter(|(owner, other)| {
            let key = (*owner, other.protocol, &other.login);
            key != (supplier, account.protocol, &account.login)
        });
        others.cloned().collect()
    }
}

fn remove_own(names: &mut IdMap<Box<str>, SupplierId>, name: &str, supplier: SupplierId) {
    if names.get(name) == Some(&supplier) {
        names.remove_mut(name);
    }
}

/// Digests of the tokens of an account. Tokens in clear are not looked up.
fn token_digests(account: &Account) -> BTreeSet<&str> {
    let tokens = [account.token.as_ref(), account.previous_token.as_ref()];
    let digests = tokens.into_iter().flatten().filter(|token| token.is_digest());
    digests.map(Secret::reveal).collect()
}
