//! Where parameters stand: JSON body, form body, query string, headers (`restigo.md` 3).
//!
//! Every parameter is looked up by itself; the first source that has its name wins, also with null
//! or an empty value.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use kontor_wire::http::{Body, Request};
use kontor_wire::query::{Pair, pairs};
use kontor_wire::{json, media_type};
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use crate::brackets;
use crate::error::Failure;
use crate::multipart;
use crate::wire::{FORM, MULTIPART, parameter};

/// The sources of one request.
#[derive(Debug)]
pub(crate) struct Parameters<'r> {
    json: Map<String, Value>,
    form: Vec<Pair<'r>>,
    query: Vec<Pair<'r>>,
    headers: &'r HeaderMap,
    /// Whether the form is of parts, in which a list may be a JSON text.
    is_multipart: bool,
}

impl<'r> Parameters<'r> {
    pub(crate) fn read(request: &'r Request) -> Result<Self, Failure> {
        let body = match &request.body {
            Body::Read(body) => body,
            Body::TooLarge => return Err(Failure::TooLarge),
            Body::Undecodable => return Err(Failure::Malformed),
        };
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let (mut json, mut form) = (Map::new(), Vec::new());
        match body.trim_ascii_start().first() {
            None => {}
            Some(b'{' | b'[') => json = object(body)?,
            Some(_) => form = form_pairs(&request.headers, body)?,
        }
        let query = request.raw_query.as_deref().unwrap_or_default();
        let headers = &request.headers;
        let is_multipart = content_type(headers).is_some_and(|t| media_type::is(t, MULTIPART));
        Ok(Self { json, form, query: pairs(query).collect(), headers, is_multipart })
    }

    /// Takes a parameter. `None` when it is absent: missing, null, an empty text or list.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let value = self.first_source(name)?;
        present(value)
    }

    fn first_source(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.json.get_mut(name) {
            return Some(value.take());
        }
        let in_pairs: fn(&[Pair<'_>], &str) -> Option<Value> =
            if name == parameter::ITEMS { brackets::value } else { single };
        in_pairs(&self.form, name)
            .map(
                |value| {
                    if self.is_multipart && name == parameter::ITEMS { list(value) } else { value }
                },
            )
            .or_else(|| in_pairs(&self.query, name))
            .or_else(|| self.header(name))
    }

    /// A header whose name is that of the parameter, with `_` or `-`, without case.
    fn header(&self, name: &str) -> Option<Value> {
        if !parameter::IN_HEADERS.contains(&name) {
            return None;
        }
        let is_name = |header: &str| {
            let bytes = header.bytes().map(|byte| if byte == b'-' { b'_' } else { byte });
            bytes.eq(name.bytes())
        };
        let named = self.headers.iter().filter(|(header, _)| is_name(header.as_str()));
        first_filled(named.map(|(_, value)| percent_decode(value.as_bytes()).decode_utf8_lossy()))
    }
}

/// What is left of a value when its texts are trimmed; `None` when that is nothing.
pub(crate) fn present(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(list) if list.is_empty() => None,
        Value::String(text) => {
            let trimmed = text.trim();
            if trimmed.is_empty() {
                None
            } else if trimmed.len() == text.len() {
                Some(Value::String(text))
            } else {
                Some(Value::String(trimmed.to_owned()))
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value),
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Failure> {
    match json::parse(body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Failure::Malformed),
    }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

/// The list that a text is as JSON; any other text stays one.
fn list(value: Value) -> Value {
    let parsed = value.as_str().and_then(|text| json::parse(text.as_bytes()).ok());
    parsed.filter(Value::is_array).unwrap_or(value)
}

/// The pairs of a form in either of its notations.
fn form_pairs<'b>(headers: &HeaderMap, body: &'b [u8]) -> Result<Vec<Pair<'b>>, Failure> {
    let content_type = content_type(headers).unwrap_or_default();
    if media_type::is(content_type, FORM) {
        Ok(pairs(body).collect())
    } else if media_type::is(content_type, MULTIPART) {
        multipart::pairs(content_type, body).ok_or(Failure::Malformed)
    } else {
        Err(Failure::Malformed)
    }
}

fn single(pairs: &[Pair<'_>], name: &str) -> Option<Value> {
    let named = pairs.iter().filter(|pair| pair.name == name);
    first_filled(named.map(|pair| Cow::Borrowed(pair.value.as_ref())))
}

/// The first value that is not empty; an empty one when there is no other.
fn first_filled<'v>(values: impl Iterator<Item = Cow<'v, str>>) -> Option<Value> {
    let first = values.reduce(|first, other| if is_blank(&first) { other } else { first })?;
    Some(Value::String(first.into_owned()))
}

/// Whether nothing is left of a text when it is trimmed.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
mod tests;
