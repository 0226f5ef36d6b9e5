//! Questionnaires: the questions of a category, read from its JSON text, and the check of answers
//! against them.
//!
//! Pure: nothing here knows a protocol, a store or a clock. Which number or word a protocol has for
//! what is wrong with an answer is its own business.

mod check;
mod example;
mod pattern;
mod pattern_class;
mod pattern_error;
mod question;
mod read;

pub use check::{Answer, Answers, Findings, Given};
pub use pattern::Pattern;
pub use pattern_error::PatternError;
pub use question::{Question, QuestionKind, QuestionOption, Questionnaire, ReportsAs};
pub use read::{QuestionFault, QuestionnaireError};
