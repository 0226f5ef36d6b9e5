//! Tells tokens of accounts that other accounts have.

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::{Abort, TakenToken, WriteTx};

use crate::fault::Fault;

use super::session::Session;

impl Session<'_> {
    /// Looks when all rows are put and removed: one folder may move a token from an account to
    /// another. Whose it is otherwise is not told.
    pub(super) fn tell_taken_tokens(&mut self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        let Some(file) = self.folder.tables.get(&Kind::Account) else {
            return Ok(());
        };
        for taken in tx.taken_tokens()? {
            let TakenToken { protocol, login } = &taken;
            let key = [Cell::text(protocol), Cell::text(login)];
            let fault = Fault::of_file(&file.name, &taken);
            let line = self.keys.line(Kind::Account, &key);
            self.context.fault(Fault { line, ..fault });
        }
        Ok(())
    }
}
