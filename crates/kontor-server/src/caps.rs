//! Caps that are counted: open connections of one address, requests in flight, bytes of bodies.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// Open connections by address.
#[derive(Debug)]
pub(crate) struct AddressCap {
    most: u32,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// A place of one address; free again when dropped.
#[derive(Debug)]
pub(crate) struct AddressPlace {
    cap: Arc<AddressCap>,
    network: IpAddr,
}

/// Something of which only so much may be in use at a time.
#[derive(Debug)]
pub(crate) struct Budget {
    most: usize,
    used: AtomicUsize,
}

/// A part of a budget; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share<'a> {
    budget: &'a Budget,
    amount: usize,
}

impl AddressCap {
    pub(crate) fn new(most: u32) -> Self {
        Self { most, open: Mutex::default() }
    }

    /// Takes a place for a connection from this address, if there is one.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<AddressPlace> {
        let network = network_of(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(AddressPlace { cap: Arc::clone(self), network })
    }
}

impl Drop for AddressPlace {
    fn drop(&mut self) {
        let mut open = self.cap.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}

impl Budget {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, used: AtomicUsize::new(0) }
    }

    /// An empty share, which can grow.
    pub(crate) fn share(&self) -> Share<'_> {
        Share { budget: self, amount: 0 }
    }

    /// A share of this amount, if there is that much left.
    pub(crate) fn take(&self, amount: usize) -> Option<Share<'_>> {
        let mut share = self.share();
        share.grow(amount).then_some(share)
    }
}

impl Share<'_> {
    /// Takes more; `false` when there is not that much left.
    pub(crate) fn grow(&mut self, amount: usize) -> bool {
        let before = self.budget.used.fetch_add(amount, Relaxed);
        if before.saturating_add(amount) > self.budget.most {
            self.budget.used.fetch_sub(amount, Relaxed);
            return false;
        }
        self.amount += amount;
        true
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.amount, Relaxed);
    }
}

/// What counts as one address: an IPv4 address, or the /64 network of an IPv6 address, inside of
/// which a client can choose freely.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_places_and_not_one_more() {
        let cap = Arc::new(AddressCap::new(2));
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        let first = cap.take(here).unwrap();
        let _second = cap.take("::ffff:192.0.2.1".parse().unwrap()).unwrap();
        assert!(cap.take(here).is_none());
        assert!(cap.take("192.0.2.2".parse().unwrap()).is_some());
        drop(first);
        assert!(cap.take(here).is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let cap = Arc::new(AddressCap::new(1));
        let _place = cap.take("2001:db8::1".parse().unwrap()).unwrap();
        assert!(cap.take("2001:db8::2".parse().unwrap()).is_none());
        assert!(cap.take("2001:db8:0:1::1".parse().unwrap()).is_some());
    }

    #[test]
    fn a_budget_is_given_to_its_limit_and_comes_back() {
        let budget = Budget::new(10);
        let mut share = budget.take(4).unwrap();
        assert!(share.grow(6));
        assert!(!share.grow(1));
        assert!(budget.take(1).is_none());
        drop(share);
        assert!(budget.take(10).is_some());
        assert!(budget.take(11).is_none());
    }
}
