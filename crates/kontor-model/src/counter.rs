//! Counters that give out numbers without gaps going back.

use crate::noun::{BookPlace, Noun};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// Numbers of price lists that partners create.
pub const PRICE_LIST_NUMBERS: &str = "price_list_number";
/// Numbers of leads.
pub const LEAD_NUMBERS: &str = "lead_number";
/// Numbers of the people behind leads, one per e-mail address.
pub const LEAD_CONTACT_NUMBERS: &str = "lead_contact_number";

/// A counter and the number it gives out next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    pub name: String,
    pub next: i64,
}

impl Noun for Counter {
    const NAME: &'static str = "counters";
    const DOC: &'static str = "A sequence of numbers that Kontor gives out, and where it goes on.";
    const COLUMNS: &'static [Column] = &[
        Column::key("counter", "Which numbers.", PRICE_LIST_NUMBERS).of(ColumnKind::Choice(&[
            PRICE_LIST_NUMBERS,
            LEAD_NUMBERS,
            LEAD_CONTACT_NUMBERS,
        ])),
        Column::required("next", "The number given out next.", "5545").of(ColumnKind::Integer),
    ];
    const IN_BOOK: BookPlace = BookPlace::Nowhere;
    const HISTORY: bool = false;

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.name), Cell::Int(self.next)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let counter = Self { name: cells.text()?, next: cells.int()? };
        if counter.next < 1 { Err(cells.fault("must be 1 or more")) } else { Ok(counter) }
    }
}
