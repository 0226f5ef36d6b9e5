//! Validity: from included, to excluded. A bound is an instant, or the beginning of a civil day in the
//! zone of whoever it concerns (common.md section 7).

use jiff::civil::Date;

use crate::instant::{Instant, Zone};

/// A civil day: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i32);

/// When something begins or ends to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bound {
    Instant(Instant),
    /// With the first instant of this day.
    Day(Day),
}

/// When something counts. A missing end has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Validity {
    from: Option<Bound>,
    to: Option<Bound>,
}

/// The end is not after the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ends before it begins")]
pub struct EmptyValidity;

const EPOCH: Date = jiff::civil::date(1970, 1, 1);
const DAY_MICROS: i64 = 86_400_000_000;
/// No zone was ever further behind UTC.
const WESTERNMOST_MICROS: i64 = 16 * 3_600_000_000;
/// A stored bound from here on is a day: no instant of the calendar comes near.
const FIRST_DAY_CELL: i64 = 1 << 61;
/// Day 0 as a stored bound.
const DAY_CELL: i64 = 1 << 62;

impl Day {
    pub const fn from_number(days: i32) -> Self {
        Self(days)
    }

    /// The day of a date.
    pub fn of(date: Date) -> Self {
        Self((date - EPOCH).get_days())
    }

    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The day before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Its date. Days beyond the calendar are cut to it.
    pub fn date(self) -> Date {
        let date = EPOCH.checked_add(jiff::Span::new().try_days(self.0).unwrap_or_default());
        date.unwrap_or(if self.0 < 0 { Date::MIN } else { Date::MAX })
    }

    /// Midnight in UTC, in microseconds since 1970.
    fn midnight(self) -> i64 {
        i64::from(self.0).saturating_mul(DAY_MICROS)
    }

    fn is_in_calendar(self) -> bool {
        Self::of(self.date()) == self
    }
}

impl Bound {
    /// Its instant in a zone. The day after the last of the calendar has none: `Instant::MAX`. Where the
    /// last day begins after the last instant of the date library, that is counted from midnight.
    pub fn instant(self, zone: &Zone) -> Instant {
        match self {
            Self::Instant(instant) => instant,
            Self::Day(day) if day.is_in_calendar() => match zone.start_of_day(day.date()) {
                Instant::MAX => {
                    let offset = i64::from(zone.offset_seconds(Instant::MAX)) * 1_000_000;
                    Instant::from_micros(day.midnight() - offset)
                }
                start => start,
            },
            Self::Day(day) if day.0 < 0 => Instant::MIN,
            Self::Day(_) => Instant::MAX,
        }
    }

    /// Whether it has come at an instant in a zone. The zone is asked only near the border: nowhere is
    /// a day further than a day from that in UTC.
    #[inline]
    pub fn has_come(self, at: Instant, zone: &Zone) -> bool {
        match self {
            Self::Instant(instant) => instant <= at,
            Self::Day(day) => {
                let past_midnight = at.micros().saturating_sub(day.midnight());
                if past_midnight.saturating_abs() >= DAY_MICROS {
                    return past_midnight > 0;
                }
                self.instant(zone) <= at
            }
        }
    }

    /// The day that begins at this instant in a zone; a day is one already. The end of the last day of
    /// the calendar was stored as the last instant.
    fn as_day(self, zone: &Zone) -> Option<Self> {
        match self {
            Self::Day(_) => Some(self),
            Self::Instant(Instant::MAX) => Some(Self::Day(Day::of(Date::MAX).next())),
            Self::Instant(instant) => {
                let date = zone.date(instant);
                let begins = zone.start_of_day(date) == instant;
                begins.then(|| Self::Day(Day::of(date)))
            }
        }
    }

    /// As it is stored.
    pub fn cell(self) -> i64 {
        match self {
            Self::Instant(instant) => instant.micros(),
            Self::Day(day) => DAY_CELL + i64::from(day.0),
        }
    }

