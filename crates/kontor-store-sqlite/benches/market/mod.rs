//! Products, lists and prices of the benchmarks, in an order that has nothing to do with the table's.

use std::sync::Arc;

use kontor_model::FixedClock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Column, Row};
use kontor_store::{
    Abort, Order, PriceOrder, PriceRows, RawPrice, Staged, StagedOrder, Store, WriteTx,
};
use kontor_store_sqlite::SqliteStore;

/// Shapes of one product in one list, as tiers.
pub(crate) const TIERS: u64 = 4;
pub(crate) const LISTS: u64 = 50;

/// Which rows are raised: one of so many, as far as this place of the table.
#[derive(Clone, Copy)]
pub(crate) struct Raised {
    pub(crate) one_of: u64,
    pub(crate) below: u64,
}

/// Rows in a scattered order: the position times a number without common factor with the count.
#[derive(Clone)]
pub(crate) struct Scattered {
    shapes: Vec<Shape>,
    pub(crate) rows: u64,
    done: u64,
    pub(crate) first_product: u32,
    first_list: u32,
    raises: Vec<(i64, Raised)>,
}

impl PriceRows for Scattered {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        for _ in 0..4_096.min(self.rows - self.done) {
            let place = u128::from(self.done) * 7_368_787 % u128::from(self.rows);
            let place = u64::try_from(place).unwrap();
            let (product, rest) = (place / (LISTS * TIERS), place % (LISTS * TIERS));
            let (list, shape) = (rest / TIERS, rest % TIERS);
            self.done += 1;
            let raises = self.raises.iter().filter(|(_, raised)| raised.is(place));
            let raise: i64 = raises.map(|(raise, _)| raise).sum();
            batch.push(RawPrice {
                product: ProductId(self.first_product + u32::try_from(product).unwrap()),
                list: PriceListId(self.first_list + u32::try_from(list).unwrap()),
                shape: u32::try_from(shape).unwrap(),
                line: self.done,
                amount: Some(1_000_000 + i64::try_from(place % 10_000).unwrap() * 10_000 + raise),
                changed_at: None,
            });
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

impl Scattered {
    /// Fills an empty store with products and lists, and gives the rows of them.
    pub(crate) fn new(store: &SqliteStore, rows: u64) -> Self {
        let rows = rows / (LISTS * TIERS) * (LISTS * TIERS);
        let (first_product, first_list) = catalogue(store, rows / (LISTS * TIERS));
        let shapes = (0..TIERS).map(shape).collect();
        Self { shapes, rows, done: 0, first_product, first_list, raises: Vec::new() }
    }

    /// The same rows, of which some are raised.
    pub(crate) fn raised(&self, raise: i64, raised: Raised) -> Self {
        let mut rows = self.clone();
        rows.raises.push((raise, raised));
        rows
    }
}

impl Raised {
    fn is(self, place: u64) -> bool {
        place.is_multiple_of(self.one_of) && place < self.below
    }
}

fn catalogue(store: &SqliteStore, products: u64) -> (u32, u32) {
    write(store, move |tx| {
        put(
            tx,
            Kind::Supplier,
            &[("supplier", "bench"), ("time_zone", "UTC"), ("currency", "EUR")],
        )?;
        for number in 0..products {
            put(tx, Kind::Product, &[("sku", &format!("P{number:08}")), ("base_uom", "C62")])?;
        }
        for number in 0..LISTS {
            put(tx, Kind::PriceList, &[("price_list", &format!("L{number:03}"))])?;
        }
        let (mut product, mut list) = (u32::MAX, u32::MAX);
        tx.product_ids(&mut |_, id, _| {
            product = product.min(id.0);
            Ok(())
        })?;
        tx.list_ids(&mut |_, id| {
            list = list.min(id.0);
            Ok(())
        })?;
        Ok((product, list))
    })
}

fn shape(tier: u64) -> Shape {
    let minimum = Cell::Int(i64::try_from(tier * 10).unwrap() * 1_000_000);
    let Record::Price(price) = record(
        Kind::Price,
        &[
            ("price_list", "L"),
            ("sku", "P"),
            ("currency", "EUR"),
            ("amount", "1"),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ],
        &[("minimum_quantity", minimum)],
    ) else {
        panic!("not a price");
    };
    price.shape
}

fn put(tx: &mut dyn WriteTx, kind: Kind, filled: &[(&str, &str)]) -> Result<(), Abort> {
    tx.put(&record(kind, filled, &[])).map(drop)
}

pub(crate) fn record(kind: Kind, texts: &[(&str, &str)], cells: &[(&str, Cell)]) -> Record {
    let cell = |name: &str, column: &Column| {
        let text = texts.iter().find(|(known, _)| *known == name);
        let text = text.map(|(_, text)| column.parse(text).unwrap());
        let cell = cells.iter().find(|(known, _)| *known == name);
        text.or_else(|| cell.map(|(_, cell)| cell.clone())).unwrap_or(Cell::Null)
    };
    let row: Row = kind.columns().iter().map(|column| cell(column.name, column)).collect();
    Record::from_row(kind, &row).unwrap()
}

/// Imports rows, staged.
pub(crate) fn import(store: &SqliteStore, rows: &Scattered, replace: bool) -> Staged {
    let rows = rows.clone();
    store
        .write_staged(StagedOrder {
            supplier: "bench".parse().unwrap(),
            actor: "bench".to_owned(),
            clock: clock(),
            job: Arc::new(move |tx| {
                let fault = &mut |fault| panic!("{fault:?}");
                let order = if replace { PriceOrder::replace() } else { PriceOrder::merge() };
                tx.import_prices(&mut rows.clone(), order, fault).map(drop)
            }),
        })
        .unwrap()
}

pub(crate) fn write<T: Send + 'static>(
    store: &SqliteStore,
    job: impl Fn(&mut dyn WriteTx) -> Result<T, Abort> + Send + 'static,
) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    store
        .write(Order {
            supplier: "bench".parse().unwrap(),
            actor: "bench".to_owned(),
            clock: clock(),
            job: Box::new(move |tx| {
                sender.send(job(tx)?).unwrap();
                Ok(())
            }),
        })
        .unwrap();
    receiver.recv().unwrap()
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock("2016-01-28T11:24:28Z".parse().unwrap()))
}
