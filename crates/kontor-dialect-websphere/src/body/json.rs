//! JSON into a tree, with the rules of `common.md` 4.

use std::borrow::Cow;

use kontor_wire::json::Tree;

use super::Node;

impl<'de> Tree<'de> for Node<'de> {
    fn null() -> Self {
        Self::Null
    }

    fn boolean(_: bool) -> Self {
        Self::Bool
    }

    fn number(literal: String) -> Option<Self> {
        Some(Self::Number(literal))
    }

    fn text(text: Cow<'de, str>) -> Self {
        Self::Text(text)
    }

    fn list(elements: Vec<Self>) -> Self {
        Self::List(elements)
    }

    fn object(members: Vec<(Cow<'de, str>, Self)>) -> Option<Self> {
        Some(Self::Object(members))
    }
}
