//! What the price book is loaded from: all suppliers at one change.

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;
use kontor_store::{
    Abort, BookRow, BookSource, ChangeNumber, RemovedPrice, StoreError, StoredPrice, Visit,
};

use crate::cell;
use crate::database::Database;
use crate::error;
use crate::prices::read::{self, PriceRow};
use crate::prices::shape;
use crate::read::{Rows, record};
use crate::table::table;

/// Leaves of rows `h` of the history those that a packing may have been told for and that have no
/// successor; `c` is the change that ended them.
const IS_REMOVED: &str = "JOIN price_shape s ON s.id = h.shape_id AND (s.packing IS NOT NULL \
     OR s.uom IS NULL AND h.list_id IN (SELECT l.id FROM price_lists l \
     JOIN segments USING (supplier_id, price_list) UNION ALL SELECT l.id FROM price_lists l \
     JOIN sales_tables USING (supplier_id, price_list))) \
     JOIN change c ON c.number = h.to_change \
     WHERE NOT EXISTS (SELECT 1 FROM price p WHERE (p.product_id, p.list_id, p.shape_id) \
     = (h.product_id, h.list_id, h.shape_id))";

/// Each list and shape in the history of a product once, found by jumps from one to the next.
const PLACES_OF_PRODUCT: &str = "places (list_id, shape_id) AS (SELECT min(list_id), \
     (SELECT shape_id FROM price_history WHERE product_id = ?1 ORDER BY list_id, shape_id LIMIT 1) \
     FROM price_history WHERE product_id = ?1 UNION ALL SELECT \
     (SELECT h.list_id FROM price_history h WHERE h.product_id = ?1 AND (h.list_id, h.shape_id) \
     > (places.list_id, places.shape_id) ORDER BY h.list_id, h.shape_id LIMIT 1), \
     (SELECT h.shape_id FROM price_history h WHERE h.product_id = ?1 AND (h.list_id, h.shape_id) \
     > (places.list_id, places.shape_id) ORDER BY h.list_id, h.shape_id LIMIT 1) \
     FROM places WHERE places.list_id IS NOT NULL)";

/// All rows, in the transaction that the connection is in.
pub(crate) struct Book<'a> {
    pub(crate) database: &'a Database,
    pub(crate) change: ChangeNumber,
}

impl Book<'_> {
    fn each_price(
        &self,
        condition: &str,
        parameters: impl rusqlite::Params,
        visit: Visit<'_, StoredPrice>,
    ) -> Result<(), Abort> {
        let sql = format!(
            "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price \
             {condition} ORDER BY product_id, list_id, shape_id"
        );
        let mut statement = self.database.prepare(&sql)?;
        let mut rows = statement.query(parameters).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            visit(stored(read::price_row(row).map_err(error::reading)?))?;
        }
        Ok(())
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
        while let Some(row) = rows.next().map_err(error::reading)? {
            visit(BookRow {
                supplier: SupplierId(row.get(width + 2).map_err(error::reading)?),
                id: row.get(width + 1).map_err(error::reading)?,
                record: record(kind, &cell::cells(row, 0, width)?)?,
            })?;
        }
        Ok(())
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
            visit(BookRow { supplier, id: stored.id, record: record(kind, &stored.row)? })
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
            visit((number, shape::from_row(&cells)?))?;
        }
        Ok(())
    }

    fn prices(&self, visit: Visit<'_, StoredPrice>) -> Result<(), Abort> {
        self.each_price("", [], visit)
    }

    fn prices_of(&self, product: ProductId, visit: Visit<'_, StoredPrice>) -> Result<(), Abort> {
        self.each_price("WHERE product_id = ?1", [product.0], visit)
    }

    fn removed_packing_prices(
        &self,
        product: Option<ProductId>,
        visit: Visit<'_, RemovedPrice>,
    ) -> Result<(), Abort> {
        let sql = match product {
            // A product that is priced anew every minute has a long history of few prices.
            Some(_) => format!(
                "WITH RECURSIVE {PLACES_OF_PRODUCT} SELECT ?1, h.list_id, h.shape_id, c.at \
                 FROM places JOIN price_history h ON (h.product_id, h.list_id, h.shape_id, \
                 h.from_change) = (?1, places.list_id, places.shape_id, (SELECT max(from_change) \
                 FROM price_history WHERE (product_id, list_id, shape_id) \
                 = (?1, places.list_id, places.shape_id))) {IS_REMOVED} ORDER BY 2, 3"
            ),
            None => format!(
                "SELECT h.product_id, h.list_id, h.shape_id, c.at, max(h.to_change) \
                 FROM price_history h {IS_REMOVED} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            ),
        };
        let mut statement = self.database.prepare(&sql)?;
        let parameters = rusqlite::params_from_iter(product.map(|product| product.0));
        let mut rows = statement.query(parameters).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            visit(removed(row).map_err(error::reading)?)?;
        }
        Ok(())
    }

    fn price_count(&self) -> Result<u64, StoreError> {
        let mut statement = self.database.prepare("SELECT count(*) FROM price")?;
        statement.query_row([], |row| row.get(0)).map_err(error::reading)
    }
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
