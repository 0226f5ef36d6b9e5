//! Bodies of `multipart/form-data`, as `curl -F` sends them, read as the pairs of a form
//! (`restigo.md` 3). Files are no parameters: a body with one is malformed. Lines may end in a bare line
//! feed, which clients that put their bodies together by hand write.

use std::borrow::Cow;

use kontor_wire::media_type;
use kontor_wire::query::Pair;

/// Most parts of a body: lines of two fields each, as many as a body has room for.
const MAX_PARTS: usize = 20_000;
/// Longest boundary (RFC 2046, 5.1.1).
const MAX_BOUNDARY: usize = 70;

/// The pairs of a body; `None` when it is malformed. The cost is linear in its length.
pub(crate) fn pairs<'b>(content_type: &str, body: &'b [u8]) -> Option<Vec<Pair<'b>>> {
    let boundary = media_type::parameter(content_type, "boundary")?;
    if boundary.is_empty() || boundary.len() > MAX_BOUNDARY {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?;
    let delimiter = format!("\n--{boundary}");
    // The first delimiter needs no line before it.
    let first = delimiter.strip_prefix('\n')?;
    let mut rest = match text.strip_prefix(first) {
        Some(rest) => rest,
        None => text.split_once(delimiter.as_str())?.1,
    };
    let mut pairs = Vec::new();
    loop {
        if rest.starts_with("--") {
            return Some(pairs);
        }
        let after_line = after_line_end(rest.trim_start_matches([' ', '\t']))?;
        // The end of the line before a delimiter belongs to the delimiter.
        let (part, later) = after_line.split_once(delimiter.as_str())?;
        pairs.push(pair(part.strip_suffix('\r').unwrap_or(part))?);
        if pairs.len() > MAX_PARTS {
            return None;
        }
        rest = later;
    }
}

/// A part: headers, an empty line, the value.
fn pair(part: &str) -> Option<Pair<'_>> {
    let (headers, value) = split_headers(part)?;
    let disposition = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then(|| value.trim())
    })?;
    let is_field = media_type::is(disposition, "form-data");
    let is_file = ["filename", "filename*"]
        .iter()
        .any(|name| media_type::parameter(disposition, name).is_some());
    let name = media_type::parameter(disposition, "name").filter(|_| is_field && !is_file)?;
    Some(Pair { name: Cow::Owned(name), value: Cow::Borrowed(value), raw: part.as_bytes() })
}

/// The headers of a part, and what follows the first empty line.
fn split_headers(part: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    for line in part.split_inclusive('\n') {
        let after = end + line.len();
        if line == "\n" || line == "\r\n" {
            return part.get(..end).zip(part.get(after..));
        }
        end = after;
    }
    None
}

fn after_line_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"x y\"";

    fn read(body: &str) -> Option<Vec<(String, String)>> {
        let pairs = pairs(TYPE, body.as_bytes())?;
        Some(pairs.into_iter().map(|pair| (pair.name.into(), pair.value.into())).collect())
    }

    fn field(name: &str, value: &str) -> String {
        format!("--x y\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    #[test]
    fn parts_are_pairs() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let body = [&*field("name", "a=b&c"), &field("items[0][n]", ""), "--x y--\r\n"].concat();
        let expected = vec![pair("name", "a=b&c"), pair("items[0][n]", "")];
        assert_eq!(read(&body), Some(expected.clone()));
        assert_eq!(read(&format!("a preamble\r\n{body}an epilogue")), Some(expected));
        let lines = "line\r\n--x\r\n\r\nline";
        let body = [&*field("t", lines), "--x y--"].concat();
        assert_eq!(read(&body), Some(vec![pair("t", lines)]));
        let typed = "--x y \t\r\nContent-Type: text/plain\r\n\
                     CONTENT-DISPOSITION:form-data;name=n\r\n\r\nv\r\n--x y--";
        assert_eq!(read(typed), Some(vec![pair("n", "v")]));
        assert_eq!(read("--x y--"), Some(Vec::new()));
    }

    #[test]
    fn lines_may_end_in_a_bare_line_feed() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let crlf = [&*field("name", "a\r\n\r\nb\r"), &field("n", ""), "--x y--\r\n"].concat();
        let expected = vec![pair("name", "a\r\n\r\nb\r"), pair("n", "")];
        assert_eq!(read(&crlf), Some(expected));
        let line_feeds = crlf.replace("\r\n", "\n");
        assert_eq!(read(&line_feeds), Some(vec![pair("name", "a\n\nb"), pair("n", "")]));
        // A value that is sent as it was read from a file, between lines as they should be.
        let body = [&*field("t", "one\ntwo\n"), &field("u", "v"), "--x y--"].concat();
        assert_eq!(read(&body), Some(vec![pair("t", "one\ntwo\n"), pair("u", "v")]));
        let last = body.replace("v\r\n--x y--", "v\n--x y--");
        assert_eq!(read(&last), read(&body));
    }

    #[test]
    fn what_is_no_form_is_malformed() {
        let file =
            "--x y\r\nContent-Disposition: form-data; name=\"n\"; filename=\"f\"\r\n\r\nv\r\n";
        for body in [
            String::new(),
            "name=a".to_owned(),
            field("name", "never ends"),
            format!("{file}--x y--"),
            "--x y\r\n\r\nno name\r\n--x y--".to_owned(),
            "--x y\r\nContent-Disposition: attachment; name=n\r\n\r\nv\r\n--x y--".to_owned(),
            "--x yz\r\n".to_owned(),
        ] {
            assert_eq!(read(&body), None, "{body}");
        }
        assert!(pairs("multipart/form-data", b"--\r\n").is_none(), "no boundary");
        let longest = |length: usize| {
            let boundary = "b".repeat(length);
            let content_type = format!("multipart/form-data; boundary={boundary}");
            pairs(&content_type, format!("--{boundary}--").as_bytes()).is_some()
        };
        assert!(longest(MAX_BOUNDARY) && !longest(MAX_BOUNDARY + 1));
        assert!(pairs(TYPE, b"--x y\r\n\xFF").is_none());
    }

    #[test]
    fn as_many_parts_as_there_may_be() {
        let body = |count: usize| field("items[]", "1").repeat(count) + "--x y--";
        assert_eq!(read(&body(MAX_PARTS)).map(|pairs| pairs.len()), Some(MAX_PARTS));
        assert_eq!(read(&body(MAX_PARTS + 1)), None);
    }
}
