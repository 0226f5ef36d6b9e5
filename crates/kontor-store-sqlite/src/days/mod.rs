//! Days of before: earlier versions turned civil days into instants of the zone of the price list or
//! the supplier when they were written. What such a version wrote and begins and ends with days there
//! becomes days again, once and as a change like any other.
//!
//! Which rows are meant stands in `days_of_before`; see
//! docs/decisions/0025-days-of-before-become-days.md.

mod find;
mod make;
mod report;

use std::sync::Arc;

use kontor_model::clock::Clock;
use kontor_model::supplier::SupplierId;
use kontor_store::{ChangeNumber, Order, Outcome, StoreError, Visit};
use rusqlite::OptionalExtension;

use crate::database::Database;
use crate::error;
use crate::read::{Rows, damaged, store_error};
use crate::store::SqliteStore;

use make::days_of_supplier;
use report::report;

pub use report::{DayValidity, DaysOfBefore};

/// How far the days of a supplier are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaysState {
    /// The next start makes them.
    Pending,
    /// This change made them.
    Made(ChangeNumber),
    /// There were none.
    Nothing,
}

/// A supplier that had data before days were kept.
pub(crate) struct OfSupplier {
    pub(crate) supplier: SupplierId,
    pub(crate) code: String,
    /// The last change that may have turned days into instants.
    pub(crate) until_change: i64,
    pub(crate) state: DaysState,
}

impl SqliteStore {
    /// Makes days of the validities that earlier versions stored as instants, one change for each
    /// supplier that has such. Takes as long as reading its prices the first time, and nothing later.
    /// Each change is one transaction: writes wait while it runs, readers do not. Returns the changes.
    pub fn make_days(&self, clock: &Arc<dyn Clock>) -> Result<Vec<ChangeNumber>, StoreError> {
        let suppliers = self.with_reader(suppliers)?;
        let pending = suppliers.into_iter().filter(|one| one.state == DaysState::Pending);
        let mut changes = Vec::new();
        for one in pending {
            let supplier = one.code.parse().map_err(damaged)?;
            let (actor, clock) = ("upgrade".to_owned(), Arc::clone(clock));
            let order = Order { supplier, actor, clock, job: Box::new(|_| Ok(())) };
            let outcome = self.submit(order, Some(Box::new(days_of_supplier)), true)?;
            if let Outcome::Committed(change) = outcome {
                changes.push(change);
            }
        }
        Ok(changes)
    }

    /// Tells the validities of earlier versions whose answer changes somewhere when they become days,
    /// or changed, and those that cannot become days.
    pub fn day_report(
        &self,
        visit: Visit<'_, DayValidity>,
    ) -> Result<Vec<DaysOfBefore>, StoreError> {
        self.with_reader(|database| report(database, visit)).map_err(store_error)
    }
}

/// All suppliers of before.
fn suppliers(database: &Database) -> Result<Vec<OfSupplier>, StoreError> {
    let mut statement = database.prepare(
        "SELECT d.supplier_id, s.supplier, d.until_change, d.change FROM days_of_before d \
         JOIN supplier s ON s.supplier_id = d.supplier_id ORDER BY s.supplier",
    )?;
    let found = statement.query_map([], |row| {
        let state = match row.get::<_, Option<u64>>(3)? {
            None => DaysState::Pending,
            Some(0) => DaysState::Nothing,
            Some(change) => DaysState::Made(ChangeNumber(change)),
        };
        let (supplier, code, until_change) = (SupplierId(row.get(0)?), row.get(1)?, row.get(2)?);
        Ok(OfSupplier { supplier, code, until_change, state })
    });
    found.map_err(error::reading)?.collect::<Result<_, _>>().map_err(error::reading)
}

/// The change that made days of a supplier's rows.
pub(crate) fn made(rows: &Rows<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT change FROM days_of_before WHERE supplier_id = ?1 AND change > 0";
    let mut statement = rows.database.prepare(sql)?;
    statement.query_row([rows.supplier.0], |row| row.get(0)).optional().map_err(error::reading)
}

/// Until which change the rows of a supplier are to be looked at; `None` when that was done.
fn pending(database: &Database, supplier: SupplierId) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT until_change FROM days_of_before WHERE supplier_id = ?1 AND change IS NULL";
    let mut statement = database.prepare(sql)?;
    statement.query_row([supplier.0], |row| row.get(0)).optional().map_err(error::reading)
}
