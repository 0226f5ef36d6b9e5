//! Limits of requests and failed logins, per account and per address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use kontor_rate_limit::{RateLimit, network_of};

pub use kontor_rate_limit::TooMany;

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

/// Counts logins.
pub(crate) struct LoginGuard {
    failed_account: Option<RateLimit<AccountKey>>,
    failed_address: Option<RateLimit<IpAddr>>,
    requests: Option<RateLimit<AccountKey>>,
    guests: Option<RateLimit<IpAddr>>,
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
            failed_account: failed.map(RateLimit::per_minute),
            failed_address: failed.map(RateLimit::per_minute),
            requests: limits.requests_per_second.map(|most| RateLimit::per_second(most, most)),
            checking: Mutex::default(),
            guests: limits.guests_per_minute.map(RateLimit::per_minute),
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
        self.guests.as_ref().map_or(Ok(()), |guests| guests.take(network_of(peer)))
    }

    /// Counts a request of an account that is known.
    pub(crate) fn request(&self, realm: &'static str, login: &str) -> Result<(), TooMany> {
        self.requests.as_ref().map_or(Ok(()), |requests| requests.take((realm, login.into())))
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

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
        assert!(!wait.is_zero() && wait <= Duration::from_secs(20), "{wait:?}");
    }
}
