//! The body of a request as a tree, whether it came as JSON or as XML.
//!
//! Texts of JSON are borrowed from the body, so that a body with a thousand products costs few
//! allocations. What the members mean is not known here.

mod json;
mod xml;

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
use kontor_wire::http::{Body, Request};
use kontor_wire::json::{JsonError, read as read_json};
use kontor_wire::media_type;
use kontor_wire::xml_read::XmlError;

use crate::error::Error;

/// Longest body in bytes.
pub(crate) const MAX_BYTES: usize = 1 << 20;

/// A value of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node<'a> {
    Null,
    Bool,
    Text(Cow<'a, str>),
    /// The literal of a JSON number.
    Number(String),
    List(Vec<Node<'a>>),
    /// Members in their order; of repeated ones the last counts.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Why a body is no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is empty")]
    Empty,
    #[error("the body is not the gzip that Content-Encoding says it is")]
    Undecodable,
    #[error("the body is not an object")]
    NotAnObject,
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Xml(#[from] XmlError),
}

/// The bytes of a body that is not too long, also where nobody needs them.
pub(crate) fn fits(request: &Request) -> Result<&[u8], Error> {
    match &request.body {
        Body::Read(bytes) if bytes.len() <= MAX_BYTES => Ok(bytes),
        Body::Read(_) | Body::TooLarge => Err(Error::BodyTooLarge),
        Body::Undecodable => Ok(&[]),
    }
}

/// Reads the body of a request: its size, its type, then what is in it, which must be an object.
pub(crate) fn read(request: &Request) -> Result<Node<'_>, Error> {
    let bytes = fits(request)?;
    let content_type = match request.headers.get(CONTENT_TYPE) {
        None => "",
        Some(value) => value.to_str().map_err(|_| Error::MediaType)?,
    };
    let node = match Syntax::of(content_type)? {
        _ if matches!(request.body, Body::Undecodable) => {
            return Err(BodyError::Undecodable.into());
        }
        _ if bytes.iter().all(u8::is_ascii_whitespace) => return Err(BodyError::Empty.into()),
        Syntax::Json => read_json(bytes).map_err(BodyError::Json)?,
        Syntax::Xml => {
            xml::read(bytes, media_type::charset(content_type)).map_err(BodyError::Xml)?
        }
    };
    if matches!(node, Node::Object(_)) { Ok(node) } else { Err(BodyError::NotAnObject.into()) }
}

/// How a body is written.
#[derive(Clone, Copy)]
enum Syntax {
    Json,
    Xml,
}

impl Syntax {
    fn of(content_type: &str) -> Result<Self, Error> {
        let is_any = |types: [&str; 2]| types.iter().any(|t| media_type::is(content_type, t));
        if content_type.trim().is_empty() || is_any(["application/json", "text/json"]) {
            Ok(Self::Json)
        } else if is_any(["application/xml", "text/xml"]) {
            Ok(Self::Xml)
        } else {
            Err(Error::MediaType)
        }
    }
}

impl<'a> Node<'a> {
    /// The value of a member; `None` when it is not there or null.
    pub(crate) fn member(&self, name: &str) -> Option<&Node<'a>> {
        let Self::Object(members) = self else {
            return None;
        };
        let last = members.iter().rev().find(|(known, _)| known == name);
        last.map(|(_, value)| value).filter(|value| **value != Self::Null)
    }

    /// The same, an empty text counting as no value.
    pub(crate) fn filled(&self, name: &str) -> Option<&Node<'a>> {
        self.member(name).filter(|value| value.text() != Some(""))
    }

    /// The elements of a list. One value where a list is expected is a list of it.
    pub(crate) fn elements(&self) -> &[Node<'a>] {
        if let Self::List(elements) = self { elements } else { std::slice::from_ref(self) }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool | Self::Number(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// An id: a text, or the digits of a JSON integer.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(literal) => {
                let digits = literal.strip_prefix('-').unwrap_or(literal);
                let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
                is_integer.then_some(literal)
            }
            Self::Null | Self::Bool | Self::List(_) | Self::Object(_) => None,
        }
    }
}
