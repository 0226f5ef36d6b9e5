//! What others changed since the view that a difference was made against.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use kontor_model::uom::Uom;
use kontor_store::{ChangeNumber, LogPlace, StoreError, Touched};
use rusqlite::{OptionalExtension, params};

use super::rows::{StagedRow, What};
use super::run::Difference;
use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::prices::import::Product;
use crate::prices::read;
use crate::read::{Rows, damaged, store_error};

/// Entries of the change log that are read at a time.
const PAGE: usize = 1_000;
/// So many rows are looked at one by one; when more moved, the write is staged again.
const MAX_MOVED: usize = 20_000;

/// What moved, of one supplier.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// The newest change that was looked at.
    upto: ChangeNumber,
    keys: BTreeSet<(Kind, Row)>,
    /// Products of which rows of a kind moved.
    products: BTreeSet<(Kind, u32)>,
    /// Products of which prices moved.
    priced: BTreeSet<u32>,
    /// So much moved, or anything may have.
    too_much: bool,
}

/// What is to be done about it.
#[derive(Debug, Default)]
pub(crate) struct Again {
    /// Products whose prices are compared again, as they are now.
    pub(crate) products: BTreeMap<u32, Product>,
    /// Rows that the job put, to be put again over what others made of them.
    pub(crate) rows: Vec<i64>,
    /// Rows that others added to kinds that are replaced, those that refer to others first.
    pub(crate) removed: Vec<(Kind, Row)>,
}

impl Moved {
    pub(crate) fn since(view: u64) -> Self {
        Self { upto: ChangeNumber(view), ..Self::default() }
    }

