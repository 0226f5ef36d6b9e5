//! The key in the header `token` tells the supplier (`restigo.md` 1).

use http::HeaderMap;
use kontor_app::{App, Asker};
use kontor_model::account::Protocol;
use kontor_wire::http::Request;

use crate::error::Failure;
use crate::wire::TOKEN;

/// Who asks. Missing, unknown, disabled and foreign keys are one answer.
pub(crate) fn authenticate(app: &App, request: &Request) -> Result<Asker, Failure> {
    let token = token(&request.headers).ok_or(Failure::TokenNotFound)?;
    Ok(app.by_token(Protocol::Restigo, token, request.peer)?)
}

/// The one token. Several headers of the name are as good as none.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(TOKEN).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    std::str::from_utf8(value.as_bytes()).ok().map(str::trim).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(values: &[&[u8]], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value).expect("a value a client can send");
            headers.append(TOKEN, value);
        }
        assert_eq!(token(&headers), expected, "{values:?}");
    }

    #[test]
    fn only_one_readable_token_counts() {
        check(&[b"tok-1"], Some("tok-1"));
        check(&[b"\xD7\x90"], Some("א"));
        check(&[], None);
        check(&[b""], None);
        check(&[b"tok%2D1"], Some("tok%2D1"));
        check(&[b"\xE4"], None);
        check(&[b"tok-1", b"tok-1"], None);
    }
}
