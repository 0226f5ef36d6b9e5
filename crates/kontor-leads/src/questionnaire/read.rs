//! Reading a questionnaire from its JSON text.
//!
//! ```json
//! [{"id": "30148", "label": "Staff", "mandatory": true, "kind": "single",
//!   "options": [{"id": "25638", "label": "1 - 4"}]},
//!  {"id": "email", "label": "E-mail", "mandatory": true, "kind": "text",
//!   "pattern": "/^[a-z.]+@[a-z.]+$/i", "reports_as": "email"}]
//! ```
//! `kind` is `single`, `multiple` (both with `options`) or `text` (with a `pattern` or without).
//! `reports_as` says what a question asks for. Whatever is not understood is refused.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::pattern::Pattern;
use super::question::{Question, QuestionKind, QuestionOption, Questionnaire, ReportsAs};

/// Limits of one questionnaire.
const MAX_QUESTIONS: usize = 200;
const MAX_OPTIONS: usize = 1000;
const MAX_ID_BYTES: usize = 255;
const MAX_LABEL_CHARS: usize = 1000;

/// Why a text is no questionnaire: every question with a fault is named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct QuestionnaireError {
    pub faults: Vec<QuestionFault>,
}

/// What is wrong, and with which question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionFault {
    /// The question as people would point at it: its place and its id. `None`: the whole.
    pub question: Option<String>,
    pub reason: String,
}

impl Questionnaire {
    /// Reads the JSON text of a category's questions.
    pub fn read(text: &str) -> Result<Self, QuestionnaireError> {
        let list = match serde_json::from_str(text) {
            Ok(Value::Array(list)) => list,
            Ok(_) => return Err(whole("not a list of questions")),
            Err(error) => return Err(whole(format_args!("not JSON: {error}"))),
        };
        if list.is_empty() || list.len() > MAX_QUESTIONS {
            return Err(whole(format_args!("not 1 to {MAX_QUESTIONS} questions")));
        }
        let mut questions = Vec::with_capacity(list.len());
        let (mut by_id, mut faults) = (HashMap::new(), Vec::new());
        for (place, value) in list.iter().enumerate() {
            match question(value) {
                Ok(question) => {
                    if by_id.insert(question.id.clone(), place).is_some() {
                        faults.push(at(place, value, "id: another question has it".to_owned()));
                    }
                    questions.push(question);
                }
                Err(reason) => faults.push(at(place, value, reason)),
            }
        }
        if !faults.is_empty() {
            return Err(QuestionnaireError { faults });
        }
        let email = email(&questions)?;
        let phone = phone(&questions)?;
        Ok(Self { questions: questions.into(), by_id, email, phone })
    }
}

/// The one question for the e-mail address: every lead belongs to one.
fn email(questions: &[Question]) -> Result<usize, QuestionnaireError> {
    let place = one(questions, ReportsAs::Email)?;
    let place = place.ok_or_else(|| whole("no question has reports_as email"))?;
    match questions.get(place) {
        Some(question) if question.mandatory => Ok(place),
        _ => Err(whole("the question that has reports_as email must be mandatory")),
    }
}

fn phone(questions: &[Question]) -> Result<Option<usize>, QuestionnaireError> {
    one(questions, ReportsAs::Phone)
}

/// The place of the one question that asks for this, which must be a text.
fn one(questions: &[Question], what: ReportsAs) -> Result<Option<usize>, QuestionnaireError> {
    let mut places = (0..).zip(questions).filter(|(_, q)| q.reports_as == Some(what));
    let found = places.next();
    if places.next().is_some() {
        return Err(whole(format_args!("two questions have reports_as {what}")));
    }
    match found {
        Some((_, question)) if !matches!(question.kind, QuestionKind::Text(_)) => {
            Err(whole(format_args!("the question that has reports_as {what} must be a text")))
        }
        found => Ok(found.map(|(place, _)| place)),
    }
}

fn question(value: &Value) -> Result<Question, String> {
    let mut members = Members::of(value)?;
    let id = members.id("id")?;
    let label = members.label("label")?;
    let mandatory = members.flag("mandatory")?;
    let kind = members.text("kind")?;
    let options = members.take("options").map(options).transpose();
    let options = options.map_err(|reason| format!("options: {reason}"))?;
    let pattern = members.optional_text("pattern")?.map(Pattern::compile).transpose();
    let pattern = pattern.map_err(|error| format!("pattern: {error}"))?;
    let reports_as = members.optional_text("reports_as")?.map(ReportsAs::from_str).transpose();
    let reports_as = reports_as.map_err(|error| format!("reports_as: {error}"))?;
    members.end()?;
    let kind = match (kind, options, pattern) {
        ("single", Some(options), None) => QuestionKind::Single(options),
        ("multiple", Some(options), None) => QuestionKind::Multiple(options),
        ("single" | "multiple", None, _) => return Err("options: missing".to_owned()),
        ("single" | "multiple", ..) => return Err("pattern: only a text has one".to_owned()),
        ("text", None, pattern) => QuestionKind::Text(pattern),
        ("text", ..) => return Err("options: a text has none".to_owned()),
        _ => return Err("kind: not single, multiple or text".to_owned()),
    };
    Ok(Question { id, label, mandatory, kind, reports_as })
}

