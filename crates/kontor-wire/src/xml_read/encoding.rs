//! From bytes to text. Nothing is replaced: a byte that means nothing in the encoding is an error.

use encoding_rs::{ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::XmlError;
use super::declaration::Declaration;

/// The encodings requests may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    /// Without mark: it has been looked at and taken off.
    Utf16(&'static encoding_rs::Encoding),
    Ascii,
    /// The real one, where 80 to 9F are control characters.
    Latin1,
    Latin9,
    Windows1252,
}

/// Decodes a body; a byte order mark is not part of the text.
pub(super) fn decode(body: &[u8], charset: Option<&str>) -> Result<String, XmlError> {
    let (encoding, body) = match marked(body) {
        Some(marked) => marked,
        None => (declared(body)?.map_or_else(|| labelled(charset.unwrap_or("UTF-8")), Ok)?, body),
    };
    encoding.decode(body).ok_or(XmlError::Undecodable)
}

/// The encoding a byte order mark tells, and the bytes behind the mark.
fn marked(body: &[u8]) -> Option<(Encoding, &[u8])> {
    let marks = [
        (&b"\xEF\xBB\xBF"[..], Encoding::Utf8),
        (b"\xFF\xFE", Encoding::Utf16(UTF_16LE)),
        (b"\xFE\xFF", Encoding::Utf16(UTF_16BE)),
    ];
    marks.into_iter().find_map(|(mark, encoding)| Some((encoding, body.strip_prefix(mark)?)))
}

/// The encoding the XML declaration tells. All encodings without mark agree on ASCII, and a
/// declaration is ASCII.
fn declared(body: &[u8]) -> Result<Option<Encoding>, XmlError> {
    let after = body.strip_prefix(b"<?xml").unwrap_or_default();
    if !after.first().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
        return Ok(None);
    }
    let end = body.windows(2).position(|pair| pair == b"?>").map_or(body.len(), |end| end + 2);
    let head = body.get(..end).filter(|head| head.is_ascii());
    let head = head.and_then(|head| std::str::from_utf8(head).ok());
    let declaration = Declaration::read(head.ok_or(XmlError::Malformed { line: 1 })?)?;
    declaration.and_then(|declaration| declaration.encoding).map(labelled).transpose()
}

/// The encoding of a name, letters compared without case. UTF-16 is not among them because it needs
/// a mark, and with a mark the name does not count.
fn labelled(label: &str) -> Result<Encoding, XmlError> {
    match label.to_ascii_uppercase().as_str() {
        "UTF-8" | "UTF8" => Ok(Encoding::Utf8),
        "US-ASCII" | "ASCII" => Ok(Encoding::Ascii),
        "ISO-8859-1" | "ISO8859-1" | "ISO_8859-1" | "LATIN1" => Ok(Encoding::Latin1),
        "ISO-8859-15" | "ISO8859-15" | "ISO_8859-15" => Ok(Encoding::Latin9),
        "WINDOWS-1252" | "CP1252" => Ok(Encoding::Windows1252),
        "UTF-16" => Err(XmlError::Undecodable),
        _ => Err(XmlError::UnknownEncoding),
    }
}

impl Encoding {
    fn decode(self, body: &[u8]) -> Option<String> {
        let by_library = |encoding: &'static encoding_rs::Encoding| {
            encoding.decode_without_bom_handling_and_without_replacement(body)
        };
        let text = match self {
            Self::Utf8 => std::str::from_utf8(body).ok()?.into(),
            Self::Ascii => std::str::from_utf8(body).ok().filter(|text| text.is_ascii())?.into(),
            Self::Latin1 => body.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
            Self::Utf16(encoding) => by_library(encoding)?,
            Self::Latin9 => by_library(ISO_8859_15)?,
            // The library follows browsers, which read the five bytes without meaning as controls.
            Self::Windows1252 if body.iter().any(|byte| is_unassigned_1252(*byte)) => return None,
            Self::Windows1252 => by_library(WINDOWS_1252)?,
        };
        Some(text.into_owned())
    }
}

