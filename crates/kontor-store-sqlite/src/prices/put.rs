//! Writing one price: it replaces the price with its key, and is refused when it would apply to the
//! same question as another one.

use kontor_model::catalogue::Kind;
use kontor_model::money::Money;
use kontor_model::noun::Noun;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceListCode, PriceUnit, Shape};
use kontor_model::record::Cell;
use kontor_model::validity::Bound;
use kontor_store::state::PriceParts;
use kontor_store::{Abort, Put, ReadTx, StoreError};
use rusqlite::params;

use crate::database::Database;
use crate::error;
use crate::pending;
use crate::prices::read::{self, PriceRow};
use crate::prices::{shape, zones};
use crate::read::Rows;
use crate::reference;
use crate::state::names;
use crate::write::Tx;

/// Puts a price.
pub(crate) fn put(tx: &mut Tx<'_>, entry: &PriceEntry) -> Result<Put, Abort> {
    let rows = tx.rows;
    let product = read::product(&rows, entry.sku.as_str())?
        .ok_or_else(|| reference::unknown(Kind::Product, &[Cell::text(&entry.sku)]))?;
    let list = read::list(&rows, entry.list.as_str())?
        .ok_or_else(|| reference::unknown(Kind::PriceList, &[Cell::text(&entry.list)]))?;
    if let Some(term) = &entry.shape.term {
        let key = [Cell::text(term)];
        if rows.get(Kind::PaymentTerm, &key)?.is_none() {
            return Err(reference::unknown(Kind::PaymentTerm, &key).into());
        }
    }
    let mut entry = entry.clone();
    entry.shape = shape::normal(&entry.shape, product.base_uom);
    pending::settle_product(rows.database, product.id)?;
    let old = superseded(&rows, product.id, list, &entry)?;
    let new = PriceRow {
        product: product.id,
        list,
        shape: rows.database.intern(&entry.shape)?,
        amount: entry.amount.unwrap_or(Money::ZERO).micros(),
        changed_at: entry.changed_at.micros(),
        since_change: i64::try_from(tx.change).unwrap_or(i64::MAX),
    };
    let parts = parts(tx, &entry);
    let put = match old {
        None => Put::Inserted,
        Some(old) if is_same(&old, &new) => return Ok(Put::Unchanged),
        Some(old) => {
            supersede(tx, &parts_of(tx, &entry, &old)?, &old)?;
            Put::Updated
        }
    };
    insert(rows.database, &new)?;
    tx.state.put_price(&parts, &new);
    tx.log.wrote(Kind::Price, &entry.to_row());
    tx.log.touch_price(product.id, list);
    Ok(put)
}

/// Removes the price with this key.
pub(crate) fn remove(tx: &mut Tx<'_>, key: &[Cell]) -> Result<bool, StoreError> {
    let Some(mut entry) = read::wanted(key) else {
        return Ok(false);
    };
    let Some((product, list)) = read::place(&tx.rows, &entry)? else {
        return Ok(false);
    };
    entry.shape = shape::normal(&entry.shape, product.base_uom);
    let database = tx.rows.database;
    pending::settle_product(database, product.id)?;
    for row in read::of(database, product.id, list)? {
        if database.shape(row.shape)?.same_key(&entry.shape) {
            supersede(tx, &parts_of(tx, &entry, &row)?, &row)?;
            tx.log.removed(Kind::Price, &entry.key());
            tx.log.touch_price(product.id, list);
            return Ok(true);
        }
    }
    Ok(false)
}

/// A price as messages name it.
pub(crate) fn describe(sku: &str, list: &str, shape: &Shape) -> String {
    let unit = match &shape.unit {
        PriceUnit::Base => String::new(),
        PriceUnit::BaseUnits(per) => format!(" per {per} base units"),
        PriceUnit::Uom(uom) => format!(" per {}", uom.0),
        PriceUnit::Packing { name, quantity } => format!(" per {name} of {quantity}"),
    };
    let kind = match shape.kind {
        EntryKind::Regular => "price",
        EntryKind::Promotion => "promotion",
        EntryKind::Listing => "listing",
    };
    let term =
        shape.term.as_ref().map_or(String::new(), |term| format!(" with payment term {term}"));
    let open = || "ever".to_owned();
    format!(
        "the {} {kind} of {sku} in list {list}{unit} from quantity {}{term}, valid from {} to {}",
        shape.currency,
        shape.minimum,
        shape.validity.from().map_or_else(open, Bound::from_text),
        shape.validity.to().map_or_else(open, Bound::to_text),
    )
}

