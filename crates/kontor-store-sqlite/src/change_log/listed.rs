//! Lists of touched places that are written before the change has its number.

use std::collections::BTreeSet;

use kontor_store::{StoreError, Touched, touched_codec};
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::read::damaged;

/// Writes an entry of a list.
pub(crate) fn write(
    database: &Database,
    listing: i64,
    position: u32,
    touched: &Touched,
) -> Result<(), StoreError> {
    let Some((kind, bytes)) = touched_codec::encode(touched) else { return Ok(()) };
    let mut insert = database.prepare(
        "INSERT OR REPLACE INTO change_listed (listing, position, kind, touched) \
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    insert.execute(params![listing, position, kind, bytes]).map(drop).map_err(error::writing)
}

/// Takes products out of an entry of prices.
pub(crate) fn leave_out(
    database: &Database,
    listing: i64,
    position: u32,
    products: &BTreeSet<u32>,
) -> Result<(), StoreError> {
    let sql = "SELECT kind, touched FROM change_listed WHERE listing = ?1 AND position = ?2";
    let mut statement = database.prepare(sql)?;
    let found: Option<(String, Vec<u8>)> = statement
        .query_row(params![listing, position], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(error::reading)?;
    let touched = found.and_then(|(kind, bytes)| touched_codec::decode(&kind, &bytes));
    let Some(Touched::Prices { mut places }) = touched else {
        return Err(damaged(format_args!("entry {position} of list {listing} is broken")));
    };
    places.retain(|(product, _)| !products.contains(&product.0));
    write(database, listing, position, &Touched::Prices { places })
}

/// Removes entries of a list, at most so many. Returns how many went.
pub(crate) fn forget(database: &Database, listing: i64, most: usize) -> Result<usize, StoreError> {
    let mut delete = database.prepare(
        "DELETE FROM change_listed WHERE listing = ?1 AND position IN (\
         SELECT position FROM change_listed WHERE listing = ?1 ORDER BY position LIMIT ?2)",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    delete.execute(params![listing, most]).map_err(error::writing)
}
