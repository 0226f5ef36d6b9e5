//! Many prices in one pass: sorted outside of memory, merged with the prices that are there, checked
//! group by group and written in the order of the table.
//!
//! A group is the prices of one product in one list: only within a group can rows repeat or
//! conflict. Groups are never looked for; both sides come in the same order.

mod difference;
mod fault;
mod group;
mod instants;
mod leaving;
mod odd;
mod precomputed;
mod shapes;
mod sink;
mod sort;
mod spill;
mod staged;
mod target;
mod trim;

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::slice::Iter;

use kontor_store::{
    Abort, PriceFault, PriceImport, PriceOrder, PriceRows, RawPrice, Removes, StoreError,
};
use rusqlite::{OptionalExtension, params};

use crate::days;
use crate::error;
use crate::pending::{self, Tables};
use crate::prices::read::{self, PriceRow};
use crate::read::{Rows, damaged};
use crate::write::Tx;

use fault::Faults;
use group::{Group, Rules};
use shapes::{NewShapes, Shapes};
use sink::Sink;
use sort::{GOES, SortRow, Sorted, SortedRows, Sorter};
use target::Target;

pub(crate) use precomputed::Written;
pub(crate) use staged::{Renumbered, StagedPrices, View, stage};

/// Stands for the time of a change that the import does not say.
pub(crate) const UNSAID: i64 = i64::MIN;

/// A product of the supplier.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product {
    pub(crate) id: u32,
    /// Number of its base unit.
    pub(crate) base_uom: u16,
}

/// The pass over all products.
struct Pass<'a> {
    rows: Rows<'a>,
    /// Numbers of the supplier's lists that lines name, ascending.
    lists: Vec<u32>,
    order: PriceOrder,
    /// Products whose base unit is another one than their stored prices know.
    rebased: BTreeSet<u32>,
    /// Products above have no prices yet: nothing needs to be looked up for them.
    last_priced: u32,
    lines: Vec<SortRow>,
    stored: Vec<PriceRow>,
    group: Group,
    /// The lists that lines name.
    named_lists: BTreeSet<u32>,
    tables: Tables,
}

/// Does what `WriteTx::import_prices` promises.
pub(crate) fn import(
    tx: &mut Tx<'_>,
    source: &mut dyn PriceRows,
    order: PriceOrder,
    fault: &mut dyn FnMut(PriceFault),
) -> Result<PriceImport, Abort> {
    let rows = tx.rows;
    let sorted = collect(&rows, source)?;
    let mut shapes = Shapes::new(rows.database, &rows, NewShapes::Written, source.shapes());
    let mut faults = Faults::new(rows, fault);
    let named = lists(&rows, sorted.lists())?;
    let mut pass = Pass::new(rows, named, last_priced(&rows)?, order)?;
    pass.rebased = tx.rebased.numbers();
    pass.named_lists.clone_from(sorted.lists());
    let mut sink = Sink::of(tx)?;
    let products = match sorted.few_products().filter(|_| order.removes == Removes::Nothing) {
        None => products(&rows)?,
        Some(named) => {
            let found = named.into_iter().map(|id| numbered(&rows, id));
            found.filter_map(Result::transpose).collect::<Result<_, _>>()?
        }
    };
    pass.run(&products, &sorted, &mut shapes, &mut sink, &mut faults)?;
    let mut result = sink.finish()?;
    tx.spoilt |= faults.any();
    result.unchanged = sorted.count().saturating_sub(result.inserted + result.updated);
    shapes::tell(rows.database, &shapes.met(), &mut tx.log);
    Ok(result)
}

