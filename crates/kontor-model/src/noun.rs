//! What a noun says of itself: its columns and how its rows are kept. This is written once, in the
//! noun's file; files, tables, the book, the history and the documentation follow it.

use std::fmt;

use crate::record::{Cell, CellError, Column, Row};

/// A kind of thing in the catalogue. The line in [`crate::catalogue`] makes it known.
pub trait Noun: Clone + PartialEq + fmt::Debug + Send + Sync + Sized + 'static {
    /// Plural name: of the CSV file (with `.csv`) and of the change log.
    const NAME: &'static str;
    /// What one row is, in one sentence.
    const DOC: &'static str;
    const COLUMNS: &'static [Column];
    /// What the columns refer to. An empty column refers to nothing.
    const REFERENCES: &'static [Reference] = &[];
    /// Where the price book has the rows.
    const IN_BOOK: BookPlace = BookPlace::Tenant;
    /// Whether superseded rows are kept. Never of what only the server notes down.
    const HISTORY: bool = true;
    /// Whether prices refer to a row by a number that the database gives it.
    const NUMBERED: bool = false;
    /// Whether a row says who somebody is, so that nobody else may read an exported file.
    const PERSONAL: bool = false;
    /// Whether texts outside the key were written by partners, in protocols that take any character.
    const FROM_PARTNERS: bool = false;

    fn to_row(&self) -> Row;
    fn from_row(row: &[Cell]) -> Result<Self, CellError>;

    /// The cells of the key columns.
    fn key(&self) -> Row {
        let keep = |(column, cell): (&Column, Cell)| column.key.then_some(cell);
        Self::COLUMNS.iter().zip(self.to_row()).filter_map(keep).collect()
    }
}

/// Columns that hold the key of another noun.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    pub columns: &'static [&'static str],
    /// Name of the noun referred to.
    pub(crate) to: &'static str,
}

/// Where the price book has the rows of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookPlace {
    /// Among the rows of the supplier.
    Tenant,
    /// It is what prices are for.
    Product,
    /// On the card of the product that its first column names.
    Card,
    /// Among the prices.
    Prices,
    /// Nowhere: nobody is priced by it.
    Nowhere,
}

/// All that a noun says of itself, as a value.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent traits, most of them false")]
pub struct Description {
    pub name: &'static str,
    pub doc: &'static str,
    pub columns: &'static [Column],
    pub references: &'static [Reference],
    pub in_book: BookPlace,
    pub history: bool,
    pub numbered: bool,
    pub personal: bool,
    pub from_partners: bool,
}

impl Reference {
    /// These columns hold the key of such a row.
    pub const fn to<N: Noun>(columns: &'static [&'static str]) -> Self {
        Self { columns, to: N::NAME }
    }
}

impl Description {
    pub const fn of<N: Noun>() -> Self {
        Self {
            name: N::NAME,
            doc: N::DOC,
            columns: N::COLUMNS,
            references: N::REFERENCES,
            in_book: N::IN_BOOK,
            history: N::HISTORY,
            numbered: N::NUMBERED,
            personal: N::PERSONAL,
            from_partners: N::FROM_PARTNERS,
        }
    }
}
