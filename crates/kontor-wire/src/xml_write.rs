//! Writing XML into the bytes of an answer.
//!
//! Names of elements and attributes are ours and written as they are; texts are escaped. Nothing
//! here checks that tags are closed: the golden cases of the protocols do.

/// The declaration most answers begin with.
pub const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// Writes `<name>`. Attributes of ours may follow the name.
pub fn open(out: &mut Vec<u8>, name: &str) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

/// Writes `</name>`.
pub fn close(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

/// Writes `<name/>`.
pub fn empty(out: &mut Vec<u8>, name: &str) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"/>");
}

/// Writes `<name>text</name>`, or `<name/>` for an empty text.
pub fn element(out: &mut Vec<u8>, name: &str, content: &str) {
    if content.is_empty() {
        empty(out, name);
    } else {
        element_with(out, name, |out| text(out, content));
    }
}

/// Writes `<name>`, what `content` writes, and `</name>`.
pub fn element_with(out: &mut Vec<u8>, name: &str, content: impl FnOnce(&mut Vec<u8>)) {
    open(out, name);
    content(out);
    close(out, name);
}

/// Writes a text between tags: `&`, `<` and `>` escaped, characters that XML 1.0 forbids as U+FFFD,
/// everything else, quotes included, as it is (`common.md` 5).
pub fn text(out: &mut Vec<u8>, content: &str) {
    // Most texts need nothing; a loop without a way out looks at many bytes at once.
    if !content.bytes().fold(false, |is_special, byte| is_special | may_be_special(byte)) {
        return out.extend_from_slice(content.as_bytes());
    }
    let mut written = 0;
    for (index, character) in content.char_indices() {
        let replacement = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            forbidden if is_forbidden(forbidden) => "\u{FFFD}",
            _ => continue,
        };
        out.extend_from_slice(content.get(written..index).unwrap_or_default().as_bytes());
        out.extend_from_slice(replacement.as_bytes());
        written = index + character.len_utf8();
    }
    out.extend_from_slice(content.get(written..).unwrap_or_default().as_bytes());
}

/// Whether a character with this byte may have to be replaced.
fn may_be_special(byte: u8) -> bool {
    // U+FFFE and U+FFFF begin with 0xEF.
    byte < b' ' || matches!(byte, b'&' | b'<' | b'>' | 0xEF)
}

/// Characters outside of `Char` in XML 1.0; surrogates cannot be in a `str`.
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seeded;

    fn print(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("answers are UTF-8")
    }

    #[test]
    fn escapes_texts() {
        let cases = [
            ("", ""),
            ("RL-HUB/4&P", "RL-HUB/4&amp;P"),
            ("<a>]]>", "&lt;a&gt;]]&gt;"),
            ("\"it's\"", "\"it's\""),
            ("a\u{0}\u{8}\u{b}\u{1f}b", "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b"),
            ("\u{FFFE}\u{FFFF}\u{FFFD}", "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("\t\n\u{7f}\u{85}\u{10FFFF}", "\t\n\u{7f}\u{85}\u{10FFFF}"),
            ("a\r\nb", "a\r\nb"),
            ("כבל & é", "כבל &amp; é"),
        ];
        for (content, expected) in cases {
            assert_eq!(print(|out| text(out, content)), expected);
        }
    }

    #[test]
    fn writes_elements() {
        let written = print(|out| {
            out.extend_from_slice(DECLARATION);
            element_with(out, "A", |out| {
                element(out, "B", "1&2");
                element(out, "C", "");
                open(out, "D");
                close(out, "D");
                empty(out, "E");
            });
        });
        let expected =
            r#"<?xml version="1.0" encoding="UTF-8"?><A><B>1&amp;2</B><C/><D></D><E/></A>"#;
        assert_eq!(written, expected);
    }

    proptest! {
        #![proptest_config(seeded::config())]

        #[test]
        fn a_reader_gets_the_text_back(content: String) {
            let written = print(|out| {
                element_with(out, "a", |out| text(out, &content));
            });
            let document = roxmltree::Document::parse(&written).expect("well-formed");
            // A reader makes a line feed of every kind of line end.
            let content = content.replace("\r\n", "\n").replace('\r', "\n");
            // A reader makes a line feed of every kind of line end.
            let content = content.replace("\r\n", "\n").replace('\r', "\n");
            let expected: String = content.chars().map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c }).collect();
            prop_assert_eq!(document.root_element().text().unwrap_or_default(), expected);
        }
    }
}
