//! Making days again, in the transaction of a job.

use std::collections::HashMap;

use kontor_model::catalogue::Record;
use kontor_model::price_list::{EntryKind, PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_store::{Abort, PriceOrder, PriceRows, RawPrice, StoreError, WriteTx as _};
use rusqlite::params;
use tracing::warn;

use super::find::{self, DayPrice, Zones};
use super::pending;
use crate::error;
use crate::prices::import::{self, Product};
use crate::read::{Rows, damaged};
use crate::write::Tx;

/// Prices that are handed over at a time.
const BATCH: usize = 1_024;

/// Makes days of what earlier versions wrote of the supplier of the job, unless that was done.
pub(crate) fn days_of_supplier(tx: &mut Tx<'_>) -> Result<(), Abort> {
    let Some(until) = pending(tx.rows.database, tx.rows.supplier)? else { return Ok(()) };
    let Some(zones) = Zones::of(&tx.rows)? else { return Ok(()) };
    for kind in find::kinds() {
        for row in find::rows_of_kind(&tx.rows, &zones, kind, until)? {
            tx.put(&Record::from_row(kind, &row.row).map_err(damaged)?)?;
        }
    }
    let mut source = DayPrices::new(tx.rows, &zones, until)?;
    let mut refused = None;
    import::import(tx, &mut source, PriceOrder::merge(), &mut |fault| {
        refused.get_or_insert(fault.reason);
    })?;
    if let Some(reason) = refused {
        // Nothing is kept of the job. It was looked at before, so this is a fault of the program.
        return Err(StoreError::Conflict(reason).into());
    }
    if source.kept > 0 {
        warn!(
            prices = source.kept,
            "prices of an earlier version stay valid between instants: as days they would meet \
             others; `kontor doctor --upgrade-report` names them"
        );
    }
    let change = if tx.log.is_empty() { 0 } else { tx.change };
    let sql = "UPDATE days_of_before SET change = ?2 WHERE supplier_id = ?1";
    let mut statement = tx.rows.database.prepare(sql)?;
    statement.execute(params![tx.rows.supplier.0, change]).map_err(error::writing)?;
    tx.wrote_aside = true;
    Ok(())
}

/// The prices of a supplier that become days, as rows of an import.
struct DayPrices<'a> {
    rows: Rows<'a>,
    zones: &'a Zones,
    until: i64,
    products: std::vec::IntoIter<Product>,
    shapes: Vec<Shape>,
    numbers: HashMap<Shape, u32>,
    line: u64,
    /// Prices that stay as they are, because others are in the way.
    kept: u64,
}

impl<'a> DayPrices<'a> {
    fn new(rows: Rows<'a>, zones: &'a Zones, until: i64) -> Result<Self, StoreError> {
        Ok(Self {
            rows,
            zones,
            until,
            products: import::products(&rows)?.into_iter(),
            shapes: Vec::new(),
            numbers: HashMap::new(),
            line: 0,
            kept: 0,
        })
    }

    /// The price of instants goes, that of days comes.
    fn replace(&mut self, price: &DayPrice, batch: &mut Vec<RawPrice>) {
        let days = Shape { validity: price.days, ..(*price.shape).clone() };
        // Where both begin alike, the one takes the place of the other.
        if price.shape.validity.from() != price.days.from() {
            self.push(price, (*price.shape).clone(), None, batch);
        }
        let (_, asked) = self.zones.of_list(Some(price.row.list));
        let before = price.shape.validity;
        let is_same = asked.iter().all(|zone| before.is_same_in(price.days, zone));
        // Who asks what changed is told of prices whose answer is another one somewhere.
        let changed_at = is_same.then_some(price.row.changed_at);
        let amount = if days.kind == EntryKind::Listing { 0 } else { price.row.amount };
        self.push(price, days, Some((amount, changed_at)), batch);
    }

    fn push(
        &mut self,
        price: &DayPrice,
        shape: Shape,
        put: Option<(i64, Option<i64>)>,
        batch: &mut Vec<RawPrice>,
    ) {
        let next = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(shape).or_insert_with_key(|shape| {
            self.shapes.push(shape.clone());
            next
        });
        self.line += 1;
        batch.push(RawPrice {
            product: ProductId(price.row.product),
            list: PriceListId(price.row.list),
            shape: number,
            line: self.line,
            amount: put.map(|(amount, _)| amount),
            changed_at: put.and_then(|(_, changed_at)| changed_at),
        });
    }
}

impl PriceRows for DayPrices<'_> {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        while batch.len() < BATCH {
            let Some(product) = self.products.next() else { return Ok(()) };
            for price in find::prices(&self.rows, self.zones, product.id, self.until)? {
                if price.fits {
                    self.replace(&price, batch);
                } else {
                    self.kept += 1;
                }
            }
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}
