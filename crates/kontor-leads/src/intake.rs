//! Taking in leads: all of a call or none of it, each accepted once, durable before the answer.
//!
//! What a call sends is checked against the questionnaires of one version of the book. Whether it
//! repeats a call or a lead is decided inside of the transaction that stores it, so that of two
//! calls at the same time one is the repetition. A call that is refused never takes the writer's
//! turn: it only reads.

mod checked;
mod transaction;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_store::{Abort, StoreError};
use sha2::{Digest, Sha256};

use crate::questionnaire::{Findings, Given, Questionnaire};
use crate::vault::LeadVault;
use kontor_app::access::partners::PartnerAsker;
use kontor_app::app::App;
use kontor_app::write::WriteError;

use transaction::{Batch, Refusal};

/// Takes in leads.
pub struct LeadDesk {
    app: Arc<App>,
    vault: LeadVault,
    /// Compiled questionnaires with the text they were compiled from.
    compiled: Mutex<HashMap<(SupplierId, String), Compiled>>,
}

type Compiled = (String, Arc<Questionnaire>);

/// What a partner sends in one call.
pub struct Submission {
    pub asker: PartnerAsker,
    /// By which the partner may repeat the call.
    pub key: Option<RepeatKey>,
    /// `None`: there is something that cannot be read as an input.
    pub inputs: Vec<Option<LeadInput>>,
    /// Days within which a lead is a duplicate of another; 0: there are no duplicates.
    pub duplicate_days: u32,
}

/// A key chosen by the partner, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatKey {
    key: String,
    /// Digest of the body of the call.
    digest: String,
}

/// One lead as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadInput {
    pub category: String,
    /// Ids of questions and what was given as their answers, each id once.
    pub answers: Vec<(String, Given)>,
}

/// An input that became a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    pub lead: i64,
    pub contact: i64,
}

/// What is wrong with one input. The first that applies counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputFault {
    Unreadable,
    UnknownCategory,
    /// The category was not granted to the partner.
    NotGranted,
    SwitchedOff,
    NoQuestionnaire,
    /// The questionnaire is not in the partner's language.
    OtherLanguage,
    Answers(Findings),
    /// A lead like this was accepted before, or is part of the same call.
    Duplicate,
}

/// Why nothing of a call was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// What is wrong, by place of the input.
    #[error("inputs are in error")]
    Faults(Vec<(usize, InputFault)>),
    #[error("the key stands for another call")]
    KeyReused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LeadDesk {
    pub fn new(app: Arc<App>, vault: LeadVault) -> Self {
        Self { app, vault, compiled: Mutex::default() }
    }

    /// Takes in the leads of a call, or answers a repeated call as the first one was answered.
    pub async fn submit(
        self: &Arc<Self>,
        submission: Submission,
    ) -> Result<Vec<Accepted>, SubmitError> {
        let batch = self.check(submission)?;
        let is_faulty = batch.inputs.iter().any(Result::is_err);
        if is_faulty || batch.key.is_some() {
            // Repetitions and refusals cost no turn of the writer.
            let (desk, read) = (Arc::clone(self), Arc::clone(&batch));
            let judged = tokio::task::spawn_blocking(move || desk.judge(&read)).await;
            match judged.unwrap_or(Err(StoreError::Closed))? {
                Ok(()) => {}
                Err(refusal) => return refusal.answer(),
            }
        }
        let actor = format!("partner {}", batch.asker.partner.code);
        let supplier = batch.asker.supplier_code.clone();
        let job = move |tx: &mut dyn kontor_store::WriteTx| batch.store(tx);
        match self.app.write_beside_book(supplier, &actor, job).await {
            Ok(written) => {
                self.app.lead_news().send_replace(());
                Ok(written.value)
            }
            Err(WriteError::Refused(refusal)) => refusal.answer(),
            Err(WriteError::Store(error)) => Err(error.into()),
        }
    }

    fn judge(&self, batch: &Batch) -> Result<Result<(), Refusal>, StoreError> {
        let mut judged = Ok(());
        let read = self.app.store().read(batch.asker.supplier, &mut |tx| {
            judged = batch.judge(tx)?;
            Ok(())
        });
        match read {
            Ok(()) => Ok(judged),
            Err(Abort::Store(error)) => Err(error),
            Err(Abort::Refused) => Err(StoreError::Closed),
        }
    }

    /// The questionnaire of a category, compiled once for each text.
    fn questionnaire(
        &self,
        supplier: SupplierId,
        category: &str,
        questions: &str,
    ) -> Result<Arc<Questionnaire>, StoreError> {
        let key = (supplier, category.to_owned());
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((text, questionnaire)) = compiled.get(&key)
            && text == questions
        {
            return Ok(Arc::clone(questionnaire));
        }
        // It was checked before it was stored.
        let questionnaire = Questionnaire::read(questions).map_err(|error| {
            StoreError::Damaged(format!("questionnaire of category {category}: {error}"))
        })?;
        let questionnaire = Arc::new(questionnaire);
        compiled.insert(key, (questions.to_owned(), Arc::clone(&questionnaire)));
        Ok(questionnaire)
    }
}

impl RepeatKey {
    /// A key of a call with this body.
    pub fn new(key: impl Into<String>, body: &[u8]) -> Self {
        let mut digest = String::from("sha256:");
        for byte in Sha256::digest(body) {
            // Writing to a text cannot fail.
            let _ = write!(digest, "{byte:02x}");
        }
        Self { key: key.into(), digest }
    }
}

/// Since when a lead is a duplicate; `None`: never.
fn duplicates_since(now: Instant, days: u32) -> Option<Instant> {
    const DAY_SECONDS: i64 = 24 * 3600;
    (days > 0).then(|| now.plus_seconds(-DAY_SECONDS.saturating_mul(i64::from(days))))
}
