//! Checking the answers of one lead.

use serde_json::{Map, Value};

use super::question::{Question, QuestionKind, Questionnaire, ReportsAs};

/// What was given as the answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    Nothing,
    Text(String),
    List(Vec<Given>),
    /// Something that is never an answer.
    Other,
}

/// An answer that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    One(String),
    Several(Vec<String>),
}

/// All answers of a lead that was accepted, in the order of the questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    pub email: String,
    pub phone: Option<String>,
    pub all: Vec<(Box<str>, Answer)>,
}

/// What is wrong with the answers of a lead: ids of questions, in the order of the questionnaire,
/// unknown ones in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Mandatory, and not there.
    pub missing: Vec<Box<str>>,
    /// Not in the questionnaire.
    pub unknown: Vec<Box<str>>,
    /// Mandatory, and without a value.
    pub empty: Vec<Box<str>>,
    /// No answer to the question.
    pub wrong: Vec<Box<str>>,
    /// Missing, empty or wrong, of questions whose faults have a name of their own.
    pub named: Vec<(ReportsAs, Box<str>)>,
}

/// What is wrong with one answer.
enum Fault {
    Missing,
    Empty,
    Wrong,
}

impl Questionnaire {
    /// Checks what was given: pairs of a question's id and its answer, each id once.
    pub fn check(&self, given: &[(String, Given)]) -> Result<Answers, Findings> {
        let mut findings = Findings::default();
        let mut places: Vec<Option<&Given>> = vec![None; self.questions.len()];
        for (id, answer) in given {
            let place = self.by_id.get(id.as_str()).and_then(|place| places.get_mut(*place));
            match place {
                Some(place) => *place = Some(answer),
                None => findings.unknown.push(id.as_str().into()),
            }
        }
        let mut all = Vec::new();
        let (mut email, mut phone) = (None, None);
        for (place, (question, given)) in self.questions.iter().zip(places).enumerate() {
            match question.read(given) {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    if place == self.email {
                        email = answer.text();
                    } else if self.phone == Some(place) {
                        phone = answer.text();
                    }
                    all.push((question.id.clone(), answer));
                }
                Err(fault) => findings.add(question, &fault),
            }
        }
        match email {
            Some(email) if findings == Findings::default() => Ok(Answers { email, phone, all }),
            _ => Err(findings),
        }
    }
}

impl Question {
    /// The answer; `None` when an optional question was not answered.
    fn read(&self, given: Option<&Given>) -> Result<Option<Answer>, Fault> {
        let given = match given {
            None if self.mandatory => return Err(Fault::Missing),
            Some(given) if given.is_empty() && self.mandatory => return Err(Fault::Empty),
            None => return Ok(None),
            Some(given) if given.is_empty() => return Ok(None),
            Some(given) => given,
        };
        match &self.kind {
            QuestionKind::Text(pattern) => {
                let text = given.text().ok_or(Fault::Wrong)?;
                let found = pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
                if found { Ok(Some(Answer::One(text.to_owned()))) } else { Err(Fault::Wrong) }
            }
            QuestionKind::Single(_) => match self.chosen(given)?.as_slice() {
                [one] => Ok(Some(Answer::One(one.clone()))),
                _ => Err(Fault::Wrong),
            },
            QuestionKind::Multiple(_) => Ok(Some(Answer::Several(self.chosen(given)?))),
        }
    }

    /// The options chosen. Empty entries of a list do not count.
    fn chosen(&self, given: &Given) -> Result<Vec<String>, Fault> {
        let single = std::slice::from_ref(given);
        let entries = if let Given::List(entries) = given { entries } else { single };
        let entries = entries.iter().filter(|entry| !entry.is_empty());
        let chosen = entries.map(|entry| {
            let id = entry.text().ok_or(Fault::Wrong)?;
            let is_option = self.kind.options().iter().any(|option| *option.id == *id);
            if is_option { Ok(id.to_owned()) } else { Err(Fault::Wrong) }
        });
        chosen.collect()
    }
}

impl Given {
    /// Whether there is nothing in it: nothing, blanks, or a list of only such entries.
    fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(entries) => entries.iter().all(Self::is_empty),
            Self::Other => false,
        }
    }

    /// The text without the white space around it.
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            Self::Nothing | Self::List(_) | Self::Other => None,
        }
    }
}

impl Answer {
    fn text(&self) -> Option<String> {
        match self {
            Self::One(text) => Some(text.clone()),
            Self::Several(_) => None,
        }
    }
}

impl Answers {
    /// The answers as a JSON object, in the order of the questions.
    pub fn to_json(&self) -> Value {
        let member = |(id, answer): &(Box<str>, Answer)| {
            let value = match answer {
                Answer::One(text) => Value::from(text.as_str()),
                Answer::Several(texts) => Value::from(texts.clone()),
            };
            (id.to_string(), value)
        };
        Value::Object(self.all.iter().map(member).collect::<Map<_, _>>())
    }
}

impl Findings {
    fn add(&mut self, question: &Question, fault: &Fault) {
        let id = question.id.clone();
        match (question.reports_as, fault) {
            (Some(what), _) => self.named.push((what, id)),
            (None, Fault::Missing) => self.missing.push(id),
            (None, Fault::Empty) => self.empty.push(id),
            (None, Fault::Wrong) => self.wrong.push(id),
        }
    }
}

#[cfg(test)]
mod tests;