fn options(value: &Value) -> Result<Box<[QuestionOption]>, String> {
    let list = value.as_array().ok_or("not a list")?;
    if list.is_empty() || list.len() > MAX_OPTIONS {
        return Err(format!("not 1 to {MAX_OPTIONS} options"));
    }
    let mut known = HashSet::new();
    let mut options = Vec::with_capacity(list.len());
    for (place, value) in (1..).zip(list) {
        let named = |reason| format!("option {place}: {reason}");
        let option = option(value).map_err(named)?;
        if !known.insert(option.id.clone()) {
            return Err(named("id: another option has it".to_owned()));
        }
        options.push(option);
    }
    Ok(options.into())
}

fn option(value: &Value) -> Result<QuestionOption, String> {
    let mut members = Members::of(value)?;
    let option = QuestionOption { id: members.id("id")?, label: members.label("label")? };
    members.end()?;
    Ok(option)
}

/// The members of an object, each taken once.
struct Members<'a> {
    all: &'a Map<String, Value>,
    taken: Vec<&'static str>,
}

impl<'a> Members<'a> {
    fn of(value: &'a Value) -> Result<Self, String> {
        let all = value.as_object().ok_or("not an object")?;
        Ok(Self { all, taken: Vec::new() })
    }

    /// A member that has a value.
    fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.taken.push(name);
        self.all.get(name).filter(|value| !value.is_null())
    }

    fn optional_text(&mut self, name: &'static str) -> Result<Option<&'a str>, String> {
        let value = self.take(name);
        value.map(|value| value.as_str().ok_or(format!("{name}: not a text"))).transpose()
    }

    fn text(&mut self, name: &'static str) -> Result<&'a str, String> {
        self.optional_text(name)?.ok_or(format!("{name}: missing"))
    }

    fn flag(&mut self, name: &'static str) -> Result<bool, String> {
        let value = self.take(name).ok_or(format!("{name}: missing"))?;
        value.as_bool().ok_or(format!("{name}: not true or false"))
    }

    fn label(&mut self, name: &'static str) -> Result<Box<str>, String> {
        let label = self.text(name)?.trim();
        match label.chars().count() {
            0 => Err(format!("{name}: empty")),
            length if length > MAX_LABEL_CHARS => {
                Err(format!("{name}: longer than {MAX_LABEL_CHARS} characters"))
            }
            _ => Ok(label.into()),
        }
    }

    /// An id: a text, or an integer, which is read as the text it is written with.
    fn id(&mut self, name: &'static str) -> Result<Box<str>, String> {
        let value = self.take(name).ok_or(format!("{name}: missing"))?;
        let id = match value {
            Value::String(text) => text.as_str(),
            Value::Number(number) => number.as_str(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(format!("{name}: not a text or an integer"));
            }
        };
        let is_number = value.is_number();
        if is_number && !id.strip_prefix('-').unwrap_or(id).bytes().all(|b| b.is_ascii_digit()) {
            return Err(format!("{name}: not an integer"));
        }
        if id.is_empty() || id.len() > MAX_ID_BYTES {
            return Err(format!("{name}: not 1 to {MAX_ID_BYTES} bytes"));
        }
        if id.trim() != id || id.chars().any(char::is_control) {
            return Err(format!("{name}: has blanks around it or control characters"));
        }
        Ok(id.into())
    }

    /// Refuses members nobody asked for: a misspelt one would be lost silently.
    fn end(self) -> Result<(), String> {
        let unknown = self.all.keys().find(|name| !self.taken.contains(&name.as_str()));
        unknown.map_or(Ok(()), |name| Err(format!("unknown member {name:?}")))
    }
}

fn whole(reason: impl fmt::Display) -> QuestionnaireError {
    QuestionnaireError {
        faults: vec![QuestionFault { question: None, reason: reason.to_string() }],
    }
}

fn at(place: usize, value: &Value, reason: String) -> QuestionFault {
    let id = match value.get("id") {
        Some(Value::String(id)) => format!(" ({id})"),
        Some(Value::Number(id)) => format!(" ({id})"),
        _ => String::new(),
    };
    QuestionFault { question: Some(format!("question {}{id}", place + 1)), reason }
}

impl fmt::Display for QuestionnaireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            let between = if place == 0 { "" } else { "; " };
            write!(f, "{between}{fault}")?;
        }
        Ok(())
    }
}

impl fmt::Display for QuestionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.question {
            Some(question) => write!(f, "{question}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

#[cfg(test)]
mod tests;
