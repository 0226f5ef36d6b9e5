//! What the price book is loaded from: all suppliers at one change.

use std::ops::RangeInclusive;

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;
use kontor_store::state::{CHANGE_TIMES, PAST_PRICES, is_of_state};
use kontor_store::{
    Abort, BookRow, BookSource, ChangeNumber, ChangeTime, LogPage, LogPlace, RemovedOf,
    RemovedPrice, StoreError, StoredPrice, Visit,
};
use rusqlite::OptionalExtension;

use crate::cell;
use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::other_changes;
use crate::pending::{self, Tables};
use crate::prices::read::{self, PriceRow};
use crate::prices::shape;
use crate::read::{Rows, record};
use crate::state::proof::{self, Proof};
use crate::table::table;

/// Of rows `h` of the history, those of prices that a packing may have been told for and that are
/// not there any more; `c` is the change that ended the row. `told` says whether the list of the row
/// is one whose prices of the base unit are those of a packing.
fn is_removed(now: &str, told: &str) -> String {
    format!(
        "JOIN price_shape s ON s.id = h.shape_id AND (s.packing IS NOT NULL \
         OR s.uom IS NULL AND {told}) \
         JOIN change c ON c.number = h.to_change \
         WHERE NOT EXISTS (SELECT 1 FROM {now} p WHERE (p.product_id, p.list_id, p.shape_id) \
         = (h.product_id, h.list_id, h.shape_id))"
    )
}

/// For all rows: the lists are found once.
const IN_TOLD_LISTS: &str = "h.list_id IN (SELECT l.id FROM price_lists l \
     JOIN segments USING (supplier_id, price_list) UNION ALL SELECT l.id FROM price_lists l \
     JOIN sales_tables USING (supplier_id, price_list))";

/// For one row: its list is looked up.
const IS_IN_TOLD_LIST: &str = "EXISTS (SELECT 1 FROM price_lists l WHERE l.id = h.list_id AND (\
     EXISTS (SELECT 1 FROM segments g \
     WHERE g.supplier_id = l.supplier_id AND g.price_list = l.price_list) \
     OR EXISTS (SELECT 1 FROM sales_tables t \
     WHERE t.supplier_id = l.supplier_id AND t.price_list = l.price_list)))";

/// The list and shape that come next in the history of a product. It jumps: a product that is
/// priced anew every minute has a long history of few prices.
fn next_place(past: &str) -> String {
    format!(
        "SELECT list_id, shape_id FROM {past} WHERE product_id = ?1 \
     AND (list_id, shape_id, from_change) > (?2, ?3, 9223372036854775807) \
     ORDER BY list_id, shape_id, from_change LIMIT 1"
    )
}

/// All rows, in the transaction that the connection is in.
pub(crate) struct Book<'a> {
    pub(crate) database: &'a Database,
    pub(crate) change: ChangeNumber,
    /// Where the prices of this transaction stand.
    tables: Tables,
}

impl<'a> Book<'a> {
    pub(crate) fn new(database: &'a Database, change: ChangeNumber) -> Result<Self, StoreError> {
        Ok(Self { database, change, tables: pending::tables(database)? })
    }
}

impl Book<'_> {
    fn each_price(
        &self,
        condition: &str,
        parameters: impl rusqlite::Params,
        visit: Visit<'_, PriceRow>,
    ) -> Result<(), Abort> {
        let Tables { now, .. } = self.tables;
        let sql = format!(
            "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM {now} \
             {condition} ORDER BY product_id, list_id, shape_id"
        );
        let mut statement = self.database.prepare(&sql)?;
        let mut rows = statement.query(parameters).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            visit(read::price_row(row).map_err(error::reading)?)?;
        }
        Ok(())
    }

    /// When a removed price ended is told from its history.
    fn prove_history(&self) -> Result<(), StoreError> {
        let mut proof = Proof::named(self.database, PAST_PRICES);
        proof::each_past_price(self.database, &mut |row, ended_at, _| {
            proof.past_price(row, ended_at)
        })?;
        proof.finish()
    }

    /// Of one product, in one list when one is named.
    fn removed_prices_of(
        &self,
        product: ProductId,
        only: Option<PriceListId>,
        visit: Visit<'_, RemovedPrice>,
    ) -> Result<(), Abort> {
        let Tables { now, past, .. } = self.tables;
        let mut next = self.database.prepare(&next_place(past))?;
        let mut last = self.database.prepare(&format!(
            "SELECT h.product_id, h.list_id, h.shape_id, c.at FROM (SELECT * FROM {past} \
             WHERE (product_id, list_id, shape_id) = (?1, ?2, ?3) \
             ORDER BY from_change DESC LIMIT 1) h {}",
            is_removed(now, IS_IN_TOLD_LIST)
        ))?;
        let only = only.map(|list| i64::from(list.0));
        let mut place: (i64, i64) = (only.unwrap_or(-1), -1);
        loop {
            let key = (product.0, place.0, place.1);
            let found = next.query_row(key, |row| Ok((row.get(0)?, row.get(1)?)));
            let Some(found) = found.optional().map_err(error::reading)? else {
                return Ok(());
            };
            if only.is_some_and(|list| found.0 != list) {
                return Ok(());
            }
            place = found;
            let price = last.query_row((product.0, place.0, place.1), removed).optional();
            if let Some(price) = price.map_err(error::reading)? {
                self.database.visit(|| visit(price))?;
            }
        }
    }
}

