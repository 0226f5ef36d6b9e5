//! Whether rows that a staged job removes are still referred to: by rows of the view that stay as they
//! are, by rows that the job put, or by prices.

use std::collections::BTreeSet;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::{Removes, StoreError};
use rusqlite::params;

use super::rows::What;
use super::view::Overlay;
use crate::error;
use crate::pending;
use crate::prices::import::StagedPrices;
use crate::reference;
use crate::table;

fn prices_of_product(table: &str) -> String {
    format!("SELECT count(*) FROM {table} WHERE product_id = ?2 AND ?1 IS NOT NULL")
}

/// Prices stand in the order of products: every product of the supplier is asked.
fn prices_of_list(table: &str) -> String {
    format!(
        "SELECT count(*) FROM products CROSS JOIN {table} AS price \
         ON price.product_id = products.id AND price.list_id = ?2 WHERE products.supplier_id = ?1"
    )
}

/// Refuses when one of these rows is referred to.
pub(crate) fn check(
    overlay: &Overlay<'_>,
    prices: Option<&StagedPrices>,
    kind: Kind,
    keys: &BTreeSet<Row>,
) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    for by in table::kinds() {
        for (columns, _) in by.references().iter().filter(|(_, to)| *to == kind) {
            by_staged(overlay, kind, keys, by, columns)?;
            for key in keys {
                by_viewed(overlay, kind, key, by, columns)?;
            }
        }
    }
    keys.iter().try_for_each(|key| by_prices(overlay, prices, kind, key))
}

/// One pass over the rows that were put, however many are removed.
fn by_staged(
    overlay: &Overlay<'_>,
    kind: Kind,
    keys: &BTreeSet<Row>,
    by: Kind,
    columns: &[&str],
) -> Result<(), StoreError> {
    overlay.staged.each_of(by, &mut |row| {
        if row.what == What::Remove {
            return Ok(());
        }
        let referred = cells_of(by, &row.cells, columns);
        if keys.contains(&referred) {
            return Err(reference::still_used(kind, &referred, by.name()));
        }
        Ok(())
    })
}

/// The key of a row of the kind `by` that refers to a key, as the job leaves the rows.
pub(super) fn referrer(
    overlay: &Overlay<'_>,
    by: Kind,
    kind: Kind,
    key: &[Cell],
) -> Result<Option<Row>, StoreError> {
    for (columns, _) in by.references().iter().filter(|(_, to)| *to == kind) {
        let mut first = first_viewed(overlay, key, by, columns)?;
        if first.is_some() {
            return Ok(first);
        }
        overlay.staged.each_of(by, &mut |row| {
            if first.is_none()
                && row.what != What::Remove
                && cells_of(by, &row.cells, columns) == key
            {
                first = Some(row.key());
            }
            Ok(())
        })?;
        if first.is_some() {
            return Ok(first);
        }
    }
    Ok(None)
}

/// Refuses when a row of the view refers to a key and was neither put nor removed.
fn by_viewed(
    overlay: &Overlay<'_>,
    kind: Kind,
    key: &[Cell],
    by: Kind,
    columns: &[&str],
) -> Result<(), StoreError> {
    let first = first_viewed(overlay, key, by, columns)?;
    first.map_or(Ok(()), |_| Err(reference::still_used(kind, key, by.name())))
}

/// The key of a row of the view that refers to a key and was neither put nor removed.
fn first_viewed(
    overlay: &Overlay<'_>,
    key: &[Cell],
    by: Kind,
    columns: &[&str],
) -> Result<Option<Row>, StoreError> {
    reference::each_referrer(&overlay.rows, by, columns, key, &mut |key| {
        Ok(overlay.staged.find(by, key)?.is_none())
    })
}

fn by_prices(
    overlay: &Overlay<'_>,
    prices: Option<&StagedPrices>,
    kind: Kind,
    key: &[Cell],
) -> Result<(), StoreError> {
    if !matches!(kind, Kind::Product | Kind::PriceList | Kind::PaymentTerm) {
        return Ok(());
    }
    let id = overlay.rows.find(kind, key)?.map_or(0, |stored| stored.id);
    let Some(prices) = prices else {
        return reference::no_price_refers(&overlay.rows, kind, key, id);
    };
    let is_named = match (kind, key) {
        (Kind::Product, _) => prices.puts_product(id)?,
        (Kind::PriceList, _) => prices.puts_list(id),
        (_, [Cell::Text(term)]) => prices.names_term(term),
        _ => false,
    };
    if is_named {
        return Err(reference::still_used(kind, key, Kind::Price.name()));
    }
    // Prices that are not among the lines go when they are replaced, others when lines say so.
    if prices.order.removes == Removes::Everything {
        return Ok(());
    }
    let (going, stored): (u64, fn(&str) -> String) = if kind == Kind::Product {
        (prices.leaving.of_product(id), prices_of_product)
    } else if kind == Kind::PriceList {
        (prices.leaving.of_list(id), prices_of_list)
    } else {
        (0, prices_of_product)
    };
    if going == 0 {
        return reference::no_price_refers(&overlay.rows, kind, key, id);
    }
    let mut count = 0;
    for part in pending::tables(overlay.rows.database)?.parts {
        let mut statement = overlay.rows.database.prepare(&stored(part))?;
        let of_part: u64 = statement
            .query_row(params![overlay.rows.supplier.0, id], |row| row.get(0))
            .map_err(error::reading)?;
        count += of_part;
    }
    if count == going { Ok(()) } else { Err(reference::still_used(kind, key, Kind::Price.name())) }
}

fn cells_of(kind: Kind, row: &[Cell], names: &[&str]) -> Row {
    let place = |name: &&str| kind.columns().iter().position(|column| column.name == *name);
    let cells = names.iter().filter_map(|name| row.get(place(name)?));
    cells.cloned().collect()
}
