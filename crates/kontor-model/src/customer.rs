//! Customers, the people there, and the price lists they are priced from.

use std::fmt;
use std::str::FromStr;

use crate::code::Code;
use crate::currency::Currency;
use crate::key::{Key, KeyPrefix};
use crate::noun::{Noun, Reference};
use crate::price_list::{PriceList, PriceListCode};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// Marker of [`CustomerNumber`].
pub enum CustomerKind {}
/// The supplier's number of a customer; compared exactly.
pub type CustomerNumber = Code<CustomerKind>;

/// Whether something may be used. What is disabled answers as if it did not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum State {
    #[default]
    Active,
    Disabled,
}

/// Who buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub number: CustomerNumber,
    pub name: Option<String>,
    pub state: State,
    /// Currency the customer is priced in; the supplier's when empty.
    pub currency: Option<Currency>,
    /// Number of the branch in an ordering system whose partners maintain price lists.
    pub branch_number: Option<i64>,
}

/// A person at a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub customer: CustomerNumber,
    pub number: i64,
    pub name: String,
}

/// A price list a customer may be priced from. The lists of a customer are looked at by
/// position, then by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    pub customer: CustomerNumber,
    pub list: PriceListCode,
    pub position: i64,
}

const STATES: ColumnKind = ColumnKind::Choice(&["active", "disabled"]);

impl Customer {
    /// The row with this number.
    pub fn by_number(number: &str) -> Key<Self> {
        Key::from_cells([Cell::text(number)])
    }
}

impl Noun for Customer {
    const NAME: &'static str = "customers";
    const DOC: &'static str = "A customer by the supplier's number.";
    const COLUMNS: &'static [Column] = &[
        Column::key("customer", "The supplier's number of the customer.", "123456"),
        Column::optional("name", "Name for people.", "Test Buyer"),
        Column::optional("state", "A disabled customer is answered as if unknown.", "active")
            .of(STATES),
        Column::optional(
            "currency",
            "Currency the customer is priced in; default the supplier's.",
            "EUR",
        ),
        Column::optional("branch_number", "Number of the branch in an ordering system.", "1")
            .of(ColumnKind::Integer),
    ];
    const PERSONAL: bool = true;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.number),
            Cell::opt_text(self.name.as_ref()),
            Cell::text(self.state),
            Cell::opt_text(self.currency),
            Cell::int(self.branch_number),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            number: cells.one()?,
            name: cells.opt_text()?,
            state: cells.opt()?.unwrap_or_default(),
            currency: cells.opt()?,
            branch_number: cells.opt_int()?,
        })
    }
}

impl Contact {
    /// Those of a customer.
    pub fn of_customer(customer: &str) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(customer)])
    }
}

impl Noun for Contact {
    const NAME: &'static str = "contacts";
    const DOC: &'static str = "A person at a customer.";
    const COLUMNS: &'static [Column] = &[
        Column::key("customer", "The customer.", "556781"),
        Column::key("number", "Number of the person.", "71").of(ColumnKind::Integer),
        Column::required("name", "Name of the person.", "Purchasing"),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Customer>(&["customer"])];
    const PERSONAL: bool = true;

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.customer), Cell::Int(self.number), Cell::text(&self.name)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { customer: cells.one()?, number: cells.int()?, name: cells.text()? })
    }
}

impl Entitlement {
    /// The row of these two.
    pub fn of(customer: &CustomerNumber, list: &PriceListCode) -> Key<Self> {
        Key::from_cells([Cell::text(customer), Cell::text(list)])
    }

    /// Those of a customer.
    pub fn of_customer(customer: &CustomerNumber) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(customer)])
    }
}

impl Noun for Entitlement {
    const NAME: &'static str = "entitlements";
    const DOC: &'static str = "A price list that a customer may be priced from.";
    const COLUMNS: &'static [Column] = &[
        Column::key("customer", "The customer.", "123456"),
        Column::key("price_list", "The list.", "EUR-A"),
        Column::optional(
            "position",
            "Lists are looked at by position, then by code; default 0.",
            "1",
        )
        .of(ColumnKind::Integer),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Customer>(&["customer"]), Reference::to::<PriceList>(&["price_list"])];

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.customer), Cell::text(&self.list), Cell::Int(self.position)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            customer: cells.one()?,
            list: cells.one()?,
            position: cells.opt_int()?.unwrap_or(0),
        })
    }
}

impl FromStr for State {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "active" => Ok(Self::Active),
            "disabled" => Ok(Self::Disabled),
            _ => Err("not active or disabled"),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        })
    }
}
