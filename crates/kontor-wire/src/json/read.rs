//! Reading JSON: UTF-8 only, at most 127 levels deep, numbers never through binary floats.

use std::borrow::Cow;
use std::str::FromStr;

use serde_json::{Map, Number, Value};

use super::tree::{self, JsonError, Tree};
use crate::decimal::{DecimalError, parse_json_number};

/// Reads a body. Numbers keep their digits as written; only an exponent is normalised (`1E5` becomes
/// `1e+5`). A byte order mark is skipped, of repeated members the last one counts, 64 levels
/// are always read and 128 never.
pub fn parse(body: &[u8]) -> Result<Value, JsonError> {
    tree::read(body)
}

/// Reads a body like [`parse`] but takes a repeated member for malformed.
pub fn parse_unique(body: &[u8]) -> Result<Value, JsonError> {
    tree::read(body).map(|Unique(value)| value)
}

/// The literal of a number that was written without fraction and exponent: `1463`, not `1463.0`.
pub fn integer_literal(number: &Number) -> Option<&str> {
    let literal = number.as_str();
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(literal)
}

/// The exact value of a number in millionths.
pub fn decimal(number: &Number) -> Result<i64, DecimalError> {
    parse_json_number(number.as_str())
}

impl Tree<'_> for Value {
    fn null() -> Self {
        Self::Null
    }

    fn boolean(value: bool) -> Self {
        Self::Bool(value)
    }

    fn number(literal: String) -> Option<Self> {
        Number::from_str(&literal).ok().map(Self::Number)
    }

    fn text(text: Cow<'_, str>) -> Self {
        Self::String(text.into_owned())
    }

    fn list(elements: Vec<Self>) -> Self {
        Self::Array(elements)
    }

    fn object(members: Vec<(Cow<'_, str>, Self)>) -> Option<Self> {
        let members = members.into_iter().map(|(name, value)| (name.into_owned(), value));
        Some(Self::Object(members.collect()))
    }
}

/// A value without repeated members anywhere.
struct Unique(Value);

impl<'de> Tree<'de> for Unique {
    fn null() -> Self {
        Self(Value::Null)
    }

    fn boolean(value: bool) -> Self {
        Self(Value::Bool(value))
    }

    fn number(literal: String) -> Option<Self> {
        Value::number(literal).map(Self)
    }

    fn text(text: Cow<'de, str>) -> Self {
        Self(Value::text(text))
    }

    fn list(elements: Vec<Self>) -> Self {
        Self(Value::Array(elements.into_iter().map(|Self(value)| value).collect()))
    }

    fn object(members: Vec<(Cow<'de, str>, Self)>) -> Option<Self> {
        let mut object = Map::new();
        for (name, Self(value)) in members {
            if object.insert(name.into_owned(), value).is_some() {
                return None;
            }
        }
        Some(Self(Value::Object(object)))
    }
}
