//! Prices of a large import, which stand in slices beside the table of prices: nobody sees them until
//! a change switches all of them on; then they stand over the table until they were moved there.

mod claim;
mod slicing;
#[cfg(test)]
pub(crate) mod tests;

use kontor_store::StoreError;
use rusqlite::{OptionalExtension, params};

use crate::change_log::listed;
use crate::database::Database;
use crate::error;
use crate::prices::import::UNSAID;
use crate::prices::read::PriceRow;

pub(crate) use claim::Claim;
pub use slicing::Slices;
pub(crate) use slicing::{Background, Slicer};

/// Where prices are read. The views cost more than the tables, so they are asked only while
/// something is pending.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables {
    /// Prices in force.
    pub(crate) now: &'static str,
    /// The parts of `now`: each can be joined without being computed first.
    pub(crate) parts: &'static [&'static str],
    /// Prices that were in force.
    pub(crate) past: &'static str,
}

/// Entries of the list of an import that is dropped; each has thousands of places.
const ENTRIES_OF_SLICE: usize = 16;

/// The place of a price in the table.
type Place = (u32, u32, u32);

/// An import whose prices are pending.
struct Import {
    token: i64,
    /// Since when they are seen.
    change: Option<u64>,
}

/// Where the prices of this view stand.
pub(crate) fn tables(database: &Database) -> Result<Tables, StoreError> {
    Ok(if is_on(database)? {
        Tables { now: "price_now", parts: &["price_kept", "price_put"], past: "price_past" }
    } else {
        Tables { now: "price", parts: &["price"], past: "price_history" }
    })
}

/// Whether pending prices are seen.
pub(crate) fn is_on(database: &Database) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM price_import WHERE id = 1 AND change IS NOT NULL)";
    let mut statement = database.prepare(sql)?;
    statement.query_row([], |row| row.get(0)).map_err(error::reading)
}

/// Whether an import left something to be settled or dropped.
pub(crate) fn is_there(database: &Database) -> Result<bool, StoreError> {
    Ok(import(database)?.is_some() || last_product(database)? > 0)
}

/// The product with the greatest number that pending prices name.
pub(crate) fn last_product(database: &Database) -> Result<u32, StoreError> {
    let sql = "SELECT ifnull(max(product_id), 0) FROM price_pending";
    let mut statement = database.prepare(sql)?;
    statement.query_row([], |row| row.get(0)).map_err(error::reading)
}

/// Whether any prices are there. The first import of all disturbs nobody.
pub(crate) fn any_price(database: &Database) -> Result<bool, StoreError> {
    let mut any = database.prepare("SELECT EXISTS (SELECT 1 FROM price)")?;
    any.query_row([], |row| row.get(0)).map_err(error::reading)
}

/// Begins an import. Returns its token.
fn begin(database: &Database) -> Result<i64, StoreError> {
    let sql = "INSERT INTO price_import (id, token) VALUES (1, random()) RETURNING token";
    let mut statement = database.prepare(sql)?;
    statement.query_row([], |row| row.get(0)).map_err(error::writing)
}

/// Whether the import with this token can be switched on.
pub(crate) fn is_prepared(database: &Database, token: i64) -> Result<bool, StoreError> {
    let found = import(database)?;
    Ok(found.is_some_and(|import| import.token == token && import.change.is_none()))
}

/// Adds prices that are written, or removed, when the import is switched on.
fn add(database: &Database, rows: &[(PriceRow, bool)]) -> Result<(), StoreError> {
    // A price that goes and one that comes may have one place: then it is put.
    let mut insert = database.prepare(
        "INSERT INTO price_pending (product_id, list_id, shape_id, amount, changed_at) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET \
         changed_at = iif(excluded.amount IS NULL, changed_at, excluded.changed_at), \
         amount = ifnull(excluded.amount, amount)",
    )?;
    for (row, is_put) in rows {
        let amount = is_put.then_some(row.amount);
        let changed_at = (*is_put && row.changed_at != UNSAID).then_some(row.changed_at);
        insert
            .execute(params![row.product, row.list, row.shape, amount, changed_at])
            .map_err(error::writing)?;
    }
    Ok(())
}

/// Takes a product out of an import that is not switched on.
pub(crate) fn leave_out(database: &Database, product: u32) -> Result<(), StoreError> {
    let mut delete = database.prepare("DELETE FROM price_pending WHERE product_id = ?1")?;
    delete.execute([product]).map(drop).map_err(error::writing)
}

