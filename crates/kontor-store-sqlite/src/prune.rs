//! Forgetting what is old, in slices between the jobs of others, each in a transaction on the
//! writer's thread. Nothing that an answer depends on
//! goes, so this is no change of the data. The horizon moves before anything goes.

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_store::{ChangeNumber, Horizon, LogPlace, Prune, StoreError};
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::prices::read::price_row;
use crate::state::names::Names;
use crate::state::proof::with_past;
use crate::state::{StateChange, history_name};
use crate::table::table;

/// Rows that one slice removes at most, and rows of the history of prices that it looks at, as far
/// as they belong to more than one product.
const ROWS: usize = 1_000;

/// The tables that say what changes touched.
const ENTRIES: [&str; 2] = ["change_entry", "change_touched"];

/// A row `h` of the history of prices may go when a later one, or the price itself, stands for it: of
/// a price that is gone somebody may still be told when it went.
const MAY_GO: &str = "h.product_id > ?1 AND h.product_id <= ?2 AND h.to_change <= ?3 \
     AND (EXISTS (SELECT 1 FROM price p WHERE (p.product_id, p.list_id, p.shape_id) \
     = (h.product_id, h.list_id, h.shape_id)) \
     OR EXISTS (SELECT 1 FROM price_history l WHERE (l.product_id, l.list_id, l.shape_id) \
     = (h.product_id, h.list_id, h.shape_id) AND l.from_change > h.from_change))";

pub(crate) fn horizon(database: &Database) -> Result<Horizon, StoreError> {
    let entries = ChangeNumber(reached(database, "entries")?);
    Ok(Horizon { entries, history: ChangeNumber(reached(database, "history")?) })
}

/// Refuses to tell what was touched from a place on when that is not known of all changes.
pub(crate) fn check_entries(database: &Database, from: LogPlace) -> Result<(), StoreError> {
    let horizon = reached(database, "entries")?;
    if horizon > 0 && from < LogPlace::after(ChangeNumber(horizon)) {
        return Err(StoreError::TooOld { horizon });
    }
    Ok(())
}

/// Removes one slice, in the transaction that the connection is in. Returns where to go on.
pub(crate) fn slice(database: &Database, prune: &Prune) -> Result<Option<Prune>, StoreError> {
    let mut left = ROWS;
    if let Some(before) = prune.entries_before {
        let change = move_horizon(database, "entries", before)?;
        for table in ENTRIES {
            left -= oldest_entries(database, table, change, left)?;
        }
        left -= oldest_listed(database, change, left)?;
    }
    let Some(before) = prune.history_before else {
        return Ok((left == 0).then_some(*prune));
    };
    let change = move_horizon(database, "history", before)?;
    for kind in Kind::CATALOGUE {
        if kind != Kind::Price && table(kind).retire.is_some() {
            left -= oldest_rows(database, kind, change, left)?;
        }
    }
    if left == 0 {
        return Ok(Some(*prune));
    }
    let next = prices(database, prune.after_product, change)?;
    Ok(next.map(|after_product| Prune { after_product, ..*prune }))
}

/// Moves a horizon to the newest change before an instant; never back.
fn move_horizon(database: &Database, what: &str, before: Instant) -> Result<u64, StoreError> {
    let reached = reached(database, what)?;
    let mut first_kept = database.prepare(
        "SELECT number FROM change WHERE number > ?1 AND at >= ?2 ORDER BY number LIMIT 1",
    )?;
    let first_kept: Option<u64> = first_kept
        .query_row(params![reached, before.micros()], |row| row.get(0))
        .optional()
        .map_err(error::reading)?;
    let change = match first_kept {
        Some(number) => number.saturating_sub(1),
        None => crate::change_log::head(database)?.number,
    };
    let mut update = database.prepare("UPDATE horizon SET change = ?2 WHERE what = ?1")?;
    update.execute(params![what, change.max(reached)]).map_err(error::writing)?;
    Ok(change.max(reached))
}