    pub fn from_cell(cell: i64) -> Self {
        if cell < FIRST_DAY_CELL {
            return Self::Instant(Instant::from_micros(cell));
        }
        Self::Day(Day(i32::try_from(cell.saturating_sub(DAY_CELL)).unwrap_or(i32::MAX)))
    }

    /// Orders bounds of either sort, days by their beginning in UTC.
    pub fn micros_in_utc(self) -> i64 {
        match self {
            Self::Instant(instant) => instant.micros(),
            Self::Day(day) => day.midnight(),
        }
    }

    /// Whether it comes before another in any of these zones.
    fn precedes(self, other: Self, zones: &[Zone]) -> bool {
        match (self, other) {
            (Self::Instant(a), Self::Instant(b)) => a < b,
            (Self::Day(a), Self::Day(b)) => a < b,
            _ => zones.iter().any(|zone| self.instant(zone) < other.instant(zone)),
        }
    }

    /// The text of a beginning: `2016-01-28` or an instant.
    pub fn from_text(self) -> String {
        match self {
            Self::Instant(instant) => instant.to_string(),
            Self::Day(day) => day.date().to_string(),
        }
    }

    /// The text of an end: the last day, or the instant after the last.
    pub fn to_text(self) -> String {
        match self {
            Self::Instant(instant) => instant.to_string(),
            Self::Day(day) => day.previous().date().to_string(),
        }
    }

    /// Reads a beginning.
    pub fn parse_from(text: &str) -> Option<Self> {
        if is_date(text) {
            return text.parse().ok().map(|date| Self::Day(Day::of(date)));
        }
        text.parse().ok().map(Self::Instant)
    }

    /// Reads an end.
    pub fn parse_to(text: &str) -> Option<Self> {
        if is_date(text) {
            return text.parse().ok().map(|date| Self::Day(Day::of(date).next()));
        }
        text.parse().ok().map(Self::Instant)
    }
}

