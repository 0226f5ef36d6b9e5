//! Limits of requests and failed logins, per account and per address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
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
    /// Sessions without credentials a minute of one address.
    pub guests_per_minute: Option<NonZeroU32>,
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
    requests: Option<Rate<AccountKey>>,
    guests: Option<Rate<IpAddr>>,
    /// Passwords that are being checked or wait for it, by address.
    checking: Mutex<HashMap<IpAddr, u32>>,
}

/// Passwords of one address that may be checked or wait for it at a time: a part of all that may.
const CHECKED_AT_ONCE: u32 = 16;

/// A password that is being checked; ends when dropped.
pub(crate) struct Checking<'a> {
    guard: &'a LoginGuard,
    network: IpAddr,
}

/// The name of the realm that the login belongs to, such as a protocol, and the login.
type AccountKey = (&'static str, Box<str>);

impl LoginGuard {
    pub(crate) fn new(limits: LoginLimits) -> Self {
        let failed = limits.failed_per_minute;
        Self {
            failed_account: failed.map(Failures::per_minute),
            failed_address: failed.map(Failures::per_minute),
            requests: limits.requests_per_second.map(|most| Rate::new(Quota::per_second(most))),
            checking: Mutex::default(),
            guests: limits.guests_per_minute.map(|most| Rate::new(Quota::per_minute(most))),
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
            failed.check(&network_of(peer))?;
        }
        match &self.failed_account {
            Some(failed) if !login.is_empty() => failed.check(&(realm, login.into())),
            _ => Ok(()),
        }
    }

    /// Counts credentials that were wrong. Without a login only the address is counted. So is an
    /// address that uses up more than half of what it may: however many passwords one address
    /// tries, it alone locks out no account whose owner comes from elsewhere.
    pub(crate) fn failed(&self, realm: &'static str, login: &str, peer: IpAddr) {
        let is_flood =
            self.failed_address.as_ref().is_some_and(|failed| failed.count(network_of(peer)));
        let account = self.failed_account.as_ref().filter(|_| !login.is_empty() && !is_flood);
        if let Some(failed) = account {
            failed.count((realm, login.into()));
        }
    }

    /// Room for a password that is to be checked: that takes long, and failures are counted only
    /// afterwards. Without room others of this address must be done before.
    pub(crate) fn check(&self, peer: IpAddr) -> Option<Checking<'_>> {
        let network = network_of(peer);
        let mut checking = self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        let count = checking.entry(network).or_insert(0);
        if *count >= CHECKED_AT_ONCE {
            return None;
        }
        *count += 1;
        Some(Checking { guard: self, network })
    }

    /// Counts a session without credentials.
    pub(crate) fn guest(&self, peer: IpAddr) -> Result<(), TooMany> {
        self.guests.as_ref().map_or(Ok(()), |guests| guests.count(&network_of(peer)))
    }

    /// Counts a request of an account that is known.
    pub(crate) fn request(&self, realm: &'static str, login: &str) -> Result<(), TooMany> {
        self.requests.as_ref().map_or(Ok(()), |requests| requests.count(&(realm, login.into())))
    }
}

impl Drop for Checking<'_> {
    fn drop(&mut self) {
        let mut checking = self.guard.checking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = checking.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                checking.remove(&self.network);
            }
        }
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

    /// Counts a failure. Returns whether half of what is allowed was used up before.
    fn count(&self, key: K) -> bool {
        self.count_at(key, Instant::now())
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

    fn count_at(&self, key: K, now: Instant) -> bool {
        let mut forgotten = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if forgotten.by_key.len() >= forgotten.sweep_at {
            forgotten.by_key.retain(|_, until| *until > now);
            forgotten.sweep_at = LEAST_SWEPT.max(forgotten.by_key.len() * 2);
        }
        let until = forgotten.by_key.entry(key).or_insert(now);
        let left = until.saturating_duration_since(now);
        *until = now.max(*until) + self.each;
        left >= self.most / 2
    }
}

/// Counts what may come at a rate, by key.
struct Rate<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    /// Old keys are removed when there are this many.
    sweep_at: AtomicUsize,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(quota: Quota) -> Self {
        Self {
            limiter: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            sweep_at: AtomicUsize::new(LEAST_SWEPT),
        }
    }

    fn count(&self, key: &K) -> Result<(), TooMany> {
        // Keys that are quiet again are forgotten when there are twice as many as after the last
        // time, so that memory stays bounded and no caller pays for all others.
        if self.limiter.len() >= self.sweep_at.load(Relaxed) {
            self.limiter.retain_recent();
            self.sweep_at.store(LEAST_SWEPT.max(self.limiter.len() * 2), Relaxed);
        }
        self.limiter.check_key(key).map_err(|not_until| TooMany {
            retry_after: not_until.wait_time_from(self.clock.now()),
        })
    }
}

/// What counts as one address: an IPv4 address, or the /64 network of an IPv6 address, inside of
/// which a client can choose freely.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
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

    fn guard(failed: u32, guests: u32) -> LoginGuard {
        LoginGuard::new(LoginLimits {
            failed_per_minute: NonZeroU32::new(failed),
            requests_per_second: None,
            guests_per_minute: NonZeroU32::new(guests),
        })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_locks_out_no_account_but_itself() {
        let guard = guard(30, 0);
        let (attacker, owner) = (address("192.0.2.1"), address("192.0.2.2"));
        for _ in 0..100 {
            guard.failed("secomp", "abelard", attacker);
        }
        assert!(guard.may_try("secomp", "abelard", attacker).is_err());
        assert!(guard.may_try("secomp", "heloise", attacker).is_err());
        assert_eq!(guard.may_try("secomp", "abelard", owner), Ok(()));
        for host in 3..5 {
            for _ in 0..15 {
                guard.failed("secomp", "abelard", IpAddr::from([192, 0, 2, host]));
            }
        }
        assert!(guard.may_try("secomp", "abelard", owner).is_err(), "several addresses do");
        assert_eq!(guard.may_try("secomp", "heloise", owner), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let guard = guard(2, 2);
        for host in 1..3 {
            guard.failed("secomp", "", address(&format!("2001:db8::{host}")));
            assert_eq!(guard.guest(address(&format!("2001:db8::{host}"))), Ok(()));
        }
        assert!(guard.may_try("secomp", "", address("2001:db8::3")).is_err());
        assert_eq!(guard.may_try("secomp", "", address("2001:db8:0:1::3")), Ok(()));
        assert!(guard.guest(address("2001:db8::3")).is_err());
        assert_eq!(guard.guest(address("2001:db8:0:1::3")), Ok(()));
    }

    #[test]
    fn one_address_does_not_take_all_checks_of_passwords() {
        let guard = guard(0, 0);
        let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
        let mut held: Vec<_> = (0..CHECKED_AT_ONCE).map(|_| guard.check(here).unwrap()).collect();
        assert!(guard.check(here).is_none());
        assert!(guard.check(there).is_some());
        held.pop();
        drop(guard.check(here).unwrap());
        drop(held);
        assert!(guard.checking.lock().unwrap().is_empty());
    }

    #[test]
    fn as_many_guests_as_may_and_the_next_waits() {
        let guard = guard(0, 3);
        let here = address("192.0.2.1");
        assert_eq!([(); 3].map(|()| guard.guest(here)), [Ok(()); 3]);
        let wait = guard.guest(here).unwrap_err().retry_after;
        assert!(!wait.is_zero() && wait <= 20 * SECOND, "{wait:?}");
    }
}
