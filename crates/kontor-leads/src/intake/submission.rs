//! What a partner sends in one call, and what it is answered.

use kontor_app::access::partner_asker::PartnerAsker;
use kontor_app::access::secrets::bytes_digest;
use kontor_store::StoreError;

use crate::questionnaire::{Findings, Given};

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
    pub(super) key: String,
    /// Digest of the body of the call.
    pub(super) digest: String,
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

impl RepeatKey {
    /// A key of a call with this body.
    pub fn new(key: impl Into<String>, body: &[u8]) -> Self {
        Self { key: key.into(), digest: bytes_digest(body) }
    }
}