/// The price that the new one replaces. Another one that would apply to the same question is in
/// the way.
fn superseded(
    rows: &Rows<'_>,
    product: u32,
    list: u32,
    entry: &PriceEntry,
) -> Result<Option<PriceRow>, StoreError> {
    let mut old = None;
    for row in read::of(rows.database, product, list)? {
        let shape = rows.database.shape(row.shape)?;
        if shape.same_key(&entry.shape) {
            old = Some(row);
        } else if conflicts(rows, &entry.list, &shape, &entry.shape)? {
            let (sku, list) = (entry.sku.as_str(), entry.list.as_str());
            return Err(StoreError::Conflict(format!(
                "{} conflicts with {}",
                describe(sku, list, &entry.shape),
                describe(sku, list, &shape)
            )));
        }
    }
    Ok(old)
}

/// Whether two prices of a list would both apply to some question.
fn conflicts(
    rows: &Rows<'_>,
    list: &PriceListCode,
    one: &Shape,
    other: &Shape,
) -> Result<bool, StoreError> {
    if !one.same_question(other) || !one.validity.mixes(other.validity) {
        return Ok(one.conflicts(other, &[]));
    }
    Ok(one.conflicts(other, &zones::of_list(rows, list.as_str())?))
}

fn is_same(old: &PriceRow, new: &PriceRow) -> bool {
    old.shape == new.shape && old.amount == new.amount && old.changed_at == new.changed_at
}

fn insert(database: &Database, row: &PriceRow) -> Result<(), StoreError> {
    let mut statement = database.prepare(
        "INSERT INTO price (product_id, list_id, shape_id, amount, changed_at, since_change) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement
        .execute(params![
            row.product,
            row.list,
            row.shape,
            row.amount,
            row.changed_at,
            row.since_change
        ])
        .map(drop)
        .map_err(error::writing)
}

/// What the state digest knows of a price.
fn parts(tx: &Tx<'_>, entry: &PriceEntry) -> PriceParts {
    let supplier = tx.code.as_str();
    PriceParts {
        product: PriceParts::of_product(supplier, entry.sku.as_str()),
        list: PriceParts::of_list(supplier, entry.list.as_str()),
        shape: names::shape_part(&entry.shape),
    }
}

/// The same of a stored price with the key of this one: decimals and end may differ.
fn parts_of(tx: &Tx<'_>, entry: &PriceEntry, stored: &PriceRow) -> Result<PriceParts, StoreError> {
    let shape = tx.rows.database.shape(stored.shape)?;
    Ok(PriceParts { shape: names::shape_part(&shape), ..parts(tx, entry) })
}

/// Takes a price away that was there until this change.
fn supersede(tx: &mut Tx<'_>, parts: &PriceParts, row: &PriceRow) -> Result<(), StoreError> {
    let database = tx.rows.database;
    if retire(database, tx.change, row)? {
        tx.state.retired_price(parts.shape, row, tx.at.micros());
    }
    tx.state.removed_price(parts, row);
    delete(database, row)
}

/// Copies a price to the history, unless it was written by this very change.
fn retire(database: &Database, change: u64, row: &PriceRow) -> Result<bool, StoreError> {
    if u64::try_from(row.since_change) == Ok(change) {
        return Ok(false);
    }
    let mut statement = database.prepare(
        "INSERT INTO price_history \
         (product_id, list_id, shape_id, amount, changed_at, from_change, to_change) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    statement
        .execute(params![
            row.product,
            row.list,
            row.shape,
            row.amount,
            row.changed_at,
            row.since_change,
            change
        ])
        .map(|_| true)
        .map_err(error::writing)
}

/// Deletes a price.
pub(crate) fn delete(database: &Database, row: &PriceRow) -> Result<(), StoreError> {
    let mut statement = database
        .prepare("DELETE FROM price WHERE product_id = ?1 AND list_id = ?2 AND shape_id = ?3")?;
    statement.execute(params![row.product, row.list, row.shape]).map(drop).map_err(error::writing)
}
