//! Sessions of accounts, and the key with which tokens are signed.

use kontor_model::account::Session;
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_store::{Opened, Opening, Sessions, StoreError, TokenKey};
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::read::damaged;
use crate::store::SqliteStore;

/// The columns of a session, as they are selected.
type Found = (u32, String, String, String, Option<String>, i64);

impl Sessions for SqliteStore {
    fn token_key(&self, fresh: [u8; 32]) -> Result<TokenKey, StoreError> {
        if let Some(known) = self.with_reader(token_key)? {
            return Ok(known);
        }
        self.aside(move |database| {
            // Another process may have been quicker; then its key counts.
            let sql = "UPDATE token_key SET key = ?1 WHERE key IS NULL";
            database.prepare(sql)?.execute([fresh]).map_err(error::writing)?;
            token_key(database)?.ok_or_else(|| damaged("the key of tokens is missing"))
        })
    }

    fn open_sessions(&self, opening: Opening) -> Result<Option<Opened>, StoreError> {
        self.aside(move |database| {
            if opening.turn.may_begin() {
                open(database, &opening)
            } else {
                Err(StoreError::NotBegun)
            }
        })
    }

    fn session(&self, digest: &str) -> Result<Option<(SupplierId, Session)>, StoreError> {
        self.with_reader(|database| session(database, digest))
    }

    fn end_session(&self, digest: &str) -> Result<bool, StoreError> {
        let digest = digest.to_owned();
        self.aside(move |database| end(database, &digest))
    }
}

fn token_key(database: &Database) -> Result<Option<TokenKey>, StoreError> {
    let sql = "SELECT key, unsigned_until FROM token_key WHERE key IS NOT NULL";
    let key = database.prepare(sql)?.query_row([], |row| {
        let unsigned_until = Instant::from_micros(row.get(1)?);
        Ok(TokenKey { key: row.get(0)?, unsigned_until })
    });
    key.optional().map_err(error::reading)
}

fn open(database: &Database, opening: &Opening) -> Result<Option<Opened>, StoreError> {
    if let Some(used) = &opening.used
        && !end(database, used)?
    {
        return Ok(None);
    }
    remove_expired(database, opening)?;
    let mut opened = Opened::default();
    for session in &opening.sessions {
        // The new one has its place before it comes, so it is never the one that goes.
        opened.displaced.append(&mut displace(database, opening, session)?);
        insert(database, opening.supplier, session)?;
    }
    Ok(Some(opened))
}

fn session(database: &Database, digest: &str) -> Result<Option<(SupplierId, Session)>, StoreError> {
    let mut statement = database.prepare(
        "SELECT supplier_id, protocol, login, kind, beside, expires FROM account_sessions \
         WHERE digest = ?1",
    )?;
    let found: Option<Found> = statement
        .query_row([digest], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .optional()
        .map_err(error::reading)?;
    let Some((supplier, protocol, login, kind, beside, expires)) = found else {
        return Ok(None);
    };
    let session = Session {
        digest: digest.to_owned(),
        protocol: protocol.parse().map_err(damaged)?,
        login,
        kind: kind.parse().map_err(damaged)?,
        beside,
        expires: Instant::from_micros(expires),
    };
    Ok(Some((SupplierId(supplier), session)))
}

fn end(database: &Database, digest: &str) -> Result<bool, StoreError> {
    let mut statement = database.prepare("DELETE FROM account_sessions WHERE digest = ?1")?;
    statement.execute([digest]).map(|removed| removed != 0).map_err(error::writing)
}

/// Removes some that have expired. Each login may remove more than it adds, so they never heap up.
fn remove_expired(database: &Database, opening: &Opening) -> Result<(), StoreError> {
    let mut statement = database.prepare(
        "DELETE FROM account_sessions WHERE digest IN (SELECT digest FROM account_sessions \
         INDEXED BY account_sessions_by_expiry WHERE expires <= ?1 ORDER BY expires LIMIT ?2)",
    )?;
    let parameters = params![opening.now.micros(), sql_limit(opening.most_expired)];
    statement.execute(parameters).map(drop).map_err(error::writing)
}

/// Makes room for one more session of the account. Returns the digests of those that went.
fn displace(
    database: &Database,
    opening: &Opening,
    session: &Session,
) -> Result<Vec<String>, StoreError> {
    let mut statement = database.prepare(
        "DELETE FROM account_sessions WHERE digest IN (SELECT digest FROM account_sessions \
         INDEXED BY account_sessions_by_account WHERE supplier_id = ?1 AND protocol = ?2 \
         AND login = ?3 AND kind = ?4 ORDER BY expires DESC LIMIT -1 OFFSET ?5) \
         RETURNING digest",
    )?;
    let parameters = params![
        opening.supplier.0,
        session.protocol.name(),
        session.login,
        session.kind.to_string(),
        sql_limit(opening.most_of_account.saturating_sub(1)),
    ];
    let displaced = statement.query_map(parameters, |row| row.get(0)).map_err(error::writing)?;
    displaced.collect::<Result<_, _>>().map_err(error::writing)
}

fn insert(database: &Database, supplier: SupplierId, session: &Session) -> Result<(), StoreError> {
    let mut statement = database.prepare(
        "INSERT INTO account_sessions \
         (digest, supplier_id, protocol, login, kind, beside, expires) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let parameters = params![
        session.digest,
        supplier.0,
        session.protocol.name(),
        session.login,
        session.kind.to_string(),
        session.beside,
        session.expires.micros(),
    ];
    statement.execute(parameters).map(drop).map_err(error::writing)
}

fn sql_limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
