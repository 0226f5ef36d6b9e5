//! `Retry-After`: for how long a receiver wants to be left alone (RFC 9110, 10.2.3).

use std::time::UNIX_EPOCH;

use http::header::RETRY_AFTER;
use http::{Response, StatusCode};
use kontor_model::Instant;

/// For how many seconds after `now` the receiver wants nothing, at least one. `None` when it did
/// not say so, in a way nobody understands, or with a status other than 429 and 503.
pub(crate) fn seconds<T>(answer: &Response<T>, now: Instant) -> Option<i64> {
    if !matches!(answer.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return None;
    }
    let mut values = answer.headers().get_all(RETRY_AFTER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let value = value.to_str().ok()?.trim();
    let seconds = if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        // More than fits is long enough.
        value.parse().unwrap_or(i64::MAX)
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        let date = date.duration_since(UNIX_EPOCH).ok()?.as_secs();
        i64::try_from(date).ok()? - now.micros().div_euclid(1_000_000)
    };
    (seconds > 0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(status: u16, values: &[&str]) -> Option<i64> {
        let mut answer = Response::builder().status(status);
        for value in values {
            answer = answer.header(RETRY_AFTER, *value);
        }
        // 2016-01-28T11:24:28.874Z
        let now = Instant::from_micros(1_453_980_268_874_000);
        seconds(&answer.body(()).expect("an answer"), now)
    }

    #[test]
    fn seconds_and_the_three_notations_of_a_date() {
        for (value, expected) in [
            ("120", Some(120)),
            (" 1 ", Some(1)),
            ("007", Some(7)),
            ("99999999999999999999", Some(i64::MAX)),
            ("Thu, 28 Jan 2016 11:26:28 GMT", Some(120)),
            ("Thursday, 28-Jan-16 11:26:28 GMT", Some(120)),
            ("Thu Jan 28 11:26:28 2016", Some(120)),
            ("Thu, 28 Jan 2016 11:24:29 GMT", Some(1)),
        ] {
            assert_eq!(asked(429, &[value]), expected, "{value}");
            assert_eq!(asked(503, &[value]), expected, "{value}");
            assert_eq!(asked(500, &[value]), None, "{value}");
        }
    }

    #[test]
    fn what_asks_for_nothing() {
        for value in [
            "",
            "0",
            "-1",
            "+5",
            "1.5",
            "soon",
            "٣",
            "2016-01-28T11:26:28Z",
            "Thu, 28 Jan 2016 11:24:28 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Thu, 32 Jan 2016 11:26:28 GMT",
        ] {
            assert_eq!(asked(503, &[value]), None, "{value}");
        }
        assert_eq!(asked(503, &[]), None);
        assert_eq!(asked(503, &["1", "2"]), None);
    }
}
