//! What numbers in prices stand for, as digests: asked for in the order of products.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

use kontor_model::catalogue::Kind;
use kontor_model::noun::Noun;
use kontor_model::price_list::PriceEntry;
use kontor_model::price_list::Shape;
use kontor_model::record::Cell;
use kontor_store::StoreError;
use kontor_store::state::PriceParts;
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::prices::read::PriceRow;
use crate::prices::shape;
use crate::read::damaged;

/// Products that are read at once when they are asked for one after the other.
const MOST_PRODUCTS: usize = 1_024;

/// Numbers are spread already.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

type Numbers<T> = HashMap<u32, T, BuildHasherDefault<NumberHasher>>;

/// The digests of products, lists and shapes by their numbers in the database.
pub(crate) struct Names<'a> {
    database: &'a Database,
    suppliers: Numbers<String>,
    /// Ascending; products that are not among them are read when they are asked for.
    products: Vec<(u32, [u8; 15])>,
    next_product: usize,
    page: usize,
    lists: Numbers<[u8; 12]>,
    shapes: Numbers<[u8; 12]>,
}

/// The digest of a shape.
pub(crate) fn shape_part(shape: &Shape) -> [u8; 12] {
    let cells = shape::to_row(shape);
    PriceParts::of_shape(shape_columns().zip(&cells))
}

/// The columns of a price that make its shape, in the order of [`shape::COLUMNS`].
fn shape_columns() -> impl Iterator<Item = &'static str> {
    let of_shape = |name: &&str| !["price_list", "sku", "amount", "changed_at"].contains(name);
    PriceEntry::COLUMNS.iter().map(|column| column.name).filter(of_shape)
}

impl<'a> Names<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self {
            database,
            suppliers: Numbers::default(),
            products: Vec::new(),
            next_product: 0,
            page: 1,
            lists: Numbers::default(),
            shapes: Numbers::default(),
        }
    }

    /// What a price belongs to. A product, list or shape that is missing is damage.
    pub(crate) fn parts(&mut self, row: &PriceRow) -> Result<PriceParts, StoreError> {
        Ok(PriceParts {
            product: self.product(row.product)?,
            list: self.list(row.list)?,
            shape: self.shape(row.shape)?,
        })
    }

    /// The same for a price whose shape has no number yet.
    pub(crate) fn parts_with(
        &mut self,
        row: &PriceRow,
        shape: [u8; 12],
    ) -> Result<PriceParts, StoreError> {
        Ok(PriceParts { product: self.product(row.product)?, list: self.list(row.list)?, shape })
    }

    pub(crate) fn supplier(&mut self, number: u32) -> Result<&str, StoreError> {
        match self.suppliers.entry(number) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let sql = "SELECT supplier FROM supplier WHERE supplier_id = ?1";
                let mut statement = self.database.prepare(sql)?;
                let code = statement.query_row([number], |row| row.get(0)).optional();
                let code: Option<String> = code.map_err(error::reading)?;
                Ok(entry.insert(code.ok_or_else(|| missing(Kind::Supplier, number))?))
            }
        }
    }

    fn product(&mut self, number: u32) -> Result<[u8; 15], StoreError> {
        let current = self.products.get(self.next_product);
        if let Some((_, part)) = current.filter(|(found, _)| *found == number) {
            return Ok(*part);
        }
        match self.products.binary_search_by_key(&number, |(found, _)| *found) {
            Ok(index) => self.next_product = index,
            Err(_) => self.read_products(number)?,
        }
        let found = self.products.get(self.next_product);
        let found = found.filter(|(found, _)| *found == number);
        found.map(|(_, part)| *part).ok_or_else(|| missing(Kind::Product, number))
    }

    /// Reads the product and, when products are asked for in their order, some after it.
    fn read_products(&mut self, number: u32) -> Result<(), StoreError> {
        let last = self.products.last().map_or(0, |(last, _)| *last);
        let distance = usize::try_from(number.saturating_sub(last)).unwrap_or(usize::MAX);
        let goes_on = number > last && distance <= self.page.saturating_mul(2);
        self.page = if goes_on { (self.page * 2).min(MOST_PRODUCTS) } else { 1 };
        self.products.clear();
        self.next_product = 0;
        let mut statement = self.database.prepare(
            "SELECT id, supplier_id, sku FROM products WHERE id >= ?1 ORDER BY id LIMIT ?2",
        )?;
        let page = i64::try_from(self.page).unwrap_or(1);
        let mut rows = statement.query(params![number, page]).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let id: u32 = row.get(0).map_err(error::reading)?;
            let supplier = row.get(1).map_err(error::reading)?;
            let sku = row.get_ref(2).map_err(error::reading)?;
            let sku = sku.as_str().map_err(|_| damaged("a sku is no text"))?;
            let part = PriceParts::of_product(self.supplier(supplier)?, sku);
            self.products.push((id, part));
        }
        Ok(())
    }

    fn list(&mut self, number: u32) -> Result<[u8; 12], StoreError> {
        if let Some(part) = self.lists.get(&number) {
            return Ok(*part);
        }
        let sql = "SELECT supplier_id, price_list FROM price_lists WHERE id = ?1";
        let mut statement = self.database.prepare(sql)?;
        let found = statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional();
        let found: Option<(u32, String)> = found.map_err(error::reading)?;
        let (supplier, code) = found.ok_or_else(|| missing(Kind::PriceList, number))?;
        let part = PriceParts::of_list(self.supplier(supplier)?, &code);
        self.lists.insert(number, part);
        Ok(part)
    }

    pub(crate) fn shape(&mut self, number: u32) -> Result<[u8; 12], StoreError> {
        match self.shapes.entry(number) {
            Entry::Occupied(entry) => Ok(*entry.get()),
            Entry::Vacant(entry) => {
                let sql = format!("SELECT {} FROM price_shape WHERE id = ?1", shape::COLUMNS);
                let mut statement = self.database.prepare(&sql)?;
                let found = statement
                    .query_row([number], |row| Ok(crate::cell::cells(row, 0, shape::WIDTH)))
                    .optional()
                    .map_err(error::reading)?;
                let cells: Vec<Cell> = found.ok_or_else(|| {
                    damaged(format_args!("a price has shape {number}, which does not exist"))
                })??;
                Ok(*entry.insert(PriceParts::of_shape(shape_columns().zip(&cells))))
            }
        }
    }
}

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

fn missing(kind: Kind, number: u32) -> StoreError {
    damaged(format_args!(
        "a row refers to number {number} of {}, which does not exist; put back a copy that is whole",
        kind.name()
    ))
}
