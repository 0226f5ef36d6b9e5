//! Limits of requests and failed logins, per account and per address.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
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
    failed_account: Option<Counter<AccountKey>>,
    failed_address: Option<Counter<IpAddr>>,
    requests: Option<Counter<AccountKey>>,
}

/// The name of the realm that the login belongs to, such as a protocol, and the login.
type AccountKey = (&'static str, Box<str>);

/// Counts events by key. A key that has used up its quota is blocked until some of it is back.
struct Counter<K: std::hash::Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: governor::clock::DefaultClock,
}

impl LoginGuard {
    pub(crate) fn new(limits: LoginLimits) -> Self {
        Self {
            failed_account: limits.failed_per_minute.map(|n| Counter::new(Quota::per_minute(n))),
            failed_address: limits.failed_per_minute.map(|n| Counter::new(Quota::per_minute(n))),
            requests: limits.requests_per_second.map(|n| Counter::new(Quota::per_second(n))),
        }
    }

    /// Counts an attempt to log in before it is known whether it fails; it is given back by not
    /// being counted when it succeeds from memory. Fails when the account or the address failed
    /// too often. Without a login only the address is counted.
    pub(crate) fn attempt(
        &self,
        realm: &'static str,
        login: &str,
        peer: IpAddr,
    ) -> Result<(), TooMany> {
        if let Some(failed) = &self.failed_address {
            failed.count(&peer)?;
        }
        match &self.failed_account {
            Some(failed) if !login.is_empty() => failed.count(&(realm, login.into())),
            _ => Ok(()),
        }
    }

    /// Counts a request of an account that is known.
    pub(crate) fn request(&self, realm: &'static str, login: &str) -> Result<(), TooMany> {
        match &self.requests {
            Some(requests) => requests.count(&(realm, login.into())),
            None => Ok(()),
        }
    }
}

impl<K: std::hash::Hash + Eq + Clone> Counter<K> {
    fn new(quota: Quota) -> Self {
        let clock = governor::clock::DefaultClock::default();
        Self { limiter: RateLimiter::keyed(quota), clock }
    }

    fn count(&self, key: &K) -> Result<(), TooMany> {
        // Keys that are quiet again are forgotten now and then, so that memory stays bounded.
        if self.limiter.len() > 100_000 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_until| TooMany {
            retry_after: not_until.wait_time_from(self.clock.now()),
        })
    }
}
