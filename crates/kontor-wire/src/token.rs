//! Tokens in the `Authorization` header.

use http::HeaderMap;
use http::header::AUTHORIZATION;

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
