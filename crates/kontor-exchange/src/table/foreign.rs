//! Files that are no CSV in UTF-8 at all: what they seem to be, and what to do about it.

/// How a file of another format begins, and what it is.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a spreadsheet workbook (XLSX, ODS) or another ZIP archive"),
    (b"\xD0\xCF\x11\xE0", "a spreadsheet workbook (XLS) or another Office document"),
    (b"\x1F\x8B", "compressed (gzip)"),
    (b"%PDF", "a PDF document"),
    (b"<?xml", "XML"),
    (b"<!DOCTYPE", "an HTML page"),
    (b"<html", "an HTML page"),
];

/// Why the first line of a file shows that it cannot be read; `None` when it may be CSV.
pub(crate) fn reason(line: &[u8]) -> Option<String> {
    if line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF") {
        return Some("the file is UTF-16; save it as UTF-8".to_owned());
    }
    let known = SIGNATURES.iter().find(|(start, _)| {
        line.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    });
    if let Some((_, what)) = known {
        return Some(format!(
            "the file is {what}, not CSV; save each sheet as \"CSV UTF-8\" under the name of its file"
        ));
    }
    if line.contains(&0) {
        return Some(
            "the file is UTF-16 without its mark, or no text; save it as UTF-8".to_owned(),
        );
    }
    None
}

/// What bytes that are not UTF-8 seem to be. Spreadsheet programs write the encoding of the
/// machine, which in Europe and the Americas is Windows-1252.
pub(crate) const NOT_UTF8: &str =
    "not UTF-8 text, it looks like Windows-1252 (\"ANSI\"); save the file as \"CSV UTF-8\"";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_file_is() {
        for (line, expected) in [
            (&b"PK\x03\x04\x14\0"[..], "workbook (XLSX, ODS)"),
            (b"\xD0\xCF\x11\xE0\xA1", "workbook (XLS)"),
            (b"\x1F\x8B\x08", "gzip"),
            (b"<HTML><body>", "HTML"),
            (b"s\0k\0u\0", "UTF-16 without its mark"),
        ] {
            let reason = reason(line).unwrap();
            assert!(reason.contains(expected), "{reason}");
        }
        for line in [&b"sku,name\n"[..], b"PK,name\n", b"<price>;sku\n", b""] {
            assert_eq!(reason(line), None);
        }
    }
}
