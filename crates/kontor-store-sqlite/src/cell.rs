//! Cells as SQLite keeps them.

use kontor_model::record::{Cell, Row};
use kontor_store::StoreError;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Result as SqlResult, ToSql};

use crate::error;

/// A cell on its way into a statement.
pub(crate) struct Bound<'a>(pub(crate) &'a Cell);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> SqlResult<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// The columns `from..from + count` of a row.
pub(crate) fn cells(row: &rusqlite::Row<'_>, from: usize, count: usize) -> Result<Row, StoreError> {
    (from..from + count).map(|index| cell(row, index)).collect()
}

fn cell(row: &rusqlite::Row<'_>, index: usize) -> Result<Cell, StoreError> {
    match row.get_ref(index).map_err(error::reading)? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Text(bytes) => String::from_utf8(bytes.to_vec())
            .map(Cell::Text)
            .map_err(|_| StoreError::Damaged("a text is not UTF-8".to_owned())),
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(StoreError::Damaged("a value is neither a whole number nor a text".to_owned()))
        }
    }
}