impl BookSource for Book<'_> {
    fn change(&self) -> ChangeNumber {
        self.change
    }

    fn records(&self, kind: Kind, visit: Visit<'_, BookRow>) -> Result<(), Abort> {
        if kind == Kind::Price {
            return Err(StoreError::Read("prices are no records of the book".to_owned()).into());
        }
        let table = table(kind);
        let width = table.columns().len();
        let mut statement = self.database.prepare(&table.all)?;
        let mut rows = statement.query([]).map_err(error::reading)?;
        let mut proof = Proof::of(self.database, kind);
        while let Some(row) = rows.next().map_err(error::reading)? {
            let supplier = row.get(width + 2).map_err(error::reading)?;
            proof.row(kind, supplier, &cell::cells(row, 0, width)?)?;
            let row = book_row(kind, row, width)?;
            self.database.visit(|| visit(row))?;
        }
        if is_of_state(kind) { Ok(proof.finish()?) } else { Ok(()) }
    }

    fn records_of(
        &self,
        supplier: SupplierId,
        kind: Kind,
        prefix: &[Cell],
        visit: Visit<'_, BookRow>,
    ) -> Result<(), Abort> {
        if kind == Kind::Price {
            return Err(StoreError::Read("prices are no records of the book".to_owned()).into());
        }
        let database = self.database;
        Rows { database, supplier }.each(kind, prefix, &mut |stored| {
            let row = BookRow { supplier, id: stored.id, record: record(kind, &stored.row)? };
            database.visit(|| visit(row))
        })
    }

    fn shapes(&self, after: u32, visit: Visit<'_, (u32, Shape)>) -> Result<(), Abort> {
        let sql =
            format!("SELECT id, {} FROM price_shape WHERE id > ?1 ORDER BY id", shape::COLUMNS);
        let mut statement = self.database.prepare(&sql)?;
        let mut rows = statement.query([after]).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let number = row.get(0).map_err(error::reading)?;
            let cells = cell::cells(row, 1, shape::WIDTH)?;
            let shape = shape::from_row(&cells)?;
            self.database.visit(|| visit((number, shape)))?;
        }
        Ok(())
    }

    fn prices(&self, visit: Visit<'_, StoredPrice>) -> Result<(), Abort> {
        let mut proof = Proof::of(self.database, Kind::Price);
        self.each_price("", [], &mut |row| {
            proof.price(&row)?;
            self.database.visit(|| visit(stored(row)))
        })?;
        Ok(proof.finish()?)
    }

    fn prices_of(
        &self,
        product: ProductId,
        lists: RangeInclusive<PriceListId>,
        visit: Visit<'_, StoredPrice>,
    ) -> Result<(), Abort> {
        let condition = "WHERE product_id = ?1 AND list_id BETWEEN ?2 AND ?3";
        let lists = [product.0, lists.start().0, lists.end().0];
        self.each_price(condition, lists, &mut |row| self.database.visit(|| visit(stored(row))))
    }

    fn removed_packing_prices(
        &self,
        of: RemovedOf,
        visit: Visit<'_, RemovedPrice>,
    ) -> Result<(), Abort> {
        match of {
            RemovedOf::Everything => {}
            RemovedOf::Product(product) => return self.removed_prices_of(product, None, visit),
            RemovedOf::Place(product, list) => {
                return self.removed_prices_of(product, Some(list), visit);
            }
        }
        self.prove_history()?;
        let Tables { now, past, .. } = self.tables;
        let sql = format!(
            "SELECT h.product_id, h.list_id, h.shape_id, c.at, max(h.to_change) \
             FROM {past} h {} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            is_removed(now, IN_TOLD_LISTS)
        );
        let mut statement = self.database.prepare(&sql)?;
        let mut rows = statement.query([]).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let price = removed(row).map_err(error::reading)?;
            self.database.visit(|| visit(price))?;
        }
        Ok(())
    }

    fn change_times(&self, visit: Visit<'_, ChangeTime>) -> Result<(), Abort> {
        let mut proof = Proof::named(self.database, CHANGE_TIMES);
        other_changes::each(self.database, &mut |time| {
            proof.change_time(&time);
            self.database.visit(|| visit(time))
        })?;
        Ok(proof.finish()?)
    }

    fn change_times_of(
        &self,
        product: ProductId,
        visit: Visit<'_, ChangeTime>,
    ) -> Result<(), Abort> {
        other_changes::each_of(self.database, product, &mut |time| {
            self.database.visit(|| visit(time))
        })
    }

    fn change_time_of_row(
        &self,
        supplier: SupplierId,
        kind: Kind,
        key: &[Cell],
    ) -> Result<Option<Instant>, StoreError> {
        let found = other_changes::of_row(self.database, supplier, kind, key)?;
        Ok(found.map(Instant::from_micros))
    }

    fn product(&self, id: ProductId) -> Result<Option<BookRow>, Abort> {
        let table = table(Kind::Product);
        let width = table.columns().len();
        let mut statement = self.database.prepare(&table.by_number)?;
        let mut rows = statement.query([id.0]).map_err(error::reading)?;
        let Some(row) = rows.next().map_err(error::reading)? else { return Ok(None) };
        Ok(Some(book_row(Kind::Product, row, width)?))
    }

    fn products_priced_in(
        &self,
        supplier: SupplierId,
        list: PriceListId,
        visit: Visit<'_, ProductId>,
    ) -> Result<(), Abort> {
        let Tables { now, past, .. } = self.tables;
        let mut statement = self.database.prepare(&format!(
            "SELECT id FROM products WHERE supplier_id = ?1 AND (\
             EXISTS (SELECT 1 FROM {now} WHERE product_id = products.id AND list_id = ?2) OR \
             EXISTS (SELECT 1 FROM {past} WHERE product_id = products.id AND list_id = ?2)) \
             ORDER BY id",
        ))?;
        let mut rows = statement.query([supplier.0, list.0]).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let id = ProductId(row.get(0).map_err(error::reading)?);
            self.database.visit(|| visit(id))?;
        }
        Ok(())
    }

    fn changes(&self, from: LogPlace, limit: usize) -> Result<LogPage, StoreError> {
        change_log::page(self.database, from, limit)
    }

    fn price_count(&self) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM {}", self.tables.now);
        let mut statement = self.database.prepare(&sql)?;
        statement.query_row([], |row| row.get(0)).map_err(error::reading)
    }
}

/// A row with so many columns of its own, then when it was written, its number and its supplier.
fn book_row(kind: Kind, row: &rusqlite::Row<'_>, width: usize) -> Result<BookRow, StoreError> {
    Ok(BookRow {
        supplier: SupplierId(row.get(width + 2).map_err(error::reading)?),
        id: row.get(width + 1).map_err(error::reading)?,
        record: record(kind, &cell::cells(row, 0, width)?)?,
    })
}

fn removed(row: &rusqlite::Row<'_>) -> rusqlite::Result<RemovedPrice> {
    Ok(RemovedPrice {
        product: ProductId(row.get(0)?),
        list: PriceListId(row.get(1)?),
        shape: row.get(2)?,
        removed_at: Instant::from_micros(row.get(3)?),
    })
}

fn stored(row: PriceRow) -> StoredPrice {
    StoredPrice {
        product: ProductId(row.product),
        list: PriceListId(row.list),
        shape: row.shape,
        amount: row.amount,
        changed_at: Instant::from_micros(row.changed_at),
    }
}
