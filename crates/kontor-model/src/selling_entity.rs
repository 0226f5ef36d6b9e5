//! Selling entities: companies of the supplier, their segments and sales tables.

use crate::code::Code;
use crate::currency::Currency;
use crate::instant::Zone;
use crate::key::{Key, KeyPrefix};
use crate::noun::{Noun, Reference};
use crate::price_list::{PriceList, PriceListCode};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};
use crate::tax_id::TaxId;

/// Marker of [`SalesTableNumber`].
pub enum SalesTableKind {}
/// Number of a sales table, up to three characters; case counts.
pub type SalesTableNumber = Code<SalesTableKind>;

/// A company that sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellingEntity {
    pub number: i64,
    pub tax_id: Option<TaxId>,
    pub name: Option<String>,
    pub currency: Currency,
    /// Zone of its civil dates: promotions are whole days in it.
    pub time_zone: Zone,
    pub main_segment: i64,
}

/// A market a company serves, with the list of its base prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub entity: i64,
    pub number: i64,
    pub list: PriceListCode,
}

/// A further price list of a segment whose prices depend on the payment term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesTable {
    pub entity: i64,
    pub segment: i64,
    pub number: SalesTableNumber,
    pub name: String,
    pub list: PriceListCode,
}

impl SellingEntity {
    /// The row with this number.
    pub fn by_number(number: i64) -> Key<Self> {
        Key::from_cells([Cell::Int(number)])
    }
}

impl Noun for SellingEntity {
    const NAME: &'static str = "selling_entities";
    const DOC: &'static str = "A company of the supplier that sells.";
    const COLUMNS: &'static [Column] = &[
        Column::key("entity", "Number of the company.", "1").of(ColumnKind::Integer),
        Column::optional(
            "tax_id",
            "Registration number: a CNPJ with right check digits, with or without its punctuation; \
             of another country COUNTRY:number, e.g. DE:DE123456789.",
            "12345678000195",
        ),
        Column::optional("name", "Name for people.", "Filial Centro"),
        Column::required("currency", "Currency of its prices.", "BRL"),
        Column::required("time_zone", "Zone of its days.", "America/Sao_Paulo"),
        Column::required("main_segment", "Segment of questions that name none.", "1")
            .of(ColumnKind::Integer),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::Int(self.number),
            Cell::opt_text(self.tax_id.as_ref()),
            Cell::opt_text(self.name.as_ref()),
            Cell::text(self.currency),
            Cell::text(&self.time_zone),
            Cell::Int(self.main_segment),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            number: cells.int()?,
            tax_id: cells.opt()?,
            name: cells.opt_text()?,
            currency: cells.one()?,
            time_zone: cells.one()?,
            main_segment: cells.int()?,
        })
    }
}

impl Segment {
    /// The row with this number.
    pub fn by_number(entity: i64, segment: i64) -> Key<Self> {
        Key::from_cells([Cell::Int(entity), Cell::Int(segment)])
    }
}

impl Noun for Segment {
    const NAME: &'static str = "segments";
    const DOC: &'static str = "A market of a company and the list of its base prices.";
    const COLUMNS: &'static [Column] = &[
        Column::key("entity", "The company.", "1").of(ColumnKind::Integer),
        Column::key("segment", "Number of the segment.", "2").of(ColumnKind::Integer),
        Column::required("price_list", "List of the base prices and promotions.", "BR-1-2"),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<SellingEntity>(&["entity"]), Reference::to::<PriceList>(&["price_list"])];

    fn to_row(&self) -> Row {
        vec![Cell::Int(self.entity), Cell::Int(self.number), Cell::text(&self.list)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { entity: cells.int()?, number: cells.int()?, list: cells.one()? })
    }
}

impl SalesTable {
    /// Those of a segment.
    pub fn of_segment(entity: i64, segment: i64) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::Int(entity), Cell::Int(segment)])
    }
}

impl Noun for SalesTable {
    const NAME: &'static str = "sales_tables";
    const DOC: &'static str = "A price list of a segment whose prices depend on the payment term.";
    const COLUMNS: &'static [Column] = &[
        Column::key("entity", "The company.", "1").of(ColumnKind::Integer),
        Column::key("segment", "The segment.", "1").of(ColumnKind::Integer),
        Column::key("number", "Number of the table, up to three characters.", "001"),
        Column::required("name", "Name for people.", "ATACADO"),
        Column::required("price_list", "List of the prices.", "BR-1-1-001"),
    ];
    const REFERENCES: &'static [Reference] = &[
        Reference::to::<Segment>(&["entity", "segment"]),
        Reference::to::<PriceList>(&["price_list"]),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::Int(self.entity),
            Cell::Int(self.segment),
            Cell::text(&self.number),
            Cell::text(&self.name),
            Cell::text(&self.list),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let (entity, segment) = (cells.int()?, cells.int()?);
        let number: SalesTableNumber = cells.one()?;
        if number.as_str().chars().count() > 3 {
            return Err(cells.fault("longer than 3 characters"));
        }
        Ok(Self { entity, segment, number, name: cells.text()?, list: cells.one()? })
    }
}
