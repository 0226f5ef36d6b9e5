//! Rows of an import that cannot be: told to the caller with the names of what they collide with.

use kontor_store::{PriceFault, StoreError};

use crate::error;
use crate::prices::put::describe;
use crate::prices::read::PriceRow;
use crate::read::Rows;

pub(crate) struct Faults<'a> {
    rows: Rows<'a>,
    tell: &'a mut dyn FnMut(PriceFault),
    any: bool,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(rows: Rows<'a>, tell: &'a mut dyn FnMut(PriceFault)) -> Self {
        Self { rows, tell, any: false }
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
        let sku = self.text("SELECT sku FROM products WHERE id = ?1", other.product)?;
        let list = self.text("SELECT price_list FROM price_lists WHERE id = ?1", other.list)?;
        let shape = self.rows.database.shape(other.shape)?;
        let place = match other_line {
            Some(line) => format!("line {line}"),
            None => "the data".to_owned(),
        };
        let reason = format!(
            "conflicts with {} in {place}: both would apply at once",
            describe(&sku, &list, &shape)
        );
        self.fault(line, other_line, reason);
        Ok(())
    }

    fn fault(&mut self, line: u64, other_line: Option<u64>, reason: String) {
        self.any = true;
        (self.tell)(PriceFault { line, other_line, reason });
    }

    fn text(&self, sql: &str, number: u32) -> Result<String, StoreError> {
        let mut statement = self.rows.database.prepare(sql)?;
        statement.query_row([number], |row| row.get(0)).map_err(error::reading)
    }
}
