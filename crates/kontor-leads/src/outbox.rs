//! The outbox: every lead that was accepted is delivered to the receiver of its supplier, at least
//! once, under an id that stays the same.
//!
//! A lead and its place in the queue are stored in one transaction, so a lead that was acknowledged
//! is delivered, whatever happens to the process. Deliveries run beside the intake and share nothing
//! with it but the database: a receiver that is slow or gone fills its queue and slows nobody. How a
//! parcel travels is the business of a [`Courier`].

mod attempt;
mod caught;
mod parcel;
mod queue;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use kontor_store::StoreError;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::caught::{Panicked, caught};
use self::queue::{AFTER_FAILURE, Queue};
use crate::admin;
use crate::vault::LeadVault;
use kontor_app::access::secrets::token_digest;
use kontor_app::app::App;

pub use attempt::DELAYS;
pub use parcel::Parcel;

/// How often the queue is looked at while nothing happens.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often what is no longer needed is removed.
const TIDY_EVERY: Duration = Duration::from_hours(1);

/// Carries a parcel to a receiver.
pub trait Courier: Send + Sync {
    /// Brings a parcel. It ends within a time of the courier's own, whatever the receiver does.
    fn bring<'a>(
        &'a self,
        parcel: &'a Parcel,
    ) -> Pin<Box<dyn Future<Output = Receipt> + Send + 'a>>;
}

/// What a receiver made of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    Taken,
    /// Not now; why, in words that show nothing of the parcel or the answer.
    Failed(String),
    /// Not now, and nothing at all for so many seconds.
    Later {
        reason: String,
        seconds: i64,
    },
    /// It wants nothing more.
    Gone,
}

/// Where the leads of a supplier go.
#[derive(Clone)]
pub struct Receiver {
    pub courier: Arc<dyn Courier>,
    /// Its address, by which a receiver that wants nothing more is known.
    pub address: String,
    /// Deliveries under way at the same time.
    pub at_once: usize,
    /// Seconds after each failed attempt until the next; when they are used up a delivery is dead.
    pub delays: Arc<[i64]>,
}

/// Delivers leads.
pub struct Outbox {
    app: Arc<App>,
    vault: LeadVault,
    receivers: BTreeMap<String, Receiver>,
    retention_days: u32,
}

impl Outbox {
    /// `receivers` by supplier code; leads older than `retention_days` are removed, 0 keeps them.
    pub fn new(
        app: Arc<App>,
        vault: LeadVault,
        receivers: BTreeMap<String, Receiver>,
        retention_days: u32,
    ) -> Arc<Self> {
        Arc::new(Self { app, vault, receivers, retention_days })
    }

    /// Delivers and tidies up until told to stop. What is under way then is delivered again later.
    pub async fn run(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        for supplier in self.receivers.keys() {
            tasks.spawn(Arc::clone(&self).deliver_always(supplier.clone()));
        }
        tasks.spawn(async move {
            loop {
                match caught(self.tidy()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!(%error, "old leads could not be removed"),
                    Err(Panicked) => tracing::error!("removing old leads panicked"),
                }
                tokio::time::sleep(TIDY_EVERY).await;
            }
        });
        // An error means that nobody is left to say stop.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    /// Whatever happens, deliveries go on.
    async fn deliver_always(self: Arc<Self>, supplier: String) {
        let mut news = self.app.lead_news().subscribe();
        loop {
            // A supplier may come later, by an import.
            if let Some(queue) = self.queue(&supplier)
                && let Err(Panicked) = caught(queue.deliver_always(&mut news)).await
            {
                tracing::error!(supplier, "delivering leads panicked");
            }
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }

    /// Delivers what is due at one supplier, as long as there is something. Returns the number of
    /// attempts.
    pub async fn deliver_due(self: &Arc<Self>, supplier: &str) -> Result<usize, StoreError> {
        match self.queue(supplier) {
            Some(queue) => queue.deliver_due().await,
            None => Ok(0),
        }
    }

    /// The queue of a supplier that has a receiver.
    fn queue(self: &Arc<Self>, supplier: &str) -> Option<Arc<Queue>> {
        let receiver = self.receivers.get(supplier).cloned()?;
        let book = self.app.book();
        let tenant = book.supplier(supplier)?;
        let (supplier, id) = (tenant.supplier()?.code.clone(), tenant.id());
        Some(Arc::new(Queue { outbox: Arc::clone(self), supplier, id, receiver }))
    }

    /// Removes keys of repeated calls that have expired, and leads that were kept long enough.
    pub async fn tidy(self: &Arc<Self>) -> Result<(), StoreError> {
        let outbox = Arc::clone(self);
        let tidied = tokio::task::spawn_blocking(move || {
            let now = outbox.app.now();
            let store = outbox.app.store();
            let book = outbox.app.book();
            for supplier in book.tenants().filter_map(|tenant| tenant.supplier()) {
                admin::forget_keys(store, &supplier.code, now)?;
                admin::retain(store, &supplier.code, now, outbox.retention_days)?;
            }
            Ok(())
        });
        tidied.await.unwrap_or(Err(StoreError::Closed))
    }
}

/// The text by which a receiver is known in the database.
pub(crate) fn receiver_key(address: &str) -> String {
    token_digest(address)
}
