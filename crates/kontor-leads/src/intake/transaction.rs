//! What happens inside of the transaction: repetitions are found, leads are stored.

use kontor_model::counter::{LEAD_CONTACT_NUMBERS, LEAD_NUMBERS};
use kontor_model::instant::Instant;
use kontor_model::lead::{Lead, phone_key};
use kontor_model::lead_delivery::{Delivery, DeliveryState, DeliveryTurn, SubmissionKey};
use kontor_model::questionnaire::CategoryCode;
use kontor_store::{ReadNouns, ReadTx, StoreError, WriteNouns, WriteTx};

use super::submission::{Accepted, InputFault, RepeatKey, SubmitError};
use crate::questionnaire::Answers;
use crate::vault::LeadVault;
use kontor_app::access::partner_asker::PartnerAsker;
use kontor_app::write::WriteError;

/// For how long a key is remembered.
const KEY_SECONDS: i64 = 24 * 3600;

/// An input without fault, as far as the book tells.
pub(super) struct Checked {
    pub(super) category: CategoryCode,
    pub(super) answers: Answers,
}

/// A call whose inputs were checked.
pub(super) struct Batch {
    pub(super) asker: PartnerAsker,
    pub(super) key: Option<RepeatKey>,
    pub(super) inputs: Vec<Result<Checked, InputFault>>,
    pub(super) now: Instant,
    pub(super) duplicates_since: Option<Instant>,
    pub(super) questionnaire_version: Option<i64>,
    pub(super) vault: LeadVault,
}

/// Why nothing is to be stored.
pub(super) enum Refusal {
    /// The call repeats one that was answered like this.
    Repeated(Vec<Accepted>),
    KeyReused,
    Faults(Vec<(usize, InputFault)>),
}

/// What an e-mail address and a phone number are compared by.
struct Traces {
    category: String,
    email: String,
    phone_key: Option<String>,
}

