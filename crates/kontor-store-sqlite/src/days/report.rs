//! What becomes of the days of before, or became of them, for whoever looks after the data.

use kontor_model::catalogue::Kind;
use kontor_model::instant::Zone;
use kontor_model::price_list::Shape;
use kontor_model::record::Row;
use kontor_model::validity::Validity;
use kontor_store::{Abort, ChangeNumber, StoreError, Visit};
use rusqlite::{OptionalExtension, params};

use super::find::{self, Zones};
use super::{DaysState, OfSupplier, suppliers};
use crate::cell;
use crate::database::Database;
use crate::error;
use crate::prices::{import, put};
use crate::read::Rows;
use crate::reference;

const PAST_OF_PRODUCT: &str = "SELECT list_id, shape_id FROM price_history \
     WHERE product_id = ?1 AND to_change = ?2 ORDER BY list_id, shape_id";

/// A supplier that had data before days were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaysOfBefore {
    pub supplier: String,
    pub state: DaysState,
    /// Validities that become days or did.
    pub days: u64,
    /// Of these, those with an answer that changes somewhere.
    pub changed: u64,
    /// Validities of days that stay instants, because as days they would meet others.
    pub kept: u64,
}

/// A validity that becomes one of days, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayValidity {
    pub supplier: String,
    pub kind: Kind,
    /// Of prices.
    pub price_list: Option<String>,
    /// Of prices.
    pub sku: Option<String>,
    /// The row as people name it.
    pub name: String,
    pub before: Validity,
    pub days: Validity,
    /// Whether it becomes days: as days it may meet another one in some zone.
    pub fits: bool,
    /// Where somebody who asks gets another answer, because the day begins at another instant there.
    pub zones: Vec<Zone>,
}

/// Tells every validity that is not the same everywhere as days, or stays what it is.
pub(crate) fn report(
    database: &Database,
    visit: Visit<'_, DayValidity>,
) -> Result<Vec<DaysOfBefore>, Abort> {
    let mut all = Vec::new();
    for of_supplier in suppliers(database)? {
        all.push(of_one(database, of_supplier, visit)?);
    }
    Ok(all)
}

/// What is told of one supplier.
struct Reporting<'a, 'v> {
    supplier: OfSupplier,
    zones: &'a Zones,
    told: DaysOfBefore,
    visit: Visit<'v, DayValidity>,
}

fn of_one(
    database: &Database,
    supplier: OfSupplier,
    visit: Visit<'_, DayValidity>,
) -> Result<DaysOfBefore, Abort> {
    let (state, code) = (supplier.state, supplier.code.clone());
    let told = DaysOfBefore { supplier: code, state, days: 0, changed: 0, kept: 0 };
    let rows = Rows { database, supplier: supplier.supplier };
    let Some(zones) = Zones::of(&rows)? else { return Ok(told) };
    let mut reporting = Reporting { supplier, zones: &zones, told, visit };
    match state {
        DaysState::Nothing => {}
        DaysState::Pending => reporting.pending(&rows)?,
        DaysState::Made(change) => reporting.made(&rows, change)?,
    }
    Ok(reporting.told)
}

impl Reporting<'_, '_> {
    fn pending(&mut self, rows: &Rows<'_>) -> Result<(), Abort> {
        let until = self.supplier.until_change;
        for kind in find::kinds() {
            for row in find::rows_of_kind(rows, self.zones, kind, until)? {
                self.row(&row)?;
            }
        }
        self.standing_prices(rows, until, |_| true)
    }

