//! Reading rows of one supplier.

use jiff::civil::Date;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::document::{Document, DocumentLine};
use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use kontor_model::noun::Noun;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, CellError, Row};
use kontor_model::supplier::SupplierId;
use kontor_model::uom::Uom;
use kontor_store::{Abort, ReadTx, StoreError, Visit};
use rusqlite::{OptionalExtension, Params, ToSql, params};

use crate::cell::{self, Bound};
use crate::database::Database;
use crate::error;
use crate::pending;
use crate::prices;
use crate::reference;
use crate::table::table;

/// The rows of one supplier, in the transaction that the connection is in.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) database: &'a Database,
    pub(crate) supplier: SupplierId,
}

/// A row as it is stored.
pub(crate) struct Stored {
    pub(crate) row: Row,
    pub(crate) since_change: i64,
    /// Its number in the database, 0 when its kind has none.
    pub(crate) id: u32,
}

/// Documents by number: numbers by their value however long they are, then other texts.
const DOCUMENTS_ISSUED: &str = "\
    SELECT d.kind, d.document, d.customer, d.issued, d.value_date, d.supply_date, d.supply_time, \
        l.kind, l.document, l.position, l.sku, l.packages, l.units_per_package, l.unit_price, \
        l.remarks \
    FROM documents d \
    JOIN document_lines l \
        ON l.supplier_id = d.supplier_id AND l.kind = d.kind AND l.document = d.document \
    WHERE d.supplier_id = ?1 AND d.issued = ?2 \
    ORDER BY d.document GLOB '*[^0-9]*', \
        iif(d.document GLOB '*[^0-9]*', 0, length(ltrim(d.document, '0'))), \
        iif(d.document GLOB '*[^0-9]*', d.document, ltrim(d.document, '0')), \
        d.document, d.kind, l.position";

impl Rows<'_> {
    /// The row with this key, of a kind other than prices.
    pub(crate) fn find(&self, kind: Kind, key: &[Cell]) -> Result<Option<Stored>, StoreError> {
        let table = table(kind);
        if key.len() != table.key_width() {
            let (name, width) = (kind.name(), table.key_width());
            return Err(StoreError::Read(format!("the key of {name} has {width} columns")));
        }
        let mut found = None;
        self.each(kind, key, &mut |stored| {
            found = Some(stored);
            Ok(())
        })
        .map_err(store_error)?;
        Ok(found)
    }

    /// The rows whose first key columns are these, of a kind other than prices.
    pub(crate) fn each(
        &self,
        kind: Kind,
        prefix: &[Cell],
        visit: Visit<'_, Stored>,
    ) -> Result<(), Abort> {
        let sql = table(kind).find(prefix.len()).ok_or_else(|| {
            StoreError::Read(format!("the key of {} is not so long", kind.name()))
        })?;
        self.each_of(kind, sql, prefix, visit)
    }

    /// The rows that a statement of the table of a kind finds by these cells.
    fn each_of(
        &self,
        kind: Kind,
        sql: &str,
        cells: &[Cell],
        visit: Visit<'_, Stored>,
    ) -> Result<(), Abort> {
        let width = table(kind).columns().len();
        let bound: Vec<Bound<'_>> = cells.iter().map(Bound).collect();
        let mut parameters: Vec<&dyn ToSql> = vec![&self.supplier.0];
        parameters.extend(bound.iter().map(|cell| cell as &dyn ToSql));
        let mut statement = self.database.prepare(sql)?;
        let mut rows = statement.query(parameters.as_slice()).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            visit(Stored {
                row: cell::cells(row, 0, width)?,
                since_change: row.get(width).map_err(error::reading)?,
                id: row.get(width + 1).map_err(error::reading)?,
            })?;
        }
        Ok(())
    }

    fn list_where(&self, condition: &str, value: &dyn ToSql) -> Result<Option<Record>, StoreError> {
        let sql = format!(
            "SELECT price_list FROM price_lists WHERE supplier_id = ?1 AND {condition} = ?2 \
             ORDER BY id LIMIT 1"
        );
        let mut statement = self.database.prepare(&sql)?;
        let code: Option<String> = statement
            .query_row(params![self.supplier.0, value], |row| row.get(0))
            .optional()
            .map_err(error::reading)?;
        code.map_or(Ok(None), |code| self.get(Kind::PriceList, &[Cell::Text(code)]))
    }
}

