//! Caps that are counted: open connections of one address, requests in flight, bytes that are held.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use kontor_rate_limit::network_of;

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
pub(crate) struct Part<'a> {
    budget: &'a Budget,
    amount: usize,
}

/// Bytes of which only so many may be held at a time, in total and by one address.
#[derive(Debug)]
pub(crate) struct AddressBudget {
    most: usize,
    held: Mutex<HeldBytes>,
}

#[derive(Debug, Default)]
struct HeldBytes {
    total: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// What an address holds for one purpose; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<AddressBudget>,
    network: IpAddr,
    most_of_address: usize,
    amount: usize,
}

/// Addresses from which somebody showed right credentials lately.
#[derive(Debug, Default)]
pub(crate) struct LoggedIn(RwLock<Generations>);

#[derive(Debug, Default)]
struct Generations {
    newer: HashSet<IpAddr>,
    older: HashSet<IpAddr>,
}

/// Addresses that are remembered at most, twice.
const MOST_LOGGED_IN: usize = 50_000;

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

    /// A part of this amount, if there is that much left.
    pub(crate) fn take(&self, amount: usize) -> Option<Part<'_>> {
        let before = self.used.fetch_add(amount, Relaxed);
        // Dropping it gives it back.
        let part = Part { budget: self, amount };
        (before.saturating_add(amount) <= self.most).then_some(part)
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.amount, Relaxed);
    }
}

impl AddressBudget {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// An empty share of an address, which can grow to the address's part.
    pub(crate) fn share(self: &Arc<Self>, address: IpAddr, most_of_address: usize) -> Share {
        let network = network_of(address);
        Share { budget: Arc::clone(self), network, most_of_address, amount: 0 }
    }

    /// Whether an address could hold one byte more.
    pub(crate) fn has_room(&self, address: IpAddr, most_of_address: usize) -> bool {
        let held = self.locked();
        let of_address = held.by_network.get(&network_of(address)).copied().unwrap_or(0);
        held.total < self.most && of_address < most_of_address
    }

    fn locked(&self) -> MutexGuard<'_, HeldBytes> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Takes more; `false` when there is not that much left.
    pub(crate) fn grow(&mut self, amount: usize) -> bool {
        let budget = Arc::clone(&self.budget);
        let mut held = budget.locked();
        let of_address = held.by_network.get(&self.network).copied().unwrap_or(0);
        let fits = held.total.saturating_add(amount) <= budget.most
            && of_address.saturating_add(amount) <= self.most_of_address;
        if fits {
            self.add(&mut held, amount);
        }
        fits
    }

    /// Takes more, also when there is not that much left.
    pub(crate) fn grow_beyond(&mut self, amount: usize) {
        let budget = Arc::clone(&self.budget);
        self.add(&mut budget.locked(), amount);
    }

    /// Gives a part back.
    pub(crate) fn shrink(&mut self, amount: usize) {
        let amount = amount.min(self.amount);
        if amount == 0 {
            return;
        }
        self.amount -= amount;
        let mut held = self.budget.locked();
        held.total -= amount;
        if let Some(of_address) = held.by_network.get_mut(&self.network) {
            *of_address -= amount;
            if *of_address == 0 {
                held.by_network.remove(&self.network);
            }
        }
    }

    fn add(&mut self, held: &mut HeldBytes, amount: usize) {
        if amount == 0 {
            return;
        }
        self.amount += amount;
        held.total += amount;
        *held.by_network.entry(self.network).or_insert(0) += amount;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink(self.amount);
    }
}

impl LoggedIn {
    /// Notes that somebody showed right credentials from here.
    pub(crate) fn note(&self, address: IpAddr) {
        let network = network_of(address);
        let is_known =
            self.0.read().unwrap_or_else(PoisonError::into_inner).newer.contains(&network);
        if is_known {
            return;
        }
        let mut generations = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if generations.newer.len() >= MOST_LOGGED_IN {
            generations.turn();
        }
        generations.newer.insert(network);
    }

    /// Whether somebody showed right credentials from here, since before the last time but one that
    /// others were forgotten.
    pub(crate) fn has(&self, address: IpAddr) -> bool {
        let network = network_of(address);
        let generations = self.0.read().unwrap_or_else(PoisonError::into_inner);
        generations.newer.contains(&network) || generations.older.contains(&network)
    }

    /// Forgets who was not seen since the last time.
    pub(crate) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).turn();
    }
}

impl Generations {
    fn turn(&mut self) {
        self.older = std::mem::take(&mut self.newer);
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
        let part = budget.take(10).unwrap();
        assert!(budget.take(1).is_none());
        drop(part);
        assert!(budget.take(11).is_none());
        assert!(budget.take(10).is_some());
    }

    #[test]
    fn an_address_has_its_share_and_all_together_the_budget() {
        let budget = Arc::new(AddressBudget::new(10));
        let [here, there]: [IpAddr; 2] = ["192.0.2.1", "192.0.2.2"].map(|a| a.parse().unwrap());
        let (mut first, mut second) = (budget.share(here, 6), budget.share(here, 6));
        assert!(first.grow(4) && second.grow(2));
        assert!(!second.grow(1) && !budget.has_room(here, 6));
        let mut other = budget.share(there, 6);
        assert!(other.grow(4), "the other address has room of its own");
        assert!(!other.grow(1) && !budget.has_room(there, 6), "as far as there is any");
        first.shrink(1);
        assert!(second.grow(1) && !second.grow(1));
        drop((first, second));
        assert!(other.grow(2) && budget.has_room(here, 6));
        other.grow_beyond(100);
        assert!(!budget.has_room(here, 6));
        drop(other);
        assert!(budget.share(here, 10).grow(10));
        assert!(budget.locked().by_network.is_empty());
    }

    #[test]
    fn an_address_is_known_until_it_was_forgotten_twice() {
        let known = LoggedIn::default();
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        known.note(here);
        known.forget();
        assert!(known.has(here));
        known.forget();
        assert!(!known.has(here));
        known.note(here);
        for number in 0..2 * MOST_LOGGED_IN {
            known.note(IpAddr::V4(u32::try_from(number).unwrap().into()));
        }
        assert!(!known.has(here), "memory is bounded");
    }
}
