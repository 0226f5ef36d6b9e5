//! The exact shapes of answers: one tree, printed as JSON or as its mechanical image in XML.

use kontor_wire::accept::{self, Format as Offered};
use kontor_wire::http::Request;
use kontor_wire::json::write_string_escaping_slashes;
use kontor_wire::query::{Pair, first_value};
use kontor_wire::xml_write;

use crate::error::{Error, Place};

/// How an answer is written. It does not depend on how the request was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

const JSON: Offered<Format> =
    Offered { format: Format::Json, first_type: "application/json", other_types: &[] };
const XML: Offered<Format> =
    Offered { format: Format::Xml, first_type: "application/xml", other_types: &[] };

/// The published samples have a blank before `?>`.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>";

impl Format {
    /// The format the client accepts best; JSON when it accepts neither.
    pub(crate) fn accepted(request: &Request) -> Self {
        accept::choose_by_headers(&request.headers, JSON, &[XML]).format
    }

    /// The format of `responseFormat`, when it is given.
    pub(crate) fn named(parameters: &[Pair<'_>]) -> Result<Option<Self>, Error> {
        match first_value(parameters, "responseFormat") {
            None => Ok(None),
            Some("json") => Ok(Some(Self::Json)),
            Some("xml") => Ok(Some(Self::Xml)),
            Some(_) => Err(Error::Invalid(Place::parameter("responseFormat"), "it is json or xml")),
        }
    }

    /// Clients compare it: no charset.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Json => JSON.first_type,
            Self::Xml => XML.first_type,
        }
    }
}

/// An answer that is being written. Names of members are ours and need no escaping.
pub(crate) struct Document {
    out: Vec<u8>,
    format: Format,
    /// Whether the next member or element needs a comma before it.
    comma: bool,
}

/// A list of objects that is being written. In XML it is a repeated element; an empty one vanishes.
pub(crate) struct Items<'d> {
    document: &'d mut Document,
    name: &'static str,
}

impl Document {
    /// Begins an answer of about this many bytes.
    pub(crate) fn new(format: Format, capacity: usize) -> Self {
        let mut out = Vec::with_capacity(capacity);
        match format {
            Format::Json => out.push(b'{'),
            Format::Xml => {
                out.extend_from_slice(DECLARATION);
                out.extend_from_slice(b"<root>");
            }
        }
        Self { out, format, comma: false }
    }

    /// Goes on with an answer in the midst of a list, of whose elements some may be written.
    pub(crate) fn resumed(format: Format, capacity: usize, has_elements: bool) -> Self {
        Self { out: Vec::with_capacity(capacity), format, comma: has_elements }
    }

    /// What is written so far, when the answer goes on.
    pub(crate) fn into_piece(self) -> Vec<u8> {
        self.out
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        match self.format {
            Format::Json => self.out.push(b'}'),
            Format::Xml => self.out.extend_from_slice(b"</root>"),
        }
        self.out
    }

    pub(crate) fn text(&mut self, name: &'static str, value: &str) {
        match self.format {
            Format::Json => {
                self.key(name);
                write_string_escaping_slashes(&mut self.out, value);
                self.comma = true;
            }
            Format::Xml if value.is_empty() => {
                self.out.push(b'<');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b" />");
            }
            Format::Xml => {
                xml_write::open(&mut self.out, name);
                xml_write::text(&mut self.out, value);
                xml_write::close(&mut self.out, name);
            }
        }
    }

    /// A text of capital letters and digits, which needs no escaping.
    pub(crate) fn code(&mut self, name: &'static str, code: &str) {
        self.open(name);
        let quote: &[u8] = if self.format == Format::Json { b"\"" } else { b"" };
        for part in [quote, code.as_bytes(), quote] {
            self.out.extend_from_slice(part);
        }
        self.close(name);
    }

    /// A number that `write` prints.
    pub(crate) fn number(&mut self, name: &'static str, write: impl FnOnce(&mut Vec<u8>)) {
        self.open(name);
        write(&mut self.out);
        self.close(name);
    }

    pub(crate) fn object(&mut self, name: &'static str, members: impl FnOnce(&mut Self)) {
        self.open(name);
        self.braces(members);
        self.close(name);
    }

    pub(crate) fn list<R>(
        &mut self,
        name: &'static str,
        fill: impl FnOnce(&mut Items<'_>) -> R,
    ) -> R {
        self.begin_list(name);
        let result = fill(&mut self.items(name));
        self.end_list();
        result
    }

    /// Begins a list, to whose elements [`Self::items`] leads.
    pub(crate) fn begin_list(&mut self, name: &'static str) {
        if self.format == Format::Json {
            self.key(name);
            self.out.push(b'[');
            self.comma = false;
        }
    }

    pub(crate) fn items(&mut self, name: &'static str) -> Items<'_> {
        Items { document: self, name }
    }

    pub(crate) fn end_list(&mut self) {
        if self.format == Format::Json {
            self.out.push(b']');
            self.comma = true;
        }
    }

    fn braces<R>(&mut self, members: impl FnOnce(&mut Self) -> R) -> R {
        if self.format == Format::Xml {
            return members(self);
        }
        self.out.push(b'{');
        self.comma = false;
        let result = members(self);
        self.out.push(b'}');
        self.comma = true;
        result
    }

    fn open(&mut self, name: &'static str) {
        match self.format {
            Format::Json => self.key(name),
            Format::Xml => xml_write::open(&mut self.out, name),
        }
    }

    fn close(&mut self, name: &'static str) {
        match self.format {
            Format::Json => self.comma = true,
            Format::Xml => xml_write::close(&mut self.out, name),
        }
    }

    fn key(&mut self, name: &'static str) {
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
    }
}

impl Items<'_> {
    /// Bytes that the document has by now.
    pub(crate) fn length(&self) -> usize {
        self.document.out.len()
    }

    /// Adds an object with these members.
    pub(crate) fn item<R>(&mut self, members: impl FnOnce(&mut Document) -> R) -> R {
        match self.document.format {
            Format::Json => {
                self.document.separate();
                self.document.braces(members)
            }
            Format::Xml => {
                xml_write::open(&mut self.document.out, self.name);
                let result = members(self.document);
                xml_write::close(&mut self.document.out, self.name);
                result
            }
        }
    }
}
