//! Says which rule of the tables forbids a row, naming the rows that are in the way.

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::{ReadTx, StoreError};
use rusqlite::{Error, ToSql};

use crate::cell::{self, Bound};
use crate::error;
use crate::pending;
use crate::read::Rows;
use crate::table;

/// Why a row could not be put.
pub(crate) fn put_failed(rows: &Rows<'_>, kind: Kind, row: &[Cell], cause: Error) -> StoreError {
    let reason = if error::is_foreign_key(&cause) {
        missing(rows, kind, row)
    } else if error::is_unique(&cause) {
        Ok(Some(taken(kind, row)))
    } else {
        Ok(None)
    };
    match reason {
        Ok(Some(reason)) => StoreError::Conflict(reason),
        Ok(None) => error::writing(cause),
        Err(error) => error,
    }
}

/// Why a row could not be removed.
pub(crate) fn removal_failed(
    rows: &Rows<'_>,
    kind: Kind,
    key: &[Cell],
    cause: Error,
) -> StoreError {
    if !error::is_foreign_key(&cause) {
        return error::writing(cause);
    }
    match referring(rows, kind, key) {
        Ok(Some(by)) => still_used(kind, key, by.name()),
        Ok(None) => still_used(kind, key, "other rows"),
        Err(error) => error,
    }
}

/// Refuses to remove what prices refer to. No foreign keys lead from prices: those to products and
/// lists would halve the speed of an import, and a payment term is part of a shape, which prices
/// of several suppliers share.
pub(crate) fn no_price_refers(
    rows: &Rows<'_>,
    kind: Kind,
    key: &[Cell],
    id: u32,
) -> Result<(), StoreError> {
    let supplier = &rows.supplier.0;
    let now = pending::tables(rows.database)?.now;
    let used = if kind == Kind::Product {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {now} WHERE product_id = ?1)");
        exists(rows, &sql, &[&id])?
    } else if kind == Kind::PriceList {
        // Prices stand in the order of products: every product of the supplier is asked.
        let of_list = |table: &str| {
            format!(
                "SELECT EXISTS (SELECT 1 FROM products CROSS JOIN {table} AS price \
                 ON price.product_id = products.id AND price.list_id = ?2 \
                 WHERE products.supplier_id = ?1)"
            )
        };
        any_price(rows, of_list, &[supplier, &id])?
    } else if let (Kind::PaymentTerm, [Cell::Text(term)]) = (kind, key) {
        let of_term = |table: &str| {
            format!(
                "SELECT EXISTS (SELECT 1 FROM price_shape WHERE payment_term = ?2) AND EXISTS (\
                 SELECT 1 FROM products CROSS JOIN {table} AS price \
                 ON price.product_id = products.id \
                 WHERE products.supplier_id = ?1 AND price.shape_id IN \
                 (SELECT id FROM price_shape WHERE payment_term = ?2))"
            )
        };
        any_price(rows, of_term, &[supplier, term])?
    } else {
        false
    };
    if used { Err(still_used(kind, key, Kind::Price.name())) } else { Ok(()) }
}

/// A row that is referred to and is not there.
pub(crate) fn unknown(kind: Kind, key: &[Cell]) -> StoreError {
    StoreError::Conflict(format!("{} has no {}", kind.name(), print(kind, key)))
}

/// The key as people write it. Keys that are secrets are not shown.
pub(crate) fn print(kind: Kind, key: &[Cell]) -> String {
    let columns = kind.columns().iter().filter(|column| column.key);
    let values: Vec<String> = columns
        .zip(key)
        .filter(|(column, cell)| !column.secret && **cell != Cell::Null)
        .map(|(column, cell)| column.print(cell))
        .collect();
    values.join(" ")
}