/// From this change on everybody sees the pending prices.
pub(crate) fn switch_on(database: &Database, change: u64, at: i64) -> Result<(), StoreError> {
    let sql = "UPDATE price_import SET change = ?1, at = ?2 WHERE id = 1";
    let mut update = database.prepare(sql)?;
    update.execute(params![change, at]).map(drop).map_err(error::writing)
}

/// Moves the pending prices of a product to the table, so that its prices can be written. Only who
/// is in a transaction of the writer may ask for it.
pub(crate) fn settle_product(database: &Database, product: u32) -> Result<(), StoreError> {
    if is_on(database)? {
        settle(database, (product, 0, 0), (product, u32::MAX, u32::MAX))?;
    }
    Ok(())
}

/// Moves some of the pending prices to the table, or drops some of an import that is not switched
/// on. Returns whether something is left.
fn slice(database: &Database, rows: usize) -> Result<bool, StoreError> {
    if !is_there(database)? {
        return Ok(false);
    }
    let (last, mut more) = last_of_slice(database, rows)?;
    match import(database)? {
        Some(Import { change: Some(_), .. }) => settle(database, (0, 0, 0), last)?,
        Some(Import { token, .. }) => {
            forget(database, (0, 0, 0), last)?;
            more |= listed::forget(database, token, ENTRIES_OF_SLICE)? == ENTRIES_OF_SLICE;
        }
        None => forget(database, (0, 0, 0), last)?,
    }
    if !more {
        let mut delete = database.prepare("DELETE FROM price_import")?;
        delete.execute([]).map_err(error::writing)?;
    }
    Ok(more)
}

/// The last of so many pending prices, and whether there are more.
fn last_of_slice(database: &Database, rows: usize) -> Result<(Place, bool), StoreError> {
    let mut statement = database.prepare(
        "SELECT product_id, list_id, shape_id FROM price_pending \
         ORDER BY product_id, list_id, shape_id LIMIT 1 OFFSET ?1",
    )?;
    let offset = i64::try_from(rows.saturating_sub(1)).unwrap_or(i64::MAX);
    let last = statement.query_row([offset], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let last = last.optional().map_err(error::reading)?;
    Ok((last.unwrap_or((u32::MAX, u32::MAX, u32::MAX)), last.is_some()))
}

const PENDING: &str = "(n.product_id, n.list_id, n.shape_id) >= (?1, ?2, ?3) \
     AND (n.product_id, n.list_id, n.shape_id) <= (?4, ?5, ?6)";

fn settle(database: &Database, from: Place, to: Place) -> Result<(), StoreError> {
    let retire = format!(
        "INSERT INTO price_history (product_id, list_id, shape_id, amount, changed_at, \
         from_change, to_change) \
         SELECT p.product_id, p.list_id, p.shape_id, p.amount, p.changed_at, p.since_change, \
         i.change FROM price_import i CROSS JOIN price_pending n CROSS JOIN price p \
         WHERE i.id = 1 AND {PENDING} AND p.product_id = n.product_id AND p.list_id = n.list_id \
         AND p.shape_id = n.shape_id AND p.since_change <> i.change"
    );
    execute(database, &retire, from, to)?;
    let delete = format!(
        "DELETE FROM price WHERE (product_id, list_id, shape_id) IN \
         (SELECT n.product_id, n.list_id, n.shape_id FROM price_pending n \
         WHERE {PENDING} AND n.amount IS NULL)"
    );
    execute(database, &delete, from, to)?;
    let put = format!(
        "INSERT OR REPLACE INTO price (product_id, list_id, shape_id, amount, changed_at, \
         since_change) \
         SELECT n.product_id, n.list_id, n.shape_id, n.amount, ifnull(n.changed_at, i.at), \
         i.change FROM price_import i CROSS JOIN price_pending n \
         WHERE i.id = 1 AND {PENDING} AND n.amount IS NOT NULL"
    );
    execute(database, &put, from, to)?;
    forget(database, from, to)
}

fn forget(database: &Database, from: Place, to: Place) -> Result<(), StoreError> {
    let forget = format!("DELETE FROM price_pending AS n WHERE {PENDING}");
    execute(database, &forget, from, to)
}

fn execute(database: &Database, sql: &str, from: Place, to: Place) -> Result<(), StoreError> {
    let mut statement = database.prepare(sql)?;
    let places = params![from.0, from.1, from.2, to.0, to.1, to.2];
    statement.execute(places).map(drop).map_err(error::writing)
}

fn import(database: &Database) -> Result<Option<Import>, StoreError> {
    let mut statement = database.prepare("SELECT token, change FROM price_import WHERE id = 1")?;
    let found =
        statement.query_row([], |row| Ok(Import { token: row.get(0)?, change: row.get(1)? }));
    found.optional().map_err(error::reading)
}
