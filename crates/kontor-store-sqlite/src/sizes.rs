//! How much of the database each table takes.

use kontor_store::StoreError;

use crate::database::Database;
use crate::error;

/// The space of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    pub table: String,
    /// Bytes of the file, its indexes included.
    pub bytes: u64,
}

/// All tables, the largest first. It reads every page of the file.
pub(crate) fn of_tables(database: &Database) -> Result<Vec<TableSize>, StoreError> {
    let mut statement = database.prepare(
        "SELECT ifnull(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d \
         LEFT JOIN sqlite_schema s ON s.name = d.name WHERE d.aggregate = TRUE \
         GROUP BY 1 ORDER BY 2 DESC, 1",
    )?;
    let sizes = statement
        .query_map([], |row| Ok(TableSize { table: row.get(0)?, bytes: row.get(1)? }))
        .map_err(error::reading)?;
    sizes.collect::<Result<_, _>>().map_err(error::reading)
}
