//! Tokens of accounts lead to one account, over all suppliers. What a job gave out is checked when all
//! its rows are where they will be: a token may move from one account to another in any order.

use kontor_model::account::{Account, Protocol};
use kontor_model::catalogue::Record;
use kontor_model::noun::Noun;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierCode;
use kontor_store::{StoreError, TakenToken, TokenHolder, Tokens};
use rusqlite::params;

use crate::database::Database;
use crate::error;
use crate::read::{Rows, damaged};
use crate::store::SqliteStore;

/// Whether the account has the token still, and another account has it as well.
const IS_TAKEN: &str = "SELECT EXISTS (SELECT 1 FROM accounts \
         WHERE (supplier_id, protocol, login) = (?2, ?3, ?4) AND ?1 IN (token, previous_token)) \
     AND (EXISTS (SELECT 1 FROM accounts INDEXED BY accounts_by_token \
         WHERE token = ?1 AND (supplier_id, protocol, login) <> (?2, ?3, ?4)) \
     OR EXISTS (SELECT 1 FROM accounts INDEXED BY accounts_by_previous_token \
         WHERE previous_token = ?1 AND (supplier_id, protocol, login) <> (?2, ?3, ?4)))";

const DUPLICATES: &str = "WITH held AS (\
         SELECT token AS digest, supplier_id, protocol, login FROM accounts \
         WHERE token IS NOT NULL \
         UNION SELECT previous_token, supplier_id, protocol, login FROM accounts \
         WHERE previous_token IS NOT NULL) \
     SELECT digest, supplier, protocol, login FROM held JOIN supplier USING (supplier_id) \
     WHERE digest IN (SELECT digest FROM held GROUP BY digest HAVING count(*) > 1) \
     ORDER BY digest, supplier, protocol, login";

/// The tokens that a job gave to accounts which did not have them.
#[derive(Default)]
pub(crate) struct NewTokens(Vec<NewToken>);

struct NewToken {
    token: String,
    protocol: Protocol,
    login: String,
}

impl NewTokens {
    /// Notes the tokens of a row that was put. `before` is the row as it was, empty for a new one.
    pub(crate) fn put(&mut self, record: &Record, before: &[Cell]) {
        let Record::Account(account) = record else {
            return;
        };
        for token in tokens(&account.to_row()) {
            if !tokens(before).any(|held| held == token) {
                let (protocol, login) = (account.protocol, account.login.clone());
                self.0.push(NewToken { token: token.to_owned(), protocol, login });
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens, each with the account that it was given to.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Protocol, &str)> {
        self.0.iter().map(|new| (&*new.token, new.protocol, &*new.login))
    }

    /// The accounts whose new token another account has, as the rows stand now.
    pub(crate) fn taken(&self, rows: &Rows<'_>) -> Result<Vec<TakenToken>, StoreError> {
        let mut taken: Vec<TakenToken> = Vec::new();
        for NewToken { token, protocol, login } in &self.0 {
            let mut statement = rows.database.prepare(IS_TAKEN)?;
            let account = params![token, rows.supplier.0, protocol.name(), login];
            let is_taken =
                statement.query_row(account, |row| row.get(0)).map_err(error::reading)?;
            if is_taken {
                taken.push(TakenToken { protocol: *protocol, login: login.clone() });
            }
        }
        taken.dedup();
        Ok(taken)
    }
}

/// The tokens in a row of an account.
pub(crate) fn tokens(row: &[Cell]) -> impl Iterator<Item = &str> {
    let columns = Account::COLUMNS.iter().zip(row);
    columns.filter_map(|(column, cell)| match cell {
        Cell::Text(text) if matches!(column.name, "token" | "previous_token") => Some(&**text),
        Cell::Text(_) | Cell::Int(_) | Cell::Null => None,
    })
}

impl Tokens for SqliteStore {
    fn duplicate_tokens(&self) -> Result<Vec<Vec<TokenHolder>>, StoreError> {
        self.with_reader(duplicates)
    }
}

fn duplicates(database: &Database) -> Result<Vec<Vec<TokenHolder>>, StoreError> {
    let mut statement = database.prepare(DUPLICATES)?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    let mut holders: Vec<Vec<TokenHolder>> = Vec::new();
    let mut last: Option<String> = None;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let digest: String = row.get(0).map_err(error::reading)?;
        let holder = holder(row)?;
        match holders.last_mut().filter(|_| last.as_deref() == Some(&*digest)) {
            Some(same) => same.push(holder),
            None => holders.push(vec![holder]),
        }
        last = Some(digest);
    }
    Ok(holders)
}

fn holder(row: &rusqlite::Row<'_>) -> Result<TokenHolder, StoreError> {
    let text = |column: usize| row.get::<_, String>(column).map_err(error::reading);
    let supplier: SupplierCode = text(1)?.parse().map_err(damaged)?;
    let protocol: Protocol = text(2)?.parse().map_err(damaged)?;
    Ok(TokenHolder { supplier, protocol, login: text(3)? })
}
