//! One attempt to deliver a lead, and what follows from it.

use std::sync::Arc;

use kontor_model::instant::Instant;
use kontor_model::key::Key;
use kontor_model::lead::Lead;
use kontor_model::lead_delivery::{ClosedReceiver, Delivery, DeliveryState, DeliveryTurn};
use kontor_store::{ReadNouns, StoreError, WriteNouns, WriteTx};

use super::queue::Queue;
use super::{Parcel, Receipt, receiver_key};
use kontor_app::access::secrets::random_bytes;
use kontor_app::write::WriteError;

/// Seconds after a failed attempt until the next, unless the receiver's settings say otherwise: five
/// seconds, five minutes, half an hour, 2, 5, 10, 14, 20 and 24 hours. After the tenth attempt a
/// delivery is dead.
pub const DELAYS: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Seconds for which a receiver may ask to be left alone; more counts as this.
pub(crate) const MAX_LATER: i64 = 86_400;

impl Queue {
    /// Attempts a delivery and stores what came of it.
    pub(super) async fn attempt(self: &Arc<Self>, turn: DeliveryTurn) -> Result<(), StoreError> {
        let reading = Arc::clone(self);
        let lead = tokio::task::spawn_blocking(move || reading.lead(turn.lead)).await;
        let Some(lead) = lead.unwrap_or(Err(StoreError::Closed))? else {
            return self.forget(turn).await;
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
        match &receipt {
            Receipt::Taken => {}
            Receipt::Failed(reason) => {
                tracing::warn!(supplier, lead = number, reason, "a lead was not delivered");
            }
            Receipt::Later { reason, seconds } => {
                tracing::warn!(supplier, lead = number, reason, seconds, "leads are to come later");
            }
            Receipt::Gone => {
                tracing::error!(supplier, "the receiver of leads answered that it is gone");
            }
        }
        self.record(turn, receipt).await
    }

    fn lead(&self, number: i64) -> Result<Option<Lead>, StoreError> {
        let mut found = None;
        let read = self.outbox.app.store().read(self.id, &mut |tx| {
            found = tx.find(&Lead::by_number(number))?;
            Ok(())
        });
        match read {
            Ok(()) => Ok(found),
            Err(kontor_store::Abort::Store(error)) => Err(error),
            Err(kontor_store::Abort::Refused) => Err(StoreError::Closed),
        }
    }

    /// Stores what became of an attempt.
    pub(super) async fn record(
        &self,
        turn: DeliveryTurn,
        receipt: Receipt,
    ) -> Result<(), StoreError> {
        let now = self.outbox.app.now();
        let receiver = self.receiver.clone();
        self.write(move |tx| {
            match receipt {
                Receipt::Taken | Receipt::Failed(_) => {}
                Receipt::Later { seconds, .. } => {
                    let opens = now.plus_seconds(seconds.min(MAX_LATER));
                    close(tx, &receiver.address, now, Some(opens))?;
                }
                Receipt::Gone => close(tx, &receiver.address, now, None)?,
            }
            after(tx, &turn, &receipt, &receiver.delays, now)
        })
        .await
    }

    /// Removes the delivery of a lead that is no more.
    async fn forget(&self, turn: DeliveryTurn) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.delete(&Key::of(&turn))?;
            tx.delete(&Delivery::of_lead(turn.lead))?;
            Ok(())
        })
        .await
    }

    async fn write(
        &self,
        job: impl Fn(&mut dyn WriteTx) -> Result<(), WriteError<()>> + Send + 'static,
    ) -> Result<(), StoreError> {
        match self.outbox.app.write_beside_book(self.supplier.clone(), "lead delivery", job).await {
            Ok(_) | Err(WriteError::Refused(())) => Ok(()),
            Err(WriteError::Store(error)) => Err(error),
        }
    }
}

