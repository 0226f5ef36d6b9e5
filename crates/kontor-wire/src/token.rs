//! Tokens and credentials in the `Authorization` header.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 as clients send it: with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A name and a password. Its `Debug` is not derived: it holds a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub name: String,
    pub password: String,
}

/// `Authorization: Basic` that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the credentials of Authorization: Basic cannot be read")]
pub struct UnreadableCredentials;

/// The token of `Authorization: Bearer x` (`common.md` 10): the scheme without case, one or more
/// blanks after it. `None` when the header is missing, is given several times, has another scheme, is
/// not readable as text or has no token. Compare it in constant time and never log it.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.trim().split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The credentials of `Authorization: Basic x`: base64 of `name:password` in UTF-8, the scheme without
/// case. `None` without the header, or with another scheme. Never log them.
pub fn basic(headers: &HeaderMap) -> Result<Option<Credentials>, UnreadableCredentials> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let value = value.as_bytes().trim_ascii();
    let (scheme, rest) = value.split_at_checked("basic".len()).unwrap_or((value, b""));
    if !scheme.eq_ignore_ascii_case(b"basic") || rest.first().is_some_and(|byte| *byte != b' ') {
        return Ok(None);
    }
    let decoded = LENIENT.decode(rest.trim_ascii()).map_err(|_| UnreadableCredentials)?;
    let text = String::from_utf8(decoded).map_err(|_| UnreadableCredentials)?;
    let (name, password) = text.split_once(':').ok_or(UnreadableCredentials)?;
    Ok(Some(Credentials { name: name.to_owned(), password: password.to_owned() }))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(values: &[&'static str], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        assert_eq!(bearer(&headers), expected, "{values:?}");
    }

    #[test]
    fn reads_basic_credentials() {
        let check = |value: &'static str, expected: Result<Option<(&str, &str)>, _>| {
            let mut headers = HeaderMap::new();
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            let read = basic(&headers);
            let read = read
                .as_ref()
                .map(|read| read.as_ref().map(|read| (read.name.as_str(), read.password.as_str())));
            assert_eq!(read, expected.as_ref().copied(), "{value}");
        };
        check("Basic YTpi", Ok(Some(("a", "b"))));
        check("bASIC   YTpiOmM=", Ok(Some(("a", "b:c"))));
        check("Basic YTpiOmM", Ok(Some(("a", "b:c"))));
        check("Basic Og==", Ok(Some(("", ""))));
        check("Bearer YTpi", Ok(None));
        check("Basically YTpi", Ok(None));
        check("Basic", Err(UnreadableCredentials));
        check("Basic YQ==", Err(UnreadableCredentials));
        check("Basic !", Err(UnreadableCredentials));
        check("Basic /w==", Err(UnreadableCredentials));
        assert_eq!(basic(&HeaderMap::new()).map(|read| read.is_none()), Ok(true));
    }

    #[test]
    fn reads_a_bearer_token() {
        check(&["Bearer T-DEMO"], Some("T-DEMO"));
        check(&["bEARER   T-DEMO"], Some("T-DEMO"));
        check(&["Bearer a b"], Some("a b"));
    }

    #[test]
    fn refuses_everything_else() {
        check(&[], None);
        check(&["T-DEMO"], None);
        check(&["Bearer"], None);
        check(&["Bearer "], None);
        check(&["BearerT-DEMO"], None);
        check(&["Bearer\tT-DEMO"], None);
        check(&["Basic T-DEMO"], None);
        check(&["Bearer a", "Bearer b"], None);
    }

    #[test]
    fn an_unreadable_header_is_no_token() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"Bearer \xE4").expect("a value a client can send");
        headers.insert(AUTHORIZATION, value);
        assert_eq!(bearer(&headers), None);
    }
}
