//! The parsed document, as the protocols look at it.

use std::borrow::Cow;

use roxmltree::{Node, NodeType, ParsingOptions};

use super::{Limits, XmlError, malformed_at};

/// A well-formed document.
#[derive(Debug)]
pub struct Document<'t>(roxmltree::Document<'t>);

/// An element of a document. Attributes are not offered, since no protocol reads any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a>(Node<'a, 'a>);

impl<'t> Document<'t> {
    /// Parses a text that has passed the scan.
    pub(super) fn parse(text: &'t str, limits: &Limits) -> Result<Self, XmlError> {
        let options = ParsingOptions { nodes_limit: limits.nodes, ..ParsingOptions::default() };
        let document = roxmltree::Document::parse_with_options(text, options)
            .map_err(|error| translate(&error))?;
        check_instructions(&document)?;
        Ok(Self(document))
    }

    pub fn root(&self) -> Element<'_> {
        Element(self.0.root_element())
    }
}

impl<'a> Element<'a> {
    /// The name without its prefix.
    pub fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    pub fn has_namespace(self) -> bool {
        self.0.tag_name().namespace().is_some_and(|name| !name.is_empty())
    }

    /// Whether this is exactly the name and there is no namespace.
    pub fn is(self, name: &str) -> bool {
        self.name() == name && !self.has_namespace()
    }

    /// The elements directly inside, in their order.
    pub fn children(self) -> impl Iterator<Item = Element<'a>> {
        self.0.children().filter(Node::is_element).map(Element)
    }

    /// The elements directly inside that [are](Self::is) `name`.
    pub fn children_named<'n>(
        self,
        name: &'n str,
    ) -> impl Iterator<Item = Element<'a>> + use<'a, 'n> {
        self.children().filter(move |child| child.is(name))
    }

    /// The first element directly inside that [is](Self::is) `name`.
    pub fn child(self, name: &str) -> Option<Element<'a>> {
        self.children().find(|child| child.is(name))
    }

    /// All text inside, also of elements inside and of CDATA sections, without comments and
    /// processing instructions. It is not trimmed.
    pub fn text(self) -> Cow<'a, str> {
        let mut texts = self.0.descendants().filter(Node::is_text).filter_map(|node| node.text());
        let mut all = Cow::Borrowed(texts.next().unwrap_or_default());
        for text in texts {
            all.to_mut().push_str(text);
        }
        all
    }
}

fn translate(error: &roxmltree::Error) -> XmlError {
    if matches!(error, roxmltree::Error::DtdDetected) {
        XmlError::Doctype
    } else if matches!(error, roxmltree::Error::NodesLimitReached) {
        XmlError::Limit("nodes")
    } else {
        XmlError::Malformed { line: usize::try_from(error.pos().row).unwrap_or(usize::MAX) }
    }
}

/// Refuses processing instructions that are called `xml` (a declaration in the wrong place) or whose
/// name is not followed by a blank; the library accepts both.
fn check_instructions(document: &roxmltree::Document<'_>) -> Result<(), XmlError> {
    let text = document.input_text();
    for node in document.descendants().filter(|node| node.node_type() == NodeType::PI) {
        let target = node.pi().map_or("", |instruction| instruction.target);
        let source = text.get(node.range()).unwrap_or_default();
        let after = source.strip_prefix("<?").and_then(|source| source.strip_prefix(target));
        let ends_well =
            after.is_some_and(|after| after == "?>" || after.starts_with([' ', '\t', '\r', '\n']));
        if !ends_well || target.eq_ignore_ascii_case("xml") {
            return Err(malformed_at(text, node.range().start));
        }
    }
    Ok(())
}
