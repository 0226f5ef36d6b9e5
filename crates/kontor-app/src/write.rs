//! Writing: one transaction, durable, and shown by the book before it is acknowledged.

mod places;

use std::sync::{Arc, mpsc};
use std::time::Duration;

use kontor_model::clock::{Clock, FixedClock};
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, ChangeNumber, Order, Outcome, Store, StoreError, WriteTx};
use tokio::task::JoinError;

use crate::app::App;
use crate::deadline::{MayBegin, may_begin};

pub(crate) use places::WritePlaces;

/// How long is waited before the book is brought up to date again, after it could not be. The
/// change is durable and the disk may have had a bad moment; who wrote waits meanwhile.
const SHOW_AGAIN: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(10),
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1500),
];

/// Why a write had no effect, or cannot be answered by it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The use case refused it; nothing was changed.
    #[error("refused")]
    Refused(E),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<T> {
    pub value: T,
    /// The change it became; `None` when it changed nothing but bookkeeping.
    pub change: Option<ChangeNumber>,
}

impl<E> From<Abort> for WriteError<E> {
    fn from(abort: Abort) -> Self {
        match abort {
            Abort::Store(error) => Self::Store(error),
            refused @ Abort::Refused => Self::Store(StoreError::Write(refused.to_string())),
        }
    }
}

impl App {
    /// Runs a job in one transaction of a supplier and waits, on a thread of its own, until it is
    /// durable and the book shows it. `actor` goes into the change log. The job may run several times,
    /// as [`kontor_store::Job`] says; what its last run returned comes back. A job of a request whose
    /// deadline passes before its turn does not begin: [`StoreError::NotBegun`].
    pub async fn write<T, E, J>(
        self: &Arc<Self>,
        supplier: SupplierCode,
        actor: &str,
        job: J,
    ) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        J: Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
    {
        let app = Arc::clone(self);
        let actor = actor.to_owned();
        let job = in_time(may_begin(), job);
        self.on_a_thread(move || app.write_blocking(supplier, actor, job)).await
    }

    /// The same for rows that the book does not hold: they are shown as soon as they are durable,
    /// also while the book cannot follow.
    pub async fn write_beside_book<T, E, J>(
        self: &Arc<Self>,
        supplier: SupplierCode,
        actor: &str,
        job: J,
    ) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        J: Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
    {
        let app = Arc::clone(self);
        let actor = actor.to_owned();
        let job = in_time(may_begin(), job);
        self.on_a_thread(move || write_to(&*app.store, supplier, actor, app.now(), job)).await
    }

    /// [`App::write`] on this thread, whatever the deadline.
    pub fn write_blocking<T, E, J>(
        &self,
        supplier: SupplierCode,
        actor: String,
        job: J,
    ) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        J: Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
    {
        let clock = Arc::clone(&self.clock);
        let written = write_by(&*self.store, supplier, actor, clock, job)?;
        if let Some(change) = written.change {
            self.show(change, &SHOW_AGAIN)?;
        }
        Ok(written)
    }

    async fn on_a_thread<T, E, R>(&self, run: R) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        R: FnOnce() -> Result<Written<T>, WriteError<E>> + Send + 'static,
    {
        let place = self.write_places.take().await;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            run()
        });
        let done = done.await;
        done.unwrap_or_else(|error| Err(WriteError::Store(unfinished(&error))))
    }

    /// Waits until the book shows a change that is durable, or another try fails as often as there
    /// are waits. Then nobody may believe that nothing was done.
    fn show(&self, change: ChangeNumber, waits: &[Duration]) -> Result<(), StoreError> {
        let Err(mut error) = self.catch_up_to(change) else {
            return Ok(());
        };
        for wait in waits {
            tracing::warn!(change = change.0, %error, "a change is durable, but not shown yet");
            std::thread::sleep(*wait);
            let Err(next) = self.catch_up_to(change) else {
                return Ok(());
            };
            error = next;
        }
        tracing::error!(change = change.0, %error, "a change is durable, but cannot be shown");
        Err(StoreError::Uncertain(format!("change {} is durable, but not shown", change.0)))
    }
}

/// The job, unless its time has passed when its turn comes. It is asked inside of the transaction:
/// nothing that could take long comes after it and before the job.
fn in_time<T, E>(
    may_begin: MayBegin,
    job: impl Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>>,
) -> impl Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>> {
    move |tx| if may_begin() { job(tx) } else { Err(WriteError::Store(StoreError::NotBegun)) }
}

/// Runs a job in one transaction of a store and waits until it is durable. For commands, which have
/// no book to be brought up to date; a running server follows the change.
pub fn write_to<T, E, J>(
    store: &dyn Store,
    supplier: SupplierCode,
    actor: String,
    at: Instant,
    job: J,
) -> Result<Written<T>, WriteError<E>>
where
    T: Send + 'static,
    E: Send + 'static,
    J: Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
{
    write_by(store, supplier, actor, Arc::new(FixedClock(at)), job)
}

/// The same, dated when the job begins to run.
fn write_by<T, E, J>(
    store: &dyn Store,
    supplier: SupplierCode,
    actor: String,
    clock: Arc<dyn Clock>,
    job: J,
) -> Result<Written<T>, WriteError<E>>
where
    T: Send + 'static,
    E: Send + 'static,
    J: Fn(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
{
    let (tell, told) = mpsc::channel();
    let job = move |tx: &mut dyn WriteTx| {
        let (result, end) = match job(tx) {
            Ok(value) => (Ok(value), Ok(())),
            Err(WriteError::Refused(reason)) => {
                (Err(WriteError::Refused(reason)), Err(Abort::Refused))
            }
            Err(WriteError::Store(error)) => {
                (Err(WriteError::Store(error.clone())), Err(Abort::Store(error)))
            }
        };
        // Whoever ordered the write waits for it.
        drop(tell.send(result));
        end
    };
    let change = match store.write(Order { supplier, actor, clock, job: Box::new(job) })? {
        Outcome::Committed(change) => Some(change),
        Outcome::Aside | Outcome::Unchanged | Outcome::Refused => None,
    };
    // Of several runs the last one counts.
    let value = told.try_iter().last().unwrap_or(Err(WriteError::Store(StoreError::Closed)))?;
    Ok(Written { value, change })
}

/// What is known of a write whose thread did not return: what never ran was cancelled; what panicked
/// may have been durable before.
pub(crate) fn unfinished(error: &JoinError) -> StoreError {
    if error.is_panic() {
        StoreError::Uncertain("a bug in Kontor".to_owned())
    } else {
        StoreError::Closed
    }
}

#[cfg(test)]
mod tests;
