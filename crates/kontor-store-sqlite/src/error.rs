//! Turns errors of SQLite into errors of the store. The text names the operation's cause in SQLite's
//! own words; it never holds values of rows.

#![expect(clippy::needless_pass_by_value, reason = "the functions are what `map_err` calls")]

use kontor_store::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

pub(crate) fn reading(error: Error) -> StoreError {
    classify(&error, StoreError::Read)
}

pub(crate) fn writing(error: Error) -> StoreError {
    classify(&error, StoreError::Write)
}

pub(crate) fn opening(error: Error) -> StoreError {
    classify(&error, StoreError::Open)
}

/// Whether the error breaks a foreign key, and not another rule of the table.
pub(crate) fn is_foreign_key(error: &Error) -> bool {
    extended(error) == Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

/// Whether the error breaks a unique index.
pub(crate) fn is_unique(error: &Error) -> bool {
    matches!(
        extended(error),
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
    )
}

fn classify(error: &Error, otherwise: fn(String) -> StoreError) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged(text(error))
        }
        _ if is_unconfirmed(error) => StoreError::Damaged(format!(
            "the disk did not confirm a write ({}); restart to go on from what is on disk",
            text(error)
        )),
        Some(ErrorCode::DiskFull) => otherwise(format!(
            "the disk is full ({}); nothing of it was kept, make room and try again",
            text(error)
        )),
        _ => otherwise(text(error)),
    }
}

/// After a failed fsync nobody knows what is on disk: the kernel may have dropped the pages, and a
/// second fsync would lie.
fn is_unconfirmed(error: &Error) -> bool {
    matches!(extended(error), Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC))
}

fn extended(error: &Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

fn text(error: &Error) -> String {
    let Error::SqliteFailure(cause, message) = error else {
        return error.to_string();
    };
    let known = ffi::code_to_str(cause.extended_code);
    match message {
        Some(message) if message != known => format!("{message} ({known})"),
        _ => known.to_owned(),
    }
}