impl Rows<'_> {
    fn one_lead(&self, which: &str, values: impl Params) -> Result<Option<Lead>, StoreError> {
        let columns: Vec<&str> = Lead::COLUMNS.iter().map(|column| column.name).collect();
        let sql = format!("SELECT {} FROM leads {which} LIMIT 1", columns.join(", "));
        let mut statement = self.database.prepare(&sql)?;
        let mut rows = statement.query(values).map_err(error::reading)?;
        let Some(row) = rows.next().map_err(error::reading)? else { return Ok(None) };
        let row = cell::cells(row, 0, columns.len())?;
        Lead::from_row(&row).map(Some).map_err(cell_error)
    }
}

/// So many products are asked whether they have a price.
const MAX_ASKED: u32 = 10_000;

/// Whether a list has a price in a currency: products of the supplier are asked until one has.
fn has_price_in(table: &str) -> String {
    format!(
        "SELECT EXISTS (SELECT 1 FROM \
             (SELECT id FROM products WHERE supplier_id = ?1 ORDER BY id LIMIT {MAX_ASKED}) AS products \
         CROSS JOIN {table} AS price ON price.product_id = products.id AND price.list_id = \
             (SELECT id FROM price_lists WHERE supplier_id = ?1 AND price_list = ?2) \
         CROSS JOIN price_shape ON price_shape.id = price.shape_id AND price_shape.currency = ?3)"
    )
}

/// Prices stand in the order of products, whoever's these are.
const COUNT_PRICES: &str = "SELECT count(*) FROM products \
     CROSS JOIN price ON price.product_id = products.id WHERE products.supplier_id = ?1";

