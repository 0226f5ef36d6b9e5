//! Documents a supplier issues: invoices and despatch advices, line by line.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};

use crate::code::Code;
use crate::customer::{Customer, CustomerNumber};
use crate::key::{Key, KeyPrefix};
use crate::money::Money;
use crate::noun::{BookPlace, Noun, Reference};
use crate::product::{Product, Sku};
use crate::quantity::Quantity;
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// Marker of [`DocumentNumber`].
pub enum DocumentNumberKind {}
/// Number of a document.
pub type DocumentNumber = Code<DocumentNumberKind>;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    Invoice,
    DespatchAdvice,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub kind: DocumentKind,
    pub number: DocumentNumber,
    pub customer: CustomerNumber,
    /// The day it belongs to.
    pub issued: Date,
    pub value_date: Date,
    pub supply_date: Date,
    pub supply_time: Option<Time>,
}

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    pub kind: DocumentKind,
    pub number: DocumentNumber,
    /// Order of entry.
    pub position: i64,
    pub sku: Sku,
    pub packages: Quantity,
    pub units_per_package: Quantity,
    /// Price of one unit without tax.
    pub unit_price: Option<Money>,
    pub remarks: Option<String>,
}

const KINDS: ColumnKind = ColumnKind::Choice(&["invoice", "despatch_advice"]);

impl Noun for Document {
    const NAME: &'static str = "documents";
    const DOC: &'static str = "An invoice or despatch advice.";
    const COLUMNS: &'static [Column] = &[
        Column::key("kind", "What the document is.", "despatch_advice").of(KINDS),
        Column::key("document", "Its number.", "193401"),
        Column::required("customer", "Who it is for.", "556781"),
        Column::required("issued", "Date of issue; the day the document belongs to.", "2016-01-27"),
        Column::required("value_date", "Value date.", "2016-01-27"),
        Column::required("supply_date", "Date of supply.", "2016-01-28"),
        Column::optional("supply_time", "Time of supply.", "06:30"),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Customer>(&["customer"])];
    const IN_BOOK: BookPlace = BookPlace::Nowhere;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(self.kind),
            Cell::text(&self.number),
            Cell::text(&self.customer),
            Cell::text(self.issued),
            Cell::text(self.value_date),
            Cell::text(self.supply_date),
            Cell::opt_text(self.supply_time.map(|time| time.strftime("%H:%M").to_string())),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            kind: cells.one()?,
            number: cells.one()?,
            customer: cells.one()?,
            issued: cells.one()?,
            value_date: cells.one()?,
            supply_date: cells.one()?,
            supply_time: cells
                .opt_str()?
                .map(|text| Time::strptime("%H:%M", text))
                .transpose()
                .map_err(|_| cells.fault("not a time such as 06:30"))?,
        })
    }
}

impl DocumentLine {
    /// The line at a position.
    pub fn at(kind: DocumentKind, document: &DocumentNumber, position: i64) -> Key<Self> {
        Key::from_cells([Cell::text(kind), Cell::text(document), Cell::Int(position)])
    }

    /// Those of a document.
    pub fn of_document(kind: DocumentKind, document: &DocumentNumber) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(kind), Cell::text(document)])
    }
}

impl Noun for DocumentLine {
    const NAME: &'static str = "document_lines";
    const DOC: &'static str = "A line of a document.";
    const COLUMNS: &'static [Column] = &[
        Column::key("kind", "What the document is.", "despatch_advice").of(KINDS),
        Column::key("document", "Its number.", "193401"),
        Column::key("position", "Order of the line in its document.", "1").of(ColumnKind::Integer),
        Column::required("sku", "The product.", "11045680"),
        Column::required("packages", "Number of packages.", "2").of(ColumnKind::Decimal),
        Column::required("units_per_package", "Units in each package.", "12")
            .of(ColumnKind::Decimal),
        Column::optional("unit_price", "Price of one unit without tax.", "21.6")
            .of(ColumnKind::Decimal),
        Column::optional("remarks", "Remarks.", "urgent"),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Document>(&["kind", "document"]), Reference::to::<Product>(&["sku"])];
    const IN_BOOK: BookPlace = BookPlace::Nowhere;
    const FROM_PARTNERS: bool = true;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(self.kind),
            Cell::text(&self.number),
            Cell::Int(self.position),
            Cell::text(&self.sku),
            Cell::quantity(self.packages),
            Cell::quantity(self.units_per_package),
            Cell::money(self.unit_price),
            Cell::opt_text(self.remarks.as_ref()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            kind: cells.one()?,
            number: cells.one()?,
            position: cells.int()?,
            sku: cells.one()?,
            packages: cells.quantity()?,
            units_per_package: cells.quantity()?,
            unit_price: cells.opt_money()?,
            remarks: cells.opt_text()?,
        })
    }
}

impl FromStr for DocumentKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "invoice" => Ok(Self::Invoice),
            "despatch_advice" => Ok(Self::DespatchAdvice),
            _ => Err("not invoice or despatch_advice"),
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invoice => "invoice",
            Self::DespatchAdvice => "despatch_advice",
        })
    }
}
