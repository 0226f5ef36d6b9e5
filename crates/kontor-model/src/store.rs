//! Stores: shops in which customers and guests ask for prices.

use crate::code::Code;
use crate::contract::{Contract, ContractCode};
use crate::currency::Currency;
use crate::customer::{Customer, CustomerNumber};
use crate::instant::Zone;
use crate::noun::{Noun, Reference};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};
use crate::uom::Uom;

/// Marker of [`StoreCode`].
pub enum StoreKind {}
/// Code of a store.
pub type StoreCode = Code<StoreKind>;

/// A shop. Its code is unique among all suppliers: it tells whose shop it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    pub code: StoreCode,
    /// Currency of questions that name none.
    pub currency: Currency,
    /// Contract of questions that name none; everybody may use it.
    pub contract: ContractCode,
    /// Unit of quantities that name none.
    pub uom: Uom,
    pub time_zone: Zone,
    /// Whether somebody without an account may ask.
    pub guests: bool,
}

/// A currency a store sells in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreCurrency {
    pub store: StoreCode,
    pub currency: Currency,
    /// Decimals of prices in this currency, 0 to 6.
    pub decimals: u8,
}

/// A customer whose accounts may use a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreCustomer {
    pub store: StoreCode,
    pub customer: CustomerNumber,
}

impl Noun for Store {
    const NAME: &'static str = "stores";
    const DOC: &'static str = "A shop with the defaults of its questions.";
    const COLUMNS: &'static [Column] = &[
        Column::key("store", "Code of the store, unique among all suppliers.", "10201"),
        Column::required("currency", "Default currency.", "EUR"),
        Column::required("contract", "Default contract; everybody may use it.", "20001"),
        Column::required("uom", "Default unit.", "C62"),
        Column::required("time_zone", "Zone of dates without offset.", "Europe/Berlin"),
        Column::optional("guests", "May somebody without an account ask? Default yes.", "yes")
            .of(ColumnKind::Flag),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Contract>(&["contract"])];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.code),
            Cell::text(self.currency),
            Cell::text(&self.contract),
            Cell::text(self.uom),
            Cell::text(&self.time_zone),
            Cell::flag(self.guests),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            code: cells.one()?,
            currency: cells.one()?,
            contract: cells.one()?,
            uom: cells.one()?,
            time_zone: cells.one()?,
            guests: cells.opt_int()? != Some(0),
        })
    }
}

impl Noun for StoreCurrency {
    const NAME: &'static str = "store_currencies";
    const DOC: &'static str = "A currency that a store sells in.";
    const COLUMNS: &'static [Column] = &[
        Column::key("store", "The store.", "10201"),
        Column::key("currency", "The currency.", "CHF"),
        Column::optional(
            "decimals",
            "Decimals of its prices, 0 to 6; default those of ISO 4217.",
            "2",
        )
        .of(ColumnKind::Integer),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Store>(&["store"])];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.store),
            Cell::text(self.currency),
            Cell::Int(i64::from(self.decimals)),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let (store, currency): (_, Currency) = (cells.one()?, cells.one()?);
        let decimals = match cells.opt_int()? {
            None => currency.minor_units(),
            Some(decimals) => u8::try_from(decimals)
                .ok()
                .filter(|decimals| *decimals <= 6)
                .ok_or_else(|| cells.fault("must be 0 to 6"))?,
        };
        Ok(Self { store, currency, decimals })
    }
}

impl Noun for StoreCustomer {
    const NAME: &'static str = "store_customers";
    const DOC: &'static str = "A customer whose accounts may use a store.";
    const COLUMNS: &'static [Column] = &[
        Column::key("store", "The store.", "10201"),
        Column::key("customer", "The customer.", "123456"),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Store>(&["store"]), Reference::to::<Customer>(&["customer"])];

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.store), Cell::text(&self.customer)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { store: cells.one()?, customer: cells.one()? })
    }
}
