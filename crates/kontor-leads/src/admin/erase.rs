//! Forgetting: leads of a person, leads that were kept long enough, keys that have expired.

use kontor_model::catalogue::StoredNoun;
use kontor_model::instant::Instant;
use kontor_model::key::Key;
use kontor_model::lead::Lead;
use kontor_model::lead_delivery::{Delivery, DeliveryState, SubmissionKey};
use kontor_model::supplier::SupplierCode;
use kontor_store::{ReadNouns, Store, StoreError, WriteNouns, WriteTx};

use super::{LeadsError, delivery, read, unqueue};
use crate::vault::LeadVault;
use kontor_app::retention::oldest_kept;
use kontor_app::write::{WriteError, write_to};

/// Rows removed in one transaction: others write in between.
const ROWS_AT_ONCE: usize = 500;

/// Erases all leads of an e-mail address (without case) with their deliveries. What remains of them in
/// the past of the database are numbers: personal data is not kept there, and afterwards no file has
/// it any more. Returns how many. Where a lead is sealed with another key nothing is erased: it may be
/// one of those that are meant.
pub fn erase(
    store: &dyn Store,
    supplier: &SupplierCode,
    vault: &LeadVault,
    email: &str,
    now: Instant,
) -> Result<usize, LeadsError> {
    let traces = vault.traces(email.trim(), None);
    let mut numbers = Vec::new();
    let mut unsearchable = None;
    read::<LeadsError>(store, supplier, &mut |tx| {
        tx.each_of_all::<Lead>(&mut |lead| {
            let number = lead.number;
            if traces.iter().any(|(trace, _)| trace.eq_ignore_ascii_case(&lead.email)) {
                numbers.push(number);
            }
            if unsearchable.is_none()
                && let Err(error) = vault.open(lead)
            {
                unsearchable = Some((number, error));
            }
            Ok(())
        })
    })?;
    if let Some((number, error)) = unsearchable {
        return Err(LeadsError::Unsearchable(number, error));
    }
    remove_leads(store, supplier, "leads erase", now, &numbers)?;
    // Also without any: an erasure before may have been broken off here.
    store.wipe(Lead::KIND)?;
    Ok(numbers.len())
}

/// Removes leads that were accepted more than so many days ago; 0 keeps all. Returns how many.
pub fn retain(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    days: u32,
) -> Result<usize, StoreError> {
    let Some(oldest) = oldest_kept(now, days) else { return Ok(0) };
    let numbers = chosen(store, supplier, &mut |lead: Lead| {
        (lead.created_at < oldest).then_some(lead.number)
    })?;
    remove_leads(store, supplier, "retention", now, &numbers)?;
    if !numbers.is_empty() {
        store.wipe(Lead::KIND)?;
    }
    Ok(numbers.len())
}

/// Removes deliveries that ended before an instant; their leads stay. Returns how many.
pub fn forget_deliveries(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    oldest: Instant,
) -> Result<usize, StoreError> {
    let leads = chosen(store, supplier, &mut |delivery: Delivery| {
        is_over(&delivery, oldest).then_some(delivery.lead)
    })?;
    for some in leads.chunks(ROWS_AT_ONCE) {
        let some = some.to_vec();
        remove(store, supplier, "retention", now, move |tx| {
            for lead in some.iter().copied() {
                // One that was put into the queue again in between is not over.
                if delivery(&*tx, lead)?.is_some_and(|delivery| is_over(&delivery, oldest)) {
                    tx.delete(&Delivery::of_lead(lead))?;
                }
            }
            Ok(())
        })?;
    }
    Ok(leads.len())
}

fn is_over(delivery: &Delivery, oldest: Instant) -> bool {
    let has_ended = delivery.state != DeliveryState::Pending;
    has_ended && delivery.attempted_at.is_none_or(|attempted| attempted < oldest)
}

/// Removes keys of repeated calls that are no longer remembered. Returns how many.
pub fn forget_keys(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
) -> Result<usize, StoreError> {
    let keys = chosen(store, supplier, &mut |key: SubmissionKey| {
        (key.expires <= now).then(|| Key::of(&key))
    })?;
    for some in keys.chunks(ROWS_AT_ONCE) {
        let some = some.to_vec();
        remove(store, supplier, "retention", now, move |tx| {
            for key in &some {
                // A key that was used again in between counts again.
                if tx.find(key)?.is_some_and(|row| row.expires <= now) {
                    tx.delete(key)?;
                }
            }
            Ok(())
        })?;
    }
    Ok(keys.len())
}

fn remove_leads(
    store: &dyn Store,
    supplier: &SupplierCode,
    actor: &str,
    now: Instant,
    numbers: &[i64],
) -> Result<(), StoreError> {
    for some in numbers.chunks(ROWS_AT_ONCE) {
        let some = some.to_vec();
        remove(store, supplier, actor, now, move |tx| {
            for number in some.iter().copied() {
                unqueue(tx, number)?;
                tx.delete(&Delivery::of_lead(number))?;
                tx.delete(&Lead::by_number(number))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn remove(
    store: &dyn Store,
    supplier: &SupplierCode,
    actor: &str,
    now: Instant,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), WriteError<()>> + Send + 'static,
) -> Result<(), StoreError> {
    match write_to(store, supplier.clone(), actor.to_owned(), now, job) {
        Ok(_) | Err(WriteError::Refused(())) => Ok(()),
        Err(WriteError::Store(error)) => Err(error),
    }
}

/// What `choose` makes of all rows of a noun.
fn chosen<N: StoredNoun, T>(
    store: &dyn Store,
    supplier: &SupplierCode,
    choose: &mut dyn FnMut(N) -> Option<T>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    let outcome = read::<LeadsError>(store, supplier, &mut |tx| {
        tx.each_of_all(&mut |noun| {
            found.extend(choose(noun));
            Ok(())
        })
    });
    match outcome {
        Ok(()) => Ok(found),
        Err(LeadsError::Store(error)) => Err(error),
        Err(other) => Err(StoreError::Read(other.to_string())),
    }
}
