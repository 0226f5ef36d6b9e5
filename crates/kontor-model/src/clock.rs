//! The clock is a parameter everywhere: tests and the demo freeze it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::instant::Instant;

/// Tells the time.
pub trait Clock: Send + Sync {
    fn now(&self) -> Instant;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Instant);

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock everybody else must use")]
    fn now(&self) -> Instant {
        of_system(SystemTime::now())
    }
}

/// The instant of a time of the machine. A clock that is wrong by centuries, as after a dead battery,
/// tells the first or the last instant there is.
fn of_system(time: SystemTime) -> Instant {
    let micros = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros)
        }
    };
    Instant::from_micros(micros.clamp(Instant::MIN.micros(), Instant::MAX.micros()))
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_time_of_a_machine_is_an_instant() {
        let years = |years: u64| Duration::from_secs(years * 31_556_952);
        for (time, expected) in [
            (UNIX_EPOCH, "1970-01-01T00:00:00Z"),
            (UNIX_EPOCH + Duration::from_micros(1), "1970-01-01T00:00:00.000001Z"),
            (UNIX_EPOCH - Duration::from_micros(1), "1969-12-31T23:59:59.999999Z"),
            (UNIX_EPOCH + years(9_000), "9999-12-30T22:00:00.999999Z"),
            (UNIX_EPOCH - years(20_000), "-009999-01-02T01:59:59Z"),
        ] {
            assert_eq!(of_system(time).to_string(), expected);
        }
    }
}
