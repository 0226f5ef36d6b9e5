//! The sessions that were used last, in memory. A request with one of their tokens asks no database.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kontor_model::account::Session;
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;

/// Seconds after which a session is read anew: another process on the same data may have ended it.
const READ_AGAIN: i64 = 60;
/// Twice as many sessions are kept at most: about 20 MB.
const GENERATION: usize = 32_768;

/// Sessions by the digest of their token. What was not used for long is forgotten first.
#[derive(Default)]
pub(super) struct KnownSessions(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    newer: HashMap<Box<str>, Known>,
    older: HashMap<Box<str>, Known>,
    /// How often sessions were forgotten because they ended.
    endings: u64,
}

#[derive(Clone)]
struct Known {
    supplier: SupplierId,
    session: Arc<Session>,
    read_at: Instant,
}

/// Taken before the database is asked. What was read before a session ended is not remembered
/// after it.
#[derive(Clone, Copy)]
pub(super) struct Ticket(u64);

impl KnownSessions {
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.locked().endings)
    }

    /// The session, when it was read lately.
    pub(super) fn get(&self, digest: &str, now: Instant) -> Option<(SupplierId, Arc<Session>)> {
        let mut generations = self.locked();
        let known = generations.find(digest)?;
        let is_fresh = known.read_at <= now && now < known.read_at.plus_seconds(READ_AGAIN);
        is_fresh.then_some((known.supplier, known.session))
    }

    /// Remembers a session as it was read, unless one ended since the ticket was taken.
    pub(super) fn remember(
        &self,
        ticket: Ticket,
        read_at: Instant,
        supplier: SupplierId,
        session: Arc<Session>,
    ) {
        let mut generations = self.locked();
        if generations.endings == ticket.0 {
            let digest = session.digest.as_str().into();
            generations.put(digest, Known { supplier, session, read_at });
        }
    }

    /// Forgets sessions that ended.
    pub(super) fn forget(&self, digests: &[String]) {
        if digests.is_empty() {
            return;
        }
        let mut generations = self.locked();
        generations.endings += 1;
        for digest in digests {
            generations.newer.remove(digest.as_str());
            generations.older.remove(digest.as_str());
        }
    }

    /// Forgets all sessions: some of them may end sooner than was known.
    pub(super) fn forget_all(&self) {
        let mut generations = self.locked();
        generations.endings += 1;
        generations.newer.clear();
        generations.older.clear();
    }

    fn locked(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn find(&mut self, digest: &str) -> Option<Known> {
        if let Some(known) = self.newer.get(digest) {
            return Some(known.clone());
        }
        let (digest, known) = self.older.remove_entry(digest)?;
        self.put(digest, known.clone());
        Some(known)
    }

    fn put(&mut self, digest: Box<str>, known: Known) {
        if self.newer.len() >= GENERATION {
            self.older = mem::take(&mut self.newer);
        }
        self.newer.insert(digest, known);
    }
}

#[cfg(test)]
mod tests {
    use kontor_model::account::{Protocol, SessionKind};

    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(0).plus_seconds(seconds)
    }

    fn session(digest: &str) -> Arc<Session> {
        Arc::new(Session {
            digest: digest.to_owned(),
            protocol: Protocol::Consinco,
            login: "integra".to_owned(),
            kind: SessionKind::Access,
            beside: None,
            expires: at(1_000),
        })
    }

    fn remember(known: &KnownSessions, digest: &str) {
        known.remember(known.ticket(), at(0), SupplierId(1), session(digest));
    }

    fn is_known(known: &KnownSessions, digest: &str, seconds: i64) -> bool {
        known.get(digest, at(seconds)).is_some()
    }

    #[test]
    fn a_session_is_known_for_a_minute() {
        let known = KnownSessions::default();
        assert!(!is_known(&known, "a", 0));
        remember(&known, "a");
        let seconds = [0, 59, 60, 61, -1];
        assert_eq!(
            seconds.map(|seconds| is_known(&known, "a", seconds)),
            [true, true, false, false, false]
        );
    }

    #[test]
    fn what_ended_is_not_remembered_by_who_read_it_before() {
        let known = KnownSessions::default();
        let before = known.ticket();
        known.forget(&["a".to_owned()]);
        known.remember(before, at(0), SupplierId(1), session("a"));
        assert!(!is_known(&known, "a", 0));
        remember(&known, "a");
        assert!(is_known(&known, "a", 0));
        known.forget(&["a".to_owned()]);
        assert!(!is_known(&known, "a", 0));
    }

    #[test]
    fn what_was_read_before_all_was_forgotten_is_not_remembered() {
        let known = KnownSessions::default();
        remember(&known, "a");
        let before = known.ticket();
        known.forget_all();
        known.remember(before, at(0), SupplierId(1), session("b"));
        assert_eq!(["a", "b"].map(|digest| is_known(&known, digest, 0)), [false, false]);
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let known = KnownSessions::default();
        remember(&known, "used");
        remember(&known, "unused");
        for number in 0..3 * GENERATION {
            remember(&known, &number.to_string());
            assert!(is_known(&known, "used", 0), "{number}");
            let generations = known.locked();
            assert!(generations.newer.len() <= GENERATION);
            assert!(generations.older.len() <= GENERATION);
        }
        assert!(!is_known(&known, "unused", 0));
    }
}
