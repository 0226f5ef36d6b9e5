//! Tells who waits that there is a newer change.
//!
//! Writers of this process say so. What another process wrote is seen in the high-water mark, which
//! every writer raises after its commit: reading it costs one call of the system.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kontor_store::{ChangeNumber, StoreError};

use crate::high_water::HighWater;

/// How often the mark is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The newest change that this process committed.
#[derive(Debug, Default)]
pub(crate) struct News {
    newest: Mutex<u64>,
    changed: Condvar,
}

impl News {
    /// There is a change with this number.
    pub(crate) fn tell(&self, change: u64) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if *newest < change {
            *newest = change;
            self.changed.notify_all();
        }
    }

    /// Waits for a change after this one. `None` when the time is over before one is known.
    pub(crate) fn wait(
        &self,
        mark: &HighWater,
        after: ChangeNumber,
        at_most: Duration,
    ) -> Result<Option<ChangeNumber>, StoreError> {
        let until = Instant::now() + at_most;
        let mut own = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let marked = mark.read()?.map_or(0, |head| head.number);
            let newest = marked.max(*own);
            if newest > after.0 {
                return Ok(Some(ChangeNumber(newest)));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let waited = self.changed.wait_timeout(own, left.min(LOOK_EVERY));
            own = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
