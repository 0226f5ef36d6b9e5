//! Leads after they were accepted: looking at them, sending them again, exporting and erasing them.
//!
//! For commands and for the housekeeping of the server: everything works on the store alone. Nothing
//! here logs what a lead says.

mod erase;
mod export;

use kontor_model::instant::Instant;
use kontor_model::key::Key;
use kontor_model::lead::Lead;
use kontor_model::lead_delivery::{ClosedReceiver, Delivery, DeliveryState, DeliveryTurn};
use kontor_model::supplier::SupplierCode;
use kontor_store::{ReadNouns, ReadTx, Store, StoreError, WriteNouns, WriteTx};

use crate::vault::{LeadVault, VaultError};
use kontor_app::of_supplier::{UnknownSupplier, read};
use kontor_app::write::{WriteError, write_to};

pub use erase::{erase, forget_deliveries, forget_keys, retain};
pub use export::export_csv;

/// Which leads are meant. What is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadFilter {
    pub category: Option<String>,
    /// How far the lead got; leads that came by a file have no state.
    pub state: Option<DeliveryState>,
    /// Accepted at or after this instant.
    pub since: Option<Instant>,
}

/// A lead as it is stored, and how far it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadLine {
    pub lead: Lead,
    pub delivery: Option<Delivery>,
}

/// Why a command about leads failed.
#[derive(Debug, thiserror::Error)]
pub enum LeadsError {
    #[error(transparent)]
    UnknownSupplier(#[from] UnknownSupplier),
    #[error("there is no lead {0}")]
    UnknownLead(i64),
    #[error("lead {0}: {1}")]
    Sealed(i64, VaultError),
    #[error(
        "sealed leads cannot be searched, so nothing is erased: lead {0}: {1}; set companeo.leads.seal_key to \
         the key they were sealed with"
    )]
    Unsearchable(i64, VaultError),
    #[error("cannot write the CSV: {0}")]
    Csv(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Leads that are in memory at a time while they are listed.
const LEADS_OF_PAGE: usize = 500;

/// Calls `visit` with the leads that are meant, by number. Sealed leads stay sealed.
pub fn list(
    store: &dyn Store,
    supplier: &SupplierCode,
    filter: &LeadFilter,
    visit: &mut dyn FnMut(LeadLine),
) -> Result<(), LeadsError> {
    read::<LeadsError>(store, supplier, &mut |tx| {
        let mut after = None;
        loop {
            let page: Vec<Lead> = tx.page_of(after.as_ref(), LEADS_OF_PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(Lead::by_number(last.number));
            for lead in page.into_iter().filter(|lead| filter.takes(lead)) {
                let line = LeadLine { delivery: delivery(tx, lead.number)?, lead };
                if filter.state.is_none() || line.state() == filter.state {
                    visit(line);
                }
            }
        }
    })
}

/// One lead, opened.
pub fn show(
    store: &dyn Store,
    supplier: &SupplierCode,
    vault: &LeadVault,
    number: i64,
) -> Result<LeadLine, LeadsError> {
    let mut found = None;
    read::<LeadsError>(store, supplier, &mut |tx| {
        if let Some(lead) = tx.find(&Lead::by_number(number))? {
            found = Some(LeadLine { delivery: delivery(tx, number)?, lead });
        }
        Ok(())
    })?;
    let mut line = found.ok_or(LeadsError::UnknownLead(number))?;
    line.lead = vault.open(line.lead).map_err(|error| LeadsError::Sealed(number, error))?;
    Ok(line)
}

/// Puts a lead at the end of the queue again, whatever became of it before, and opens receivers that
/// were closed. The running server delivers it.
pub fn retry(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    number: i64,
) -> Result<(), LeadsError> {
    let written = write_to(store, supplier.clone(), "leads retry".to_owned(), now, move |tx| {
        if !tx.has(&Lead::by_number(number))? {
            return Err(WriteError::Refused(()));
        }
        open_receivers(tx)?;
        queue(tx, number, now)
    });
    match written {
        Ok(_) => Ok(()),
        Err(WriteError::Refused(())) => Err(LeadsError::UnknownLead(number)),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

/// Puts all dead deliveries into the queue again, and opens receivers that were closed. Returns the
/// number of leads.
pub fn retry_dead(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
) -> Result<usize, LeadsError> {
    let job = move |tx: &mut dyn WriteTx| {
        let mut dead = Vec::new();
        tx.each_of_all::<Delivery>(&mut |delivery| {
            if delivery.state == DeliveryState::Dead {
                dead.push(delivery.lead);
            }
            Ok(())
        })?;
        open_receivers(tx)?;
        for lead in &dead {
            queue(tx, *lead, now)?;
        }
        Ok::<_, WriteError<()>>(dead.len())
    };
    match write_to(store, supplier.clone(), "leads retry".to_owned(), now, job) {
        Ok(written) => Ok(written.value),
        Err(WriteError::Refused(())) => Ok(0),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

/// Puts a delivery into the queue, as if it had never been attempted.
fn queue(tx: &mut dyn WriteTx, lead: i64, now: Instant) -> Result<(), WriteError<()>> {
    unqueue(tx, lead)?;
    let delivery = Delivery {
        lead,
        state: DeliveryState::Pending,
        attempts: 0,
        attempted_at: None,
        due: Some(now),
        failure: None,
    };
    tx.save(delivery)?;
    tx.save(DeliveryTurn { due: now, lead })?;
    Ok(())
}

/// Takes a delivery out of the queue.
fn unqueue(tx: &mut dyn WriteTx, lead: i64) -> Result<(), StoreError> {
    let known = delivery(&*tx, lead)?;
    if let Some(due) = known.and_then(|delivery| delivery.due) {
        tx.delete(&DeliveryTurn::of_lead(due, lead))?;
    }
    Ok(())
}

fn open_receivers(tx: &mut dyn WriteTx) -> Result<(), WriteError<()>> {
    let mut closed = Vec::new();
    tx.each_of_all::<ClosedReceiver>(&mut |receiver| {
        closed.push(Key::of(&receiver));
        Ok(())
    })?;
    for receiver in &closed {
        tx.delete(receiver)?;
    }
    Ok(())
}

fn delivery(tx: &dyn ReadTx, lead: i64) -> Result<Option<Delivery>, StoreError> {
    tx.find(&Delivery::of_lead(lead))
}

/// Reads the rows of a supplier.
impl LeadFilter {
    fn takes(&self, lead: &Lead) -> bool {
        let category = self.category.as_deref().is_none_or(|code| lead.category.as_str() == code);
        category && self.since.is_none_or(|since| lead.created_at >= since)
    }
}

impl LeadLine {
    pub fn state(&self) -> Option<DeliveryState> {
        self.delivery.as_ref().map(|delivery| delivery.state)
    }
}
