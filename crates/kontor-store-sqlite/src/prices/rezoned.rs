//! Zones that a job brings in which nobody asked before: stored prices of days and of instants that were
//! apart so far may apply at once there.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Zone;
use kontor_model::price_list::Shape;
use kontor_model::record::Cell;
use kontor_store::{ReadTx, StoreError, ZoneOverlap};
use rusqlite::params;

use crate::error;
use crate::pending;
use crate::prices::put::describe;
use crate::prices::read::{self, PriceRow};
use crate::prices::zones;
use crate::read::Rows;

/// So many pairs are told.
pub(crate) const MAX_TOLD: usize = 100;
/// So many pairs of prices are looked for.
const MAX_PAIRS: usize = 10_000;
/// Bounds below are instants, the others days.
const FIRST_DAY: i64 = 1 << 61;

/// What a job did to zones.
#[derive(Debug, Default)]
pub(crate) struct Rezoned {
    /// New ones among those of the supplier, its companies and its stores, by name.
    zones: BTreeMap<String, Zone>,
    /// Lists that were there and have another zone now, or none of their own.
    lists: BTreeSet<String>,
}

/// Two prices of a product in a list that apply at once in a zone.
pub(crate) struct Pair {
    pub(crate) one: PriceRow,
    pub(crate) other: PriceRow,
    zone: Zone,
}

impl Rezoned {
    /// Notes a row that is about to be put over the rows that are there.
    pub(crate) fn note(&mut self, rows: &Rows<'_>, record: &Record) -> Result<(), StoreError> {
        if rows.supplier.0 == 0 {
            return Ok(());
        }
        if let Record::PriceList(list) = record {
            if let Some(Record::PriceList(old)) = rows.get(Kind::PriceList, &record.key())?
                && old.time_zone != list.time_zone
            {
                self.lists.insert(list.code.to_string());
            }
            return Ok(());
        }
        let Some(zone) = zones::zone_of(record) else {
            return Ok(());
        };
        if !self.zones.contains_key(zone.name()) && !is_known(rows, zone)? {
            self.zones.insert(zone.name().to_owned(), zone.clone());
        }
        Ok(())
    }

    /// The stored prices that apply at once in what is new: those of these products, or of all. `tx` has the
    /// lists and zones as the job leaves them.
    pub(crate) fn pairs(
        &self,
        rows: &Rows<'_>,
        tx: &dyn ReadTx,
        products: Option<&BTreeSet<u32>>,
    ) -> Result<Vec<Pair>, StoreError> {
        let mut pairs = Vec::new();
        if (self.zones.is_empty() && self.lists.is_empty()) || !has_both(rows)? {
            return Ok(pairs);
        }
        let mut zones_of = HashMap::new();
        match products {
            None => self.add_pairs(rows, tx, (0, u32::MAX), &mut zones_of, &mut pairs)?,
            Some(products) => {
                for id in products {
                    self.add_pairs(rows, tx, (*id, *id), &mut zones_of, &mut pairs)?;
                }
            }
        }
        Ok(pairs)
    }

