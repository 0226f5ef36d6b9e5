//! The check of every page, for `kontor doctor` and after an unclean end.

use kontor_store::StoreError;

use crate::database::Database;
use crate::error;
use crate::open::FILE_NAME;

/// Reads every page and compares every index with its table.
pub(crate) fn pages(database: &Database) -> Result<(), StoreError> {
    let mut statement = database.prepare("PRAGMA integrity_check(1)")?;
    let result: String = statement.query_row([], |row| row.get(0)).map_err(error::reading)?;
    if result == "ok" {
        return Ok(());
    }
    Err(StoreError::Damaged(format!("{FILE_NAME}: {result}. Put back a copy that is whole")))
}
