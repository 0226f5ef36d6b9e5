//! The page of a category for partners: what is asked, which answers count, an example that is
//! accepted. It is made from the data, so it cannot be out of date.

mod example;
mod html;
mod text;

use kontor_leads::questionnaire::{Question, QuestionKind, Questionnaire, QuestionnaireError};
use kontor_model::questionnaire::Category;

use crate::error::Code;
use crate::wire;

/// A category and where its leads are sent.
pub struct Page<'a> {
    category: &'a Category,
    questionnaire: Questionnaire,
    /// Address of the endpoint.
    url: String,
}

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    #[error("category {0} has no questionnaire")]
    NoQuestionnaire(String),
    #[error("the questionnaire of category {0}: {1}")]
    Questionnaire(String, QuestionnaireError),
}

impl<'a> Page<'a> {
    /// `base` is the address of the server, such as `https://api.example.com`.
    pub fn new(category: &'a Category, base: &str) -> Result<Self, PageError> {
        let code = category.code.to_string();
        let Some(questions) = &category.questions else {
            return Err(PageError::NoQuestionnaire(code));
        };
        let questionnaire = Questionnaire::read(questions)
            .map_err(|error| PageError::Questionnaire(code, error))?;
        let url = format!("{}{}", base.trim_end_matches('/'), wire::CREATE);
        Ok(Self { category, questionnaire, url })
    }

    /// The page for a terminal.
    pub fn text(&self) -> String {
        text::page(self)
    }

    /// The page for a browser, in one file.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// An input of this category that is accepted, as the body of a request.
    pub fn example(&self) -> String {
        example::body(self.category.code.as_str(), &self.questionnaire)
    }

    /// The call of the example from a command line.
    pub fn curl(&self) -> String {
        let data = example::compact(self.category.code.as_str(), &self.questionnaire);
        format!(
            "curl --request POST \\\n  {} \\\n  --header 'Content-Type: application/json' \\\n  \
             --header 'Authorization: Bearer TOKEN' \\\n  --data '{}'",
            self.url,
            data.replace('\'', r"'\''")
        )
    }

    fn title(&self) -> String {
        let name = self.category.name.as_ref().map(|name| format!(" ({name})"));
        let language = self.category.language.as_ref().map(|language| format!(", {language}"));
        format!(
            "Category {}{}{}",
            self.category.code,
            name.unwrap_or_default(),
            language.unwrap_or_default()
        )
    }
}

/// What counts as an answer, in words.
fn answers(question: &Question) -> String {
    match &question.kind {
        QuestionKind::Single(_) => "one option".to_owned(),
        QuestionKind::Multiple(_) => "options, one or a list".to_owned(),
        QuestionKind::Text(Some(pattern)) => pattern.as_written().to_owned(),
        QuestionKind::Text(None) => "any text".to_owned(),
    }
}

/// The codes of faults in the answer.
fn codes(question: &Question) -> String {
    match question.reports_as {
        Some(what) => (Code::from(what) as u8).to_string(),
        None if question.mandatory => "6, 8, 9".to_owned(),
        None => "9".to_owned(),
    }
}
