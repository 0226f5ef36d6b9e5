//! Instants and time zones. A day of a zone begins at its first instant.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A time zone of the IANA database, whose rules are compiled into the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// Why a text is no instant or no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("not an instant such as 2016-01-28T11:24:28.874Z or 2016-01-28T12:24:28+01:00")]
    Instant,
    #[error("not an IANA time zone such as Europe/Berlin")]
    Zone,
}

impl Instant {
    /// The earliest and the latest instant: the years -9999 and 9999.
    pub const MIN: Self = Self(-377_705_023_201_000_000);
    pub const MAX: Self = Self(253_402_207_200_999_999);

    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// As a timestamp of the date library. Instants beyond its range are cut to it.
    pub fn timestamp(self) -> jiff::Timestamp {
        let micros = self.0.clamp(Self::MIN.0, Self::MAX.0);
        // The conversion from microseconds alone refuses the last second of the range.
        let seconds = micros.div_euclid(1_000_000);
        let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or(0);
        jiff::Timestamp::new(seconds, nanos).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// Cuts below the microsecond, downwards.
    pub fn from_timestamp(timestamp: jiff::Timestamp) -> Self {
        let micros = timestamp.as_nanosecond().div_euclid(1000);
        Self(i64::try_from(micros).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        text.parse().map(Self::from_timestamp).map_err(|_| TimeError::Instant)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.timestamp(), f)
    }
}

impl Zone {
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Date and time on the clocks of this zone.
    pub fn local(&self, instant: Instant) -> DateTime {
        self.0.to_datetime(instant.timestamp())
    }

    /// The civil date in this zone.
    pub fn date(&self, instant: Instant) -> Date {
        self.local(instant).date()
    }

    /// Offset from UTC in seconds that holds at the instant.
    pub fn offset_seconds(&self, instant: Instant) -> i32 {
        self.0.to_offset(instant.timestamp()).seconds()
    }

    /// The first instant of a day. Where midnight does not exist it is the end of the gap.
    pub fn start_of_day(&self, date: Date) -> Instant {
        self.instant(date.at(0, 0, 0, 0))
    }

    /// The first instant after a day. The last day of the calendar has none: `Instant::MAX`.
    pub fn end_of_day(&self, date: Date) -> Instant {
        date.tomorrow().map_or(Instant::MAX, |next| self.start_of_day(next))
    }

    /// The instant of a local time: in a gap shifted forward by its length, the first of two.
    pub fn instant(&self, local: DateTime) -> Instant {
        self.0
            .to_ambiguous_timestamp(local)
            .compatible()
            .map_or(Instant::MAX, Instant::from_timestamp)
    }
}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl FromStr for Zone {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        TimeZone::get(text).map(Self).map_err(|_| TimeError::Zone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_its_first_instant() {
        for (name, date, expected) in [
            ("America/Sao_Paulo", "2015-10-18", "2015-10-18T03:00:00Z"),
            ("America/Sao_Paulo", "2016-10-16", "2016-10-16T03:00:00Z"),
            ("America/Sao_Paulo", "2016-02-29", "2016-02-29T03:00:00Z"),
            ("America/Sao_Paulo", "2016-01-29", "2016-01-29T02:00:00Z"),
            ("America/Sao_Paulo", "2026-01-29", "2026-01-29T03:00:00Z"),
            ("Asia/Jerusalem", "2016-03-25", "2016-03-24T22:00:00Z"),
            ("Europe/Berlin", "2016-02-01", "2016-01-31T23:00:00Z"),
        ] {
            let start = zone(name).start_of_day(date.parse().unwrap());
            assert_eq!(start.to_string(), expected, "{name} {date}");
        }
    }

    #[test]
    fn local_times_in_gaps_and_folds() {
        let berlin = zone("Europe/Berlin");
        let at = |text: &str| berlin.instant(text.parse().unwrap()).to_string();
        assert_eq!(at("2016-03-27T02:30:00"), "2016-03-27T01:30:00Z");
        assert_eq!(at("2016-10-30T02:30:00"), "2016-10-30T00:30:00Z");
    }

    #[test]
    fn instants_print_what_they_parsed() {
        for text in [
            "2016-01-28T11:24:28.874Z",
            "1969-12-31T23:59:59.999999Z",
            "9999-12-30T22:00:00Z",
            "9999-12-30T22:00:00.999999Z",
            "-009999-01-02T01:59:59Z",
        ] {
            assert_eq!(text.parse::<Instant>().unwrap().to_string(), text);
        }
        assert_eq!(Instant::MAX.to_string(), "9999-12-30T22:00:00.999999Z");
        assert_eq!(Instant::MIN.to_string(), "-009999-01-02T01:59:59Z");
        assert_eq!(
            "2016-01-28T12:00:00+01:00".parse::<Instant>().unwrap().to_string(),
            "2016-01-28T11:00:00Z"
        );
        assert!("2016-01-28".parse::<Instant>().is_err());
        assert!("2016-13-01T00:00:00Z".parse::<Instant>().is_err());
    }
}