impl<'a> Pass<'a> {
    fn new(
        rows: Rows<'a>,
        lists: Vec<u32>,
        last_priced: u32,
        order: PriceOrder,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            rows,
            lists,
            order,
            rebased: BTreeSet::new(),
            last_priced,
            lines: Vec::new(),
            stored: Vec::new(),
            group: Group::new(days::made(&rows)?),
            named_lists: BTreeSet::new(),
            tables: pending::tables(rows.database)?,
        })
    }

    /// Goes over all products of the supplier.
    fn run(
        &mut self,
        products: &[Product],
        sorted: &Sorted,
        shapes: &mut Shapes<'_>,
        target: &mut impl Target,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        let mut sorted = sorted.rows()?;
        let mut next = sorted.next()?;
        for product in products.iter().copied() {
            self.take_lines(product, &mut sorted, &mut next, faults)?;
            self.take_stored(product)?;
            self.each_group(product, shapes, target, faults)?;
        }
        next.map_or(Ok(()), |line| Err(foreign("product", line.product, line.line)))
    }

    /// Goes over one product, whose lines these are, none repeated.
    fn run_one(
        &mut self,
        product: Product,
        lines: Vec<SortRow>,
        shapes: &mut Shapes<'_>,
        target: &mut impl Target,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        self.lines = lines;
        self.take_stored(product)?;
        self.each_group(product, shapes, target, faults)
    }

    /// Takes the lines of a product out of the sorted rows. A line with the shape of the line
    /// before repeats it.
    fn take_lines(
        &mut self,
        product: Product,
        sorted: &mut SortedRows<'_>,
        next: &mut Option<SortRow>,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        self.lines.clear();
        while let Some(line) = *next {
            if line.product > product.id {
                break;
            }
            if line.product < product.id {
                return Err(foreign("product", line.product, line.line));
            }
            match self.lines.last() {
                Some(last) if (last.list, last.shape) == (line.list, line.shape) => {
                    faults.repeated(line.line, last.line);
                }
                _ => self.lines.push(line),
            }
            *next = sorted.next()?;
        }
        Ok(())
    }

    /// Reads the prices that a product has, as far as the lines can touch them.
    fn take_stored(&mut self, product: Product) -> Result<(), StoreError> {
        self.stored.clear();
        if product.id > self.last_priced {
            return Ok(());
        }
        let (from, to) = match (self.order.removes, self.lines.first(), self.lines.last()) {
            (Removes::Everything, ..) => (0, u32::MAX),
            (Removes::OfNamedLists, ..) => {
                let (first, last) = (self.named_lists.first(), self.named_lists.last());
                let Some(named) = first.copied().zip(last.copied()) else {
                    return Ok(());
                };
                named
            }
            (Removes::Nothing, Some(first), Some(last)) => (first.list, last.list),
            (Removes::Nothing, ..) => return Ok(()),
        };
        let mut statement = self.rows.database.prepare(&format!(
            "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM {} \
             WHERE product_id = ?1 AND list_id BETWEEN ?2 AND ?3 ORDER BY list_id, shape_id",
            self.tables.now
        ))?;
        let found = statement
            .query_map(params![product.id, from, to], read::price_row)
            .map_err(error::reading)?;
        for row in found {
            self.stored.push(row.map_err(error::reading)?);
        }
        Ok(())
    }

    /// Checks and writes the groups of a product, list by list.
    fn each_group(
        &mut self,
        product: Product,
        shapes: &mut Shapes<'_>,
        target: &mut impl Target,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        let mut lists = self.lists.iter().peekable();
        let mut lines = self.lines.iter().peekable();
        let mut stored = self.stored.iter().peekable();
        loop {
            let line_list = lines.peek().map(|line| line.list);
            let stored_list = stored.peek().map(|row| row.list);
            let Some(list) = line_list.into_iter().chain(stored_list).min() else {
                return Ok(());
            };
            self.group.begin(product.id, list);
            while let Some(row) = stored.next_if(|row| row.list == list) {
                self.group.add_stored(row, shapes.of_stored(row.shape, product.base_uom)?);
            }
            let mut is_touched = false;
            while let Some(line) = lines.next_if(|line| line.list == list) {
                if !is_touched && !is_listed(&mut lists, list) {
                    return Err(foreign("price list", list, line.line));
                }
                is_touched = true;
                let shape = shapes.of_import(line.shape, product.base_uom)?;
                self.group.add_line(line, shape);
            }
            let replace = self.replaces(list);
            if is_touched || replace {
                let rewrites = self.rebased.contains(&product.id);
                let rules = Rules::new(self.order, replace, rewrites);
                self.group.settle(rules, shapes, target, faults)?;
            }
        }
    }

    /// Whether prices of this list go that no line names.
    fn replaces(&self, list: u32) -> bool {
        match self.order.removes {
            Removes::Nothing => false,
            Removes::OfNamedLists => self.named_lists.contains(&list),
            Removes::Everything => true,
        }
    }
}

