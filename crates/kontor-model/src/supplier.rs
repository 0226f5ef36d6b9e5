//! The supplier: the tenant that owns everything else.

use std::fmt;
use std::str::FromStr;

use crate::code::Code;
use crate::currency::Currency;
use crate::instant::Zone;
use crate::key::Key;
use crate::noun::Noun;
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// Marker of [`SupplierCode`].
pub enum SupplierKind {}
/// Code of a supplier, e.g. `demo42`.
pub type SupplierCode = Code<SupplierKind>;

/// Number of a supplier in one database. Every call of a store carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SupplierId(pub u32);

/// How a customer with several price lists is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Strategy {
    /// The first list that prices the product wins, also when it is dearer.
    #[default]
    First,
    /// The lowest price of all lists wins; between equal prices the earlier list.
    Lowest,
}

/// Whoever sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    pub code: SupplierCode,
    pub name: Option<String>,
    /// Zone of its civil dates where nothing nearer states one.
    pub time_zone: Zone,
    /// Currency of price lists that state none.
    pub currency: Currency,
    pub strategy: Strategy,
}

impl Supplier {
    /// The row with this code.
    pub fn by_code(code: &SupplierCode) -> Key<Self> {
        Key::from_cells([Cell::text(code)])
    }
}

impl Noun for Supplier {
    const NAME: &'static str = "supplier";
    const DOC: &'static str = "The supplier itself; exactly one row.";
    const COLUMNS: &'static [Column] = &[
        Column::key("supplier", "Code by which commands and logs name the supplier.", "demo42"),
        Column::optional("name", "Name for people.", "Demo Supplies"),
        Column::required("time_zone", "IANA zone of civil dates where nothing nearer states one.", "Europe/Berlin"),
        Column::required("currency", "ISO 4217 currency of price lists that state none.", "EUR"),
        Column::optional("strategy", "With several price lists: the first that prices the product wins (default), or the lowest price.", "first")
            .of(ColumnKind::Choice(&["first", "lowest"])),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.code),
            Cell::opt_text(self.name.as_ref()),
            Cell::text(&self.time_zone),
            Cell::text(self.currency),
            Cell::text(self.strategy),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            code: cells.one()?,
            name: cells.opt_text()?,
            time_zone: cells.one()?,
            currency: cells.one()?,
            strategy: cells.opt()?.unwrap_or_default(),
        })
    }
}

impl FromStr for Strategy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "first" => Ok(Self::First),
            "lowest" => Ok(Self::Lowest),
            _ => Err("not first or lowest"),
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Lowest => "lowest",
        })
    }
}