impl ReadTx for Rows<'_> {
    fn last_actor(&self, kind: Kind, key: &[Cell]) -> Result<Option<String>, StoreError> {
        let Some(stored) = self.find(kind, key)? else {
            return Ok(None);
        };
        let mut statement = self.database.prepare("SELECT actor FROM change WHERE number = ?1")?;
        let actor = statement.query_row([stored.since_change], |row| row.get(0)).optional();
        actor.map_err(error::reading)
    }

    fn has_price(&self, list: &str, currency: Currency) -> Result<bool, StoreError> {
        for part in pending::tables(self.database)?.parts {
            let mut statement = self.database.prepare(&has_price_in(part))?;
            let found = statement
                .query_row(params![self.supplier.0, list, currency.to_string()], |row| row.get(0));
            if found.map_err(error::reading)? {
                return Ok(true);
            }
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM products WHERE supplier_id = ?1 LIMIT 1 OFFSET ?2)";
        let mut statement = self.database.prepare(sql)?;
        let has_more = statement.query_row(params![self.supplier.0, MAX_ASKED], |row| row.get(0));
        has_more.map_err(error::reading)
    }

    fn supplier(&self) -> SupplierId {
        self.supplier
    }

    fn get(&self, kind: Kind, key: &[Cell]) -> Result<Option<Record>, StoreError> {
        if kind == Kind::Price {
            let entry = prices::read::get(self, key)?;
            return Ok(entry.map(Record::Price));
        }
        let stored = self.find(kind, key)?;
        stored.map(|stored| record(kind, &stored.row)).transpose()
    }

    fn scan(&self, kind: Kind, prefix: &[Cell], visit: Visit<'_, Record>) -> Result<(), Abort> {
        let database = self.database;
        if kind == Kind::Price {
            return prices::read::scan(self, prefix, &mut |entry| {
                database.visit(|| visit(Record::Price(entry)))
            });
        }
        self.each(kind, prefix, &mut |stored| {
            let record = record(kind, &stored.row)?;
            database.visit(|| visit(record))
        })
    }

    fn page(&self, kind: Kind, after: &[Cell], at_most: usize) -> Result<Vec<Record>, StoreError> {
        let statement = match after {
            _ if kind == Kind::Price => None,
            [] => table(kind).find(0),
            key if key.len() == table(kind).key_width() => table(kind).after.as_deref(),
            _ => None,
        };
        let sql = statement.ok_or_else(|| {
            StoreError::Read(format!("{} cannot be read in pages after this key", kind.name()))
        })?;
        let mut page = Vec::new();
        let end = self.each_of(kind, sql, after, &mut |stored| {
            if page.len() == at_most {
                return Err(Abort::Refused);
            }
            page.push(record(kind, &stored.row)?);
            Ok(())
        });
        match end {
            Ok(()) | Err(Abort::Refused) => Ok(page),
            Err(Abort::Store(error)) => Err(error),
        }
    }

    fn count(&self, kind: Kind) -> Result<u64, StoreError> {
        let sql = if kind == Kind::Price {
            COUNT_PRICES.to_owned()
        } else {
            format!("SELECT count(*) FROM {} WHERE supplier_id = ?1", kind.name())
        };
        let mut statement = self.database.prepare(&sql)?;
        statement.query_row([self.supplier.0], |row| row.get(0)).map_err(error::reading)
    }

    fn product_ids(
        &self,
        visit: &mut dyn FnMut(&str, ProductId, Uom) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        // In the order of the table: any other reads its pages as often as there are rows.
        let sql = "SELECT sku, id, base_uom FROM products WHERE supplier_id = ?1 ORDER BY id";
        let mut statement = self.database.prepare(sql)?;
        let mut rows = statement.query([self.supplier.0]).map_err(error::reading)?;
        // Most products have the base unit of the one before.
        let (mut code, mut base_uom) = (String::new(), Uom::one());
        while let Some(row) = rows.next().map_err(error::reading)? {
            let sku = row.get_ref(0).map_err(error::reading)?;
            let sku = sku.as_str().map_err(|_| damaged("a sku is no text"))?;
            let id = row.get(1).map_err(error::reading)?;
            let uom = row.get_ref(2).map_err(error::reading)?;
            let uom = uom.as_str().map_err(|_| damaged("a base_uom is no text"))?;
            if uom != code {
                base_uom = uom.parse().map_err(damaged)?;
                uom.clone_into(&mut code);
            }
            self.database.visit(|| visit(sku, ProductId(id), base_uom))?;
        }
        Ok(())
    }

    fn list_ids(
        &self,
        visit: &mut dyn FnMut(&str, PriceListId) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        let sql =
            "SELECT price_list, id FROM price_lists WHERE supplier_id = ?1 ORDER BY price_list";
        let mut statement = self.database.prepare(sql)?;
        let mut rows = statement.query([self.supplier.0]).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let code = row.get_ref(0).map_err(error::reading)?;
            let code = code.as_str().map_err(|_| damaged("a code is no text"))?;
            let id = PriceListId(row.get(1).map_err(error::reading)?);
            self.database.visit(|| visit(code, id))?;
        }
        Ok(())
    }

    fn product_id(&self, sku: &str) -> Result<Option<(ProductId, Uom)>, StoreError> {
        let product = prices::read::product(self, sku)?;
        Ok(product.map(|product| (ProductId(product.id), product.base_uom)))
    }

    fn list_id(&self, code: &str) -> Result<Option<PriceListId>, StoreError> {
        Ok(prices::read::list(self, code)?.map(PriceListId))
    }

    fn referrer(&self, by: Kind, to: Kind, key: &[Cell]) -> Result<Option<Row>, StoreError> {
        reference::referrer(self, by, to, key)
    }

    fn list_by_number(&self, number: i64) -> Result<Option<Record>, StoreError> {
        self.list_where("number", &number)
    }

    fn list_by_name(&self, name: &str) -> Result<Option<Record>, StoreError> {
        self.list_where("name", &name)
    }

    fn documents_issued(
        &self,
        day: Date,
        visit: &mut dyn FnMut(&Document, &DocumentLine) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        let document_width = Document::COLUMNS.len();
        let mut statement = self.database.prepare(DOCUMENTS_ISSUED)?;
        let mut rows =
            statement.query(params![self.supplier.0, day.to_string()]).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let document = cell::cells(row, 0, document_width)?;
            let line = cell::cells(row, document_width, DocumentLine::COLUMNS.len())?;
            let document = Document::from_row(&document).map_err(cell_error)?;
            let line = DocumentLine::from_row(&line).map_err(cell_error)?;
            self.database.visit(|| visit(&document, &line))?;
        }
        Ok(())
    }

    fn leads_since(
        &self,
        category: &str,
        since: Instant,
        visit: Visit<'_, Lead>,
    ) -> Result<(), Abort> {
        let columns: Vec<&str> = Lead::COLUMNS.iter().map(|column| column.name).collect();
        let sql = format!(
            "SELECT {} FROM leads WHERE supplier_id = ?1 AND category = ?2 AND created_at >= ?3 \
             ORDER BY created_at, lead",
            columns.join(", ")
        );
        let mut statement = self.database.prepare(&sql)?;
        let mut rows = statement
            .query(params![self.supplier.0, category, since.micros()])
            .map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let row = cell::cells(row, 0, columns.len())?;
            let lead = Lead::from_row(&row).map_err(cell_error)?;
            self.database.visit(|| visit(lead))?;
        }
        Ok(())
    }

    fn has_lead_alike(
        &self,
        category: &str,
        email: &str,
        phone_key: Option<&str>,
        since: Instant,
    ) -> Result<bool, StoreError> {
        // One search each: the index of either finds few rows, that of the category all of them.
        let mut statement = self.database.prepare(
            "SELECT EXISTS (SELECT 1 FROM leads INDEXED BY leads_by_email WHERE supplier_id = ?1 \
             AND email = ?2 COLLATE NOCASE AND category = ?4 AND created_at >= ?5) \
             OR EXISTS (SELECT 1 FROM leads INDEXED BY leads_by_phone WHERE supplier_id = ?1 \
             AND phone_key = ?3 AND category = ?4 AND created_at >= ?5)",
        )?;
        statement
            .query_row(
                params![self.supplier.0, email, phone_key, category, since.micros()],
                |row| row.get(0),
            )
            .map_err(error::reading)
    }

    fn lead_contact(&self, email: &str) -> Result<Option<i64>, StoreError> {
        // Left alone, SQLite reads all leads in the order of their numbers until it finds one.
        let sql = "SELECT contact_number FROM leads INDEXED BY leads_by_email \
                   WHERE supplier_id = ?1 AND email = ?2 COLLATE NOCASE ORDER BY lead LIMIT 1";
        let mut statement = self.database.prepare(sql)?;
        statement
            .query_row(params![self.supplier.0, email], |row| row.get(0))
            .optional()
            .map_err(error::reading)
    }

    fn newest_lead(&self) -> Result<Option<Lead>, StoreError> {
        self.one_lead("WHERE supplier_id = ?1 ORDER BY lead DESC", params![self.supplier.0])
    }

    fn lead_with_email_from(&self, least: &str) -> Result<Option<Lead>, StoreError> {
        let which = "INDEXED BY leads_by_email \
            WHERE supplier_id = ?1 AND email >= ?2 COLLATE NOCASE ORDER BY email COLLATE NOCASE";
        self.one_lead(which, params![self.supplier.0, least])
    }

    fn has_lead_contact(&self, number: i64) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM leads INDEXED BY leads_by_contact \
                   WHERE supplier_id = ?1 AND contact_number = ?2)";
        let mut statement = self.database.prepare(sql)?;
        let found = statement.query_row(params![self.supplier.0, number], |row| row.get(0));
        found.map_err(error::reading)
    }
}

/// A record of a row that was stored. A row that is none was not written by this program.
pub(crate) fn record(kind: Kind, row: &[Cell]) -> Result<Record, StoreError> {
    Record::from_row(kind, row)
        .map_err(|error| damaged(format_args!("a row of {}: {error}", kind.name())))
}

pub(crate) fn damaged(reason: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(reason.to_string())
}

/// The error of a scan whose visitor does not refuse.
pub(crate) fn store_error(abort: Abort) -> StoreError {
    match abort {
        Abort::Store(error) => error,
        Abort::Refused => StoreError::Read("a scan was broken off".to_owned()),
    }
}

fn cell_error(error: CellError) -> StoreError {
    damaged(error)
}
