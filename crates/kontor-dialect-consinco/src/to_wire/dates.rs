//! Dates with the offset of the company's zone.

use std::collections::HashMap;

use jiff::Span;
use jiff::civil::DateTime;
use kontor_model::instant::{Instant, Zone};
use kontor_model::validity::{Bound, Validity};

/// The first and the last day of a promotion, as the instants they begin at.
type Days = (Option<Instant>, Option<Instant>);

/// Writes instants in one zone. Many rows of a page have the same ones, so it remembers them.
pub(super) struct Dates<'z> {
    zone: &'z Zone,
    texts: HashMap<Instant, Box<[u8]>>,
    days: HashMap<Validity, Days>,
}

impl<'z> Dates<'z> {
    pub(super) fn new(zone: &'z Zone) -> Self {
        Self { zone, texts: HashMap::new(), days: HashMap::new() }
    }

    /// The days of a promotion. One that begins or ends within a day is shown with the whole day.
    pub(super) fn days(&mut self, validity: Validity) -> Days {
        let zone = self.zone;
        let start_of_day = |instant| zone.start_of_day(zone.date(instant));
        // The end is the first instant after the last day.
        let last = |end: Bound| match end {
            Bound::Instant(end) => {
                start_of_day(Instant::from_micros(end.micros().saturating_sub(1)))
            }
            Bound::Day(day) => Bound::Day(day.previous()).instant(zone),
        };
        let first = |start: Bound| match start {
            Bound::Instant(start) => start_of_day(start),
            Bound::Day(_) => start.instant(zone),
        };
        let days = || (validity.from().map(first), validity.to().map(last));
        *self.days.entry(validity).or_insert_with(days)
    }

    /// Writes `yyyy-MM-ddTHH:mm:ss[.ffffff]` and the offset that holds at the instant.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, instant: Instant) {
        let zone = self.zone;
        let text = self.texts.entry(instant).or_insert_with(|| text(zone, instant).into());
        out.extend_from_slice(text);
    }
}

fn text(zone: &Zone, instant: Instant) -> Vec<u8> {
    // Local mean times of long ago have seconds in their offset, which the notation has not: the
    // offset is cut to minutes, and the local time shown with it, so that the instant is exact.
    let minutes = zone.offset_seconds(instant) / 60;
    let local = local(instant, i64::from(minutes) * 60_000_000);
    let mut text = Vec::with_capacity(33);
    digits(&mut text, i64::from(local.year()), 4);
    for (mark, number) in [
        (b'-', local.month()),
        (b'-', local.day()),
        (b'T', local.hour()),
        (b':', local.minute()),
        (b':', local.second()),
    ] {
        text.push(mark);
        digits(&mut text, i64::from(number), 2);
    }
    fraction(&mut text, instant.micros().rem_euclid(1_000_000));
    text.push(if minutes < 0 { b'-' } else { b'+' });
    digits(&mut text, i64::from(minutes.abs() / 60), 2);
    text.push(b':');
    digits(&mut text, i64::from(minutes.abs() % 60), 2);
    text
}

/// The local time at an offset. The last day begins after the last instant that the date library has.
fn local(instant: Instant, offset_micros: i64) -> DateTime {
    let micros = instant.micros().saturating_add(offset_micros);
    let span = Span::new().try_microseconds(micros).unwrap_or_default();
    let epoch = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
    epoch.checked_add(span).unwrap_or(DateTime::MAX)
}

/// `.5` for half a second; nothing for a whole one.
fn fraction(text: &mut Vec<u8>, micros: i64) {
    if micros > 0 {
        text.push(b'.');
        digits(text, micros, 6);
        while text.last() == Some(&b'0') {
            text.pop();
        }
    }
}

