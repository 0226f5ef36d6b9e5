//! Rows of an import that cannot be: told to the caller with the names of what they collide with.

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::{PriceFault, Severity, StoreError};

use crate::error;
use crate::prices::put::describe;
use crate::prices::read::PriceRow;
use crate::read::Rows;
use crate::staging::StagedRows;

pub(crate) struct Faults<'a> {
    rows: Rows<'a>,
    /// What the same write put, when it is staged.
    staged: Option<StagedRows<'a>>,
    tell: &'a mut dyn FnMut(PriceFault),
    any: bool,
    /// How many odd prices were told.
    odd: u64,
}

/// So many odd prices are told by name.
const MAX_NAMED: u64 = 1000;

impl<'a> Faults<'a> {
    pub(crate) fn new(rows: Rows<'a>, tell: &'a mut dyn FnMut(PriceFault)) -> Self {
        Self { rows, staged: None, tell, any: false, odd: 0 }
    }

    /// The same for an import whose products and lists may only be staged.
    pub(crate) fn staged(
        rows: Rows<'a>,
        staged: StagedRows<'a>,
        tell: &'a mut dyn FnMut(PriceFault),
    ) -> Self {
        Self { rows, staged: Some(staged), tell, any: false, odd: 0 }
    }

    /// Whether there was one: nothing needs to be written any more.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    pub(crate) fn repeated(&mut self, line: u64, first: u64) {
        self.fault(line, Some(first), format!("repeats line {first}"));
    }

    pub(crate) fn conflict(
        &mut self,
        line: u64,
        other_line: Option<u64>,
        other: &PriceRow,
    ) -> Result<(), StoreError> {
        let price = self.name(other)?;
        let place = match other_line {
            Some(line) => format!("line {line}"),
            None => "the data".to_owned(),
        };
        let reason = format!("conflicts with {price} in {place}: both would apply at once");
        self.fault(line, other_line, reason);
        Ok(())
    }

    /// Tells a line that can be and may be a mistake.
    pub(crate) fn odd(&mut self, line: u64, row: &PriceRow, reason: String) {
        self.odd += 1;
        // What it is called is only shown.
        let price = if self.odd > MAX_NAMED { None } else { self.name(row).ok() };
        let severity = Severity::Warning;
        (self.tell)(PriceFault { severity, line, other_line: None, price, reason });
    }

    fn fault(&mut self, line: u64, other_line: Option<u64>, reason: String) {
        self.any = true;
        let severity = Severity::Fault;
        (self.tell)(PriceFault { severity, line, other_line, price: None, reason });
    }

    /// A price as messages name it.
    fn name(&self, row: &PriceRow) -> Result<String, StoreError> {
        let sku = self.code(Kind::Product, "sku", row.product)?;
        let list = self.code(Kind::PriceList, "price_list", row.list)?;
        let shape = self.rows.database.shape(row.shape)?;
        Ok(describe(&sku, &list, &shape))
    }

    /// The code of a list.
    pub(crate) fn list(&self, number: u32) -> Result<String, StoreError> {
        self.code(Kind::PriceList, "price_list", number)
    }

    /// The code of a product or list.
    fn code(&self, kind: Kind, column: &str, number: u32) -> Result<String, StoreError> {
        if let Some(staged) = &self.staged
            && let Some(row) = staged.numbered(kind, number)?
            && let [Cell::Text(code), ..] = row.key().as_slice()
        {
            return Ok(code.clone());
        }
        let sql = format!("SELECT {column} FROM {} WHERE id = ?1", kind.name());
        let mut statement = self.rows.database.prepare(&sql)?;
        statement.query_row([number], |row| row.get(0)).map_err(error::reading)
    }
}
