//! Reading prices of one supplier.

use kontor_model::instant::Instant;
use kontor_model::money::Money;
use kontor_model::noun::Noun;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceListCode};
use kontor_model::product::Sku;
use kontor_model::record::{Cell, Row};
use kontor_model::uom::Uom;
use kontor_store::{Abort, StoreError, Visit};
use rusqlite::{OptionalExtension, ToSql, params};

use crate::database::Database;
use crate::error;
use crate::pending;
use crate::prices::shape;
use crate::read::{Rows, damaged};

/// A price as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PriceRow {
    pub(crate) product: u32,
    pub(crate) list: u32,
    pub(crate) shape: u32,
    pub(crate) amount: i64,
    pub(crate) changed_at: i64,
    pub(crate) since_change: i64,
}

/// What prices must know of their product.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PricedProduct {
    pub(crate) id: u32,
    pub(crate) base_uom: Uom,
}

const ROW: &str = "price.product_id, price.list_id, price.shape_id, price.amount, \
     price.changed_at, price.since_change";

/// The price with this key.
pub(crate) fn get(rows: &Rows<'_>, key: &[Cell]) -> Result<Option<PriceEntry>, StoreError> {
    let Some(wanted) = wanted(key) else {
        return Ok(None);
    };
    let Some((product, list)) = place(rows, &wanted)? else {
        return Ok(None);
    };
    let shape = shape::normal(&wanted.shape, product.base_uom);
    for row in of(rows.database, product.id, list)? {
        let found = rows.database.shape(row.shape)?;
        if found.same_key(&shape) {
            return entry(rows.database, &row, wanted.list, wanted.sku).map(Some);
        }
    }
    Ok(None)
}

/// All prices whose first key columns are these, by product number, list number, shape.
pub(crate) fn scan(
    rows: &Rows<'_>,
    prefix: &[Cell],
    visit: Visit<'_, PriceEntry>,
) -> Result<(), Abort> {
    let supplier = &rows.supplier.0;
    let now = pending::tables(rows.database)?.now;
    match prefix {
        [] => {
            let sql = format!(
                "SELECT {ROW}, price_lists.price_list, products.sku FROM products \
                 CROSS JOIN {now} AS price ON price.product_id = products.id \
                 CROSS JOIN price_lists ON price_lists.id = price.list_id \
                 WHERE products.supplier_id = ?1 \
                 ORDER BY products.id, price.list_id, price.shape_id"
            );
            each(rows.database, &sql, &[supplier], visit)
        }
        [Cell::Text(list)] => {
            // Prices stand in the order of products: every product of the supplier is asked.
            let sql = format!(
                "SELECT {ROW}, price_lists.price_list, products.sku FROM price_lists \
                 CROSS JOIN products ON products.supplier_id = ?1 \
                 CROSS JOIN {now} AS price ON price.product_id = products.id \
                 AND price.list_id = price_lists.id \
                 WHERE price_lists.supplier_id = ?1 AND price_lists.price_list = ?2 \
                 ORDER BY products.id, price.shape_id"
            );
            each(rows.database, &sql, &[supplier, list], visit)
        }
        [Cell::Text(list), Cell::Text(sku), rest @ ..] => {
            let sql = format!(
                "SELECT {ROW}, price_lists.price_list, products.sku FROM price_lists \
                 CROSS JOIN products ON products.supplier_id = ?1 AND products.sku = ?3 \
                 CROSS JOIN {now} AS price ON price.product_id = products.id \
                 AND price.list_id = price_lists.id \
                 WHERE price_lists.supplier_id = ?1 AND price_lists.price_list = ?2 \
                 ORDER BY price.shape_id"
            );
            each(rows.database, &sql, &[supplier, list, sku], &mut |entry| {
                if entry.key().iter().skip(2).zip(rest).all(|(a, b)| a == b) {
                    visit(entry)?;
                }
                Ok(())
            })
        }
        _ => Ok(()),
    }
}

/// The prices of one product in one list, by shape number.
pub(crate) fn of(
    database: &Database,
    product: u32,
    list: u32,
) -> Result<Vec<PriceRow>, StoreError> {
    let now = pending::tables(database)?.now;
    let sql = format!(
        "SELECT {ROW} FROM {now} AS price WHERE product_id = ?1 AND list_id = ?2 ORDER BY shape_id"
    );
    let mut statement = database.prepare(&sql)?;
    let rows = statement.query_map(params![product, list], price_row).map_err(error::reading)?;
    rows.collect::<Result<_, _>>().map_err(error::reading)
}

