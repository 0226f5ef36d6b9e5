//! What the writer lets others know while it works: whether it gets on, and why it stopped.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use kontor_store::{StoreError, Writability};

use crate::checkpoint::Elsewhere;

/// Shared by the writer and the store.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    /// Why nothing is acknowledged any more.
    pub(crate) broken: OnceLock<StoreError>,
    /// Who moves the log in the writer's place.
    pub(crate) log_elsewhere: Elsewhere,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Since when it has been waiting for its turn among processes.
    waiting_since: Option<Instant>,
    failure: Option<StoreError>,
}

impl Signals {
    /// The writer asks for its turn; it may have asked before.
    pub(crate) fn waits(&self) {
        self.state().waiting_since.get_or_insert_with(Instant::now);
    }

    /// It has its turn, or gave up.
    pub(crate) fn waits_no_more(&self) {
        self.state().waiting_since = None;
    }

    /// Nothing could be written. `true` when that is news.
    pub(crate) fn failed(&self, error: &StoreError) -> bool {
        let mut state = self.state();
        let is_news = state.failure.is_none();
        state.failure = Some(error.clone());
        is_news
    }

    /// Something is on disk. `true` when that is news.
    pub(crate) fn succeeded(&self) -> bool {
        self.state().failure.take().is_some()
    }

    /// Whether the last attempt to write failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.state().failure.is_some()
    }

    pub(crate) fn told(&self) -> Writability {
        let state = self.state();
        let failure = self.broken.get().or(state.failure.as_ref()).cloned();
        Writability { waiting: state.waiting_since.map(|since| since.elapsed()), failure }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_news_once_and_lasts_until_something_is_written() {
        let signals = Signals::default();
        let error = StoreError::Write("full".to_owned());
        assert!(signals.told().failure.is_none() && !signals.succeeded());
        assert!(signals.failed(&error) && !signals.failed(&error));
        assert!(signals.is_failing() && signals.told().failure.is_some());
        assert!(signals.succeeded() && !signals.succeeded());
        assert!(signals.told().failure.is_none());
    }

    #[test]
    fn what_is_broken_stays_a_failure() {
        let signals = Signals::default();
        let _ = signals.broken.set(StoreError::Damaged("torn".to_owned()));
        assert!(!signals.succeeded());
        assert!(matches!(signals.told().failure, Some(StoreError::Damaged(_))));
    }

    #[test]
    fn waiting_is_told_while_it_lasts() {
        let signals = Signals::default();
        assert_eq!(signals.told().waiting, None);
        signals.waits();
        assert!(signals.told().waiting.is_some());
        signals.waits_no_more();
        assert_eq!(signals.told().waiting, None);
    }
}