fn reached(database: &Database, what: &str) -> Result<u64, StoreError> {
    let mut statement = database.prepare("SELECT change FROM horizon WHERE what = ?1")?;
    statement.query_row([what], |row| row.get(0)).map_err(error::reading)
}

fn oldest_entries(
    database: &Database,
    table: &str,
    change: u64,
    limit: usize,
) -> Result<usize, StoreError> {
    let sql = format!(
        "DELETE FROM {table} WHERE (change, position) IN (SELECT change, position FROM {table} \
         WHERE change <= ?1 ORDER BY change, position LIMIT ?2)"
    );
    execute(database, &sql, change, limit)
}

/// Entries that stand in the list of their change.
fn oldest_listed(database: &Database, change: u64, limit: usize) -> Result<usize, StoreError> {
    let sql = "DELETE FROM change_listed WHERE (listing, position) IN (\
         SELECT l.listing, l.position FROM change c CROSS JOIN change_listed l \
         ON l.listing = c.listing WHERE c.listing IS NOT NULL AND c.number <= ?1 \
         ORDER BY c.number, l.position LIMIT ?2)";
    execute(database, sql, change, limit)
}

/// Rows stand in a history in the order in which they were superseded, so the oldest come first.
fn oldest_rows(
    database: &Database,
    kind: Kind,
    change: u64,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut state = StateChange::default();
    let mut gone = database.prepare(&table(kind).oldest_past())?;
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = gone.query(params![change, most]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        with_past(kind, row, &mut |past| {
            state.forgot(past);
            Ok(())
        })?;
    }
    state.record(database)?;
    let table = history_name(kind);
    let sql = format!(
        "DELETE FROM {table} WHERE to_change <= ?1 \
         AND rowid IN (SELECT rowid FROM {table} ORDER BY rowid LIMIT ?2)"
    );
    execute(database, &sql, change, limit)
}

fn execute(database: &Database, sql: &str, change: u64, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = database.prepare(sql)?;
    statement.execute(params![change, limit]).map_err(error::writing)
}

/// Looks through the prices of some products. Returns the last of them; `None` when it was the last
/// of all.
fn prices(database: &Database, after: u32, change: u64) -> Result<Option<u32>, StoreError> {
    let mut last = database.prepare(
        "SELECT product_id FROM price_history WHERE product_id > ?1 \
         ORDER BY product_id LIMIT 1 OFFSET ?2",
    )?;
    let offset = i64::try_from(ROWS - 1).unwrap_or(i64::MAX);
    let last: Option<u32> = last
        .query_row(params![after, offset], |row| row.get(0))
        .optional()
        .map_err(error::reading)?;
    forget_prices(database, after, last.unwrap_or(u32::MAX), change)?;
    Ok(last)
}

/// Removes what may go of the prices of some products, also from the sum that proves them.
fn forget_prices(
    database: &Database,
    after: u32,
    last: u32,
    change: u64,
) -> Result<(), StoreError> {
    let (mut state, mut names) = (StateChange::default(), Names::new(database));
    let mut gone = database.prepare(&format!(
        "SELECT h.product_id, h.list_id, h.shape_id, h.amount, h.changed_at, h.from_change, c.at \
         FROM price_history h JOIN change c ON c.number = h.to_change WHERE {MAY_GO}"
    ))?;
    let mut rows = gone.query(params![after, last, change]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let price = price_row(row).map_err(error::reading)?;
        let ended_at = row.get(6).map_err(error::reading)?;
        state.forgot_price(names.shape(price.shape)?, &price, ended_at);
    }
    let sql = format!("DELETE FROM price_history AS h WHERE {MAY_GO}");
    let mut forget = database.prepare(&sql)?;
    forget.execute(params![after, last, change]).map_err(error::writing)?;
    state.record(database).map(drop)
}
