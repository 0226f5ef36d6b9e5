//! From the bytes of a request to what is submitted.

use http::HeaderMap;
use kontor_leads::intake::{LeadInput, RepeatKey};
use kontor_leads::questionnaire::Given;
use kontor_wire::json;
use serde_json::Value;

use crate::wire::{self, WireId};

/// The inputs of a call.
pub(crate) struct Inputs {
    /// `None`: an input that cannot be read.
    pub(crate) leads: Vec<Option<LeadInput>>,
    /// The categories as they were sent.
    pub(crate) categories: Vec<Option<WireId>>,
}

/// The request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The key by which a call may be repeated: one header of 1 to 255 visible ASCII characters.
pub(crate) fn key(headers: &HeaderMap, body: &[u8]) -> Result<Option<RepeatKey>, Malformed> {
    let mut values = headers.get_all(wire::KEY_HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let is_good = (1..=wire::MAX_KEY).contains(&value.len())
        && value.as_bytes().iter().all(u8::is_ascii_graphic);
    match (std::str::from_utf8(value.as_bytes()), values.next()) {
        (Ok(key), None) if is_good => Ok(Some(RepeatKey::new(key, body))),
        _ => Err(Malformed),
    }
}

/// The inputs of a body: a JSON array of 1 to 100 values.
pub(crate) fn inputs(body: &[u8]) -> Result<Inputs, Malformed> {
    let Ok(Value::Array(values)) = json::parse(body) else { return Err(Malformed) };
    if values.is_empty() || values.len() > wire::MAX_INPUTS {
        return Err(Malformed);
    }
    let read = values.into_iter().map(|value| input(value).unzip());
    let (categories, leads) = read.unzip();
    Ok(Inputs { leads, categories })
}

/// An input and its category as it was sent; `None` when it is not an object with an id and data.
fn input(value: Value) -> Option<(WireId, LeadInput)> {
    let Value::Object(mut members) = value else { return None };
    let (wire_id, category) = match members.remove(wire::CATEGORY)? {
        Value::Number(number) => {
            let literal = json::integer_literal(&number)?.to_owned();
            (WireId::Number(literal.clone()), literal)
        }
        Value::String(text) => (WireId::of(&text), text),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let Value::Object(data) = members.remove(wire::DATA)? else { return None };
    let answers = data.into_iter().map(|(id, answer)| (id, given(answer))).collect();
    Some((wire_id, LeadInput { category, answers }))
}

/// An answer. An integer is the text it is written with.
fn given(value: Value) -> Given {
    match value {
        Value::Null => Given::Nothing,
        Value::String(text) => Given::Text(text),
        Value::Number(number) => match json::integer_literal(&number) {
            Some(literal) => Given::Text(literal.to_owned()),
            None => Given::Other,
        },
        Value::Array(values) => Given::List(values.into_iter().map(given).collect()),
        Value::Bool(_) | Value::Object(_) => Given::Other,
    }
}

#[cfg(test)]
mod tests;
