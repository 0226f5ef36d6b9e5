#![doc = include_str!("../README.md")]

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// 9999-12-30T21:59:59Z: a day earlier than could be written, since the date library ends there.
const LAST: u64 = 253_402_207_199;
/// The forms of RFC 9110 section 5.6.7 that are read; the first is the one that is written.
const FORMS: [&str; 3] =
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// A date as HTTP writes it, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpDate(Timestamp);

/// A text is no date of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error;

impl From<SystemTime> for HttpDate {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let seconds = i64::try_from(since.as_secs().min(LAST)).unwrap_or(0);
        Self(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

impl From<HttpDate> for SystemTime {
    fn from(date: HttpDate) -> Self {
        UNIX_EPOCH + Duration::from_secs(u64::try_from(date.0.as_second()).unwrap_or(0))
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [form, ..] = FORMS;
        write!(f, "{}", self.0.strftime(form))
    }
}

impl FromStr for HttpDate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = |form: &&str| DateTime::strptime(form, text).ok();
        let local = FORMS.iter().find_map(read).ok_or(Error)?;
        let timestamp = Offset::UTC.to_timestamp(local).map_err(|_| Error)?;
        if timestamp < Timestamp::UNIX_EPOCH { Err(Error) } else { Ok(Self(timestamp)) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date of HTTP")
    }
}

impl std::error::Error for Error {}

/// Reads a date in any of the forms of HTTP.
pub fn parse_http_date(text: &str) -> Result<SystemTime, Error> {
    text.parse::<HttpDate>().map(Into::into)
}

/// Writes a time as HTTP does.
pub fn fmt_http_date(time: SystemTime) -> String {
    HttpDate::from(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_the_first_is_written() {
        let time = UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(fmt_http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse_http_date(text), Ok(time), "{text}");
        }
        for text in ["", "Sun, 06 Nov 1994", "Mon, 06 Nov 1994 08:49:37 GMT", "1994-11-06"] {
            assert_eq!(parse_http_date(text), Err(Error), "{text}");
        }
    }

    #[test]
    fn clocks_that_are_wrong_are_cut() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(fmt_http_date(before), "Thu, 01 Jan 1970 00:00:00 GMT");
        let after = UNIX_EPOCH + Duration::from_secs(LAST + 1_000_000_000);
        assert_eq!(fmt_http_date(after), "Thu, 30 Dec 9999 21:59:59 GMT");
    }
}
