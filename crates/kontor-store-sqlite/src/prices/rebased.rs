//! Products that a job gives another base unit, and what becomes of their prices.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::price_list::PriceUnit;
use kontor_model::product::Product;
use kontor_model::uom::Uom;
use kontor_store::{MisreadPrices, StoreError};

use crate::error;
use crate::pending;
use crate::prices::read::{self, PriceRow};
use crate::read::Rows;

/// The products, by number.
#[derive(Debug, Default)]
pub(crate) struct Rebased(BTreeMap<u32, Change>);

#[derive(Debug)]
struct Change {
    /// The base unit before the job.
    before: Uom,
    now: Product,
}

impl Rebased {
    /// Notes that a product is put over the rows that are there.
    pub(crate) fn note(&mut self, rows: &Rows<'_>, product: &Product) -> Result<(), StoreError> {
        let Some(old) = read::product(rows, product.sku.as_str())? else {
            return Ok(());
        };
        let before = self.0.get(&old.id).map_or(old.base_uom, |change| change.before);
        if before == product.base_uom {
            self.0.remove(&old.id);
        } else {
            self.0.insert(old.id, Change { before, now: product.clone() });
        }
        Ok(())
    }

    pub(crate) fn numbers(&self) -> BTreeSet<u32> {
        self.0.keys().copied().collect()
    }

    /// The products with prices that stay as they are and mean something else now.
    pub(crate) fn misread(
        &self,
        rows: &Rows<'_>,
        is_renewed: &dyn Fn(&PriceRow) -> bool,
    ) -> Result<Vec<MisreadPrices>, StoreError> {
        let misread = self.0.iter().map(|(id, change)| misread(rows, *id, &change.now, is_renewed));
        misread.filter_map(Result::transpose).collect()
    }
}

/// Prices of the base unit name none, and those of packings hold so many base units. Prices in what
/// becomes the base unit would be a second answer to one question.
fn misread(
    rows: &Rows<'_>,
    product: u32,
    now: &Product,
    is_renewed: &dyn Fn(&PriceRow) -> bool,
) -> Result<Option<MisreadPrices>, StoreError> {
    let mut statement = rows.database.prepare(&format!(
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM {} \
         WHERE product_id = ?1 ORDER BY list_id, shape_id",
        pending::tables(rows.database)?.now
    ))?;
    let found = statement.query_map([product], read::price_row).map_err(error::reading)?;
    for row in found {
        let row = row.map_err(error::reading)?;
        let is_kept = match &rows.database.shape(row.shape)?.unit {
            PriceUnit::Base | PriceUnit::BaseUnits(_) | PriceUnit::Packing { .. } => false,
            PriceUnit::Uom(uom) => uom.0 != now.base_uom,
        };
        if is_kept || is_renewed(&row) {
            continue;
        }
        let mut list = rows.database.prepare("SELECT price_list FROM price_lists WHERE id = ?1")?;
        return Ok(Some(MisreadPrices {
            sku: now.sku.to_string(),
            base_uom: now.base_uom.to_string(),
            list: list.query_row([row.list], |row| row.get(0)).map_err(error::reading)?,
        }));
    }
    Ok(None)
}
