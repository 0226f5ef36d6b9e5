//! JSON into a tree, with the rules of `common.md` 4.

use std::borrow::Cow;
use std::fmt;

use kontor_wire::json::JsonError;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Node;

/// Name under which the JSON library hands over a number that keeps its text.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// Reads a body. Numbers keep their digits, texts without escapes are borrowed.
pub(super) fn read(body: &[u8]) -> Result<Node<'_>, JsonError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let text = std::str::from_utf8(body)
        .map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = AnyValue
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    match parsed {
        Ok(value) => Ok(value.into_node()),
        Err(error) => Err(JsonError::Malformed { line: error.line(), column: error.column() }),
    }
}

/// A value, or the literal of a number. The library hands over texts of the body borrowed or
/// copied, and only literals owned: so a body cannot smuggle in a number that is an object.
enum Parsed<'de> {
    Literal(String),
    Node(Node<'de>),
}

impl<'de> Parsed<'de> {
    fn into_node(self) -> Node<'de> {
        match self {
            Self::Literal(literal) => Node::Number(literal),
            Self::Node(node) => node,
        }
    }
}

struct AnyValue;

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Parsed<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parsed<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Parsed<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("json")
    }

    fn visit_unit<E>(self) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Node(Node::Null))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Node(Node::Bool))
    }

    /// Integers come as such; all other numbers as their literal.
    fn visit_i64<E>(self, value: i64) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Node(Node::Number(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Node(Node::Number(value.to_string())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Node(Node::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Node(Node::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_string<E>(self, literal: String) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Literal(literal))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Parsed<'de>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(Self)? {
            elements.push(element.into_node());
        }
        Ok(Parsed::Node(Node::List(elements)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Parsed<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key_seed(Name)? {
            match access.next_value_seed(Self)? {
                Parsed::Literal(literal) if name == NUMBER_TOKEN => {
                    return Ok(Parsed::Node(Node::Number(literal)));
                }
                value @ (Parsed::Literal(_) | Parsed::Node(_)) => {
                    members.push((name, value.into_node()));
                }
            }
        }
        Ok(Parsed::Node(Node::Object(members)))
    }
}

/// The name of a member.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