/// `2016-01-28`: the date library would also read other forms, and skip a time behind the date.
fn is_date(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

impl Validity {
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// Whether a day and an instant leave something between them depends on the zone; such a pair is
    /// refused only where no zone does.
    pub fn new(from: Option<Bound>, to: Option<Bound>) -> Result<Self, EmptyValidity> {
        let is_empty = match (from, to) {
            (Some(Bound::Day(from)), Some(Bound::Day(to))) => to <= from,
            (Some(Bound::Instant(from)), Some(Bound::Instant(to))) => to <= from,
            (Some(from), Some(to)) => {
                to.micros_in_utc().saturating_sub(from.micros_in_utc()) <= -WESTERNMOST_MICROS
            }
            _ => false,
        };
        if is_empty { Err(EmptyValidity) } else { Ok(Self { from, to }) }
    }

    /// The same between instants.
    pub fn between(from: Option<Instant>, to: Option<Instant>) -> Result<Self, EmptyValidity> {
        Self::new(from.map(Bound::Instant), to.map(Bound::Instant))
    }

    pub const fn from(self) -> Option<Bound> {
        self.from
    }

    pub const fn to(self) -> Option<Bound> {
        self.to
    }

    /// The validity of days that begins and ends at these instants in a zone: earlier versions stored
    /// days so. `None` when one of them is not the first instant of a day there, and when there is no
    /// instant.
    #[must_use]
    pub fn as_days(self, zone: &Zone) -> Option<Self> {
        let instants = [self.from, self.to].into_iter().flatten();
        let mut instants = instants.filter(|bound| matches!(bound, Bound::Instant(_)));
        instants.next()?;
        let day = |bound: Option<Bound>| match bound {
            Some(bound) => bound.as_day(zone).map(Some),
            None => Some(None),
        };
        Self::new(day(self.from)?, day(self.to)?).ok()
    }

    /// Whether it is the same in a zone as another one: whether both begin and end at the same instants.
    pub fn is_same_in(self, other: Self, zone: &Zone) -> bool {
        let instant = |bound: Option<Bound>| bound.map(|bound| bound.instant(zone));
        instant(self.from) == instant(other.from) && instant(self.to) == instant(other.to)
    }

    /// Whether it counts at an instant; its days are days of the zone.
    #[inline]
    pub fn contains(self, at: Instant, zone: &Zone) -> bool {
        self.from.is_none_or(|from| from.has_come(at, zone))
            && self.to.is_none_or(|to| !to.has_come(at, zone))
    }

    /// Whether some instant lies in both, in any of these zones. Two of days, or two of instants, are
    /// the same in each.
    pub fn overlaps(self, other: Self, zones: &[Zone]) -> bool {
        let begins_before_end = |a: Self, b: Self| match (a.from, b.to) {
            (Some(from), Some(to)) => from.precedes(to, zones),
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }

    /// Whether one has a bound that is a day and the other one that is an instant: whether they
    /// overlap depends on the zone.
    pub fn mixes(self, other: Self) -> bool {
        let bounds = [self.from, self.to, other.from, other.to];
        let is_day = |bound: &Bound| matches!(bound, Bound::Day(_));
        let mut bounds = bounds.into_iter().flatten();
        let Some(first) = bounds.next() else { return false };
        bounds.any(|bound| is_day(&bound) != is_day(&first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validity(from: i64, to: i64) -> Validity {
        let bound = |micros| (micros >= 0).then(|| Instant::from_micros(micros));
        Validity::between(bound(from), bound(to)).unwrap()
    }

    fn days(from: &str, to: &str) -> Validity {
        Validity::new(Bound::parse_from(from), Bound::parse_to(to)).unwrap()
    }

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn touching_intervals_do_not_overlap() {
        let overlap = |a: Validity, b: Validity| a.overlaps(b, &[]);
        assert!(!overlap(validity(1, 5), validity(5, 9)));
        assert!(!overlap(validity(5, 9), validity(-1, 5)));
        assert!(overlap(validity(1, 6), validity(5, 9)));
        assert!(overlap(validity(-1, -1), validity(5, 9)));
        assert!(overlap(validity(5, 9), validity(6, 7)));
        assert!(!overlap(days("2016-01-01", "2016-01-31"), days("2016-02-01", "")));
        assert!(overlap(days("2016-01-01", "2016-02-01"), days("2016-02-01", "")));
    }

    /// What earlier versions stored for days, whatever happened at midnight.
    #[test]
    fn instants_of_days_become_days() {
        let check = |name: &str, from: &str, to: &str, expected: Option<(&str, &str)>| {
            let bound = |text: &str| (!text.is_empty()).then(|| at(text));
            let before = Validity::between(bound(from), bound(to)).unwrap();
            let expected = expected.map(|(from, to)| days(from, to));
            assert_eq!(before.as_days(&zone(name)), expected, "{name} {from} {to}");
            if let Some(days) = expected {
                assert!(before.is_same_in(days, &zone(name)), "{name} {from} {to}");
            }
        };
        let (berlin, paulo) = ("Europe/Berlin", "America/Sao_Paulo");
        let february = Some(("2016-02-01", "2016-02-29"));
        check(berlin, "2016-01-31T23:00:00Z", "2016-02-29T23:00:00Z", february);
        check(berlin, "2016-01-31T23:00:00Z", "", Some(("2016-02-01", "")));
        check(berlin, "", "2016-03-27T22:00:00Z", Some(("", "2016-03-27")));
        check(paulo, "2015-10-18T03:00:00Z", "2016-02-22T02:59:59Z", None);
        check(
            paulo,
            "2015-10-18T03:00:00Z",
            "2016-02-22T03:00:00Z",
            Some(("2015-10-18", "2016-02-21")),
        );
        check(berlin, "2016-01-31T22:00:00Z", "2016-02-29T23:00:00Z", None);
        check(berlin, "2016-01-31T23:00:00Z", "2016-02-29T22:59:59Z", None);
        check(berlin, "", "", None);
        check(
            "UTC",
            "2016-02-01T00:00:00Z",
            "9999-12-30T22:00:00.999999Z",
            Some(("2016-02-01", "9999-12-31")),
        );
        assert_eq!(days("2016-02-01", "").as_days(&zone(berlin)), None, "there is nothing to do");
    }

    #[test]
    fn days_and_instants_overlap_where_a_zone_says_so() {
        let january = days("2016-01-01", "2016-01-31");
        let later = Validity::between(Some(at("2016-02-01T00:00:00-03:00")), None).unwrap();
        let (berlin, noronha, manaus) =
            (zone("Europe/Berlin"), zone("America/Noronha"), zone("America/Manaus"));
        assert!(january.mixes(later) && !january.mixes(Validity::ALWAYS));
        assert!(!january.overlaps(later, &[berlin.clone(), noronha]));
        assert!(january.overlaps(later, &[berlin, manaus]));
    }

    #[test]
    fn a_day_begins_in_the_zone_it_is_asked_in() {
        let june = days("2016-06-01", "2016-06-10");
        for (name, before, first, last, after) in [
            (
                "America/Noronha",
                "2016-06-01T01:59:59Z",
                "2016-06-01T02:00:00Z",
                "2016-06-11T01:59:59Z",
                "2016-06-11T02:00:00Z",
            ),
            (
                "Asia/Kolkata",
                "2016-05-31T18:29:59Z",
                "2016-05-31T18:30:00Z",
                "2016-06-10T18:29:59Z",
                "2016-06-10T18:30:00Z",
            ),
        ] {
            let zone = zone(name);
            let inside = [before, first, last, after].map(|text| june.contains(at(text), &zone));
            assert_eq!(inside, [false, true, true, false], "{name}");
        }
    }

    #[test]
    fn days_far_away_are_compared_without_the_zone_and_rightly() {
        for name in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "Asia/Manila"]
        {
            let zone = zone(name);
            // Around days without a midnight, and around the day that Manila did not have.
            for date in ["2016-10-16", "1844-12-31", "2016-02-21"] {
                let bound = Bound::parse_from(date).unwrap();
                let start = bound.instant(&zone).micros();
                for hours in -50..50 {
                    let instant = Instant::from_micros(start + hours * 3_600_000_000);
                    assert_eq!(bound.has_come(instant, &zone), hours >= 0, "{name} {date} {hours}");
                }
            }
        }
    }

    #[test]
    fn texts_and_cells_read_back() {
        for text in ["2016-01-28", "9999-12-31", "0001-01-01", "2016-01-28T11:24:28.874Z"] {
            let (from, to) = (Bound::parse_from(text).unwrap(), Bound::parse_to(text).unwrap());
            assert_eq!((from.from_text().as_str(), to.to_text().as_str()), (text, text));
            assert_eq!((Bound::from_cell(from.cell()), Bound::from_cell(to.cell())), (from, to));
        }
        for text in ["2016-02-30", "20160101", "2016-01-01T00:00:00", "01.02.2016", "today"] {
            assert_eq!(Bound::parse_from(text), None, "{text}");
        }
        let end = Bound::parse_to("9999-12-31").unwrap();
        assert_eq!(end.instant(&Zone::utc()), Instant::MAX);
        for instant in [Instant::MIN, Instant::MAX] {
            assert_eq!(Bound::from_cell(instant.micros()), Bound::Instant(instant));
        }
    }

    #[test]
    fn from_is_included_and_to_excluded() {
        let of = validity(1, 5);
        let inside = |micros| of.contains(Instant::from_micros(micros), &Zone::utc());
        assert!(inside(1) && inside(4) && !inside(0) && !inside(5));
        let same = Some(Instant::from_micros(5));
        assert!(Validity::between(same, same).is_err());
        let day = Bound::parse_from("2016-01-02");
        assert!(Validity::new(day, day).is_err());
        let later = Some(Bound::Instant(at("2016-01-05T00:00:00Z")));
        assert!(Validity::new(later, day).is_err());
    }
}
