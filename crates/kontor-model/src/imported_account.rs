//! What is remembered of the rows of accounts that were imported.

use crate::account::{PROTOCOLS, Protocol};
use crate::noun::Noun;
use crate::record::{Cell, CellError, Cells, Column, Row};

/// The row of a file that an account was imported from last, as a keyed digest: a row that is as it
/// was says nothing new, whatever commands have made of the account since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedAccount {
    pub protocol: Protocol,
    pub login: String,
    /// Digest of the row, behind the name of the key.
    pub digest: String,
}

impl Noun for ImportedAccount {
    const NAME: &'static str = "imported_accounts";
    const DOC: &'static str = "The row of a file that an account was imported from last.";
    const COLUMNS: &'static [Column] = &[
        Column::key("protocol", "The protocol of the account.", "secomp").of(PROTOCOLS),
        Column::key("login", "Its login.", "_RQ123456"),
        Column::required("digest", "Keyed digest of the row.", "a1b2c3:d4e5f6").hidden(),
    ];

    fn to_row(&self) -> Row {
        vec![Cell::text(self.protocol), Cell::text(&self.login), Cell::text(&self.digest)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { protocol: cells.one()?, login: cells.text()?, digest: cells.text()? })
    }
}
