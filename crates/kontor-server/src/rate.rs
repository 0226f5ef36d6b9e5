//! Requests per second of one address.

use std::net::IpAddr;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::caps::network_of;
use crate::config::RateLimit;

/// How often addresses that have been quiet are forgotten.
pub(crate) const FORGET_EVERY: Duration = Duration::from_mins(1);

/// The limit, when there is one.
pub(crate) struct Rate {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

impl Rate {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        let limiter = limit.map(|limit| {
            RateLimiter::keyed(Quota::per_second(limit.per_second).allow_burst(limit.burst))
        });
        Self { limiter, clock: DefaultClock::default() }
    }

    /// Counts a request. Beyond the limit: how long to wait.
    pub(crate) fn count(&self, address: IpAddr) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter
            .check_key(&network_of(address))
            .map_err(|beyond| beyond.wait_time_from(self.clock.now()))
    }

    /// Forgets the addresses that could begin afresh anyway.
    pub(crate) fn forget(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}
