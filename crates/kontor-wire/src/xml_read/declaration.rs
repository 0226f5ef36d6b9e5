//! The XML declaration, read strictly: the XML library would accept any version and encoding.

use super::{XmlError, malformed_at};

/// `<?xml version="1.0" encoding="…" standalone="…"?>`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declaration<'a> {
    pub(super) encoding: Option<&'a str>,
    /// Length in bytes, from `<` to `>`.
    pub(super) length: usize,
}

impl<'a> Declaration<'a> {
    /// Reads the declaration a document starts with; `None` when it starts with something else.
    pub(super) fn read(text: &'a str) -> Result<Option<Self>, XmlError> {
        let Some(rest) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with(is_blank))
        else {
            return Ok(None);
        };
        let malformed = |rest: &str| malformed_at(text, text.len() - rest.len());

        let (version, rest) = pseudo_attribute(rest, "version");
        if !version.is_some_and(is_version) {
            return Err(malformed(rest));
        }
        let (encoding, rest) = pseudo_attribute(rest, "encoding");
        if !encoding.is_none_or(is_encoding_name) {
            return Err(malformed(rest));
        }
        let (standalone, rest) = pseudo_attribute(rest, "standalone");
        if !standalone.is_none_or(|value| matches!(value, "yes" | "no")) {
            return Err(malformed(rest));
        }
        let rest = rest.trim_start_matches(is_blank);
        let Some(rest) = rest.strip_prefix("?>") else {
            return Err(malformed(rest));
        };
        Ok(Some(Self { encoding, length: text.len() - rest.len() }))
    }
}

/// The value of `name`, when it is what follows next, and what comes after it.
fn pseudo_attribute<'a>(text: &'a str, name: &str) -> (Option<&'a str>, &'a str) {
    let read = || {
        let rest = text.strip_prefix(is_blank)?.trim_start_matches(is_blank);
        let rest = rest.strip_prefix(name)?.trim_start_matches(is_blank);
        let rest = rest.strip_prefix('=')?.trim_start_matches(is_blank);
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest.strip_prefix(quote)?.split_once(quote)
    };
    match read() {
        Some((value, rest)) => (Some(value), rest),
        None => (None, text),
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// `1.` and digits: a processor of XML 1.0 reads other 1.x documents as 1.0.
fn is_version(text: &str) -> bool {
    text.strip_prefix("1.")
        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_encoding_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_declaration() {
        let read = |text| Declaration::read(text).expect(text).expect(text);
        let full = "<?xml version=\"1.0\" encoding='utf-8' standalone=\"no\" ?>";
        assert_eq!(read(full), Declaration { encoding: Some("utf-8"), length: full.len() });
        assert_eq!(read("<?xml\n\tversion = '1.1'\n?><a/>").length, 25);
        assert_eq!(read("<?xml version='1.0' standalone='yes'?>").encoding, None);
        for text in [
            "",
            "<a/>",
            "<?xml?>",
            "<?xml-style x?>",
            " <?xml version='1.0'?>",
            "<?XML version='1.0'?>",
        ] {
            assert_eq!(Declaration::read(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn refuses_a_malformed_declaration() {
        for text in [
            "<?xml ?>",
            "<?xml encoding='UTF-8'?>",
            "<?xml version='2.0'?>",
            "<?xml version='1.'?>",
            "<?xml version='1.x'?>",
            "<?xml version=1.0?>",
            "<?xml version='1.0\"?>",
            "<?xml version='1.0'encoding='UTF-8'?>",
            "<?xml version='1.0' encoding=''?>",
            "<?xml version='1.0' encoding='8859'?>",
            "<?xml version='1.0' encoding='a b'?>",
            "<?xml version='1.0' standalone='maybe'?>",
            "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
            "<?xml version='1.0' version='1.0'?>",
            "<?xml version='1.0' other='1'?>",
            "<?xml version='1.0'?<a/>",
            "<?xml version='1.0'",
        ] {
            assert_eq!(Declaration::read(text), Err(XmlError::Malformed { line: 1 }), "{text}");
        }
        let third_line = "<?xml\nversion='1.0'\n?";
        assert_eq!(Declaration::read(third_line), Err(XmlError::Malformed { line: 3 }));
    }
}
