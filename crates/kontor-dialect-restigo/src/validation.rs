//! Validation: what values must be, and the texts for those that are not (`restigo.md` 4).

use std::fmt;

use jiff::civil::Date;
use kontor_model::money::Money;
use kontor_wire::decimal::DecimalError;
use kontor_wire::{decimal, json};
use serde_json::Value;

use crate::from_wire;
use crate::wire::{MAX_NAME, MAX_PRICE};

/// What a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Required,
    Integer,
    Text,
    List,
    Number,
    Decimals,
    Least,
    Most,
    Length,
    Format,
    Date,
    Taken,
}

/// Everything that is wrong with the parameters of a request, one text per key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    listed: Vec<Fault>,
    count: usize,
}

/// One key and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) key: String,
    pub(crate) text: String,
}

/// A whole number of any length. `None`: longer than any number of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WholeNumber(pub(crate) Option<i64>);

/// Faults that an answer lists; more are only counted, so that no answer is a hundred times as
/// long as its request.
pub(crate) const LISTED: usize = 20_000;

impl Rule {
    /// What follows the name of the field.
    const fn text(self) -> &'static str {
        match self {
            Self::Required => "is required.",
            Self::Integer => "must be an integer.",
            Self::Text => "must be a string.",
            Self::List => "must be an array.",
            Self::Number => "must be a number.",
            Self::Decimals => "must have 0-6 decimal places.",
            Self::Least => "must be at least 0.",
            Self::Most => "must not be greater than 1000000000000.",
            Self::Length => "must not be greater than 255 characters.",
            Self::Format => "format is invalid.",
            Self::Date => "must match the format Y-m-d.",
            Self::Taken => "has already been taken.",
        }
    }
}

impl Faults {
    /// Adds a fault. A key is given only once.
    pub(crate) fn add(&mut self, key: impl fmt::Display, rule: Rule) {
        self.count += 1;
        if self.listed.len() >= LISTED {
            return;
        }
        let key = key.to_string();
        let label = if key.contains('.') { key.clone() } else { key.replace('_', " ") };
        let field = if rule == Rule::Taken { "" } else { " field" };
        let text = format!("The {label}{field} {}", rule.text());
        self.listed.push(Fault { key, text });
    }

    pub(crate) fn listed(&self) -> &[Fault] {
        &self.listed
    }

    /// The first text, and how many there are beside it.
    pub(crate) fn summary(&self) -> String {
        let first = self.listed.first().map_or("", |fault| fault.text.as_str());
        match self.count {
            0 | 1 => first.to_owned(),
            2 => format!("{first} (and 1 more error)"),
            count => format!("{first} (and {} more errors)", count - 1),
        }
    }

    /// The value, unless something is wrong with any.
    pub(crate) fn unless_any<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.count == 0 => Ok(value),
            _ => Err(self),
        }
    }

    pub(crate) fn required(
        &mut self,
        key: impl fmt::Display,
        value: Option<Value>,
    ) -> Option<Value> {
        if value.is_none() {
            self.add(key, Rule::Required);
        }
        value
    }

    pub(crate) fn integer(&mut self, key: impl fmt::Display, value: &Value) -> Option<WholeNumber> {
        let literal = match value {
            Value::Number(number) => json::integer_literal(number),
            Value::String(text) => Some(text.as_str()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let number = literal.and_then(whole_number);
        if number.is_none() {
            self.add(key, Rule::Integer);
        }
        number
    }

    pub(crate) fn text(&mut self, key: impl fmt::Display, value: Value) -> Option<String> {
        if let Value::String(text) = value {
            return Some(text);
        }
        self.add(key, Rule::Text);
        None
    }

    pub(crate) fn list(&mut self, key: impl fmt::Display, value: Value) -> Option<Vec<Value>> {
        if let Value::Array(list) = value {
            return Some(list);
        }
        self.add(key, Rule::List);
        None
    }

    pub(crate) fn price(&mut self, key: impl fmt::Display, value: &Value) -> Option<Money> {
        let micros = match value {
            Value::Number(number) => json::decimal(number),
            Value::String(text) => decimal::parse_micros(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                Err(DecimalError::NotANumber)
            }
        };
        let rule = match micros {
            Ok(micros) if micros < 0 => Rule::Least,
            Ok(micros) if micros > MAX_PRICE => Rule::Most,
            Ok(micros) => return Some(Money::from_micros(micros)),
            Err(DecimalError::NotANumber) => Rule::Number,
            Err(DecimalError::TooManyDecimals) => Rule::Decimals,
            Err(DecimalError::TooSmall) => Rule::Least,
            Err(DecimalError::TooLarge) => Rule::Most,
        };
        self.add(key, rule);
        None
    }

    /// The name of a price list. One that no file could carry is refused here.
    pub(crate) fn name(&mut self, key: impl fmt::Display, value: Value) -> Option<String> {
        let Value::String(name) = value else {
            self.add(key, Rule::Text);
            return None;
        };
        let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if name.chars().count() > MAX_NAME {
            self.add(key, Rule::Length);
            None
        } else if name.chars().any(is_odd) {
            self.add(key, Rule::Format);
            None
        } else {
            Some(name)
        }
    }

    pub(crate) fn date(&mut self, key: impl fmt::Display, value: &Value) -> Option<Date> {
        let date = value.as_str().and_then(from_wire::date);
        if date.is_none() {
            self.add(key, Rule::Date);
        }
        date
    }
}

/// Optional sign and digits.
fn whole_number(text: &str) -> Option<WholeNumber> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| WholeNumber(text.parse().ok()))
}

#[cfg(test)]
mod tests;