    /// The same of the products with numbers between two, both included.
    fn add_pairs(
        &self,
        rows: &Rows<'_>,
        tx: &dyn ReadTx,
        (first, last): (u32, u32),
        zones_of: &mut HashMap<u32, Vec<Zone>>,
        pairs: &mut Vec<Pair>,
    ) -> Result<(), StoreError> {
        let mut group: Vec<PriceRow> = Vec::new();
        let mut statement = rows.database.prepare(&format!(
            "SELECT price.product_id, price.list_id, price.shape_id, price.amount, \
             price.changed_at, price.since_change FROM products \
             CROSS JOIN {} AS price ON price.product_id = products.id \
             CROSS JOIN price_shape ON price_shape.id = price.shape_id \
             AND (price_shape.valid_from IS NOT NULL OR price_shape.valid_to IS NOT NULL) \
             WHERE products.supplier_id = ?1 AND products.id BETWEEN ?2 AND ?3 \
             ORDER BY products.id, price.list_id",
            pending::tables(rows.database)?.now
        ))?;
        let found = statement.query_map([rows.supplier.0, first, last], read::price_row);
        for row in found.map_err(error::reading)? {
            let row = row.map_err(error::reading)?;
            if group.first().is_some_and(|f| (f.product, f.list) != (row.product, row.list)) {
                group.clear();
            }
            let zones = match zones_of.entry(row.list) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(self.new_zones(rows, tx, row.list)?),
            };
            for other in group.iter().filter(|_| !zones.is_empty()) {
                if let Some(zone) = overlap(rows, &row, other, zones)? {
                    pairs.push(Pair { one: *other, other: row, zone });
                }
            }
            if pairs.len() >= MAX_PAIRS {
                break;
            }
            group.push(row);
        }
        Ok(())
    }

    /// The zones in which a list can be asked now and could not before.
    fn new_zones(
        &self,
        rows: &Rows<'_>,
        tx: &dyn ReadTx,
        list: u32,
    ) -> Result<Vec<Zone>, StoreError> {
        let code = code(rows, Kind::PriceList, list)?;
        if self.lists.contains(&code) {
            return zones::of_list(tx, &code);
        }
        let has_own = match tx.get(Kind::PriceList, &[Cell::text(&code)])? {
            Some(Record::PriceList(list)) => list.time_zone.is_some(),
            _ => true,
        };
        Ok(if has_own { Vec::new() } else { self.zones.values().cloned().collect() })
    }
}

impl Pair {
    /// The pair as people are told of it.
    pub(crate) fn tell(&self, rows: &Rows<'_>) -> Result<ZoneOverlap, StoreError> {
        let sku = code(rows, Kind::Product, self.one.product)?;
        let list = code(rows, Kind::PriceList, self.one.list)?;
        let (one, other) =
            (rows.database.shape(self.one.shape)?, rows.database.shape(self.other.shape)?);
        let (price, other) = (describe(&sku, &list, &one), describe(&sku, &list, &other));
        Ok(ZoneOverlap { zone: self.zone.name().to_owned(), list, price, other })
    }
}

/// A zone in which both apply to one question.
fn overlap(
    rows: &Rows<'_>,
    one: &PriceRow,
    other: &PriceRow,
    zones: &[Zone],
) -> Result<Option<Zone>, StoreError> {
    let (one, other) = (rows.database.shape(one.shape)?, rows.database.shape(other.shape)?);
    let (one, other): (&Shape, &Shape) = (&one, &other);
    if !one.same_question(other) || !one.validity.mixes(other.validity) {
        return Ok(None);
    }
    let in_zone = |zone: &&Zone| one.conflicts(other, std::slice::from_ref(*zone));
    Ok(zones.iter().find(in_zone).cloned())
}

/// Whether somebody of the supplier asks in this zone already.
fn is_known(rows: &Rows<'_>, zone: &Zone) -> Result<bool, StoreError> {
    let mut statement = rows.database.prepare(
        "SELECT EXISTS (SELECT 1 FROM supplier WHERE supplier_id = ?1 AND time_zone = ?2) \
         OR EXISTS (SELECT 1 FROM selling_entities WHERE supplier_id = ?1 AND time_zone = ?2) \
         OR EXISTS (SELECT 1 FROM stores WHERE supplier_id = ?1 AND time_zone = ?2)",
    )?;
    let known = statement.query_row(params![rows.supplier.0, zone.name()], |row| row.get(0));
    known.map_err(error::reading)
}

/// Whether there are bounds of either sort at all, of whichever supplier.
fn has_both(rows: &Rows<'_>) -> Result<bool, StoreError> {
    let mut statement = rows.database.prepare(
        "SELECT EXISTS (SELECT 1 FROM price_shape WHERE valid_from >= ?1 OR valid_to >= ?1) \
         AND EXISTS (SELECT 1 FROM price_shape WHERE valid_from < ?1 OR valid_to < ?1)",
    )?;
    statement.query_row([FIRST_DAY], |row| row.get(0)).map_err(error::reading)
}

fn code(rows: &Rows<'_>, kind: Kind, id: u32) -> Result<String, StoreError> {
    let column = if kind == Kind::Product { "sku" } else { "price_list" };
    let sql = format!("SELECT {column} FROM {} WHERE id = ?1", kind.name());
    let mut statement = rows.database.prepare(&sql)?;
    statement.query_row([id], |row| row.get(0)).map_err(error::reading)
}