/// The key of a stored price as the catalogue names it.
pub(crate) fn key(database: &Database, row: &PriceRow) -> Result<Row, StoreError> {
    let mut statement = database.prepare(
        "SELECT price_lists.price_list, products.sku FROM price_lists, products \
         WHERE price_lists.id = ?1 AND products.id = ?2",
    )?;
    let (list, sku): (String, String) = statement
        .query_row(params![row.list, row.product], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(error::reading)?;
    let (list, sku) = (list.parse().map_err(damaged)?, sku.parse().map_err(damaged)?);
    Ok(entry(database, row, list, sku)?.key())
}

/// The first six columns of a statement over `price`, in the order of the table.
pub(crate) fn price_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<PriceRow> {
    Ok(PriceRow {
        product: row.get(0)?,
        list: row.get(1)?,
        shape: row.get(2)?,
        amount: row.get(3)?,
        changed_at: row.get(4)?,
        since_change: row.get(5)?,
    })
}

/// The product with this article number.
pub(crate) fn product(rows: &Rows<'_>, sku: &str) -> Result<Option<PricedProduct>, StoreError> {
    let sql = "SELECT id, base_uom FROM products WHERE supplier_id = ?1 AND sku = ?2";
    let mut statement = rows.database.prepare(sql)?;
    let found: Option<(u32, String)> = statement
        .query_row(params![rows.supplier.0, sku], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(error::reading)?;
    found
        .map(|(id, uom)| {
            let base_uom = uom.parse().map_err(damaged)?;
            Ok(PricedProduct { id, base_uom })
        })
        .transpose()
}

/// The number of the price list with this code.
pub(crate) fn list(rows: &Rows<'_>, code: &str) -> Result<Option<u32>, StoreError> {
    let sql = "SELECT id FROM price_lists WHERE supplier_id = ?1 AND price_list = ?2";
    let mut statement = rows.database.prepare(sql)?;
    statement
        .query_row(params![rows.supplier.0, code], |row| row.get(0))
        .optional()
        .map_err(error::reading)
}

/// Reads a key as a price without amount, without end. `None`: no price can have this key.
pub(crate) fn wanted(key: &[Cell]) -> Option<PriceEntry> {
    let mut key = key.iter().cloned();
    let row: Row = PriceEntry::COLUMNS
        .iter()
        .map(|column| if column.key { key.next().unwrap_or(Cell::Null) } else { Cell::Null })
        .collect();
    let listing = row.iter().any(|cell| *cell == Cell::text(EntryKind::Listing));
    let filled = PriceEntry::COLUMNS.iter().zip(row).map(|(column, cell)| match column.name {
        "amount" if !listing => Cell::Int(0),
        "changed_at" => Cell::Int(0),
        _ => cell,
    });
    let filled: Row = filled.collect();
    let complete = key.next().is_none();
    PriceEntry::from_row(&filled).ok().filter(|_| complete)
}

/// The numbers of the product and of the list of a price.
pub(crate) fn place(
    rows: &Rows<'_>,
    entry: &PriceEntry,
) -> Result<Option<(PricedProduct, u32)>, StoreError> {
    let product = product(rows, entry.sku.as_str())?;
    let list = list(rows, entry.list.as_str())?;
    Ok(product.zip(list))
}

fn each(
    database: &Database,
    sql: &str,
    parameters: &[&dyn ToSql],
    visit: Visit<'_, PriceEntry>,
) -> Result<(), Abort> {
    let mut statement = database.prepare(sql)?;
    let mut rows = statement.query(parameters).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let price = price_row(row).map_err(error::reading)?;
        let text = |index| -> Result<&str, StoreError> {
            let value = row.get_ref(index).map_err(error::reading)?;
            value.as_str().map_err(|_| damaged("a code is no text"))
        };
        let list = text(6)?.parse().map_err(damaged)?;
        let sku = text(7)?.parse().map_err(damaged)?;
        visit(entry(database, &price, list, sku)?)?;
    }
    Ok(())
}

fn entry(
    database: &Database,
    row: &PriceRow,
    list: PriceListCode,
    sku: Sku,
) -> Result<PriceEntry, StoreError> {
    let shape = database.shape(row.shape)?;
    let amount = (shape.kind != EntryKind::Listing).then(|| Money::from_micros(row.amount));
    Ok(PriceEntry {
        list,
        sku,
        shape: (*shape).clone(),
        amount,
        changed_at: Instant::from_micros(row.changed_at),
    })
}
