//! Codes of errors, and which fault has which.

use std::collections::BTreeMap;

use http::StatusCode;
use kontor_leads::intake::InputFault;
use kontor_leads::questionnaire::{Findings, ReportsAs};

use crate::wire::{self, WireId};

/// A code and its message, the table of the specification's section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    Authenticate = 1,
    AccountDisabled = 2,
    NoQuestionnaire = 3,
    Language = 4,
    CategoryOff = 5,
    MissingQuestion = 6,
    UnknownQuestion = 7,
    EmptyAnswer = 8,
    WrongAnswer = 9,
    LastName = 10,
    FirstName = 11,
    Email = 12,
    CompanyName = 13,
    Zip = 14,
    Phone = 15,
    Duplicate = 16,
    UnknownCategory = 17,
    Malformed = 18,
    CategoryNotAllowed = 19,
}

/// An entry of `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) code: Code,
    pub(crate) data: Vec<WireId>,
}

/// Why a whole request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestError {
    Unauthorized,
    Disabled,
    /// Not readable, or a key that is bad or stands for another call.
    Malformed,
    TooLarge,
    Method,
}

impl Code {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Authenticate => "partner_error_authenticate",
            Self::AccountDisabled => "partner_error_account_disabled",
            Self::NoQuestionnaire => "partner_error_qcp",
            Self::Language => "partner_error_language",
            Self::CategoryOff => "partner_error_categ",
            Self::MissingQuestion => "partner_error_empty_qid",
            Self::UnknownQuestion => "partner_error_unknown_qid",
            Self::EmptyAnswer => "partner_error_empty_iid",
            Self::WrongAnswer => "partner_error_unknown_iid",
            Self::LastName => "partner_error_lastname",
            Self::FirstName => "partner_error_firstname",
            Self::Email => "partner_error_email_address",
            Self::CompanyName => "partner_error_company_name",
            Self::Zip => "partner_error_zipcode",
            Self::Phone => "partner_error_phone",
            Self::Duplicate => "partner_error_duplicate",
            Self::UnknownCategory => "partner_error_category_id_unknown",
            Self::Malformed => "partner_error_malformed_request",
            Self::CategoryNotAllowed => "partner_error_not_allowed_categories",
        }
    }
}

impl From<ReportsAs> for Code {
    fn from(what: ReportsAs) -> Self {
        match what {
            ReportsAs::LastName => Self::LastName,
            ReportsAs::FirstName => Self::FirstName,
            ReportsAs::Email => Self::Email,
            ReportsAs::CompanyName => Self::CompanyName,
            ReportsAs::ZipCode => Self::Zip,
            ReportsAs::Phone => Self::Phone,
        }
    }
}

impl RequestError {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Unauthorized | Self::Disabled => StatusCode::UNAUTHORIZED,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    pub(crate) fn code(self) -> Code {
        match self {
            Self::Unauthorized => Code::Authenticate,
            Self::Disabled => Code::AccountDisabled,
            Self::Malformed | Self::TooLarge | Self::Method => Code::Malformed,
        }
    }

    /// The message of the answer: that of the code where somebody is not let in.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Unauthorized | Self::Disabled => self.code().message(),
            Self::Malformed | Self::TooLarge | Self::Method => wire::DETECTED,
        }
    }
}

/// The entries for one input. `category` is its id as it was sent; an input that cannot be read
/// has none.
pub(crate) fn entries(fault: &InputFault, category: Option<&WireId>) -> Vec<Entry> {
    let of_category = |code| vec![Entry { code, data: category.cloned().into_iter().collect() }];
    match fault {
        InputFault::Unreadable => vec![Entry { code: Code::Malformed, data: Vec::new() }],
        InputFault::UnknownCategory => of_category(Code::UnknownCategory),
        InputFault::NotGranted => of_category(Code::CategoryNotAllowed),
        InputFault::SwitchedOff => of_category(Code::CategoryOff),
        InputFault::NoQuestionnaire => of_category(Code::NoQuestionnaire),
        InputFault::OtherLanguage => of_category(Code::Language),
        InputFault::Answers(findings) => of_findings(findings),
        InputFault::Duplicate => vec![Entry { code: Code::Duplicate, data: Vec::new() }],
    }
}

/// One entry for each code, ascending.
fn of_findings(findings: &Findings) -> Vec<Entry> {
    let mut by_code: BTreeMap<Code, Vec<WireId>> = BTreeMap::new();
    for (code, ids) in [
        (Code::MissingQuestion, &findings.missing),
        (Code::UnknownQuestion, &findings.unknown),
        (Code::EmptyAnswer, &findings.empty),
        (Code::WrongAnswer, &findings.wrong),
    ] {
        for id in ids {
            by_code.entry(code).or_default().push(WireId::of(id));
        }
    }
    for (what, id) in &findings.named {
        by_code.entry(Code::from(*what)).or_default().push(WireId::of(id));
    }
    by_code.into_iter().map(|(code, data)| Entry { code, data }).collect()
}
