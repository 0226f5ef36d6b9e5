//! Removing a whole supplier, in the transaction of a job: its rows, what was superseded of them, and
//! with the row of the supplier its sessions and when its accounts were used.

use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::StoreError;

use crate::database::Database;
use crate::error;
use crate::other_changes;
use crate::pending;
use crate::prices::read::{PriceRow, price_row};
use crate::read::{Rows, store_error};
use crate::state::history_name;
use crate::state::names::Names;
use crate::state::proof::with_past;
use crate::table::{self, table};
use crate::write::Tx;

const PRICES_OF_PRODUCT: &str = "SELECT product_id, list_id, shape_id, amount, changed_at, \
     since_change FROM price WHERE product_id = ?1 ORDER BY list_id, shape_id";
const PAST_OF_PRODUCT: &str = "SELECT h.product_id, h.list_id, h.shape_id, h.amount, h.changed_at, \
     h.from_change, c.at FROM price_history h JOIN change c ON c.number = h.to_change \
     WHERE h.product_id = ?1";
/// Products of the supplier, also those that are gone.
const PRODUCTS_EVER: &str = "SELECT id FROM products WHERE supplier_id = ?1 \
     UNION SELECT id FROM products_history WHERE supplier_id = ?1 ORDER BY 1";

/// Removes everything of the supplier of a job, in its transaction: other writes, of all suppliers, wait
/// until it ends, which takes time for each row and each row of the history. Returns how many rows of each kind there were.
pub(crate) fn everything(tx: &mut Tx<'_>) -> Result<BTreeMap<Kind, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    if tx.rows.supplier.0 == 0 {
        return Ok(counts);
    }
    // Who asks for a supplier of this code from now on asks for another one: nothing is noted.
    tx.is_first = true;
    other_changes::forget_rows(tx)?;
    // Prices first: rows of every other kind stand after those that they refer to.
    counts.insert(Kind::Price, prices(tx)?);
    let kinds: Vec<Kind> = table::kinds().collect();
    for kind in kinds.into_iter().rev() {
        let keys = keys(&tx.rows, kind)?;
        counts.insert(kind, keys.len() as u64);
        forget_past(tx, kind)?;
        for key in keys {
            if let Some(row) = tx.rows.find(kind, &key)? {
                tx.drop_row(kind, key, &row)?;
            }
        }
    }
    counts.retain(|_, count| *count > 0);
    Ok(counts)
}

/// The keys of a kind. They are read before the first row goes, which may not be done while reading.
fn keys(rows: &Rows<'_>, kind: Kind) -> Result<Vec<Row>, StoreError> {
    let mut keys = Vec::new();
    let read = rows.each(kind, &[], &mut |stored| {
        let cells = kind.columns().iter().zip(stored.row);
        keys.push(cells.filter(|(column, _)| column.key).map(|(_, cell)| cell).collect());
        Ok(())
    });
    read.map_err(store_error)?;
    Ok(keys)
}

/// Removes what was superseded of a kind other than prices, also from the sum that proves it.
fn forget_past(tx: &mut Tx<'_>, kind: Kind) -> Result<(), StoreError> {
    let Some(sql) = table(kind).past_of_supplier() else { return Ok(()) };
    let (database, supplier) = (tx.rows.database, tx.rows.supplier.0);
    let state = &mut tx.state;
    let mut past = database.prepare(&sql)?;
    let mut rows = past.query([supplier]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        with_past(kind, row, &mut |past| {
            state.forgot(past);
            Ok(())
        })?;
    }
    let sql = format!("DELETE FROM {} WHERE supplier_id = ?1", history_name(kind));
    let mut statement = database.prepare(&sql)?;
    statement.execute([supplier]).map(drop).map_err(error::writing)
}

/// Removes all prices of the supplier, those that stand and those of the past.
fn prices(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let database = tx.rows.database;
    let mut names = Names::new(database);
    let mut count = 0;
    for product in products_ever(&tx.rows)? {
        pending::settle_product(database, product)?;
        for (row, _) in rows_of(database, PRICES_OF_PRODUCT, product)? {
            tx.state.removed_price(&names.parts(&row)?, &row);
            tx.log.removed(Kind::Price, &numbers(&row));
            tx.log.touch_price_in_order(row.product, row.list)?;
            count += 1;
        }
        for (row, ended_at) in rows_of(database, PAST_OF_PRODUCT, product)? {
            tx.state.forgot_price(names.shape(row.shape)?, &row, ended_at);
        }
        for table in ["price", "price_history"] {
            let sql = format!("DELETE FROM {table} WHERE product_id = ?1");
            database.prepare(&sql)?.execute([product]).map_err(error::writing)?;
        }
    }
    Ok(count)
}

fn products_ever(rows: &Rows<'_>) -> Result<Vec<u32>, StoreError> {
    let mut statement = rows.database.prepare(PRODUCTS_EVER)?;
    let found = statement.query_map([rows.supplier.0], |row| row.get(0)).map_err(error::reading)?;
    found.collect::<Result<_, _>>().map_err(error::reading)
}

/// Prices with the last column of the statement, which says when one of the past ended.
fn rows_of(
    database: &Database,
    sql: &str,
    product: u32,
) -> Result<Vec<(PriceRow, i64)>, StoreError> {
    let mut statement = database.prepare(sql)?;
    let last = statement.column_count().saturating_sub(1);
    let found = statement.query_map([product], |row| Ok((price_row(row)?, row.get(last)?)));
    found.map_err(error::reading)?.collect::<Result<_, _>>().map_err(error::reading)
}

/// A price for the digest of the change.
fn numbers(row: &PriceRow) -> [Cell; 3] {
    [row.product, row.list, row.shape].map(|number| Cell::Int(number.into()))
}
