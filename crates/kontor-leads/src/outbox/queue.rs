//! The queue of one supplier: as many deliveries are under way as its receiver may have, and when
//! one ends, however long others take, the next begins.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kontor_model::lead_delivery::{ClosedReceiver, DeliveryTurn};
use kontor_model::supplier::{SupplierCode, SupplierId};
use kontor_store::{Abort, ReadNouns, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::caught::caught;
use super::{LOOK_EVERY, Outbox, Receipt, Receiver, receiver_key};

/// How long is waited after the data could not be read or written.
pub(super) const AFTER_FAILURE: Duration = LOOK_EVERY;

/// A place in the queue: when it is due, and the lead.
type Place = (i64, i64);

/// The queue of one supplier.
pub(super) struct Queue {
    pub(super) outbox: Arc<Outbox>,
    pub(super) supplier: SupplierCode,
    pub(super) id: SupplierId,
    pub(super) receiver: Receiver,
}

/// Attempts that are under way.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<(Place, Result<(), StoreError>)>,
    places: BTreeSet<Place>,
    /// How many were begun.
    begun: usize,
}

impl Queue {
    /// Delivers what is due until nothing is due and nothing under way. Returns the number of
    /// attempts.
    pub(super) async fn deliver_due(self: &Arc<Self>) -> Result<usize, StoreError> {
        let mut under_way = UnderWay::default();
        loop {
            self.begin_due(&mut under_way).await?;
            match under_way.next().await {
                Some(ended) => ended?,
                None => return Ok(under_way.begun),
            }
        }
    }

    /// Delivers for ever. `news` tells that there may be more to do; without news it is looked all
    /// the same, for deliveries whose time has come.
    pub(super) async fn deliver_always(self: &Arc<Self>, news: &mut watch::Receiver<()>) {
        let mut under_way = UnderWay::default();
        loop {
            news.mark_unchanged();
            if let Err(error) = self.go_on(&mut under_way, news).await {
                let supplier = self.supplier.as_str();
                tracing::error!(%error, supplier, "leads could not be delivered");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }

    /// Begins what is due, and waits until there may be more to do.
    async fn go_on(
        self: &Arc<Self>,
        under_way: &mut UnderWay,
        news: &mut watch::Receiver<()>,
    ) -> Result<(), StoreError> {
        self.begin_due(under_way).await?;
        let ended = async {
            match under_way.next().await {
                Some(ended) => ended,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ended = ended => ended,
            // The application outlives its outbox, so somebody is left to tell.
            _ = news.changed() => Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => Ok(()),
        }
    }

    /// Begins what is due, as far as there is room.
    async fn begin_due(self: &Arc<Self>, under_way: &mut UnderWay) -> Result<(), StoreError> {
        let at_once = self.receiver.at_once.max(1);
        if under_way.places.len() >= at_once {
            return Ok(());
        }
        let reading = Arc::clone(self);
        // Those under way still have their places: what is due after them comes within twice as many.
        let due = tokio::task::spawn_blocking(move || reading.due(2 * at_once)).await;
        for turn in due.unwrap_or(Err(StoreError::Closed))? {
            if under_way.places.len() >= at_once {
                break;
            }
            under_way.begin(self, turn);
        }
        Ok(())
    }

    /// Places of the queue that are due, the earliest first; none when the receiver is closed.
    fn due(&self, at_most: usize) -> Result<Vec<DeliveryTurn>, StoreError> {
        let now = self.outbox.app.now();
        let closed = ClosedReceiver::by_digest(&receiver_key(&self.receiver.address));
        let mut due = Vec::new();
        let read = self.outbox.app.store().read(self.id, &mut |tx| {
            if let Some(closed) = tx.find(&closed)?
                && closed.is_closed_at(now)
            {
                return Ok(());
            }
            tx.each_of_all::<DeliveryTurn>(&mut |turn| {
                if turn.due > now || due.len() == at_most {
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

    /// An attempt that ends whatever happens: a panic in it is a failed one, so that the lead comes
    /// again later and at last is dead, and the others go on.
    async fn attempt_safely(self: Arc<Self>, turn: DeliveryTurn) -> Result<(), StoreError> {
        let (supplier, lead) = (self.supplier.as_str(), turn.lead);
        if let Ok(attempted) = caught(self.attempt(turn.clone())).await {
            return attempted;
        }
        tracing::error!(supplier, lead, "an attempt to deliver a lead panicked");
        let failed = Receipt::Failed("a bug in Kontor".to_owned());
        caught(self.record(turn, failed)).await.unwrap_or(Err(StoreError::Closed))
    }
}

impl UnderWay {
    /// Begins an attempt, unless the lead is under way already.
    fn begin(&mut self, queue: &Arc<Queue>, turn: DeliveryTurn) {
        let place = (turn.due.micros(), turn.lead);
        if !self.places.insert(place) {
            return;
        }
        self.begun += 1;
        let queue = Arc::clone(queue);
        self.tasks.spawn(async move { (place, queue.attempt_safely(turn).await) });
    }

    /// Waits for the next that ends; `None` when none is under way.
    async fn next(&mut self) -> Option<Result<(), StoreError>> {
        let ended = self.tasks.join_next().await?;
        Some(match ended {
            Ok((place, attempted)) => {
                self.places.remove(&place);
                attempted
            }
            Err(_) => Err(StoreError::Closed),
        })
    }
}
