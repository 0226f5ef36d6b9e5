//! XML of requests: from untrusted bytes to a tree, in linear time.
//!
//! First the bytes are decoded, then a scan enforces [`Limits`] and what the XML library is lenient
//! about, then the library builds the tree. A document is refused when libxml2 would refuse it, when
//! it has a DOCTYPE, or when its namespaces are not in order (a prefix without declaration).
//! Nothing is ever expanded or fetched. What the elements mean is the business of the protocols.
//!
//! ```ignore
//! let text = xml_read::decode(&body, charset, &Limits::default())?;
//! let document = text.parse(&Limits::default())?;
//! let login = document.root().child("CUSTOMER").and_then(|customer| customer.child("LOGIN"));
//! ```

mod declaration;
mod encoding;
mod scan;
mod tree;

use thiserror::Error;

use self::declaration::Declaration;
pub use self::tree::{Document, Element};

/// How much a document may ask of the parser. Everything above is [`XmlError::Limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body.
    pub bytes: usize,
    /// Elements inside of each other; the root counts.
    pub depth: usize,
    /// Attributes of one tag, namespace declarations included.
    pub attributes: usize,
    /// Namespace declarations of an element and its ancestors together.
    pub namespaces_in_scope: usize,
    /// Namespace declarations of the whole document.
    pub namespaces: usize,
    /// Bytes of a namespace name.
    pub namespace_name: usize,
    /// Elements, texts, comments and processing instructions.
    pub nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 1 << 20,
            depth: 64,
            attributes: 256,
            namespaces_in_scope: 24,
            namespaces: 4_096,
            namespace_name: 1_024,
            nodes: 200_000,
        }
    }
}

/// Why a body is not a usable document. It never shows the document, which may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum XmlError {
    #[error("unknown character encoding")]
    UnknownEncoding,
    /// The bytes are not valid in their encoding.
    #[error("xml does not match its character encoding")]
    Undecodable,
    #[error("xml with a doctype")]
    Doctype,
    /// More than a [`Limits`] allows; says of what.
    #[error("xml with too many {0}")]
    Limit(&'static str),
    /// Not well-formed. Lines count from 1.
    #[error("malformed xml at line {line}")]
    Malformed { line: usize },
}

/// A decoded document that has not been parsed yet.
#[derive(Debug, Clone)]
pub struct XmlText {
    text: String,
    /// Length of the XML declaration.
    declaration: usize,
}

/// Decodes a body by its byte order mark, else its XML declaration, else the `charset` of the
/// `Content-Type`, else as UTF-8.
pub fn decode(body: &[u8], charset: Option<&str>, limits: &Limits) -> Result<XmlText, XmlError> {
    if body.len() > limits.bytes {
        return Err(XmlError::Limit("bytes"));
    }
    let text = encoding::decode(body, charset)?;
    let declaration = Declaration::read(&text)?.map_or(0, |declaration| declaration.length);
    Ok(XmlText { text, declaration })
}

impl XmlText {
    /// Parses the document.
    pub fn parse(&self, limits: &Limits) -> Result<Document<'_>, XmlError> {
        let (declaration, content) =
            self.text.split_at_checked(self.declaration).unwrap_or(("", &self.text));
        let lines_before = declaration.matches('\n').count();
        scan::check(content, limits).and_then(|()| Document::parse(content, limits)).map_err(
            |error| {
                if let XmlError::Malformed { line } = error {
                    XmlError::Malformed { line: line + lines_before }
                } else {
                    error
                }
            },
        )
    }
}

/// The error for a place in a text.
fn malformed_at(text: &str, offset: usize) -> XmlError {
    let before = text.get(..offset).unwrap_or(text);
    XmlError::Malformed { line: 1 + before.matches('\n').count() }
}

#[cfg(test)]
mod tests;
