//! The outbox: every lead that was accepted is delivered to the receiver of its supplier, at least
//! once, under an id that stays the same.
//!
//! A lead and its place in the queue are stored in one transaction, so a lead that was acknowledged
//! is delivered, whatever happens to the process. Deliveries run beside the intake and share nothing
//! with it but the database: a receiver that is slow or gone fills its queue and slows nobody. How a
//! parcel travels is the business of a [`Courier`].

mod attempt;
mod parcel;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::lead_delivery::DeliveryTurn;
use kontor_model::record::Cell;
use kontor_model::supplier::{SupplierCode, SupplierId};
use kontor_store::{Abort, StoreError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::app::App;
use crate::lead_vault::LeadVault;
use crate::leads;
use crate::secrets::token_digest;

pub use attempt::DELAYS;
pub use parcel::Parcel;

/// How often the queue is looked at while nothing happens.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is asked whether something happened: a lead came, or somebody retries one.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// How often what is no longer needed is removed.
const TIDY_EVERY: Duration = Duration::from_hours(1);
/// Places of the queue that are read at a time.
const TURNS_AT_ONCE: usize = 256;

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

/// The queue of one supplier.
struct Queue {
    outbox: Arc<Outbox>,
    supplier: SupplierCode,
    id: SupplierId,
    receiver: Receiver,
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
                if let Err(error) = self.tidy().await {
                    tracing::error!(%error, "old leads could not be removed");
                }
                tokio::time::sleep(TIDY_EVERY).await;
            }
        });
        // An error means that nobody is left to say stop.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    async fn deliver_always(self: Arc<Self>, supplier: String) {
        loop {
            let looked_at = self.app.book().change();
            if let Err(error) = self.deliver_due(&supplier).await {
                tracing::error!(%error, supplier, "leads could not be delivered");
                tokio::time::sleep(LOOK_EVERY).await;
            }
            let news = async {
                while self.app.book().change() == looked_at {
                    tokio::time::sleep(ASK_EVERY).await;
                }
            };
            // Without news there may still be deliveries whose time has come.
            let _ = tokio::time::timeout(LOOK_EVERY, news).await;
        }
    }

    /// Delivers what is due at one supplier, as long as there is something. Returns the number of
    /// attempts.
    pub async fn deliver_due(self: &Arc<Self>, supplier: &str) -> Result<usize, StoreError> {
        let Some(receiver) = self.receivers.get(supplier).cloned() else { return Ok(0) };
        let book = self.app.book().clone();
        let Some(tenant) = book.supplier(supplier) else { return Ok(0) };
        let Some(row) = tenant.supplier() else { return Ok(0) };
        let (supplier, id) = (row.code.clone(), tenant.id());
        drop(book);
        let queue = Arc::new(Queue { outbox: Arc::clone(self), supplier, id, receiver });
        let mut attempts = 0;
        loop {
            let reading = Arc::clone(&queue);
            let due = tokio::task::spawn_blocking(move || reading.due()).await;
            let due = due.unwrap_or(Err(StoreError::Closed))?;
            if due.is_empty() {
                return Ok(attempts);
            }
            attempts += due.len();
            queue.attempt_all(due).await?;
        }
    }

    /// Removes keys of repeated calls that have expired, and leads that were kept long enough.
    pub async fn tidy(self: &Arc<Self>) -> Result<(), StoreError> {
        let outbox = Arc::clone(self);
        let tidied = tokio::task::spawn_blocking(move || {
            let now = outbox.app.now();
            let store = outbox.app.store();
            let book = outbox.app.book();
            for supplier in book.tenants().filter_map(|tenant| tenant.supplier()) {
                leads::forget_keys(store, &supplier.code, now)?;
                leads::retain(store, &supplier.code, now, outbox.retention_days)?;
            }
            Ok(())
        });
        tidied.await.unwrap_or(Err(StoreError::Closed))
    }
}

impl Queue {
    /// Places of the queue that are due, the earliest first; none when the receiver is closed.
    fn due(&self) -> Result<Vec<DeliveryTurn>, StoreError> {
        let now = self.outbox.app.now();
        let closed = [Cell::Text(receiver_key(&self.receiver.address))];
        let mut due = Vec::new();
        let read = self.outbox.app.store().read(self.id, &mut |tx| {
            if let Some(Record::ClosedReceiver(closed)) = tx.get(Kind::ClosedReceiver, &closed)?
                && closed.is_closed_at(now)
            {
                return Ok(());
            }
            tx.scan(Kind::DeliveryTurn, &[], &mut |record| {
                let Record::DeliveryTurn(turn) = record else { return Ok(()) };
                if turn.due > now || due.len() == TURNS_AT_ONCE {
                    return Err(Abort::Refused);
                }
                due.push(turn);
                Ok(())
            })
        });
        match read {
            // The scan is broken off at the first that is not due.
            Ok(()) | Err(Abort::Refused) => Ok(due),
            Err(Abort::Store(error)) => Err(error),
        }
    }

    /// Attempts deliveries, so many at the same time as the receiver may have. Ends early when it
    /// closes.
    async fn attempt_all(self: &Arc<Self>, due: Vec<DeliveryTurn>) -> Result<(), StoreError> {
        let places = Arc::new(Semaphore::new(self.receiver.at_once.max(1)));
        let mut attempts = JoinSet::new();
        for turn in due {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
            let queue = Arc::clone(self);
            let places = Arc::clone(&places);
            attempts.spawn(async move {
                let attempted = queue.attempt(turn).await;
                if !matches!(attempted, Ok(true)) {
                    places.close();
                }
                drop(place);
                attempted
            });
        }
        let mut outcome = Ok(());
        while let Some(attempted) = attempts.join_next().await {
            if let Err(error) = attempted.unwrap_or(Err(StoreError::Closed)) {
                outcome = Err(error);
            }
        }
        outcome
    }
}

/// The text by which a receiver is known in the database.
pub(crate) fn receiver_key(address: &str) -> String {
    token_digest(address)
}
