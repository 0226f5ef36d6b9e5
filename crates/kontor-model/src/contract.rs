//! Contracts: ordered price lists with a validity, and who may use them.

use crate::code::Code;
use crate::customer::{Customer, CustomerNumber};
use crate::noun::{Noun, Reference};
use crate::price_list::{PriceList, PriceListCode};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};
use crate::validity::Validity;

/// Marker of [`ContractCode`].
pub enum ContractKind {}
/// Code of a contract.
pub type ContractCode = Code<ContractKind>;

/// An agreement on prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub code: ContractCode,
    pub validity: Validity,
}

/// A price list of a contract. Lists are looked at by position, then by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractList {
    pub contract: ContractCode,
    pub list: PriceListCode,
    pub position: i64,
}

/// A customer that may use a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractCustomer {
    pub contract: ContractCode,
    pub customer: CustomerNumber,
}

impl Noun for Contract {
    const NAME: &'static str = "contracts";
    const DOC: &'static str = "A contract: price lists that count for a while.";
    const COLUMNS: &'static [Column] = &[
        Column::key("contract", "Code of the contract.", "20003"),
        Column::optional("valid_from", "First day, or first instant.", "2016-01-01")
            .of(ColumnKind::From),
        Column::optional("valid_to", "Last day, or the instant after the last.", "2016-12-31")
            .of(ColumnKind::To),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.code),
            Cell::bound(self.validity.from()),
            Cell::bound(self.validity.to()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let code = cells.one()?;
        let (from, to) = (cells.opt_bound()?, cells.opt_bound()?);
        let validity = Validity::new(from, to).map_err(|error| cells.fault(error))?;
        Ok(Self { code, validity })
    }
}

impl Noun for ContractList {
    const NAME: &'static str = "contract_lists";
    const DOC: &'static str = "A price list of a contract.";
    const COLUMNS: &'static [Column] = &[
        Column::key("contract", "The contract.", "20003"),
        Column::key("price_list", "The list.", "EUR-S"),
        Column::optional(
            "position",
            "Lists are looked at by position, then by code; default 0.",
            "1",
        )
        .of(ColumnKind::Integer),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Contract>(&["contract"]), Reference::to::<PriceList>(&["price_list"])];

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.contract), Cell::text(&self.list), Cell::Int(self.position)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            contract: cells.one()?,
            list: cells.one()?,
            position: cells.opt_int()?.unwrap_or(0),
        })
    }
}

impl Noun for ContractCustomer {
    const NAME: &'static str = "contract_customers";
    const DOC: &'static str = "A customer that may use a contract.";
    const COLUMNS: &'static [Column] = &[
        Column::key("contract", "The contract.", "20003"),
        Column::key("customer", "The customer.", "123456"),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Contract>(&["contract"]), Reference::to::<Customer>(&["customer"])];

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.contract), Cell::text(&self.customer)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { contract: cells.one()?, customer: cells.one()? })
    }
}