fn missing(rows: &Rows<'_>, kind: Kind, row: &[Cell]) -> Result<Option<String>, StoreError> {
    for (columns, referred) in kind.references() {
        let key: Row = columns.iter().filter_map(|name| cell(kind, row, name)).collect();
        if key.contains(&Cell::Null) {
            continue;
        }
        if rows.get(*referred, &key)?.is_none() {
            let key = print(*referred, &key);
            return Ok(Some(format!("{} has no {key}", referred.name())));
        }
    }
    Ok(None)
}

fn cell(kind: Kind, row: &[Cell], name: &str) -> Option<Cell> {
    let index = kind.columns().iter().position(|column| column.name == name)?;
    row.get(index).cloned()
}

pub(crate) fn taken(kind: Kind, row: &[Cell]) -> String {
    let columns = kind.columns().iter().zip(row);
    let key: Row = columns.filter(|(column, _)| column.key).map(|(_, cell)| cell.clone()).collect();
    let name = print(kind, &key);
    if kind == Kind::PriceList {
        format!("another of the price_lists has the number of {name}")
    } else {
        format!("{name} of {} is taken: another supplier has it", kind.name())
    }
}

fn referring(rows: &Rows<'_>, kind: Kind, key: &[Cell]) -> Result<Option<Kind>, StoreError> {
    for by in table::kinds() {
        if referrer(rows, by, kind, key)?.is_some() {
            return Ok(Some(by));
        }
    }
    Ok(None)
}

/// The key of a row of the kind `by` that refers to the row of a kind with this key.
pub(crate) fn referrer(
    rows: &Rows<'_>,
    by: Kind,
    kind: Kind,
    key: &[Cell],
) -> Result<Option<Row>, StoreError> {
    for (columns, _) in by.references().iter().filter(|(_, to)| *to == kind) {
        let first = each_referrer(rows, by, columns, key, &mut |_| Ok(true))?;
        if first.is_some() {
            return Ok(first);
        }
    }
    Ok(None)
}

/// The first key of a row of the kind `by` with these cells in these columns that is wanted.
pub(crate) fn each_referrer(
    rows: &Rows<'_>,
    by: Kind,
    columns: &[&str],
    cells: &[Cell],
    is_wanted: &mut dyn FnMut(&Row) -> Result<bool, StoreError>,
) -> Result<Option<Row>, StoreError> {
    let keys: Vec<&str> =
        by.columns().iter().filter(|column| column.key).map(|column| column.name).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {}",
        keys.join(", "),
        by.name(),
        table::matching(columns.iter().map(|name| (*name, "=")))
    );
    let cells: Vec<Bound<'_>> = cells.iter().map(Bound).collect();
    let mut parameters: Vec<&dyn ToSql> = vec![&rows.supplier.0];
    parameters.extend(cells.iter().map(|cell| cell as &dyn ToSql));
    let mut statement = rows.database.prepare(&sql)?;
    let mut found = statement.query(parameters.as_slice()).map_err(error::reading)?;
    while let Some(row) = found.next().map_err(error::reading)? {
        let key = cell::cells(row, 0, keys.len())?;
        if is_wanted(&key)? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

/// Whether a price is found in the table of prices or in what stands over it.
fn any_price(
    rows: &Rows<'_>,
    sql_of: impl Fn(&str) -> String,
    parameters: &[&dyn ToSql],
) -> Result<bool, StoreError> {
    for part in pending::tables(rows.database)?.parts {
        if exists(rows, &sql_of(part), parameters)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn exists(rows: &Rows<'_>, sql: &str, parameters: &[&dyn ToSql]) -> Result<bool, StoreError> {
    let mut statement = rows.database.prepare(sql)?;
    statement.query_row(parameters, |row| row.get(0)).map_err(error::reading)
}

pub(crate) fn still_used(kind: Kind, key: &[Cell], by: &str) -> StoreError {
    StoreError::Conflict(format!(
        "{} of {} cannot be removed: {by} still refer to it",
        print(kind, key),
        kind.name()
    ))
}
