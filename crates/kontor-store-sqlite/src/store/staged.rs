//! Staged writes: compared with a view, written beside others, and applied in one transaction.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};

use kontor_model::catalogue::Kind;
use kontor_store::{Abort, Order, Outcome, PriceImport, Staged, StagedOrder, StoreError};
use tracing::warn;

use super::SqliteStore;
use crate::checkpoint::{self, MovesTheLog};
use crate::database::Database;
use crate::pending::Claim;
use crate::staging::{self, Applied, Difference, Prepared};
use crate::writer::Apply;

impl SqliteStore {
    /// Stages a write and applies it. `None`: what it relies on was changed meanwhile.
    pub(super) fn stage_once(&self, order: &StagedOrder) -> Result<Option<Staged>, StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        let prepared = staging::prepare(&self.slicer, &order.supplier, &*order.job)?;
        let mut difference = match prepared {
            Prepared::Ready(difference) => difference,
            Prepared::Refused => return Ok(Some(ended(Outcome::Refused, None))),
            Prepared::Unchanged(counts) => {
                return Ok(Some(ended(Outcome::Unchanged, Some(counts))));
            }
        };
        let sliced = self.slice(&mut difference)?;
        let (tell, told) = mpsc::sync_channel(1);
        let signals = Arc::clone(&self.signals);
        let apply: Apply = Box::new(move |tx| {
            let applied = difference.apply(tx)?;
            let is_done = matches!(applied, Applied::Done(_));
            // Who ordered waits for the end of the job, and then moves the log.
            drop(tell.try_send((applied, signals.log_elsewhere.begin())));
            if is_done { Ok(()) } else { Err(Abort::Refused) }
        });
        let submitted = self.submit(nothing(order), Some(apply), true);
        if sliced.is_some() {
            self.slicer.settle();
        }
        drop(sliced);
        let outcome = submitted?;
        let Ok((applied, moves_the_log)) = told.try_recv() else {
            return Ok(Some(ended(outcome, None)));
        };
        Ok(match applied {
            Applied::Moved => None,
            Applied::Conflicts(conflicts) => Some(Staged { outcome, counts: None, conflicts }),
            Applied::Done(counts) => {
                self.move_log(moves_the_log);
                Some(ended(outcome, Some(counts)))
            }
        })
    }

    /// Moves the log into the database after a large commit, while the writer goes on.
    fn move_log(&self, moves_the_log: MovesTheLog) {
        let moved = Database::stager(&self.path, self.busy_timeout)
            .and_then(|database| checkpoint::when_long(&database));
        drop(moves_the_log);
        let Err(error) = moved else {
            return;
        };
        warn!(%error, "cannot move the log after a staged write");
        if matches!(error, StoreError::Damaged(_)) {
            // The first reason stays: later errors follow from it.
            let _ = self.signals.broken.set(error);
        }
    }

    /// Writes the prices of a difference beside the table, when they are many. Nobody else does it as
    /// long as the claim is kept.
    fn slice(&self, difference: &mut Difference) -> Result<Option<Claim>, StoreError> {
        difference.prices.as_mut().map_or(Ok(None), |prices| self.slicer.write_pending(prices))
    }

    /// Settles what an import left, on the thread of the caller.
    #[cfg(test)]
    pub(crate) fn settle_now(&self) {
        self.slicer.settle();
    }
}

fn ended(outcome: Outcome, counts: Option<BTreeMap<Kind, PriceImport>>) -> Staged {
    Staged { outcome, counts, conflicts: Vec::new() }
}

/// The order under which a difference is applied.
fn nothing(order: &StagedOrder) -> Order {
    Order {
        supplier: order.supplier.clone(),
        actor: order.actor.clone(),
        clock: Arc::clone(&order.clock),
        job: Box::new(|_| Ok(())),
    }
}
