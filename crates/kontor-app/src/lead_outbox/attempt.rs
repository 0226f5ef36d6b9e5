//! One attempt to deliver a lead, and what follows from it.

use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use kontor_model::lead_delivery::{ClosedReceiver, Delivery, DeliveryState, DeliveryTurn};
use kontor_model::record::Cell;
use kontor_store::{StoreError, WriteTx};

use super::{Parcel, Queue, Receipt, receiver_key};
use crate::secrets::random_bytes;
use crate::write::WriteError;

/// Seconds after a failed attempt until the next: five seconds, five minutes, half an hour, 2, 5,
/// 10, 14, 20 and 24 hours. After the tenth attempt a delivery is dead.
pub const DELAYS: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

impl Queue {
    /// Attempts a delivery and stores what came of it. `false`: the receiver wants nothing more.
    pub(super) async fn attempt(self: &Arc<Self>, turn: DeliveryTurn) -> Result<bool, StoreError> {
        let reading = Arc::clone(self);
        let lead = tokio::task::spawn_blocking(move || reading.lead(turn.lead)).await;
        let Some(lead) = lead.unwrap_or(Err(StoreError::Closed))? else {
            self.forget(turn).await?;
            return Ok(true);
        };
        let number = lead.number;
        let receipt = match self.outbox.vault.open(lead) {
            Ok(lead) => {
                let now = self.outbox.app.now();
                let parcel = Parcel::new(self.supplier.as_str(), &lead, now);
                self.receiver.courier.bring(&parcel).await
            }
            Err(error) => Receipt::Failed(error.to_string()),
        };
        let supplier = self.supplier.as_str();
        if let Receipt::Failed(reason) = &receipt {
            tracing::warn!(supplier, lead = number, reason, "a lead was not delivered");
        }
        let goes_on = receipt != Receipt::Gone;
        if !goes_on {
            tracing::error!(supplier, "the receiver of leads answered that it is gone");
        }
        self.record(turn, receipt).await?;
        Ok(goes_on)
    }

    fn lead(&self, number: i64) -> Result<Option<Lead>, StoreError> {
        let mut found = None;
        let read = self.outbox.app.store().read(self.id, &mut |tx| {
            if let Some(Record::Lead(lead)) = tx.get(Kind::Lead, &[Cell::Int(number)])? {
                found = Some(lead);
            }
            Ok(())
        });
        match read {
            Ok(()) => Ok(found),
            Err(kontor_store::Abort::Store(error)) => Err(error),
            Err(kontor_store::Abort::Refused) => Err(StoreError::Closed),
        }
    }

    async fn record(&self, turn: DeliveryTurn, receipt: Receipt) -> Result<(), StoreError> {
        let now = self.outbox.app.now();
        let address = self.receiver.address.clone();
        self.write(move |tx| {
            if receipt == Receipt::Gone {
                let closed = ClosedReceiver { receiver: receiver_key(&address), closed_at: now };
                tx.put(&Record::ClosedReceiver(closed))?;
            }
            after(tx, &turn, &receipt, now)
        })
        .await
    }

    /// Removes the delivery of a lead that is no more.
    async fn forget(&self, turn: DeliveryTurn) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.remove(Kind::DeliveryTurn, &place(&turn))?;
            tx.remove(Kind::Delivery, &[Cell::Int(turn.lead)])?;
            Ok(())
        })
        .await
    }

    async fn write(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<(), WriteError<()>> + Send + 'static,
    ) -> Result<(), StoreError> {
        match self.outbox.app.write(self.supplier.clone(), "lead delivery", job).await {
            Ok(_) | Err(WriteError::Refused(())) => Ok(()),
            Err(WriteError::Store(error)) => Err(error),
        }
    }
}

/// Stores what became of an attempt.
fn after(
    tx: &mut dyn WriteTx,
    turn: &DeliveryTurn,
    receipt: &Receipt,
    now: Instant,
) -> Result<(), WriteError<()>> {
    tx.remove(Kind::DeliveryTurn, &place(turn))?;
    let Some(Record::Delivery(before)) = tx.get(Kind::Delivery, &[Cell::Int(turn.lead)])? else {
        return Ok(());
    };
    let next = next(before, receipt, now, random_share());
    if let Some(due) = next.due {
        tx.put(&Record::DeliveryTurn(DeliveryTurn { due, lead: next.lead }))?;
    }
    tx.put(&Record::Delivery(next))?;
    Ok(())
}

/// The key of a place in the queue.
fn place(turn: &DeliveryTurn) -> [Cell; 2] {
    [Cell::Int(turn.due.micros()), Cell::Int(turn.lead)]
}

/// A delivery after one more attempt. `share` of 255 is how much of the jitter is added.
fn next(mut delivery: Delivery, receipt: &Receipt, now: Instant, share: u8) -> Delivery {
    delivery.attempts += 1;
    delivery.attempted_at = Some(now);
    (delivery.state, delivery.due, delivery.failure) = match receipt {
        Receipt::Taken => (DeliveryState::Delivered, None, None),
        // It keeps its place: nothing is sent until somebody opens the receiver again.
        Receipt::Gone => (DeliveryState::Pending, Some(now), Some("gone".to_owned())),
        Receipt::Failed(reason) => {
            let failed = usize::try_from(delivery.attempts - 1).ok();
            match failed.and_then(|failed| DELAYS.get(failed)) {
                Some(seconds) => {
                    let due = jittered(now, *seconds, share);
                    (DeliveryState::Pending, Some(due), Some(reason.clone()))
                }
                None => (DeliveryState::Dead, None, Some(reason.clone())),
            }
        }
    };
    delivery
}

/// Later by the seconds and up to a tenth of them, so that what failed together does not come back
/// together.
fn jittered(now: Instant, seconds: i64, share: u8) -> Instant {
    let micros = seconds * 1_000_000;
    let jitter = micros / 10 * i64::from(share) / 255;
    Instant::from_micros(now.micros().saturating_add(micros + jitter))
}

fn random_share() -> u8 {
    let [share] = random_bytes::<1>();
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> Delivery {
        Delivery {
            lead: 7,
            state: DeliveryState::Pending,
            attempts: 0,
            attempted_at: None,
            due: Some(Instant::from_micros(0)),
            failure: None,
        }
    }

    #[test]
    fn ten_attempts_spread_over_days_and_then_it_is_dead() {
        for (share, expected) in [(0, 272_105_000_000_i64), (255, 299_315_500_000)] {
            let failed = Receipt::Failed("answered 500".to_owned());
            let (mut delivery, mut attempts) = (fresh(), 0);
            let mut now = Instant::from_micros(0);
            while let Some(due) = delivery.due {
                now = due;
                delivery = next(delivery, &failed, now, share);
                attempts += 1;
            }
            assert_eq!((attempts, delivery.state), (10, DeliveryState::Dead));
            assert_eq!(now.micros(), expected);
            assert_eq!(delivery.failure.as_deref(), Some("answered 500"));
        }
    }

    #[test]
    fn what_was_taken_is_done_and_what_is_gone_waits() {
        let now = Instant::from_micros(5);
        let taken = next(fresh(), &Receipt::Taken, now, 0);
        assert_eq!((taken.state, taken.due, taken.attempts), (DeliveryState::Delivered, None, 1));
        let gone = next(fresh(), &Receipt::Gone, now, 0);
        assert_eq!((gone.state, gone.due), (DeliveryState::Pending, Some(now)));
    }
}
