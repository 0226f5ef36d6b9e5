//! The parts of a `Content-Type` that matter for reading a body.

/// The type without parameters, as it was sent: compare it without case.
pub fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// Whether the type without parameters is `expected`, letters compared without case.
pub fn is(content_type: &str, expected: &str) -> bool {
    essence(content_type).eq_ignore_ascii_case(expected)
}

/// The `charset` parameter without its quotes; an empty one counts as none.
pub fn charset(content_type: &str) -> Option<&str> {
    split_unquoted(content_type, ';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The value of a parameter, names compared without case, quotes and the backslashes in them taken
/// away. `None` without it.
pub fn parameter(value: &str, wanted: &str) -> Option<String> {
    split_unquoted(value, ';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim();
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        name.trim().eq_ignore_ascii_case(wanted).then(|| match quoted {
            Some(quoted) => unescaped(quoted),
            None => value.to_owned(),
        })
    })
}

fn unescaped(quoted: &str) -> String {
    let mut escaped = false;
    let keep = |character: &char| {
        escaped = *character == '\\' && !escaped;
        !escaped
    };
    quoted.chars().filter(keep).collect()
}

/// Splits a header value at a separator that is not inside of a quoted string.
pub(crate) fn split_unquoted(value: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    value.split(move |character| {
        let separates = !quoted && character == separator;
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && character == '\\' && !escaped;
        separates
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_parameter() {
        let value = "form-data; name=\"a;\\\"b\\\\\" ; Other = x; empty=\"\"";
        assert_eq!(parameter(value, "name").as_deref(), Some("a;\"b\\"));
        assert_eq!(parameter(value, "other").as_deref(), Some("x"));
        assert_eq!(parameter(value, "empty").as_deref(), Some(""));
        assert_eq!(parameter(value, "form-data"), None);
    }

    #[test]
    fn reads_the_type() {
        assert_eq!(essence("text/xml; charset=UTF-8"), "text/xml");
        assert_eq!(essence(" Application/JSON "), "Application/JSON");
        assert_eq!(essence(""), "");
        assert!(is("TEXT/xml;charset=x", "text/xml"));
        assert!(!is("text/xml2", "text/xml"));
    }

    #[test]
    fn reads_the_charset() {
        let cases = [
            ("text/xml; charset=UTF-8", Some("UTF-8")),
            ("text/xml;CharSet=\"iso-8859-1\"", Some("iso-8859-1")),
            ("text/xml; a=\"; charset=x\"; charset = utf-16 ; charset=y", Some("utf-16")),
            ("text/xml; a=\"\\\"; charset=x\"", None),
            ("text/xml; charset=", None),
            ("text/xml; charset", None),
            ("charset=x", None),
        ];
        for (content_type, expected) in cases {
            assert_eq!(charset(content_type), expected, "{content_type}");
        }
    }
}
