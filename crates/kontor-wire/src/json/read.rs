//! Reading JSON: UTF-8 only, at most 127 levels deep, numbers never through binary floats.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use thiserror::Error;

use crate::decimal::{DecimalError, parse_json_number};

/// Name under which the JSON library hands over a number that keeps its text.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// Why a body is not JSON. It never shows the body, which may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JsonError {
    #[error("json is not utf-8 from byte {offset}")]
    NotUtf8 { offset: usize },
    /// A syntax error, or nested too deeply. Lines and columns count from 1.
    #[error("malformed json at line {line}, column {column}")]
    Malformed { line: usize, column: usize },
}

/// Reads a body. Numbers keep their digits as written; only an exponent is normalised (`1E5` becomes
/// `1e+5`). A byte order mark is skipped, of repeated members the last one counts, 64 levels
/// are always read and 128 never.
pub fn parse(body: &[u8]) -> Result<Value, JsonError> {
    parse_with(body, Repeated::LastCounts)
}

/// Reads a body like [`parse`] but takes a repeated member for malformed.
pub fn parse_unique(body: &[u8]) -> Result<Value, JsonError> {
    parse_with(body, Repeated::Refused)
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

fn parse_with(body: &[u8], repeated: Repeated) -> Result<Value, JsonError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let text = std::str::from_utf8(body)
        .map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let owned_text = Cell::new(false);
    AnyValue { repeated, owned_text: &owned_text }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| JsonError::Malformed { line: error.line(), column: error.column() })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeated {
    LastCounts,
    Refused,
}

/// Builds the value. `Value`'s own implementation would take the object
/// `{"$serde_json::private::Number":"1"}` in a body for the number 1. The texts of a body are
/// borrowed, the literal of a number is handed over as an owned text: so the two are told apart.
#[derive(Clone, Copy)]
struct AnyValue<'a> {
    repeated: Repeated,
    /// Whether the value just built was an owned text.
    owned_text: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for AnyValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("json")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        self.owned_text.set(true);
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(self)?;
            if self.owned_text.take()
                && name == NUMBER_TOKEN
                && let Value::String(literal) = &value
            {
                return Number::from_str(literal).map(Value::Number).map_err(A::Error::custom);
            }
            if members.insert(name, value).is_some() && self.repeated == Repeated::Refused {
                return Err(A::Error::custom("repeated member"));
            }
        }
        Ok(Value::Object(members))
    }
}
