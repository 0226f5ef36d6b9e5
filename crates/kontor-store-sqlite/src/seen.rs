//! Which rows a job has put, so that the others can be removed. Keys are kept as digests in a
//! temporary table, which SQLite moves to disk when it grows.

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::{ReadTx, StoreError};
use rusqlite::params;

use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::read::{Rows, store_error};

/// The table, made once on the connection of the writer. A job that is undone undoes its rows too.
pub(crate) const TABLE: &str = "CREATE TEMP TABLE seen (
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID";

/// The keys of some kinds that were put since they are remembered.
pub(crate) struct Seen<'a> {
    database: &'a Database,
    remembered: Vec<Kind>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { database, remembered: Vec::new() }
    }

    /// Begins anew for this kind.
    pub(crate) fn remember(&mut self, kind: Kind) -> Result<(), StoreError> {
        may_be_remembered(kind)?;
        let mut statement = self.database.prepare("DELETE FROM seen WHERE kind = ?1")?;
        statement.execute([kind.name()]).map_err(error::writing)?;
        if !self.remembered.contains(&kind) {
            self.remembered.push(kind);
        }
        Ok(())
    }

    pub(crate) fn put(&self, kind: Kind, key: &[Cell]) -> Result<(), StoreError> {
        if !self.remembered.contains(&kind) {
            return Ok(());
        }
        let mut statement =
            self.database.prepare("INSERT OR IGNORE INTO seen (kind, key) VALUES (?1, ?2)")?;
        statement
            .execute(params![kind.name(), short_digest(kind, key)])
            .map(drop)
            .map_err(error::writing)
    }

    /// The keys of the rows that were not put.
    pub(crate) fn unseen(&self, rows: &Rows<'_>, kind: Kind) -> Result<Vec<Row>, StoreError> {
        let mut statement = self
            .database
            .prepare("SELECT EXISTS (SELECT 1 FROM seen WHERE kind = ?1 AND key = ?2)")?;
        let mut unseen = Vec::new();
        rows.scan(kind, &[], &mut |record| {
            let key = record.key();
            let seen: bool = statement
                .query_row(params![kind.name(), short_digest(kind, &key)], |row| row.get(0))
                .map_err(error::reading)?;
            if !seen {
                unseen.push(key);
            }
            Ok(())
        })
        .map_err(store_error)?;
        Ok(unseen)
    }

    /// Forgets everything at the end of a job.
    pub(crate) fn forget(&self) -> Result<(), StoreError> {
        if self.remembered.is_empty() {
            return Ok(());
        }
        let mut statement = self.database.prepare("DELETE FROM seen")?;
        statement.execute([]).map(drop).map_err(error::writing)
    }
}

/// Prices are replaced by their import.
pub(crate) fn may_be_remembered(kind: Kind) -> Result<(), StoreError> {
    if kind == Kind::Price {
        return Err(StoreError::Conflict("prices are replaced by importing them".to_owned()));
    }
    Ok(())
}

/// Half of the SHA-256: two of a billion keys have the same one with a chance of 1 in 10^20.
pub(crate) fn short_digest(kind: Kind, key: &[Cell]) -> [u8; 16] {
    let digest = change_log::digest_of(kind, key);
    let (half, _) = digest.split_at(16);
    half.try_into().unwrap_or_default()
}