/// Whether the list is the supplier's. Lists are asked for in ascending order.
fn is_listed(lists: &mut Peekable<Iter<'_, u32>>, list: u32) -> bool {
    while lists.next_if(|known| **known < list).is_some() {}
    lists.peek() == Some(&&list)
}

fn collect(rows: &Rows<'_>, source: &mut dyn PriceRows) -> Result<Sorted, Abort> {
    let mut sorter = Sorter::new(&rows.database.directory);
    let mut batch: Vec<RawPrice> = Vec::new();
    loop {
        batch.clear();
        source.next_batch(&mut batch)?;
        if batch.is_empty() {
            return Ok(sorter.finish()?);
        }
        for row in &batch {
            sorter.push(SortRow {
                product: row.product.0,
                list: row.list.0,
                shape: row.shape,
                line: row.line,
                amount: row.amount.unwrap_or(GOES),
                changed_at: row.changed_at.unwrap_or(UNSAID),
            })?;
        }
    }
}

/// All products of the supplier by number.
pub(crate) fn products(rows: &Rows<'_>) -> Result<Vec<Product>, StoreError> {
    let sql = "SELECT id, base_uom FROM products WHERE supplier_id = ?1 ORDER BY id";
    let mut statement = rows.database.prepare(sql)?;
    let mut found = statement.query([rows.supplier.0]).map_err(error::reading)?;
    let mut products = Vec::new();
    while let Some(row) = found.next().map_err(error::reading)? {
        let uom = row.get_ref(1).map_err(error::reading)?;
        let uom = uom.as_str().map_err(|_| damaged("a base_uom is no text"))?;
        let uom: kontor_model::Uom = uom.parse().map_err(damaged)?;
        products.push(Product { id: row.get(0).map_err(error::reading)?, base_uom: uom.number() });
    }
    Ok(products)
}

/// The supplier's product with this number.
fn numbered(rows: &Rows<'_>, id: u32) -> Result<Option<Product>, StoreError> {
    let sql = "SELECT base_uom FROM products WHERE id = ?1 AND supplier_id = ?2";
    let mut statement = rows.database.prepare(sql)?;
    let uom: Option<String> = statement
        .query_row(params![id, rows.supplier.0], |row| row.get(0))
        .optional()
        .map_err(error::reading)?;
    let uom: Option<kontor_model::Uom> = uom.map(|uom| uom.parse().map_err(damaged)).transpose()?;
    Ok(uom.map(|uom| Product { id, base_uom: uom.number() }))
}

/// Those of the lists that are the supplier's, ascending.
fn lists(rows: &Rows<'_>, named: &BTreeSet<u32>) -> Result<Vec<u32>, StoreError> {
    lists_among(named, &|id| Ok(list_code(rows, id)?.is_some()))
}

fn lists_among(
    named: &BTreeSet<u32>,
    is_there: &dyn Fn(u32) -> Result<bool, StoreError>,
) -> Result<Vec<u32>, StoreError> {
    let mut lists = Vec::with_capacity(named.len());
    for id in named {
        if is_there(*id)? {
            lists.push(*id);
        }
    }
    Ok(lists)
}

/// The code of the supplier's list with this number.
pub(crate) fn list_code(rows: &Rows<'_>, id: u32) -> Result<Option<String>, StoreError> {
    let sql = "SELECT price_list FROM price_lists WHERE id = ?1 AND supplier_id = ?2";
    let mut statement = rows.database.prepare(sql)?;
    let code = statement.query_row(params![id, rows.supplier.0], |row| row.get(0)).optional();
    code.map_err(error::reading)
}

/// The product with the greatest number that has prices, of any supplier.
fn last_priced(rows: &Rows<'_>) -> Result<u32, StoreError> {
    let mut statement = rows.database.prepare("SELECT ifnull(max(product_id), 0) FROM price")?;
    let last: u32 = statement.query_row([], |row| row.get(0)).map_err(error::reading)?;
    Ok(last.max(pending::last_product(rows.database)?))
}

/// A number that the caller cannot have from this supplier's rows.
fn foreign(what: &str, number: u32, line: u64) -> StoreError {
    StoreError::Conflict(format!("line {line}: there is no {what} with number {number}"))
}
