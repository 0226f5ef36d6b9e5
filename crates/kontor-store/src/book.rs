//! What the price book is loaded from.

use std::ops::RangeInclusive;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;

use crate::change::{ChangeNumber, LogPage, LogPlace};
use crate::change_times::ChangeTime;
use crate::error::{Abort, StoreError};
use crate::read::Visit;

/// A row with the number it has in the database (products and price lists; 0 for other kinds).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookRow {
    pub supplier: SupplierId,
    pub id: u32,
    pub record: Record,
}

/// A price as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPrice {
    pub product: ProductId,
    pub list: PriceListId,
    /// Number of its [`Shape`] in the database.
    pub shape: u32,
    /// Millionths of the currency unit.
    pub amount: i64,
    pub changed_at: Instant,
}

/// A price that packings may have been told for, and that was removed and did not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovedPrice {
    pub product: ProductId,
    pub list: PriceListId,
    /// Number of its [`Shape`] in the database.
    pub shape: u32,
    /// When it was removed the last time.
    pub removed_at: Instant,
}

/// Of what removed prices are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedOf {
    Everything,
    Product(ProductId),
    /// A product in a list.
    Place(ProductId, PriceListId),
}

/// A consistent view of all suppliers.
pub trait BookSource {
    /// The change this view stands for.
    fn change(&self) -> ChangeNumber;

    /// All rows of a kind other than prices and leads, by supplier, then by key; products and
    /// price lists by id.
    fn records(&self, kind: Kind, visit: Visit<'_, BookRow>) -> Result<(), Abort>;

    /// The rows of one supplier whose first key columns are these.
    fn records_of(
        &self,
        supplier: SupplierId,
        kind: Kind,
        prefix: &[Cell],
        visit: Visit<'_, BookRow>,
    ) -> Result<(), Abort>;

    /// All shapes with a number above `after`, ascending.
    fn shapes(&self, after: u32, visit: Visit<'_, (u32, Shape)>) -> Result<(), Abort>;

    /// All prices in the order product, list, shape.
    fn prices(&self, visit: Visit<'_, StoredPrice>) -> Result<(), Abort>;

    /// The prices of one product in the lists from the first to the last, in the order list, shape.
    fn prices_of(
        &self,
        product: ProductId,
        lists: RangeInclusive<PriceListId>,
        visit: Visit<'_, StoredPrice>,
    ) -> Result<(), Abort>;

    /// Prices that are not there any more, in the order product, list, shape: those of packings,
    /// and in lists of segments and sales tables those of the base unit, which is a packing as
    /// well. What a partner was told of them has changed.
    fn removed_packing_prices(
        &self,
        of: RemovedOf,
        visit: Visit<'_, RemovedPrice>,
    ) -> Result<(), Abort>;

    /// When answers changed for another reason than a price, of everything.
    fn change_times(&self, visit: Visit<'_, ChangeTime>) -> Result<(), Abort>;

    /// The same of one product and its packings.
    fn change_times_of(
        &self,
        product: ProductId,
        visit: Visit<'_, ChangeTime>,
    ) -> Result<(), Abort>;

    /// The same of the answers that depend on one row, whether it is there or not.
    fn change_time_of_row(
        &self,
        supplier: SupplierId,
        kind: Kind,
        key: &[Cell],
    ) -> Result<Option<Instant>, StoreError>;

    /// The product with this number.
    fn product(&self, id: ProductId) -> Result<Option<BookRow>, Abort>;

    /// The products of a supplier that have or had a price in a list, ascending. Takes as long as
    /// looking at all products of the supplier.
    fn products_priced_in(
        &self,
        supplier: SupplierId,
        list: PriceListId,
        visit: Visit<'_, ProductId>,
    ) -> Result<(), Abort>;

    /// What the changes touched that this view shows, from a place in the log on, at most `limit`
    /// entries. An entry takes some 100 KiB at the most. [`StoreError::TooOld`] when what some of them
    /// touched was forgotten.
    fn changes(&self, from: LogPlace, limit: usize) -> Result<LogPage, StoreError>;

    /// How many prices there are, roughly; for the size of buffers and progress bars.
    fn price_count(&self) -> Result<u64, StoreError>;
}
