//! Dates as xsd:dateTime (`websphere.md` 3): seconds and capital letters required, at most nine digits
//! of a fraction, offsets up to 14:00; also without offset, and without time.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use kontor_model::instant::{Instant, Zone};

/// Minutes of the greatest offset.
const MAX_OFFSET: i32 = 14 * 60;

/// Reads a date. Without offset it is of this zone, without time it is 00:00:00.
pub(crate) fn parse(text: &str, zone: &Zone) -> Option<Instant> {
    let (date, rest) = text.split_at_checked("YYYY-MM-DD".len())?;
    let date = parse_date(date)?;
    if rest.is_empty() {
        return Some(zone.start_of_day(date));
    }
    let (time, rest) = rest.strip_prefix('T')?.split_at_checked("hh:mm:ss".len())?;
    let (nanoseconds, rest) = parse_fraction(rest)?;
    let local = date.to_datetime(parse_time(time, nanoseconds)?);
    if rest.is_empty() {
        return Some(zone.instant(local));
    }
    // Only the last hours of the year 9999 are no instant any more.
    let timestamp = parse_offset(rest)?.to_timestamp(local);
    Some(timestamp.map_or(Instant::MAX, Instant::from_timestamp))
}

fn parse_date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let year = i16::try_from(digits(year, 4)?).ok()?;
    Date::new(year, two_digits(month)?, two_digits(day)?).ok()
}

fn parse_time(text: &str, nanoseconds: i32) -> Option<Time> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let (hour, minute, second) = (two_digits(hour)?, two_digits(minute)?, two_digits(second)?);
    Time::new(hour, minute, second, nanoseconds).ok()
}

/// Nanoseconds of a fraction, when there is one, and what follows.
fn parse_fraction(text: &str) -> Option<(i32, &str)> {
    let Some(fraction) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = fraction.split_at_checked(length)?;
    let zeros = 9_u32.checked_sub(u32::try_from(length).ok()?)?;
    let value = digits(fraction, length)?;
    Some((value * 10_i32.pow(zeros), rest))
}

fn parse_offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let offset = i32::from(hours) * 60 + i32::from(minutes);
    let is_offset = minutes < 60 && offset <= MAX_OFFSET;
    is_offset.then(|| Offset::from_seconds(sign * offset * 60).ok())?
}

fn two_digits(text: &str) -> Option<i8> {
    i8::try_from(digits(text, 2)?).ok()
}

/// Exactly so many ASCII digits, 1 to 9.
fn digits(text: &str, length: usize) -> Option<i32> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (text.len() == length && all_digits).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, text: &str, expected: Option<&str>) {
        let zone: Zone = zone.parse().expect("a zone");
        let instant = parse(text, &zone).map(|instant| instant.to_string());
        assert_eq!(instant.as_deref(), expected, "{text:?} in {zone}");
    }

    #[test]
    fn reads_dates_with_offset() {
        for (text, expected) in [
            ("2016-03-15T16:00:00Z", "2016-03-15T16:00:00Z"),
            ("2016-03-15T16:00:00+05:30", "2016-03-15T10:30:00Z"),
            ("2016-06-30T19:00:00-05:00", "2016-07-01T00:00:00Z"),
            ("2016-07-01T13:59:59+14:00", "2016-06-30T23:59:59Z"),
            ("2016-07-01T00:00:00-14:00", "2016-07-01T14:00:00Z"),
            ("2016-07-01T00:00:00-00:00", "2016-07-01T00:00:00Z"),
            ("2016-02-29T00:00:00.1Z", "2016-02-29T00:00:00.1Z"),
            ("2016-06-30T23:59:59.999999999Z", "2016-06-30T23:59:59.999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59-14:00", "9999-12-30T22:00:00.999999Z"),
        ] {
            check("America/New_York", text, Some(expected));
        }
    }

    #[test]
    fn dates_without_offset_are_of_the_zone() {
        for (zone, text, expected) in [
            ("UTC", "2016-07-01", "2016-07-01T00:00:00Z"),
            ("Europe/Berlin", "2016-07-01", "2016-06-30T22:00:00Z"),
            ("Europe/Berlin", "2016-03-27T01:59:59", "2016-03-27T00:59:59Z"),
            // In the gap: shifted forward by its length.
            ("Europe/Berlin", "2016-03-27T02:30:00", "2016-03-27T01:30:00Z"),
            ("Europe/Berlin", "2016-03-27T03:30:00", "2016-03-27T01:30:00Z"),
            // In the fold: the first of the two.
            ("Europe/Berlin", "2016-10-30T02:30:00", "2016-10-30T00:30:00Z"),
            ("Europe/Berlin", "2016-10-30T03:00:00", "2016-10-30T02:00:00Z"),
            ("America/New_York", "2016-03-13T02:15:00", "2016-03-13T07:15:00Z"),
            // A day without midnight.
            ("America/Sao_Paulo", "2016-10-16", "2016-10-16T03:00:00Z"),
            ("America/Sao_Paulo", "2016-10-16T00:00:00", "2016-10-16T03:00:00Z"),
        ] {
            check(zone, text, Some(expected));
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "x",
            "2016",
            "2016-2-3",
            "16-02-03",
            "2016-02-30",
            "2015-02-29T00:00:00Z",
            "2016-13-01",
            "2016-00-01",
            "2016-01-00",
            "2016-01-28Z",
            "2016-01-28+01:00",
            "2016-01-28T",
            "2016-01-28T11:24",
            "2016-01-28T11:24Z",
            "2016-01-28t11:24:28Z",
            "2016-01-28T11:24:28z",
            "2016-01-28 11:24:28",
            "2016-01-28T24:00:00Z",
            "2016-01-28T11:60:00Z",
            "2016-01-28T11:24:60Z",
            "2016-01-28T11:24:28.Z",
            "2016-01-28T11:24:28.1234567890Z",
            "2016-01-28T11:24:28,5Z",
            "2016-01-28T11:24:28+14:01",
            "2016-01-28T11:24:28+15:00",
            "2016-01-28T11:24:28+01:60",
            "2016-01-28T11:24:28+0100",
            "2016-01-28T11:24:28+1:00",
            "2016-01-28T11:24:28 01:00",
            "2016-01-28T11:24:28Z ",
            " 2016-01-28",
            "-2016-01-28",
            "+2016-01-28",
            "12016-01-28",
            "2016-01-28T1:24:280",
            "2016-01-2\u{663}",
            "2016-01-28T11:24:28+\u{663}1:0",
            "2016-+1-28",
            "2016-01-28T11:24:28UTC",
            "2016-01-28T11:24:28ZZ",
            "1453980268",
        ] {
            check("UTC", text, None);
        }
    }
}