    /// Reads the changes up to the newest.
    pub(crate) fn read_on(
        &mut self,
        database: &Database,
        supplier: SupplierId,
    ) -> Result<(), StoreError> {
        let mut from = Some(LogPlace::after(self.upto));
        while let Some(place) = from {
            let page = change_log::page(database, place, PAGE)?;
            from = page.next;
            for entry in page.entries {
                self.upto = self.upto.max(entry.change);
                if entry.supplier == supplier {
                    self.add(entry.touched);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, touched: Touched) {
        match touched {
            Touched::Anything => self.too_much = true,
            Touched::Rows { kind, .. } if Kind::RUNTIME.contains(&kind) => {}
            Touched::Rows { kind, keys } => {
                self.keys.extend(keys.into_iter().map(|key| (kind, key)));
            }
            Touched::Products { kind, ids } => {
                self.products.extend(ids.into_iter().map(|id| (kind, id.0)));
            }
            Touched::Prices { places } => {
                self.priced.extend(places.into_iter().map(|(product, _)| product.0));
            }
        }
        if self.keys.len() + self.products.len() + self.priced.len() > MAX_MOVED {
            self.too_much = true;
            (self.keys, self.products, self.priced) = Default::default();
        }
    }

    /// Products whose prices may meet others in a zone that the write brings, although the view had no such
    /// prices; `None`: those of all products may.
    pub(crate) fn may_meet(&self) -> Option<&BTreeSet<u32>> {
        let zoned = [Kind::Supplier, Kind::SellingEntity, Kind::Store, Kind::PriceList];
        let is_rezoned = self.keys.iter().any(|(kind, _)| zoned.contains(kind));
        (!self.too_much && !is_rezoned).then_some(&self.priced)
    }

    /// What is to be done about what moved, by what stands now. `None`: the write must be staged again.
    pub(crate) fn judge(
        &self,
        rows: &Rows<'_>,
        difference: &Difference,
    ) -> Result<Option<Again>, StoreError> {
        let mut judging = Judging { rows, difference, again: Again::default() };
        if self.too_much || !self.fits(&mut judging)? {
            return Ok(None);
        }
        let mut again = judging.again;
        again.removed.sort();
        again.removed.reverse();
        Ok(Some(again))
    }

    fn fits(&self, judging: &mut Judging<'_>) -> Result<bool, StoreError> {
        for (kind, key) in &self.keys {
            if !judging.key_fits(*kind, key)? {
                return Ok(false);
            }
        }
        for (kind, id) in &self.products {
            if !judging.product_fits(*kind, *id)? {
                return Ok(false);
            }
        }
        for id in self.priced.iter().filter(|_| judging.difference.prices.is_some()) {
            let Some((sku, base_uom)) = product(judging.rows, *id)? else {
                return Ok(false);
            };
            let viewed = judging.difference.prices.as_ref().and_then(|p| p.product(*id));
            if viewed.is_some_and(|viewed| viewed.base_uom != base_uom.number()) {
                // The job gives the product another base unit, and its prices moved.
                let key = [Cell::Text(sku)];
                if judging.difference.staged().find(Kind::Product, &key)?.is_some() {
                    return Ok(false);
                }
            }
            let product = Product { id: *id, base_uom: base_uom.number() };
            judging.again.products.insert(*id, product);
        }
        Ok(true)
    }
}

/// A difference, and the rows as they are now.
struct Judging<'a> {
    rows: &'a Rows<'a>,
    difference: &'a Difference,
    again: Again,
}

impl Judging<'_> {
    /// Whether a difference still means the same when this row, of a kind that belongs to no product,
    /// moved.
    fn key_fits(&mut self, kind: Kind, key: &[Cell]) -> Result<bool, StoreError> {
        if kind == Kind::Supplier || !self.prices_fit(kind, key)? {
            return Ok(false);
        }
        self.row_fits(kind, key)
    }

    /// The same for rows of a product.
    fn product_fits(&mut self, kind: Kind, id: u32) -> Result<bool, StoreError> {
        let Some((sku, base_uom)) = product(self.rows, id)? else {
            return Ok(false);
        };
        if kind == Kind::Product {
            let staged = self.difference.prices.as_ref();
            // Later numbers are products that were added meanwhile, and not those that were staged.
            let viewed = staged.filter(|_| id < self.difference.first_product);
            let viewed = viewed.and_then(|prices| prices.product(id));
            if viewed.is_some_and(|viewed| viewed.base_uom != base_uom.number()) {
                return Ok(false);
            }
            return self.row_fits(kind, &[Cell::Text(sku)]);
        }
        for row in self.difference.staged().of_product(kind, &sku)? {
            self.again.rows.push(row.seq);
        }
        if self.difference.replaced.contains(&kind) {
            let (staged, removed) = (self.difference.staged(), &mut self.again.removed);
            let now = self.rows.each(kind, &[Cell::Text(sku)], &mut |stored| {
                let row =
                    StagedRow { seq: 0, kind, what: What::Keep, number: None, cells: stored.row };
                let key = row.key();
                if staged.find(kind, &key)?.is_none() {
                    removed.push((kind, key));
                }
                Ok(())
            });
            now.map_err(store_error)?;
        }
        Ok(true)
    }

    /// Whether prices that were compared with the view still mean the same.
    fn prices_fit(&self, kind: Kind, key: &[Cell]) -> Result<bool, StoreError> {
        let Some(prices) = &self.difference.prices else {
            return Ok(true);
        };
        match (kind, key) {
            (Kind::PriceList, [Cell::Text(code)]) => {
                let Some(now) = read::list(self.rows, code)? else {
                    return Ok(false);
                };
                Ok(now >= self.difference.first_list || !prices.names_list(now))
            }
            (Kind::PaymentTerm, [Cell::Text(term)]) => Ok(!prices.names_term(term)),
            _ => Ok(true),
        }
    }

    /// Whether a row that the job put can be put again as it is.
    fn row_fits(&mut self, kind: Kind, key: &[Cell]) -> Result<bool, StoreError> {
        let Some(staged) = self.difference.staged().find(kind, key)? else {
            if self.difference.replaced.contains(&kind) {
                self.again.removed.push((kind, key.to_vec()));
            }
            return Ok(true);
        };
        self.again.rows.push(staged.seq);
        // What is put for these was made from what stood there.
        let is_completed = kind == Kind::Category || kind.has_secrets();
        Ok(!is_completed)
    }
}

/// The number and base unit of a product of the supplier.
pub(super) fn product(rows: &Rows<'_>, id: u32) -> Result<Option<(String, Uom)>, StoreError> {
    let sql = "SELECT sku, base_uom FROM products WHERE id = ?1 AND supplier_id = ?2";
    let mut statement = rows.database.prepare(sql)?;
    let found: Option<(String, String)> = statement
        .query_row(params![id, rows.supplier.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(error::reading)?;
    let Some((sku, base_uom)) = found else {
        return Ok(None);
    };
    Ok(Some((sku, base_uom.parse().map_err(damaged)?)))
}
