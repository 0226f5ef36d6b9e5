//! One pass over a document before it is parsed.
//!
//! The XML library compares attributes and namespaces pair by pair, which hostile input can make
//! very slow; the limits here bound that. It also accepts a few things that are not well-formed;
//! they are refused here. Everything else is left to the library.

use super::{Limits, XmlError, malformed_at};

/// Checks a document without its XML declaration.
pub(super) fn check(text: &str, limits: &Limits) -> Result<(), XmlError> {
    let mut scan = Scan { text, rest: text, limits, open: Vec::new(), in_scope: 0, declared: 0 };
    // The library would skip a mark, but the real one is gone already.
    if text.starts_with('\u{FEFF}') {
        return Err(scan.malformed());
    }
    while let Some((before, markup)) = scan.rest.split_once('<') {
        scan.references(before, scan.offset())?;
        scan.rest = markup;
        scan.markup()?;
    }
    scan.references(scan.rest, scan.offset())
}

struct Scan<'a> {
    text: &'a str,
    /// What has not been looked at yet.
    rest: &'a str,
    limits: &'a Limits,
    /// Namespace declarations of each open element.
    open: Vec<usize>,
    /// Sum of `open`.
    in_scope: usize,
    /// Namespace declarations so far.
    declared: usize,
}

impl<'a> Scan<'a> {
    /// What follows a `<`.
    fn markup(&mut self) -> Result<(), XmlError> {
        if let Some(comment) = self.rest.strip_prefix("!--") {
            self.skip_past(comment, "-->")
        } else if let Some(data) = self.rest.strip_prefix("![CDATA[") {
            self.skip_past(data, "]]>")
        } else if let Some(instruction) = self.rest.strip_prefix('?') {
            // The library would take one at the start for the declaration, which is gone already.
            if instruction.strip_prefix("xml").is_some_and(|rest| rest.starts_with(is_blank)) {
                return Err(self.malformed());
            }
            self.skip_past(instruction, "?>")
        } else if self.rest.starts_with("!DOCTYPE") {
            Err(XmlError::Doctype)
        } else if let Some(name) = self.rest.strip_prefix('/') {
            let declarations = self.open.pop().ok_or_else(|| self.malformed())?;
            self.in_scope -= declarations;
            self.refuse_leading_colon(name)?;
            self.skip_past(name, ">")
        } else {
            self.start_tag()
        }
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        self.refuse_leading_colon(self.rest)?;
        self.take_name();
        let mut tag = Tag::default();
        loop {
            self.rest = self.rest.trim_start_matches(is_blank);
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                return self.element(&tag, true);
            }
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                return self.element(&tag, false);
            }
            self.attribute(&mut tag)?;
        }
    }

    fn attribute(&mut self, tag: &mut Tag) -> Result<(), XmlError> {
        self.refuse_leading_colon(self.rest)?;
        let name = self.take_name();
        let value = self.take_value().ok_or_else(|| self.malformed())?;
        self.references(value, self.offset() - 1 - value.len())?;
        tag.attributes += 1;
        if tag.attributes > self.limits.attributes {
            return Err(XmlError::Limit("attributes"));
        }
        let is_default = name == "xmlns";
        if is_default || name.starts_with("xmlns:") {
            // The library overlooks a second default and a prefix without a name.
            let unusable = if is_default { tag.has_default } else { value.is_empty() };
            if unusable {
                return Err(self.malformed());
            }
            if value.len() > self.limits.namespace_name {
                return Err(XmlError::Limit("bytes in a namespace name"));
            }
            tag.has_default |= is_default;
            tag.declarations += 1;
        }
        Ok(())
    }

    /// Counts an element at the end of its start tag.
    fn element(&mut self, tag: &Tag, stays_open: bool) -> Result<(), XmlError> {
        if self.open.len() >= self.limits.depth {
            return Err(XmlError::Limit("elements inside of each other"));
        }
        self.declared += tag.declarations;
        if self.declared > self.limits.namespaces
            || self.in_scope + tag.declarations > self.limits.namespaces_in_scope
        {
            return Err(XmlError::Limit("namespaces"));
        }
        if stays_open {
            self.open.push(tag.declarations);
            self.in_scope += tag.declarations;
        }
        Ok(())
    }

    /// Takes what may be a name. Whether it is one the library decides; here only its end counts.
    fn take_name(&mut self) -> &'a str {
        let ends_name = |c: char| is_blank(c) || matches!(c, '=' | '/' | '>' | '<' | '"' | '\'');
        let end = self.rest.find(ends_name).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        name
    }

    /// Takes `="value"`.
    fn take_value(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start_matches(is_blank).strip_prefix('=')?;
        let rest = rest.trim_start_matches(is_blank);
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
        self.rest = rest;
        Some(value)
    }

    /// Refuses references to surrogates and beyond Unicode, which the library would replace.
    fn references(&self, text: &str, offset: usize) -> Result<(), XmlError> {
        for (index, reference) in text.match_indices("&#") {
            let number = text.get(index + reference.len()..).unwrap_or_default();
            let end = number.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(number.len());
            let number = number.get(..end).unwrap_or_default();
            let code = match number.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            if code.ok().and_then(char::from_u32).is_none() {
                return Err(malformed_at(self.text, offset + index));
            }
        }
        Ok(())
    }

    /// The library would drop a colon before a name.
    fn refuse_leading_colon(&self, name: &str) -> Result<(), XmlError> {
        if name.starts_with(':') { Err(self.malformed()) } else { Ok(()) }
    }

    fn skip_past(&mut self, from: &'a str, end: &str) -> Result<(), XmlError> {
        let (_, rest) = from.split_once(end).ok_or_else(|| self.malformed())?;
        self.rest = rest;
        Ok(())
    }

    fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn malformed(&self) -> XmlError {
        malformed_at(self.text, self.offset())
    }
}

/// What is counted of one start tag.
#[derive(Default)]
struct Tag {
    attributes: usize,
    declarations: usize,
    has_default: bool,
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}
