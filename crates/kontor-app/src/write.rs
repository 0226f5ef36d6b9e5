//! Writing: one transaction, durable, and shown by the book before it is acknowledged.

use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, ChangeNumber, Order, Outcome, Store, StoreError, WriteTx};

use crate::app::App;

/// Where a job leaves its result: it runs on another thread.
type Slot<T> = Arc<Mutex<Option<T>>>;

/// Why a write had no effect.
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
    /// The change it became; `None` when it changed nothing.
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
    /// durable and the book shows it. `actor` goes into the change log.
    pub async fn write<T, E, J>(
        self: &Arc<Self>,
        supplier: SupplierCode,
        actor: &str,
        job: J,
    ) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        J: FnOnce(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
    {
        let app = Arc::clone(self);
        let actor = actor.to_owned();
        let run = move || app.write_blocking(supplier, actor, job);
        let done = tokio::task::spawn_blocking(run).await;
        done.unwrap_or(Err(WriteError::Store(StoreError::Closed)))
    }

    /// The same on this thread.
    pub fn write_blocking<T, E, J>(
        &self,
        supplier: SupplierCode,
        actor: String,
        job: J,
    ) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        J: FnOnce(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
    {
        let written = write_to(&*self.store, supplier, actor, self.now(), job)?;
        if let Some(change) = written.change {
            self.catch_up_to(change)?;
        }
        Ok(written)
    }
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
    J: FnOnce(&mut dyn WriteTx) -> Result<T, WriteError<E>> + Send + 'static,
{
    let slot: Slot<Result<T, WriteError<E>>> = Arc::default();
    let result = Arc::clone(&slot);
    let job = move |tx: &mut dyn WriteTx| {
        let (result_of_job, abort) = match job(tx) {
            Ok(value) => (Ok(value), Ok(())),
            Err(WriteError::Refused(reason)) => {
                (Err(WriteError::Refused(reason)), Err(Abort::Refused))
            }
            Err(WriteError::Store(error)) => {
                (Err(WriteError::Store(error.clone())), Err(Abort::Store(error)))
            }
        };
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result_of_job);
        abort
    };
    let change = match store.write(Order { supplier, actor, at, job: Box::new(job) })? {
        Outcome::Committed(change) => Some(change),
        Outcome::Unchanged | Outcome::Refused => None,
    };
    let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
    let value = value.unwrap_or(Err(WriteError::Store(StoreError::Closed)))?;
    Ok(Written { value, change })
}