impl Batch {
    /// Whether there is anything against storing all inputs.
    pub(super) fn judge(&self, tx: &dyn ReadTx) -> Result<Result<(), Refusal>, StoreError> {
        if let Some(refusal) = self.judge_key(tx)? {
            return Ok(Err(refusal));
        }
        let mut faults = Vec::new();
        let mut earlier: Vec<Traces> = Vec::new();
        for (place, input) in self.inputs.iter().enumerate() {
            let checked = match input {
                Ok(checked) => checked,
                Err(fault) => {
                    faults.push((place, fault.clone()));
                    continue;
                }
            };
            let traces = Traces::of(checked);
            if self.is_duplicate(tx, &traces, &earlier)? {
                faults.push((place, InputFault::Duplicate));
            } else {
                earlier.push(traces);
            }
        }
        Ok(if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults)) })
    }

    /// Stores all inputs as leads, or nothing.
    pub(super) fn store(&self, tx: &mut dyn WriteTx) -> Result<Vec<Accepted>, WriteError<Refusal>> {
        self.judge(tx)?.map_err(WriteError::Refused)?;
        let mut accepted = Vec::with_capacity(self.inputs.len());
        for checked in self.inputs.iter().flatten() {
            accepted.push(self.store_lead(tx, checked)?);
        }
        if let Some(key) = &self.key {
            tx.save(SubmissionKey {
                partner: self.asker.partner.code.clone(),
                key: key.key.clone(),
                digest: key.digest.clone(),
                answer: written(&accepted),
                expires: self.now.plus_seconds(KEY_SECONDS),
            })?;
        }
        Ok(accepted)
    }

    fn judge_key(&self, tx: &dyn ReadTx) -> Result<Option<Refusal>, StoreError> {
        let Some(key) = &self.key else { return Ok(None) };
        let remembered = SubmissionKey::of(self.asker.partner.code.as_str(), &key.key);
        let Some(known) = tx.find(&remembered)? else {
            return Ok(None);
        };
        if known.expires <= self.now {
            return Ok(None);
        }
        if known.digest != key.digest {
            return Ok(Some(Refusal::KeyReused));
        }
        let answer = read(&known.answer)
            .ok_or_else(|| StoreError::Damaged("the answer of a submission key".to_owned()))?;
        Ok(Some(Refusal::Repeated(answer)))
    }

    fn is_duplicate(
        &self,
        tx: &dyn ReadTx,
        traces: &Traces,
        earlier: &[Traces],
    ) -> Result<bool, StoreError> {
        let Some(since) = self.duplicates_since else { return Ok(false) };
        if earlier.iter().any(|other| traces.is_like(other)) {
            return Ok(true);
        }
        for (email, phone_key) in self.vault.traces(&traces.email, traces.phone_key.as_deref()) {
            if tx.has_lead_alike(&traces.category, &email, phone_key.as_deref(), since)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn store_lead(
        &self,
        tx: &mut dyn WriteTx,
        checked: &Checked,
    ) -> Result<Accepted, WriteError<Refusal>> {
        let answers = &checked.answers;
        let accepted =
            Accepted { lead: next_lead(tx)?, contact: self.contact(tx, &answers.email)? };
        let lead = Lead {
            number: accepted.lead,
            category: checked.category.clone(),
            partner: self.asker.partner.code.clone(),
            contact_number: accepted.contact,
            email: answers.email.clone(),
            phone: answers.phone.clone(),
            phone_key: answers.phone.as_deref().and_then(phone_key),
            created_at: self.now,
            answers: Some(answers.to_json().to_string()),
            questionnaire_version: self.questionnaire_version,
        };
        let sealed = self.vault.seal(lead).map_err(|error| StoreError::Write(error.to_string()))?;
        tx.save(sealed)?;
        let delivery = Delivery {
            lead: accepted.lead,
            state: DeliveryState::Pending,
            attempts: 0,
            attempted_at: None,
            due: Some(self.now),
            failure: None,
        };
        tx.save(delivery)?;
        tx.save(DeliveryTurn { due: self.now, lead: accepted.lead })?;
        Ok(accepted)
    }

    /// The number of the person: the one of the address, or a new one. Should the counter stand
    /// below leads that came by a file, their numbers are passed over.
    fn contact(&self, tx: &mut dyn WriteTx, email: &str) -> Result<i64, StoreError> {
        for (email, _) in self.vault.traces(email, None) {
            if let Some(contact) = tx.lead_contact(&email)? {
                return Ok(contact);
            }
        }
        loop {
            let number = tx.next_number(LEAD_CONTACT_NUMBERS)?;
            if !tx.has_lead_contact(number)? {
                return Ok(number);
            }
        }
    }
}

/// The number of a new lead. Should the counter stand below leads that came by a file, they are
/// passed over: a lead is never overwritten.
fn next_lead(tx: &mut dyn WriteTx) -> Result<i64, StoreError> {
    loop {
        let number = tx.next_number(LEAD_NUMBERS)?;
        if !tx.has(&Lead::by_number(number))? {
            return Ok(number);
        }
    }
}

/// Accepted inputs as a text of the store.
fn written(accepted: &[Accepted]) -> String {
    let pairs = accepted.iter().map(|one| vec![one.lead, one.contact]);
    pairs.collect::<serde_json::Value>().to_string()
}

fn read(text: &str) -> Option<Vec<Accepted>> {
    let pairs: Vec<(i64, i64)> = serde_json::from_str(text).ok()?;
    Some(pairs.into_iter().map(|(lead, contact)| Accepted { lead, contact }).collect())
}

impl Traces {
    fn of(checked: &Checked) -> Self {
        Self {
            category: checked.category.to_string(),
            email: checked.answers.email.clone(),
            phone_key: checked.answers.phone.as_deref().and_then(phone_key),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        let same_phone = self.phone_key.is_some() && self.phone_key == other.phone_key;
        let same_email = self.email.eq_ignore_ascii_case(&other.email);
        self.category == other.category && (same_phone || same_email)
    }
}

impl Refusal {
    /// The answer to the call. A repeated one is answered as it was the first time.
    pub(super) fn answer(self) -> Result<Vec<Accepted>, SubmitError> {
        match self {
            Self::Repeated(accepted) => Ok(accepted),
            Self::KeyReused => Err(SubmitError::KeyReused),
            Self::Faults(faults) => Err(SubmitError::Faults(faults)),
        }
    }
}
