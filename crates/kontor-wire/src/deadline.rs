//! Until when a request may begin to change anything.
//!
//! An answer of 503 promises that nothing was done. Two parties decide together, each once: who is
//! about to change something asks [`Deadline::begin`], who is about to give up says
//! [`Deadline::pass`]. Whoever comes first is right, so never both.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const PASSED: u8 = 2;

/// The deadline of one request. Clones are the same deadline.
#[derive(Debug, Clone, Default)]
pub struct Deadline(Arc<AtomicU8>);

impl Deadline {
    /// Asked right before a change begins. `false`: the deadline has passed, and nothing may be
    /// done any more. After `true` the deadline cannot pass: the outcome is the answer.
    #[must_use]
    pub fn begin(&self) -> bool {
        self.decide(BEGUN)
    }

    /// Said when time is up. `true`: nothing was begun, and nothing will be. After `false` the
    /// outcome of what was begun must be waited for.
    #[must_use]
    pub fn pass(&self) -> bool {
        self.decide(PASSED)
    }

    /// Whether the decision is this one, already or from now on.
    fn decide(&self, state: u8) -> bool {
        let decided = self.0.compare_exchange(WAITING, state, Ordering::AcqRel, Ordering::Acquire);
        decided.is_ok() || decided == Err(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_first_decides_for_good() {
        let deadline = Deadline::default();
        let same = deadline.clone();
        assert!(deadline.begin() && same.begin(), "a request may change something twice");
        assert!(!same.pass() && !deadline.pass());
        let deadline = Deadline::default();
        assert!(deadline.pass() && deadline.pass());
        assert!(!deadline.begin());
    }

    #[test]
    fn of_two_that_decide_at_once_one_is_right() {
        for _ in 0..200 {
            let deadline = Deadline::default();
            let other = deadline.clone();
            let (begun, passed) = std::thread::scope(|scope| {
                let begun = scope.spawn(move || other.begin());
                let passed = deadline.pass();
                (begun.join().unwrap(), passed)
            });
            assert_ne!(begun, passed);
        }
    }
}