/// A number with leading zeros.
fn digits(text: &mut Vec<u8>, number: i64, width: usize) {
    text.extend_from_slice(format!("{number:0width$}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, instant: &str, expected: &str) {
        let zone = zone.parse().unwrap();
        let mut out = Vec::new();
        Dates::new(&zone).write(&mut out, instant.parse().unwrap());
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{zone} {instant}");
    }

    #[test]
    fn the_offset_is_that_of_the_zone_at_the_instant() {
        for (instant, expected) in [
            // Summer time ends on 2016-02-21 and begins on 2016-10-16, for the last time on
            // 2018-11-04; it ended for good on 2019-02-17.
            ("2016-02-21T01:59:59Z", "2016-02-20T23:59:59-02:00"),
            ("2016-02-21T02:00:00Z", "2016-02-20T23:00:00-03:00"),
            ("2016-10-16T02:59:59Z", "2016-10-15T23:59:59-03:00"),
            ("2016-10-16T03:00:00Z", "2016-10-16T01:00:00-02:00"),
            ("2018-11-04T03:00:00Z", "2018-11-04T01:00:00-02:00"),
            ("2019-02-17T01:59:59Z", "2019-02-16T23:59:59-02:00"),
            ("2019-02-17T02:00:00Z", "2019-02-16T23:00:00-03:00"),
            ("2019-10-31T17:37:25.125451Z", "2019-10-31T14:37:25.125451-03:00"),
            ("2019-11-03T03:00:00Z", "2019-11-03T00:00:00-03:00"),
            ("2024-01-15T12:00:00Z", "2024-01-15T09:00:00-03:00"),
        ] {
            check("America/Sao_Paulo", instant, expected);
        }
        check("America/Manaus", "2016-01-26T03:59:59.5Z", "2016-01-25T23:59:59.5-04:00");
        check("Asia/Kolkata", "2016-01-01T00:00:00.000001Z", "2016-01-01T05:30:00.000001+05:30");
        check("UTC", "2016-01-01T00:00:00.120Z", "2016-01-01T00:00:00.12+00:00");
        check("America/St_Johns", "2016-01-01T00:00:00Z", "2015-12-31T20:30:00-03:30");
    }

    #[test]
    fn an_offset_with_seconds_is_cut_and_the_instant_kept() {
        check("America/Sao_Paulo", "1900-01-01T03:06:28Z", "1900-01-01T00:00:28-03:06");
    }

    #[test]
    fn days_of_a_promotion_begin_at_their_first_instant() {
        let zone: Zone = "America/Sao_Paulo".parse().unwrap();
        let mut dates = Dates::new(&zone);
        let mut days = |from: Option<&str>, to: Option<&str>| {
            let instant = |text: Option<&str>| text.map(|text| text.parse::<Instant>().unwrap());
            let validity = Validity::between(instant(from), instant(to)).unwrap();
            let (start, end) = dates.days(validity);
            [start, end].map(|day| day.map(|day| day.to_string()).unwrap_or_default())
        };
        let expected = ["2015-10-18T03:00:00Z", "2016-10-16T03:00:00Z"];
        assert_eq!(days(Some("2015-10-18T03:00:00Z"), Some("2016-10-17T02:00:00Z")), expected);
        // Within a day.
        assert_eq!(days(Some("2015-10-18T20:00:00Z"), Some("2016-10-16T03:00:01Z")), expected);
        assert_eq!(days(None, None), ["", ""]);
    }

    #[test]
    fn the_last_day_of_the_calendar_is_shown() {
        let last = Validity::new(None, Bound::parse_to("9999-12-31")).unwrap();
        for (zone, expected) in [
            ("America/Sao_Paulo", "9999-12-31T00:00:00-03:00"),
            ("Asia/Kolkata", "9999-12-31T00:00:00+05:30"),
        ] {
            let zone: Zone = zone.parse().unwrap();
            let mut dates = Dates::new(&zone);
            let (_, end) = dates.days(last);
            let mut out = Vec::new();
            dates.write(&mut out, end.unwrap());
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
