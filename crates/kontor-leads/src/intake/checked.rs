//! Checking the inputs of a call against the book.

use std::sync::Arc;

use kontor_model::customer::State;
use kontor_model::questionnaire::{Category, CategoryCode, Grant};
use kontor_pricing::Tenant;
use kontor_store::StoreError;

use super::transaction::Batch;
use super::{InputFault, LeadDesk, LeadInput, Submission, duplicates_since};
use crate::questionnaire::Answers;
use kontor_app::access::partners::PartnerAsker;

/// An input without fault, as far as the book tells.
pub(super) struct Checked {
    pub(super) category: CategoryCode,
    pub(super) answers: Answers,
}

impl LeadDesk {
    /// Checks all inputs against one version of the book.
    pub(super) fn check(&self, submission: Submission) -> Result<Arc<Batch>, StoreError> {
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
}

/// A category that the partner may send leads of, and its questions.
fn category<'a>(
    tenant: &'a Tenant,
    asker: &PartnerAsker,
    code: &str,
) -> Result<(&'a Category, &'a str), InputFault> {
    let Some(category) = tenant.find(&Category::by_code(code)) else {
        return Err(InputFault::UnknownCategory);
    };
    if tenant.find(&Grant::of(asker.partner.code.as_str(), code)).is_none() {
        return Err(InputFault::NotGranted);
    }
    if category.state == State::Disabled {
        return Err(InputFault::SwitchedOff);
    }
    let questions = category.questions.as_deref().ok_or(InputFault::NoQuestionnaire)?;
    match (&asker.partner.language, &category.language) {
        (Some(wanted), Some(offered)) if !wanted.eq_ignore_ascii_case(offered) => {
            Err(InputFault::OtherLanguage)
        }
        _ => Ok((category, questions)),
    }
}