/// Closes a receiver, unless it is closed for longer.
fn close(
    tx: &mut dyn WriteTx,
    address: &str,
    now: Instant,
    opens_at: Option<Instant>,
) -> Result<(), WriteError<()>> {
    let receiver = receiver_key(address);
    let until = |opens: Option<Instant>| opens.unwrap_or(Instant::MAX);
    if let Some(known) = tx.find(&ClosedReceiver::by_digest(&receiver))?
        && until(known.opens_at) >= until(opens_at)
    {
        return Ok(());
    }
    tx.save(ClosedReceiver { receiver, closed_at: now, opens_at })?;
    Ok(())
}

/// Stores what became of an attempt.
fn after(
    tx: &mut dyn WriteTx,
    turn: &DeliveryTurn,
    receipt: &Receipt,
    delays: &[i64],
    now: Instant,
) -> Result<(), WriteError<()>> {
    tx.delete(&Key::of(turn))?;
    let Some(before) = tx.find(&Delivery::of_lead(turn.lead))? else {
        return Ok(());
    };
    let next = next(before, receipt, delays, now, random_share());
    if let Some(due) = next.due {
        tx.save(DeliveryTurn { due, lead: next.lead })?;
    }
    tx.save(next)?;
    Ok(())
}

/// A delivery after one more attempt. `share` of 255 is how much of the jitter is added.
fn next(
    mut delivery: Delivery,
    receipt: &Receipt,
    delays: &[i64],
    now: Instant,
    share: u8,
) -> Delivery {
    delivery.attempts += 1;
    delivery.attempted_at = Some(now);
    let (reason, later) = match receipt {
        Receipt::Taken => {
            (delivery.state, delivery.due, delivery.failure) =
                (DeliveryState::Delivered, None, None);
            return delivery;
        }
        Receipt::Gone => {
            // It keeps its place: nothing is sent until somebody opens the receiver again.
            (delivery.due, delivery.failure) = (Some(now), Some("gone".to_owned()));
            return delivery;
        }
        Receipt::Failed(reason) => (reason, 0),
        Receipt::Later { reason, seconds } => (reason, (*seconds).min(MAX_LATER)),
    };
    let failed = usize::try_from(delivery.attempts - 1).ok();
    let delay = failed.and_then(|failed| delays.get(failed));
    delivery.due = delay.map(|seconds| jittered(now, *seconds, share).max(now.plus_seconds(later)));
    if delivery.due.is_none() {
        delivery.state = DeliveryState::Dead;
    }
    delivery.failure = Some(reason.clone());
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
                delivery = next(delivery, &failed, &DELAYS, now, share);
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
        let taken = next(fresh(), &Receipt::Taken, &DELAYS, now, 0);
        assert_eq!((taken.state, taken.due, taken.attempts), (DeliveryState::Delivered, None, 1));
        let gone = next(fresh(), &Receipt::Gone, &DELAYS, now, 0);
        assert_eq!((gone.state, gone.due), (DeliveryState::Pending, Some(now)));
    }

    #[test]
    fn who_asks_to_be_left_alone_is_until_then_and_a_day_at_most() {
        let now = Instant::from_micros(0);
        for (asked, waited) in
            [(1, 5), (5, 5), (6, 6), (86_400, 86_400), (86_401, 86_400), (i64::MAX, 86_400)]
        {
            let later = Receipt::Later { reason: "answered 503".to_owned(), seconds: asked };
            let waiting = next(fresh(), &later, &DELAYS, now, 0);
            assert_eq!(waiting.due, Some(now.plus_seconds(waited)), "{asked}");
            assert_eq!(waiting.state, DeliveryState::Pending);
        }
        let last = Delivery { attempts: 9, ..fresh() };
        let later = Receipt::Later { reason: "answered 503".to_owned(), seconds: 60 };
        assert_eq!(next(last, &later, &DELAYS, now, 0).state, DeliveryState::Dead);
    }

    #[test]
    fn delays_are_those_of_the_receiver() {
        let failed = Receipt::Failed("answered 500".to_owned());
        let now = Instant::from_micros(0);
        assert_eq!(next(fresh(), &failed, &[0], now, 255).due, Some(now));
        assert_eq!(next(fresh(), &failed, &[], now, 255).state, DeliveryState::Dead);
    }
}