fn is_unassigned_1252(byte: u8) -> bool {
    matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &[u8], charset: Option<&str>, expected: Result<&str, XmlError>) {
        assert_eq!(decode(body, charset).as_deref().map_err(|error| *error), expected, "{body:x?}");
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn the_mark_comes_first() {
        check(b"\xEF\xBB\xBF<a>\xC3\xA9</a>", Some("ISO-8859-1"), Ok("<a>é</a>"));
        check(
            b"\xEF\xBB\xBF<?xml version='1.0' encoding='KOI8-R'?>",
            None,
            Ok("<?xml version='1.0' encoding='KOI8-R'?>"),
        );
        check(&utf16("\u{FEFF}<a>é€😀</a>", u16::to_le_bytes), None, Ok("<a>é€😀</a>"));
        check(&utf16("\u{FEFF}<a>é</a>", u16::to_be_bytes), Some("UTF-16"), Ok("<a>é</a>"));
        check(
            &utf16("\u{FEFF}<?xml version='1.0' encoding='UTF-8'?>", u16::to_be_bytes),
            None,
            Ok("<?xml version='1.0' encoding='UTF-8'?>"),
        );
    }

    #[test]
    fn then_the_declaration_then_the_charset_then_utf8() {
        let declared = b"<?xml version='1.0' encoding='iso-8859-1'?>\xE9";
        check(declared, Some("UTF-8"), Ok("<?xml version='1.0' encoding='iso-8859-1'?>é"));
        check(b"<?xml version='1.0'?>\xE9", Some("latin1"), Ok("<?xml version='1.0'?>é"));
        check(b"<a>\xE9", Some("ISO-8859-1"), Ok("<a>é"));
        check("<a>é".as_bytes(), None, Ok("<a>é"));
        check(b"", None, Ok(""));
    }

    #[test]
    fn knows_how_the_single_byte_encodings_differ() {
        check(b"\x80\xA4\xE9", Some("ISO-8859-1"), Ok("\u{80}¤é"));
        check(b"\x80\xA4\xE9", Some("ISO-8859-15"), Ok("\u{80}€é"));
        check(b"\x80\xA4\xE9", Some("windows-1252"), Ok("€¤é"));
        check(b"a~", Some("us-ascii"), Ok("a~"));
    }

    #[test]
    fn bytes_without_meaning_are_an_error() {
        let undecodable = Err(XmlError::Undecodable);
        check(b"<a>\xE9</a>", None, undecodable);
        check(b"\xC0\x80", None, undecodable);
        check(b"\xED\xA0\x80", None, undecodable);
        check(b"<a>\xE9</a>", Some("US-ASCII"), undecodable);
        for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] {
            check(&[byte], Some("windows-1252"), undecodable);
        }
        check(b"\xFF\xFE<\0a", None, undecodable);
        check(b"\xFF\xFE\x00\xD8<\0", None, undecodable);
        check(b"<a/>", Some("UTF-16"), undecodable);
        check(b"<?xml version='1.0' encoding='utf-16'?>", None, undecodable);
    }

    #[test]
    fn other_encodings_are_unknown() {
        for label in
            ["UTF-7", "UTF-32", "KOI8-R", "ISO-8859-2", "windows-1251", "EBCDIC-CP-US", "x"]
        {
            check(b"<a/>", Some(label), Err(XmlError::UnknownEncoding));
            let declared = format!("<?xml version='1.0' encoding='{label}'?><a/>");
            check(declared.as_bytes(), Some("UTF-8"), Err(XmlError::UnknownEncoding));
        }
    }

    #[test]
    fn a_malformed_declaration_tells_nothing() {
        check("<?xmlé?><a/>".as_bytes(), None, Ok("<?xmlé?><a/>"));
        check(b"<?xml encoding='UTF-8'?>", None, Err(XmlError::Malformed { line: 1 }));
        check(b"<?xml version='1.0' \xE9?>", None, Err(XmlError::Malformed { line: 1 }));
    }
}
