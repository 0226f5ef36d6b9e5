//! The desk where leads are taken in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_pricing::Tenant;
use kontor_store::{Abort, StoreError};

use crate::questionnaire::Questionnaire;
use crate::vault::LeadVault;
use kontor_app::access::partner_asker::PartnerAsker;
use kontor_app::app::App;
use kontor_app::write::WriteError;

use super::category::category;
use super::submission::{Accepted, InputFault, LeadInput, Submission, SubmitError};
use super::transaction::{Batch, Checked, Refusal};

/// Takes in leads.
pub struct LeadDesk {
    app: Arc<App>,
    vault: LeadVault,
    /// Compiled questionnaires with the text they were compiled from.
    compiled: Mutex<HashMap<(SupplierId, String), Compiled>>,
}

type Compiled = (String, Arc<Questionnaire>);

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

    /// Checks all inputs against one version of the book.
    fn check(&self, submission: Submission) -> Result<Arc<Batch>, StoreError> {
        let book = self.app.book();
        let now = self.app.now();
        let asker = submission.asker;
        let tenant = book.tenant(asker.supplier).ok_or(StoreError::Closed)?;
        let mut inputs = Vec::with_capacity(submission.inputs.len());
        for input in &submission.inputs {
            inputs.push(match input {
                None => Err(InputFault::Unreadable),
                Some(input) => self.check_input(tenant, &asker, input)?,
            });
        }
        Ok(Arc::new(Batch {
            asker,
            key: submission.key,
            inputs,
            now,
            duplicates_since: duplicates_since(now, submission.duplicate_days),
            questionnaire_version: i64::try_from(book.change()).ok(),
            vault: self.vault.clone(),
        }))
    }

    fn check_input(
        &self,
        tenant: &Tenant,
        asker: &PartnerAsker,
        input: &LeadInput,
    ) -> Result<Result<Checked, InputFault>, StoreError> {
        let (category, questions) = match category(tenant, asker, &input.category) {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let questionnaire = self.questionnaire(tenant.id(), &input.category, questions)?;
        Ok(match questionnaire.check(&input.answers) {
            Ok(answers) => Ok(Checked { category: category.code.clone(), answers }),
            Err(findings) => Err(InputFault::Answers(findings)),
        })
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

/// Since when a lead is a duplicate; `None`: never.
fn duplicates_since(now: Instant, days: u32) -> Option<Instant> {
    const DAY_SECONDS: i64 = 24 * 3600;
    (days > 0).then(|| now.plus_seconds(-DAY_SECONDS.saturating_mul(i64::from(days))))
}
