//! Limits of requests and failed logins, per account and per address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// How often; `None` means without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoginLimits {
    /// Failed logins a minute of one account, and of one address.
    pub failed_per_minute: Option<NonZeroU32>,
    /// Requests a second of one account.
    pub requests_per_second: Option<NonZeroU32>,
}

/// Too often. Ask again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    pub retry_after: Duration,
}

/// Counts logins.
pub(crate) struct LoginGuard {
    failed_account: Option<Failures<AccountKey>>,
    failed_address: Option<Failures<IpAddr>>,
    requests: Option<Requests>,
}

/// The name of the realm that the login belongs to, such as a protocol, and the login.
type AccountKey = (&'static str, Box<str>);

impl LoginGuard {
    pub(crate) fn new(limits: LoginLimits) -> Self {
        let failed = limits.failed_per_minute;
        Self {
            failed_account: failed.map(Failures::per_minute),
            failed_address: failed.map(Failures::per_minute),
            requests: limits.requests_per_second.map(Requests::per_second),
        }
    }

    /// Whether credentials may be tried: neither the account nor the address failed too often.
    /// Without a login only the address counts.
    pub(crate) fn may_try(
        &self,
        realm: &'static str,
        login: &str,
        peer: IpAddr,
    ) -> Result<(), TooMany> {
        if let Some(failed) = &self.failed_address {
            failed.check(&peer)?;
        }
        match &self.failed_account {
            Some(failed) if !login.is_empty() => failed.check(&(realm, login.into())),
            _ => Ok(()),
        }
    }

    /// Counts credentials that were wrong. Without a login only the address is counted.
    pub(crate) fn failed(&self, realm: &'static str, login: &str, peer: IpAddr) {
        if let Some(failed) = &self.failed_address {
            failed.count(peer);
        }
        if let Some(failed) = self.failed_account.as_ref().filter(|_| !login.is_empty()) {
            failed.count((realm, login.into()));
        }
    }

    /// Counts a request of an account that is known.
    pub(crate) fn request(&self, realm: &'static str, login: &str) -> Result<(), TooMany> {
        self.requests.as_ref().map_or(Ok(()), |requests| requests.count(&(realm, login.into())))
    }
}

/// Counts failures by key. A key with too many is blocked until some of them are forgotten, which
/// happens one by one. Unlike with a limiter of a library, looking does not count.
struct Failures<K> {
    /// Time after which one failure is forgotten.
    each: Duration,
    /// Time that all failures take to be forgotten, when there are as many as are allowed.
    most: Duration,
    /// When the last failure of a key will be forgotten.
    until: Mutex<Forgotten<K>>,
}

struct Forgotten<K> {
    by_key: HashMap<K, Instant>,
    /// Old keys are removed when there are this many.
    sweep_at: usize,
}

/// Fewer keys than this are never searched for old ones.
const LEAST_SWEPT: usize = 1024;

impl<K: Hash + Eq> Failures<K> {
    fn per_minute(allowed: NonZeroU32) -> Self {
        let most = Duration::from_mins(1);
        let until = Forgotten { by_key: HashMap::new(), sweep_at: LEAST_SWEPT };
        Self { each: most / allowed.get(), most, until: Mutex::new(until) }
    }

    fn check(&self, key: &K) -> Result<(), TooMany> {
        self.check_at(key, Instant::now())
    }

    fn count(&self, key: K) {
        self.count_at(key, Instant::now());
    }

    fn check_at(&self, key: &K, now: Instant) -> Result<(), TooMany> {
        let forgotten = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = forgotten
            .by_key
            .get(key)
            .map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        // There is room for one more when all but one of those allowed are left.
        let retry_after = left.saturating_sub(self.most.saturating_sub(self.each));
        if retry_after.is_zero() { Ok(()) } else { Err(TooMany { retry_after }) }
    }

    fn count_at(&self, key: K, now: Instant) {
        let mut forgotten = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if forgotten.by_key.len() >= forgotten.sweep_at {
            forgotten.by_key.retain(|_, until| *until > now);
            forgotten.sweep_at = LEAST_SWEPT.max(forgotten.by_key.len() * 2);
        }
        let until = forgotten.by_key.entry(key).or_insert(now);
        *until = now.max(*until) + self.each;
    }
}

/// Counts requests by account.
struct Requests {
    limiter: DefaultKeyedRateLimiter<AccountKey>,
    clock: DefaultClock,
}

impl Requests {
    fn per_second(allowed: NonZeroU32) -> Self {
        let limiter = RateLimiter::keyed(Quota::per_second(allowed));
        Self { limiter, clock: DefaultClock::default() }
    }

    fn count(&self, key: &AccountKey) -> Result<(), TooMany> {
        // Accounts that are quiet again are forgotten now and then, so that memory stays bounded.
        if self.limiter.len() > 100_000 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_until| TooMany {
            retry_after: not_until.wait_time_from(self.clock.now()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn failures_block_until_one_of_them_is_forgotten() {
        let failures = Failures::per_minute(NonZeroU32::new(3).unwrap());
        let begin = Instant::now();
        for _ in 0..3 {
            assert_eq!(failures.check_at(&1, begin), Ok(()));
            failures.count_at(1, begin);
        }
        let blocked = |after: Duration| failures.check_at(&1, begin + after).err();
        assert_eq!(blocked(Duration::ZERO), Some(TooMany { retry_after: 20 * SECOND }));
        assert_eq!(blocked(19 * SECOND), Some(TooMany { retry_after: SECOND }));
        assert_eq!(blocked(20 * SECOND), None);
        assert_eq!(failures.check_at(&2, begin), Ok(()), "other keys have failures of their own");
        failures.count_at(1, begin + 20 * SECOND);
        assert!(blocked(20 * SECOND).is_some(), "one was forgotten, not all");
        assert_eq!(blocked(90 * SECOND), None);
    }

    #[test]
    fn what_is_forgotten_takes_no_memory() {
        let failures = Failures::per_minute(NonZeroU32::new(60).unwrap());
        let begin = Instant::now();
        for key in 0..LEAST_SWEPT {
            failures.count_at(key, begin);
        }
        failures.count_at(usize::MAX, begin + SECOND);
        assert_eq!(failures.until.lock().unwrap().by_key.len(), 1);
    }
}