    /// What the change superseded says what was before; what could not become days stands still.
    fn made(&mut self, rows: &Rows<'_>, change: ChangeNumber) -> Result<(), Abort> {
        for kind in find::kinds() {
            for row in superseded(rows, kind, change)? {
                if let Some(row) = find::with_days(self.zones, kind, row)? {
                    self.row(&row)?;
                }
            }
        }
        for product in import::products(rows)? {
            let mut statement = rows.database.prepare(PAST_OF_PRODUCT)?;
            let found = statement
                .query_map(params![product.id, change.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .map_err(error::reading)?;
            for place in found {
                let (list, shape): (u32, u32) = place.map_err(error::reading)?;
                let shape = rows.database.shape(shape)?;
                let (zone, _) = self.zones.of_list(Some(list));
                if let Some(days) = shape.validity.as_days(zone) {
                    self.price(rows, (product.id, list), &shape, (days, true))?;
                }
            }
        }
        self.standing_prices(rows, self.supplier.until_change, |fits| !fits)
    }

    /// Prices that stand as instants.
    fn standing_prices(
        &mut self,
        rows: &Rows<'_>,
        until: i64,
        is_told: impl Fn(bool) -> bool,
    ) -> Result<(), Abort> {
        for product in import::products(rows)? {
            for price in find::prices(rows, self.zones, product.id, until)? {
                if is_told(price.fits) {
                    let becomes = (price.days, price.fits);
                    self.price(rows, (product.id, price.row.list), &price.shape, becomes)?;
                }
            }
        }
        Ok(())
    }

    fn price(
        &mut self,
        rows: &Rows<'_>,
        (product, list): (u32, u32),
        shape: &Shape,
        (days, fits): (Validity, bool),
    ) -> Result<(), Abort> {
        let before = shape.validity;
        let (_, asked) = self.zones.of_list(Some(list));
        let zones = differing(asked, before, days);
        self.count(fits, &zones);
        if zones.is_empty() && fits {
            return Ok(());
        }
        let mut statement = rows.database.prepare("SELECT sku FROM products WHERE id = ?1")?;
        let sku = statement.query_row([product], |row| row.get(0)).optional();
        let sku: String = sku.map_err(error::reading)?.unwrap_or_default();
        let code = self.zones.code(list).to_owned();
        let name = put::describe(&sku, &code, shape);
        let supplier = self.supplier.code.clone();
        let (price_list, sku, kind) = (Some(code), Some(sku), Kind::Price);
        (self.visit)(DayValidity {
            supplier,
            kind,
            price_list,
            sku,
            name,
            before,
            days,
            fits,
            zones,
        })
    }

    fn row(&mut self, row: &find::DayRow) -> Result<(), Abort> {
        let (_, asked) = self.zones.of_list(None);
        let zones = differing(asked, row.before, row.days);
        self.count(true, &zones);
        if zones.is_empty() {
            return Ok(());
        }
        let columns = row.kind.columns().iter().zip(&row.row);
        let key: Row =
            columns.filter(|(column, _)| column.key).map(|(_, cell)| cell.clone()).collect();
        (self.visit)(DayValidity {
            supplier: self.supplier.code.clone(),
            kind: row.kind,
            price_list: None,
            sku: None,
            name: reference::print(row.kind, &key),
            before: row.before,
            days: row.days,
            fits: true,
            zones,
        })
    }

    fn count(&mut self, fits: bool, zones: &[Zone]) {
        if fits {
            self.told.days += 1;
            self.told.changed += u64::from(!zones.is_empty());
        } else {
            self.told.kept += 1;
        }
    }
}

/// The zones in which two validities are not the same.
fn differing(asked: &[Zone], before: Validity, days: Validity) -> Vec<Zone> {
    asked.iter().filter(|zone| !before.is_same_in(days, zone)).cloned().collect()
}

/// The rows of a kind that a change superseded.
fn superseded(rows: &Rows<'_>, kind: Kind, change: ChangeNumber) -> Result<Vec<Row>, StoreError> {
    let names: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
    let sql = format!(
        "SELECT {} FROM {}_history WHERE supplier_id = ?1 AND to_change = ?2",
        names.join(", "),
        kind.name()
    );
    let mut statement = rows.database.prepare(&sql)?;
    let mut found = statement.query(params![rows.supplier.0, change.0]).map_err(error::reading)?;
    let mut all = Vec::new();
    while let Some(row) = found.next().map_err(error::reading)? {
        all.push(cell::cells(row, 0, names.len())?);
    }
    Ok(all)
}
