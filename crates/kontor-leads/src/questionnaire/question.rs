//! Questions as they are asked.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use super::pattern::Pattern;

/// The questions of a category in their order.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    pub(super) questions: Box<[Question]>,
    pub(super) by_id: HashMap<Box<str>, usize>,
    /// The question for the e-mail address, which tells whose lead it is.
    pub(super) email: usize,
    pub(super) phone: Option<usize>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    pub id: Box<str>,
    pub label: Box<str>,
    pub mandatory: bool,
    pub kind: QuestionKind,
    /// What the question asks for, where a fault in its answer has a name of its own.
    pub reports_as: Option<ReportsAs>,
}

/// What counts as an answer.
#[derive(Debug, Clone)]
pub enum QuestionKind {
    /// One of the options.
    Single(Box<[QuestionOption]>),
    /// Some of the options.
    Multiple(Box<[QuestionOption]>),
    /// A text; with a pattern, one in which it is found.
    Text(Option<Pattern>),
}

/// An option and the id by which it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionOption {
    pub id: Box<str>,
    pub label: Box<str>,
}

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportsAs {
    LastName,
    FirstName,
    Email,
    CompanyName,
    ZipCode,
    Phone,
}

impl Questionnaire {
    /// The questions in their order.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.by_id.get(id).and_then(|place| self.questions.get(*place))
    }

    /// The question for the e-mail address.
    pub fn email(&self) -> Option<&Question> {
        self.questions.get(self.email)
    }

    /// The question for the phone number, where there is one.
    pub fn phone(&self) -> Option<&Question> {
        self.phone.and_then(|place| self.questions.get(place))
    }
}

impl QuestionKind {
    /// The options; none where a text is asked for.
    pub fn options(&self) -> &[QuestionOption] {
        match self {
            Self::Single(options) | Self::Multiple(options) => options,
            Self::Text(_) => &[],
        }
    }

    /// The pattern of a text.
    pub fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Text(pattern) => pattern.as_ref(),
            Self::Single(_) | Self::Multiple(_) => None,
        }
    }
}

impl FromStr for ReportsAs {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "last_name" => Ok(Self::LastName),
            "first_name" => Ok(Self::FirstName),
            "email" => Ok(Self::Email),
            "company_name" => Ok(Self::CompanyName),
            "zip_code" => Ok(Self::ZipCode),
            "phone" => Ok(Self::Phone),
            _ => Err("not last_name, first_name, email, company_name, zip_code or phone"),
        }
    }
}

impl fmt::Display for ReportsAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LastName => "last_name",
            Self::FirstName => "first_name",
            Self::Email => "email",
            Self::CompanyName => "company_name",
            Self::ZipCode => "zip_code",
            Self::Phone => "phone",
        })
    }
}
