//! Buckets by key.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Fewer keys than this are never searched for old ones.
const LEAST_SWEPT: usize = 1024;

/// Too often. Ask again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    pub retry_after: Duration,
}

/// How often something may happen, by key.
#[derive(Debug)]
pub struct RateLimit<K> {
    /// Time after which one event is forgotten.
    each: Duration,
    /// Time that all events take to be forgotten, when there are as many as may come at once.
    most: Duration,
    keys: Mutex<Keys<K>>,
}

#[derive(Debug)]
struct Keys<K> {
    /// When the last event of a key will be forgotten.
    forgotten_at: HashMap<K, Instant>,
    /// Old keys are removed when there are this many, so that no caller pays for all others and memory
    /// stays bounded by the keys of one period.
    sweep_at: usize,
}

impl<K: Hash + Eq> RateLimit<K> {
    /// So many events a second in the long run, of which `burst` may come at once.
    pub fn per_second(allowed: NonZeroU32, burst: NonZeroU32) -> Self {
        Self::new(Duration::from_secs(1), allowed, burst)
    }

    /// So many events a minute, all of which may come at once.
    pub fn per_minute(allowed: NonZeroU32) -> Self {
        Self::new(Duration::from_mins(1), allowed, allowed)
    }

    fn new(period: Duration, allowed: NonZeroU32, burst: NonZeroU32) -> Self {
        let each = period / allowed.get();
        let most = each.saturating_mul(burst.get());
        let keys = Keys { forgotten_at: HashMap::new(), sweep_at: LEAST_SWEPT };
        Self { each, most, keys: Mutex::new(keys) }
    }

    /// Counts an event, if it may happen now.
    pub fn take(&self, key: K) -> Result<(), TooMany> {
        self.take_at(key, Instant::now())
    }

    /// Whether an event might happen now; counts nothing.
    pub fn check(&self, key: &K) -> Result<(), TooMany> {
        self.check_at(key, Instant::now())
    }

    /// Counts an event that has happened. Returns whether half of what may come at once was used up
    /// before.
    pub fn count(&self, key: K) -> bool {
        self.count_at(key, Instant::now())
    }

    fn take_at(&self, key: K, now: Instant) -> Result<(), TooMany> {
        let mut keys = self.keys();
        self.room(keys.left(&key, now))?;
        keys.add(key, now, self.each);
        Ok(())
    }

    fn check_at(&self, key: &K, now: Instant) -> Result<(), TooMany> {
        self.room(self.keys().left(key, now))
    }

    fn count_at(&self, key: K, now: Instant) -> bool {
        let mut keys = self.keys();
        let left = keys.left(&key, now);
        keys.add(key, now, self.each);
        left >= self.most / 2
    }

    /// There is room for one more when all but one of those that may come are left.
    fn room(&self, left: Duration) -> Result<(), TooMany> {
        let retry_after = left.saturating_sub(self.most.saturating_sub(self.each));
        if retry_after.is_zero() { Ok(()) } else { Err(TooMany { retry_after }) }
    }

    fn keys(&self) -> MutexGuard<'_, Keys<K>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Keys<K> {
    /// How long it takes until all events of a key are forgotten.
    fn left(&self, key: &K, now: Instant) -> Duration {
        let forgotten_at = self.forgotten_at.get(key);
        forgotten_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now))
    }

    fn add(&mut self, key: K, now: Instant, each: Duration) {
        if self.forgotten_at.len() >= self.sweep_at {
            self.forgotten_at.retain(|_, at| *at > now);
            self.sweep_at = LEAST_SWEPT.max(self.forgotten_at.len() * 2);
        }
        let at = self.forgotten_at.entry(key).or_insert(now);
        *at = now.max(*at) + each;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn count(number: u32) -> NonZeroU32 {
        NonZeroU32::new(number).unwrap()
    }

    #[test]
    fn what_was_counted_blocks_until_one_of_it_is_forgotten() {
        let failures = RateLimit::per_minute(count(3));
        let begin = Instant::now();
        for used_half in [false, false, true] {
            assert_eq!(failures.check_at(&1, begin), Ok(()));
            assert_eq!(failures.count_at(1, begin), used_half);
        }
        let blocked = |after: Duration| failures.check_at(&1, begin + after).err();
        assert_eq!(blocked(Duration::ZERO), Some(TooMany { retry_after: 20 * SECOND }));
        assert_eq!(blocked(19 * SECOND), Some(TooMany { retry_after: SECOND }));
        assert_eq!(blocked(20 * SECOND), None);
        assert_eq!(failures.check_at(&2, begin), Ok(()), "other keys have events of their own");
        failures.count_at(1, begin + 20 * SECOND);
        assert!(blocked(20 * SECOND).is_some(), "one was forgotten, not all");
        assert_eq!(blocked(90 * SECOND), None);
    }

    #[test]
    fn as_many_as_may_come_at_once_and_then_at_the_rate() {
        let limit = RateLimit::per_second(count(10), count(3));
        let begin = Instant::now();
        let take = |millis: u64| limit.take_at("a", begin + Duration::from_millis(millis));
        assert_eq!([0, 0, 0].map(take), [Ok(()); 3]);
        assert_eq!(take(0), Err(TooMany { retry_after: Duration::from_millis(100) }));
        assert_eq!(take(99), Err(TooMany { retry_after: Duration::from_millis(1) }));
        assert_eq!(take(100), Ok(()), "what was refused was not counted");
        assert!(take(100).is_err());
        assert_eq!([400, 400, 400].map(take), [Ok(()); 3]);
        assert!(take(400).is_err(), "a long pause saves no more than a burst");
    }

    #[test]
    fn what_is_forgotten_takes_no_memory() {
        let limit = RateLimit::per_minute(count(60));
        let begin = Instant::now();
        for key in 0..LEAST_SWEPT {
            limit.count_at(key, begin);
        }
        limit.count_at(usize::MAX, begin + SECOND);
        assert_eq!(limit.keys().forgotten_at.len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// In no stretch of time come more than the burst and what the rate allows.
        #[test]
        fn never_more_than_the_rate(
            allowed in 1_u32..50,
            burst in 1_u32..10,
            gaps in proptest::collection::vec(0_u64..200, 1..100),
        ) {
            let limit = RateLimit::per_second(count(allowed), count(burst));
            let begin = Instant::now();
            let mut millis = 0;
            let mut taken: Vec<u64> = Vec::new();
            for gap in gaps {
                millis += gap;
                if limit.take_at((), begin + Duration::from_millis(millis)).is_ok() {
                    taken.push(millis);
                }
            }
            for (place, from) in taken.iter().enumerate() {
                for (more, to) in taken.iter().skip(place).enumerate() {
                    let most = u64::from(burst) + (to - from) * u64::from(allowed) / 1_000 + 1;
                    prop_assert!((more as u64) < most, "{} from {from} to {to}", more + 1);
                }
            }
        }
    }
}
