//! How the running server is: whether it can write, how far the book is behind what is durable, and
//! how much room the disk has.
//!
//! A thread of its own looks, several times a second, and remembers: who asks for readiness waits
//! for no disk and no database. A look that does not come back is told, too.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kontor_app::App;
use kontor_store::Writability;

/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long another process may keep the data from being written before that is told. Every write
/// holds it for moments; whether the server is ready then is a matter of its patience.
const MOMENT: Duration = Duration::from_secs(1);
const MIB: u64 = 1 << 20;

/// When the server says that it is not ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HealthLimits {
    /// How long something may take that usually takes no time: the turn among processes, the
    /// book's following, a look.
    pub(crate) patience: Duration,
    /// Room that the disk must have; 0: it is not looked at.
    pub(crate) min_free_mib: u64,
}

/// What the thread saw last.
pub(crate) struct Health {
    limits: HealthLimits,
    seen: Mutex<Seen>,
}

/// One look at everything.
#[derive(Debug, Clone)]
struct Seen {
    at: Instant,
    /// The newest durable change, or why it could not be read.
    durable: Result<u64, String>,
    behind: Option<Behind>,
    /// Room on the disk, or why nobody knows.
    free_bytes: Result<u64, String>,
}

/// A durable change that the book did not show when it was seen first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Behind {
    change: u64,
    since: Instant,
}

/// What is told to operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// Why the server is not ready; empty when it is.
    pub(crate) reasons: Vec<String>,
    pub(crate) is_writable: bool,
    pub(crate) changes_behind: u64,
    pub(crate) seconds_behind: u64,
    pub(crate) free_bytes: Option<u64>,
}

impl Health {
    /// Looks once. Call [`Health::watch`] to go on.
    pub(crate) fn of(app: &App, directory: &Path, limits: HealthLimits) -> Arc<Self> {
        let seen = look(app, directory, None);
        Arc::new(Self { limits, seen: Mutex::new(seen) })
    }

    /// Looks again and again until it is stopped.
    pub(crate) fn watch(
        self: &Arc<Self>,
        app: Arc<App>,
        directory: PathBuf,
        stopping: Arc<AtomicBool>,
    ) -> JoinHandle<()> {
        let health = Arc::clone(self);
        std::thread::spawn(move || {
            while !stopping.load(Ordering::Relaxed) {
                let before = health.seen().behind;
                let seen = look(&app, &directory, before);
                *health.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
                std::thread::park_timeout(LOOK_EVERY);
            }
        })
    }

    /// How everything is now.
    pub(crate) fn report(&self, app: &App) -> Report {
        let shown = app.book().change();
        judge(&self.seen(), &app.store().writability(), shown, Instant::now(), &self.limits)
    }

    fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn look(app: &App, directory: &Path, before: Option<Behind>) -> Seen {
    let durable = app.store().last_change().map(|change| change.0).map_err(|e| e.to_string());
    let at = Instant::now();
    let newest = durable.as_ref().copied().unwrap_or(0);
    Seen {
        at,
        durable,
        behind: behind(before, newest, app.book().change(), at),
        free_bytes: free_bytes(directory),
    }
}

/// The oldest change known to be missing. When the book shows it, the newest may still be missing,
/// but not for as long.
fn behind(before: Option<Behind>, newest: u64, shown: u64, now: Instant) -> Option<Behind> {
    if newest <= shown {
        return None;
    }
    let still = before.filter(|before| before.change > shown);
    Some(still.unwrap_or(Behind { change: newest, since: now }))
}

fn judge(
    seen: &Seen,
    writability: &Writability,
    shown: u64,
    now: Instant,
    limits: &HealthLimits,
) -> Report {
    let mut reasons = Vec::new();
    let seconds = |since: Instant| now.saturating_duration_since(since).as_secs();
    let is_long = |duration: Duration| duration > limits.patience;
    let age = now.saturating_duration_since(seen.at);
    if is_long(age) {
        reasons.push(format!("the data could not be looked at for {} s", age.as_secs()));
    }
    if let Err(error) = &seen.durable {
        reasons.push(error.clone());
    }
    if let Some(error) = &writability.failure {
        reasons.push(error.to_string());
    }
    let waits_long = writability.waiting.is_some_and(is_long);
    if let Some(waiting) = writability.waiting
        && waits_long
    {
        let waiting = waiting.as_secs();
        reasons
            .push(format!("another process has kept the data from being written for {waiting} s"));
    }
    // The book may have caught up since the last look.
    let missing = seen.behind.filter(|behind| behind.change > shown);
    if let Some(missing) = missing
        && is_long(now.saturating_duration_since(missing.since))
    {
        let behind = seconds(missing.since);
        reasons.push(format!("change {} is durable and not shown for {behind} s", missing.change));
    }
    let least = limits.min_free_mib.saturating_mul(MIB);
    match &seen.free_bytes {
        Ok(free) if *free < least => {
            reasons.push(format!("the disk of the data has {} MiB left", free / MIB));
        }
        Ok(_) => {}
        Err(error) => reasons.push(format!("the directory of the data is out of reach: {error}")),
    }
    Report {
        is_writable: writability.failure.is_none()
            && writability.waiting.is_none_or(|waiting| waiting <= MOMENT),
        changes_behind: seen.durable.as_ref().map_or(0, |durable| durable.saturating_sub(shown)),
        seconds_behind: missing.map_or(0, |missing| seconds(missing.since)),
        free_bytes: seen.free_bytes.as_ref().ok().copied(),
        reasons,
    }
}

fn free_bytes(directory: &Path) -> Result<u64, String> {
    let disk = rustix::fs::statvfs(directory).map_err(|error| error.to_string())?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use kontor_store::StoreError;

    use super::*;

    const LIMITS: HealthLimits =
        HealthLimits { patience: Duration::from_secs(5), min_free_mib: 64 };

    fn well(at: Instant) -> Seen {
        Seen { at, durable: Ok(7), behind: None, free_bytes: Ok(64 * MIB) }
    }

    /// What is told so many milliseconds after the look of a book that shows change 7.
    fn after(millis: u64, change: impl FnOnce(&mut Seen, &mut Writability)) -> Report {
        let at = Instant::now();
        let (mut seen, mut writability) = (well(at), Writability::default());
        change(&mut seen, &mut writability);
        judge(&seen, &writability, 7, at + Duration::from_millis(millis), &LIMITS)
    }

    fn check(millis: u64, change: impl FnOnce(&mut Seen, &mut Writability), reason: &str) {
        let reasons = after(millis, change).reasons;
        let expected: &[&str] = if reason.is_empty() { &[] } else { &[reason] };
        assert_eq!(reasons, expected);
    }

    #[test]
    fn every_limit_allows_what_is_at_it_and_nothing_above() {
        let waits = |millis| {
            move |_: &mut Seen, writability: &mut Writability| {
                writability.waiting = Some(Duration::from_millis(millis));
            }
        };
        let missing = |change| {
            move |seen: &mut Seen, _: &mut Writability| {
                seen.behind = Some(Behind { change, since: seen.at });
                seen.durable = Ok(change);
                // The look itself is fresh.
                seen.at += Duration::from_secs(5);
            }
        };
        let free = |bytes| move |seen: &mut Seen, _: &mut Writability| seen.free_bytes = Ok(bytes);
        check(5_000, |_, _| {}, "");
        check(5_001, |_, _| {}, "the data could not be looked at for 5 s");
        check(0, waits(5_000), "");
        let locked = "another process has kept the data from being written for 5 s";
        check(0, waits(5_001), locked);
        let is_writable = |millis| after(0, waits(millis)).is_writable;
        assert_eq!([1_000, 1_001].map(is_writable), [true, false]);
        check(5_000, missing(8), "");
        check(5_001, missing(8), "change 8 is durable and not shown for 5 s");
        check(5_001, missing(7), "");
        check(0, free(64 * MIB), "");
        check(0, free(64 * MIB - 1), "the disk of the data has 63 MiB left");
    }

    #[test]
    fn what_cannot_be_read_or_written_is_told_at_once() {
        check(0, |seen, _| seen.durable = Err("gone".to_owned()), "gone");
        let reason = "the directory of the data is out of reach: gone";
        check(0, |seen, _| seen.free_bytes = Err("gone".to_owned()), reason);
        let full = StoreError::Write("full".to_owned());
        let failed = after(0, |_, writability| writability.failure = Some(full));
        assert_eq!(failed.reasons, ["cannot write the data: full"]);
        assert!(!failed.is_writable);
    }

    #[test]
    fn the_lag_is_told_in_changes_and_seconds() {
        let report = after(3_000, |seen, _| {
            seen.behind = Some(Behind { change: 9, since: seen.at });
            seen.durable = Ok(12);
        });
        assert_eq!((report.changes_behind, report.seconds_behind), (5, 3));
        assert!(report.is_writable && report.reasons.is_empty());
    }

    #[test]
    fn the_oldest_change_that_is_missing_counts() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(behind(None, 7, 7, at(0)), None);
        let first = behind(None, 8, 7, at(1));
        assert_eq!(first, Some(Behind { change: 8, since: at(1) }));
        assert_eq!(behind(first, 9, 7, at(2)), first, "8 is still missing");
        let next = behind(first, 9, 8, at(3));
        assert_eq!(next, Some(Behind { change: 9, since: at(3) }), "8 is shown, 9 is not");
        assert_eq!(behind(next, 9, 9, at(4)), None);
    }

    #[test]
    fn the_room_of_a_disk_is_found_out() {
        assert!(free_bytes(Path::new("/")).is_ok());
        assert!(free_bytes(Path::new("/no/such/directory")).is_err());
    }
}
