//! Making what was removed unreadable in the files, for data that somebody has a right to have
//! forgotten.
//!
//! The connection overwrites what it deletes (`secure_delete`), but SQLite also moves rows from page
//! to page as a table grows, and what it moved stays behind in the unused part of a page. So the unused
//! parts of all pages of the table and its indexes are overwritten, some pages at a time, between the
//! jobs of others; then the write-ahead log, which has the pages as they were, is cut to nothing. Free
//! space of the file system is not ours to overwrite.

mod page;

use std::sync::mpsc::SyncSender;

use kontor_model::catalogue::Kind;
use kontor_store::StoreError;
use rusqlite::{OptionalExtension, params};

use crate::checkpoint;
use crate::database::Database;
use crate::error;

/// Pages that are looked at in one transaction: half a megabyte.
pub(crate) const PAGES_AT_ONCE: usize = 128;

/// The writer is asked to empty the log.
pub(crate) struct Wipe {
    /// Gets whether the log is empty. Somebody who reads an older state keeps it.
    pub(crate) reply: SyncSender<Result<bool, StoreError>>,
}

/// Does it; outside of a transaction.
pub(crate) fn empty_log(database: &Database) -> Result<bool, StoreError> {
    checkpoint::emptied(database)
}

/// The pages of a kind's table and its indexes. A page that comes to them later has nothing of what was
/// removed before: pages are overwritten when they become free.
pub(crate) fn pages_of(database: &Database, kind: Kind) -> Result<Vec<u32>, StoreError> {
    let mut names = database.prepare("SELECT name FROM sqlite_schema WHERE tbl_name = ?1")?;
    let names = names.query_map([kind.name()], |row| row.get(0)).map_err(error::reading)?;
    let names: Vec<String> = names.collect::<Result<_, _>>().map_err(error::reading)?;
    let mut pages = Vec::new();
    // Only with the name of one of them its pages alone are read.
    let mut found = database.prepare("SELECT pageno FROM dbstat WHERE name = ?1")?;
    for name in names {
        let of_name = found.query_map([name], |row| row.get(0)).map_err(error::reading)?;
        for page in of_name {
            pages.push(page.map_err(error::reading)?);
        }
    }
    pages.sort_unstable();
    Ok(pages)
}

/// Overwrites the unused parts of some pages, in the transaction that the connection is in. The rows stay
/// as they are, so this is no change of the data. Returns how many pages had to be written.
pub(crate) fn slice(database: &Database, pages: &[u32]) -> Result<usize, StoreError> {
    let mut read = database.prepare("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
    let mut write = database.prepare("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?;
    let mut written = 0;
    for number in pages {
        let bytes: Option<Vec<u8>> =
            read.query_row([number], |row| row.get(0)).optional().map_err(error::reading)?;
        // The file may have become shorter, and the page may be of another use by now.
        let Some(mut bytes) = bytes else { continue };
        if page::clear_unused(&mut bytes, *number) {
            write.execute(params![number, bytes]).map_err(error::writing)?;
            written += 1;
        }
    }
    Ok(written)
}

/// Whether pages can be written one by one. A program that was built without the settings of the
/// repository (`.cargo/config.toml`) cannot do it.
pub(crate) fn has_pages(database: &Database) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')";
    let mut statement = database.prepare(sql)?;
    statement.query_row([], |row| row.get(0)).map_err(error::reading)
}

/// Writes all rows of a kind anew in one transaction, for who has no pages. Pages that become free are
/// overwritten.
pub(crate) fn rewrite(database: &Database, kind: Kind) -> Result<(), StoreError> {
    let table = kind.name();
    for sql in [
        format!("CREATE TEMP TABLE kept AS SELECT * FROM main.{table}"),
        format!("DELETE FROM main.{table}"),
        format!("INSERT INTO main.{table} SELECT * FROM temp.kept"),
        "DROP TABLE temp.kept".to_owned(),
    ] {
        database.prepare(&sql)?.execute([]).map_err(error::writing)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
