//! What is in stock and when more arrives.

use jiff::civil::Date;

use crate::instant::Instant;
use crate::noun::{BookPlace, Noun, Reference};
use crate::product::{Product, Sku};
use crate::quantity::Quantity;
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// Stock of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    pub sku: Sku,
    /// In base units; negative when more was sold than there is.
    pub quantity: Quantity,
    pub next_arrival: Option<Date>,
    /// When the quantity was counted.
    pub as_of: Option<Instant>,
}

impl Noun for Availability {
    const NAME: &'static str = "availability";
    const DOC: &'static str = "Stock of a product and the date of the next arrival.";
    const COLUMNS: &'static [Column] = &[
        Column::key("sku", "The product.", "11045680"),
        Column::required("quantity", "Stock in base units; may be negative.", "23")
            .of(ColumnKind::Decimal),
        Column::optional("next_arrival", "Date of the next arrival.", "2016-02-10"),
        Column::optional("as_of", "When the stock was counted.", "2016-01-28T06:00:00Z")
            .of(ColumnKind::Instant),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Product>(&["sku"])];
    const IN_BOOK: BookPlace = BookPlace::Card;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.sku),
            Cell::quantity(self.quantity),
            Cell::opt_text(self.next_arrival),
            Cell::instant(self.as_of),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            sku: cells.one()?,
            quantity: cells.quantity()?,
            next_arrival: cells.opt()?,
            as_of: cells.opt_instant()?,
        })
    }
}
