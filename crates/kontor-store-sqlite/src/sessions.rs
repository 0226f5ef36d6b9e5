//! Sessions of accounts, and the key with which tokens are signed.

use kontor_model::account::{Protocol, Session};
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_store::{Opened, Opening, Sessions, StoreError, TokenKey, Turn, Used};
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::read::damaged;
use crate::store::SqliteStore;

/// The columns of a session, as they are selected.
type Found = (u32, String, String, String, Option<String>, i64);

/// A session that was ended.
struct Ended {
    /// When what is opened for it ends at the latest.
    ends_by: Option<Instant>,
}

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

    fn end_session(&self, digest: &str, turn: Turn) -> Result<bool, StoreError> {
        let digest = digest.to_owned();
        self.aside(move |database| {
            if turn.may_begin() {
                Ok(end(database, &digest)?.is_some())
            } else {
                Err(StoreError::NotBegun)
            }
        })
    }

    fn note_used(&self, used: Vec<Used>) -> Result<(), StoreError> {
        self.aside(move |database| used.iter().try_for_each(|used| note_used(database, used)))
    }

    fn last_used(&self, supplier: SupplierId) -> Result<Vec<Used>, StoreError> {
        self.with_reader(|database| last_used(database, supplier))
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
    let mut opened = Opened::default();
    if let Some(used) = &opening.used {
        let Some(ended) = end(database, used)? else {
            return Ok(None);
        };
        opened.ends_by = ended.ends_by;
    }
    remove_expired(database, opening)?;
    for session in &opening.sessions {
        // The new one has its place before it comes, so it is never the one that goes.
        opened.displaced.append(&mut displace(database, opening, session)?);
        insert(database, opening.supplier, session, opened.ends_by)?;
    }
    Ok(Some(opened))
}

/// Lets the sessions of an account that are there end by this time, and those that are opened for them.
pub(crate) fn end_by(
    database: &Database,
    supplier: SupplierId,
    (protocol, login): (Protocol, &str),
    by: Instant,
) -> Result<(), StoreError> {
    let mut statement = database.prepare(
        "UPDATE account_sessions SET expires = min(expires, ?4), \
         ends_by = min(ifnull(ends_by, ?4), ?4) \
         WHERE supplier_id = ?1 AND protocol = ?2 AND login = ?3",
    )?;
    let parameters = params![supplier.0, protocol.name(), login, by.micros()];
    statement.execute(parameters).map(drop).map_err(error::writing)
}

fn note_used(database: &Database, used: &Used) -> Result<(), StoreError> {
    // Nothing is noted of a supplier that was removed meanwhile.
    let mut statement = database.prepare(
        "INSERT INTO account_used (supplier_id, protocol, login, used_at) \
         SELECT supplier_id, ?2, ?3, ?4 FROM supplier WHERE supplier_id = ?1 \
         ON CONFLICT DO UPDATE SET used_at = max(used_at, excluded.used_at)",
    )?;
    let parameters = params![used.supplier.0, used.protocol.name(), used.login, used.at.micros()];
    statement.execute(parameters).map(drop).map_err(error::writing)
}

fn last_used(database: &Database, supplier: SupplierId) -> Result<Vec<Used>, StoreError> {
    let sql = "SELECT protocol, login, used_at FROM account_used WHERE supplier_id = ?1";
    let mut statement = database.prepare(sql)?;
    let found = statement.query_map([supplier.0], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    });
    let mut all = Vec::new();
    for row in found.map_err(error::reading)? {
        let (protocol, login, at) = row.map_err(error::reading)?;
        let protocol = protocol.parse().map_err(damaged)?;
        all.push(Used { supplier, protocol, login, at: Instant::from_micros(at) });
    }
    Ok(all)
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

/// Ends a session, if there is one.
fn end(database: &Database, digest: &str) -> Result<Option<Ended>, StoreError> {
    let sql = "DELETE FROM account_sessions WHERE digest = ?1 RETURNING ends_by";
    let mut statement = database.prepare(sql)?;
    let ended = statement.query_row([digest], |row| row.get::<_, Option<i64>>(0));
    let ended = ended.optional().map_err(error::writing)?;
    Ok(ended.map(|ends_by| Ended { ends_by: ends_by.map(Instant::from_micros) }))
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

fn insert(
    database: &Database,
    supplier: SupplierId,
    session: &Session,
    ends_by: Option<Instant>,
) -> Result<(), StoreError> {
    let mut statement = database.prepare(
        "INSERT INTO account_sessions \
         (digest, supplier_id, protocol, login, kind, beside, expires, ends_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let expires = ends_by.map_or(session.expires, |ends_by| ends_by.min(session.expires));
    let parameters = params![
        session.digest,
        supplier.0,
        session.protocol.name(),
        session.login,
        session.kind.to_string(),
        session.beside,
        expires.micros(),
        ends_by.map(Instant::micros),
    ];
    statement.execute(parameters).map(drop).map_err(error::writing)
}

fn sql_limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
