//! Making what was removed unreadable in the files, for data that somebody has a right to have
//! forgotten.
//!
//! The connection overwrites what it deletes (`secure_delete`), but SQLite also moves rows from page
//! to page as a table grows, and what it moved stays behind in the unused part of a page. So the
//! table is written anew, its old pages are overwritten, and the write-ahead log, which has the pages
//! as they were, is cut to nothing. Free space of the file system is not ours to overwrite.

use std::sync::mpsc::SyncSender;

use kontor_model::catalogue::Kind;
use kontor_store::StoreError;

use crate::checkpoint;
use crate::database::Database;
use crate::error;

/// What the writer is asked to do.
pub(crate) struct Wipe {
    /// The kind whose table is written anew; `None`: only the log is to be emptied.
    pub(crate) table: Option<Kind>,
    /// Gets whether the log is empty. Somebody who reads an older state keeps it.
    pub(crate) reply: SyncSender<Result<bool, StoreError>>,
}

/// Does it; outside of a transaction.
pub(crate) fn run(database: &Database, table: Option<Kind>) -> Result<bool, StoreError> {
    if let Some(kind) = table {
        // A table whose rows refer to others is emptied row by row, and not whole pages at a time.
        set_foreign_keys(database, false)?;
        let rewritten = rewrite(database, kind.name());
        if rewritten.is_err() && !database.connection.is_autocommit() {
            database.connection.execute_batch("ROLLBACK").map_err(error::writing)?;
        }
        set_foreign_keys(database, true)?;
        rewritten?;
    }
    checkpoint::emptied(database)
}

/// The rows stay as they are, so this is no change of the data.
fn rewrite(database: &Database, table: &str) -> Result<(), StoreError> {
    let sql = format!(
        "BEGIN IMMEDIATE;
         CREATE TEMP TABLE kept AS SELECT * FROM main.{table};
         DELETE FROM main.{table};
         INSERT INTO main.{table} SELECT * FROM kept;
         DROP TABLE kept;
         COMMIT"
    );
    database.connection.execute_batch(&sql).map_err(error::writing)
}

fn set_foreign_keys(database: &Database, count: bool) -> Result<(), StoreError> {
    database.connection.pragma_update(None, "foreign_keys", count).map_err(error::writing)
}
