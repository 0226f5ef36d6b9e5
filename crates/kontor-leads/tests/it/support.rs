//! An office that takes in leads.

use std::ops::Deref;
use std::sync::Arc;

use kontor_app::access::partner_asker::PartnerAsker;
use kontor_leads::intake::{Accepted, LeadDesk, LeadInput, RepeatKey, Submission, SubmitError};
use kontor_leads::questionnaire::Given;
use kontor_leads::vault::LeadVault;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
pub(crate) use kontor_testkit::office::demo42;

pub(crate) const SEAL_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The application over data of its own, with a desk for leads.
pub(crate) struct Office {
    inner: kontor_testkit::office::Office,
    pub(crate) desk: Arc<LeadDesk>,
    pub(crate) vault: LeadVault,
}

impl Deref for Office {
    type Target = kontor_testkit::office::Office;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::with(LeadVault::default())
    }

    pub(crate) fn sealed() -> Self {
        Self::with(LeadVault::new(Some(SEAL_KEY)).expect("a vault"))
    }

    fn with(vault: LeadVault) -> Self {
        let inner = kontor_testkit::office::Office::open();
        let desk = Arc::new(LeadDesk::new(Arc::clone(&inner.app), vault.clone()));
        Self { inner, desk, vault }
    }

    /// Sends good leads of these e-mail addresses and phone numbers as partner 22.
    pub(crate) fn submit(
        &self,
        leads: &[(&str, &str)],
        key: Option<&str>,
    ) -> Result<Vec<Accepted>, SubmitError> {
        let submission = Submission {
            asker: self.asker(),
            key: key.map(|key| RepeatKey::new(key, format!("{leads:?}").as_bytes())),
            inputs: leads.iter().map(|(email, phone)| Some(input(email, phone))).collect(),
            duplicate_days: 30,
        };
        self.runtime.block_on(self.desk.submit(submission))
    }

    /// Sends one lead and returns its number.
    pub(crate) fn lead(&self, email: &str, phone: &str) -> i64 {
        self.submit(&[(email, phone)], None).expect("a good lead")[0].lead
    }

    pub(crate) fn asker(&self) -> PartnerAsker {
        let Some(Record::Partner(partner)) = self.row(Kind::Partner, &[Cell::text("22")]) else {
            panic!("no partner 22");
        };
        let supplier = self.store().supplier_id("demo42").expect("a store").expect("demo42");
        PartnerAsker { supplier, supplier_code: demo42(), partner }
    }
}

fn input(email: &str, phone: &str) -> LeadInput {
    let answers = [
        ("30148", "25638"),
        ("25533", "75001"),
        ("email", email),
        ("companyName", "=HOTTE"),
        ("segment", "1"),
        ("firstname", "Wayne"),
        ("lastname", "Hotte"),
        ("phone", phone),
    ];
    let answers = answers.map(|(id, text)| (id.to_owned(), Given::Text(text.to_owned())));
    LeadInput { category: "1463".to_owned(), answers: answers.to_vec() }
}
