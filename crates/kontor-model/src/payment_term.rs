//! Payment terms: when a customer pays, hence at which price.

use crate::code::Code;
use crate::key::Key;
use crate::noun::Noun;
use crate::record::{Cell, CellError, Cells, Column, Row};

/// Marker of [`PaymentTermCode`].
pub enum PaymentTermKind {}
/// Code of a payment term.
pub type PaymentTermCode = Code<PaymentTermKind>;

/// A payment term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentTerm {
    pub code: PaymentTermCode,
    pub name: String,
}

impl PaymentTerm {
    /// The row with this code.
    pub fn by_code(code: &str) -> Key<Self> {
        Key::from_cells([Cell::text(code)])
    }
}

impl Noun for PaymentTerm {
    const NAME: &'static str = "payment_terms";
    const DOC: &'static str = "A payment term that prices may depend on.";
    const COLUMNS: &'static [Column] = &[
        Column::key("payment_term", "Code of the term.", "2"),
        Column::required("name", "Name for people.", "30 DIAS"),
    ];

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.code), Cell::text(&self.name)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { code: cells.one()?, name: cells.text()? })
    }
}
