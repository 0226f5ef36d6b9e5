//! When accounts were used last: noted in memory at every request, and written now and then.

use std::sync::{Mutex, PoisonError};

use arc_swap::ArcSwap;
use kontor_model::account::ByProtocol;
use kontor_model::instant::Instant;
use kontor_store::{Store, StoreError, Used};
use rpds::HashTrieMapSync;

use crate::access::asker::Asker;

/// Seconds after which the use of an account is written again: what is shown is at most that old,
/// and an account that asks all the time costs next to nothing.
const AGAIN_SECONDS: i64 = 600;

/// When accounts were used last, by login.
type ByLogin = ByProtocol<HashTrieMapSync<Box<str>, Instant>>;

/// What is known since the start.
#[derive(Default)]
pub(crate) struct LastUsed {
    noted: ArcSwap<ByLogin>,
    /// What is not written yet.
    due: Mutex<Vec<Used>>,
}

impl LastUsed {
    /// Notes that an account is used. Nearly every time it was noted a moment ago.
    pub(crate) fn note(&self, asker: &Asker, now: Instant) {
        let (protocol, login) = (asker.account.protocol, asker.account.login.as_str());
        let noted = self.noted.load();
        let is_fresh = noted
            .get(protocol)
            .get(login)
            .is_some_and(|at| *at <= now && now < at.plus_seconds(AGAIN_SECONDS));
        if is_fresh {
            return;
        }
        self.noted.rcu(|noted| {
            let mut noted = ByLogin::clone(noted);
            noted.get_mut(protocol).insert_mut(login.into(), now);
            noted
        });
        let used = Used { supplier: asker.supplier, protocol, login: login.to_owned(), at: now };
        self.due.lock().unwrap_or_else(PoisonError::into_inner).push(used);
    }

    /// Writes which accounts were used since the last time. What cannot be written now is written
    /// the next time.
    pub(crate) fn write(&self, store: &dyn Store) -> Result<(), StoreError> {
        let used = self.take();
        if used.is_empty() {
            return Ok(());
        }
        store.note_used(used.clone()).inspect_err(|_| self.put_back(used))
    }

    fn take(&self) -> Vec<Used> {
        std::mem::take(&mut *self.due.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, used: Vec<Used>) {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).extend(used);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kontor_model::account::Protocol;
    use kontor_model::supplier::SupplierId;

    use super::*;

    #[test]
    fn an_account_is_due_once_in_a_while() {
        let last_used = LastUsed::default();
        let account = crate::access::account_admin::blank(Protocol::Secomp, "abelard");
        let asker = Asker { supplier: SupplierId(1), account: Arc::new(account) };
        let due = |seconds| {
            last_used.note(&asker, Instant::from_micros(0).plus_seconds(seconds));
            last_used.take().len()
        };
        assert_eq!([0, 1, 599, 600, 601, 1_199, 1_200].map(due), [1, 0, 0, 1, 0, 0, 1]);
        assert_eq!([0, 1].map(due), [1, 0], "a clock that was set back");
    }
}
