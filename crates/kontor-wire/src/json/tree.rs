//! One reader for all trees that JSON is read into.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use thiserror::Error;

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

/// What a body of JSON is read into. `None` means that the body is malformed.
pub trait Tree<'de>: Sized {
    fn null() -> Self;

    fn boolean(value: bool) -> Self;

    /// A number, with its digits as they were written.
    fn number(literal: String) -> Option<Self>;

    /// Borrowed from the body unless something in it was escaped.
    fn text(text: Cow<'de, str>) -> Self;

    fn list(elements: Vec<Self>) -> Self;

    /// Members in their order, repeated ones included.
    fn object(members: Vec<(Cow<'de, str>, Self)>) -> Option<Self>;
}

/// Reads a body: UTF-8 only, a byte order mark is skipped, 64 levels are always read and 128 never.
pub fn read<'de, T: Tree<'de>>(body: &'de [u8]) -> Result<T, JsonError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let text = std::str::from_utf8(body)
        .map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = AnyValue(PhantomData)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .and_then(Parsed::into_tree);
    parsed.map_err(|error| JsonError::Malformed { line: error.line(), column: error.column() })
}

/// A value, or the literal of a number. The library hands over texts of the body borrowed or
/// copied, and only literals owned: so a body cannot smuggle in the object
/// `{"$serde_json::private::Number":"1"}` for the number 1.
enum Parsed<T> {
    Literal(String),
    Tree(T),
}

impl<'de, T: Tree<'de>> Parsed<T> {
    fn into_tree<E: serde::de::Error>(self) -> Result<T, E> {
        match self {
            Self::Literal(literal) => number(literal),
            Self::Tree(tree) => Ok(tree),
        }
    }
}

fn number<'de, T: Tree<'de>, E: serde::de::Error>(literal: String) -> Result<T, E> {
    T::number(literal).ok_or_else(|| E::custom("number"))
}

struct AnyValue<T>(PhantomData<T>);

impl<'de, T: Tree<'de>> DeserializeSeed<'de> for AnyValue<T> {
    type Value = Parsed<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parsed<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Tree<'de>> Visitor<'de> for AnyValue<T> {
    type Value = Parsed<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("json")
    }

    fn visit_unit<E>(self) -> Result<Parsed<T>, E> {
        Ok(Parsed::Tree(T::null()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Parsed<T>, E> {
        Ok(Parsed::Tree(T::boolean(value)))
    }

    /// Integers come as such; all other numbers as their literal.
    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Parsed<T>, E> {
        number(value.to_string()).map(Parsed::Tree)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Parsed<T>, E> {
        number(value.to_string()).map(Parsed::Tree)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Parsed<T>, E> {
        Ok(Parsed::Tree(T::text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Parsed<T>, E> {
        Ok(Parsed::Tree(T::text(Cow::Owned(text.to_owned()))))
    }

    fn visit_string<E>(self, literal: String) -> Result<Parsed<T>, E> {
        Ok(Parsed::Literal(literal))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Parsed<T>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(Self(PhantomData))? {
            elements.push(element.into_tree()?);
        }
        Ok(Parsed::Tree(T::list(elements)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Parsed<T>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key_seed(Name)? {
            match access.next_value_seed(Self(PhantomData))? {
                Parsed::Literal(literal) if name == NUMBER_TOKEN => {
                    return number(literal).map(Parsed::Tree);
                }
                value @ (Parsed::Literal(_) | Parsed::Tree(_)) => {
                    members.push((name, value.into_tree()?));
                }
            }
        }
        T::object(members).map(Parsed::Tree).ok_or_else(|| A::Error::custom("members"))
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
