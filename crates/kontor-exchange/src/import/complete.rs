//! What the file does not say of a row: it stays as it is stored.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::gtin::Gtin;
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, WriteTx};

use crate::names;

use super::options::WrongGtins;
use super::session::Session;
use super::table_file::TableFile;

/// The column with a GTIN, of products and packings.
const GTIN: &str = "gtin";

/// What rows of a file do not say.
pub(super) struct Unsaid {
    kind: Kind,
    /// Columns that the file does not have. The questions of categories are files of their own.
    columns: Vec<usize>,
    gtin: Option<usize>,
    is_told: bool,
}

impl Unsaid {
    pub(super) fn of(table: &TableFile<'_>) -> Self {
        let columns = table.kind.columns().iter().enumerate();
        let is_unsaid = |index: usize, name: &str, key: bool| {
            !key && !table.has(index) && name != names::QUESTIONS && !is_taken_anew(table, name)
        };
        Self {
            kind: table.kind,
            columns: columns
                .filter(|(index, column)| is_unsaid(*index, column.name, column.key))
                .map(|(index, _)| index)
                .collect(),
            gtin: table.kind.columns().iter().position(|column| column.name == GTIN),
            is_told: false,
        }
    }

    /// Fills what the row does not say from the stored row. `false`: the row is new, and the file
    /// lacks a column that new rows must have; this is told once.
    pub(super) fn fill(
        &mut self,
        tx: &dyn WriteTx,
        session: &Session<'_>,
        table: &TableFile<'_>,
        row: &mut Row,
        key: &[Cell],
    ) -> Result<bool, Abort> {
        let wrong = self.wrong_gtin(session, table, row);
        if self.columns.is_empty() && wrong.is_none() {
            return Ok(true);
        }
        let stored = tx.get(self.kind, key)?.as_ref().map(Record::to_row);
        for index in self.columns.iter().copied().chain(wrong) {
            let column = self.kind.columns().get(index);
            match (&stored, column) {
                (Some(stored), _) => {
                    let cell = stored.get(index).cloned().unwrap_or(Cell::Null);
                    if let Some(place) = row.get_mut(index) {
                        *place = cell;
                    }
                }
                (None, Some(column)) if column.required => {
                    if !self.is_told {
                        table.fault_of_row(format_args!(
                            "the row is new, and the file lacks the column {} that new rows need",
                            column.name
                        ));
                    }
                    self.is_told = true;
                    return Ok(false);
                }
                (None, _) => {}
            }
        }
        Ok(true)
    }

    /// Tells a GTIN that is none, where that is no fault, and leaves it out. Returns its column.
    fn wrong_gtin(
        &self,
        session: &Session<'_>,
        table: &TableFile<'_>,
        row: &mut Row,
    ) -> Option<usize> {
        let index = self.gtin.filter(|_| session.context.wrong_gtins == WrongGtins::Warning)?;
        let cell = row.get_mut(index)?;
        let Cell::Text(text) = cell else {
            return None;
        };
        let error = text.parse::<Gtin>().err()?;
        let column = self.kind.columns().get(index)?;
        table.warn(&column.fault(format_args!("{error}; left out")));
        *cell = Cell::Null;
        Some(index)
    }
}

/// Whether a column is taken from another one that the file has.
fn is_taken_anew(table: &TableFile<'_>, name: &str) -> bool {
    const TAKEN: [(&str, &str); 1] = [("phone_key", "phone")];
    let columns = table.kind.columns();
    TAKEN.iter().any(|(taken, from)| {
        let from = columns.iter().position(|column| column.name == *from);
        *taken == name && from.is_some_and(|from| table.has(from))
    })
}
