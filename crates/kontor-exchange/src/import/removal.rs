//! Removes the rows that a folder which replaces does not have.

use kontor_model::catalogue::Kind;
use kontor_store::{Abort, StoreError, WriteTx};

use crate::fault::Fault;

use super::session::Session;

impl Session<'_> {
    /// Removes what the files do not have, kinds that refer to others first. Prices are removed
    /// by their own import. A row that others refer to stays, and is a fault.
    pub(super) fn remove_others(&mut self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        for kind in Kind::CATALOGUE.into_iter().rev() {
            let (true, Some(file)) = (self.replaces(kind), self.folder.tables.get(&kind)) else {
                continue;
            };
            if kind == Kind::Price {
                continue;
            }
            match tx.remove_unseen(kind) {
                Ok(removed) => {
                    let report = self.reports.iter_mut().find(|report| report.kind == kind);
                    if let Some(report) = report {
                        report.removed += removed;
                    }
                }
                Err(StoreError::Conflict(reason)) => {
                    self.context.fault(Fault::of_file(&file.name, reason));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
