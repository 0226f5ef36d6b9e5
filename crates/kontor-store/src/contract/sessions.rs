//! Sessions: durable, used once, bounded, and no changes of the data.

use std::sync::Arc;

use kontor_model::account::{Protocol, Session, SessionKind};
use kontor_model::supplier::SupplierId;

use super::catalogue::{entries, found, id, now, write};
use crate::{Abort, Opened, Opening, Outcome, Store, StoreError, Turn, Used};

pub(super) const CHECKS: super::Checks = &[
    ("sessions_are_found_and_are_no_changes", sessions_are_found_and_are_no_changes),
    ("a_used_token_works_once", a_used_token_works_once),
    ("of_many_that_use_a_token_one_succeeds", of_many_that_use_a_token_one_succeeds),
    ("an_account_keeps_its_newest_sessions", an_account_keeps_its_newest_sessions),
    ("expired_sessions_go_in_small_batches", expired_sessions_go_in_small_batches),
    ("a_session_that_ended_is_gone", a_session_that_ended_is_gone),
    ("sessions_end_when_credentials_are_renewed", sessions_end_when_credentials_are_renewed),
    ("when_an_account_was_used_last_is_noted", when_an_account_was_used_last_is_noted),
    ("the_first_token_key_stays", the_first_token_key_stays),
    ("sessions_of_a_closed_store", sessions_of_a_closed_store),
];

fn session(digest: &str, seconds: i64) -> Session {
    Session {
        digest: digest.to_owned(),
        protocol: Protocol::Consinco,
        login: "integra".to_owned(),
        kind: SessionKind::Access,
        beside: None,
        expires: now().plus_seconds(seconds),
    }
}

fn opening(supplier: SupplierId, sessions: Vec<Session>) -> Opening {
    let (most_of_account, most_expired) = (100, 100);
    Opening {
        supplier,
        sessions,
        used: None,
        now: now(),
        most_of_account,
        most_expired,
        turn: Turn::default(),
    }
}

fn using(used: &str, opening: Opening) -> Opening {
    Opening { used: Some(used.to_owned()), ..opening }
}

fn open(store: &dyn Store, opening: Opening) -> Vec<String> {
    store.open_sessions(opening).unwrap().unwrap().displaced
}

fn sessions_end_when_credentials_are_renewed(store: &dyn Store) {
    let (one, two) = (found(store, "one"), found(store, "two"));
    let of_other = Session { login: "other".to_owned(), ..session("b", 60) };
    open(store, opening(one, vec![session("a", 60), of_other]));
    open(store, opening(two, vec![session("c", 60)]));
    let seconds = |name: &str| {
        let (_, session) = store.session(name).unwrap().unwrap();
        (session.expires.micros() - now().micros()) / 1_000_000
    };
    let end = |by: i64| {
        let ended = write(store, "one", move |tx| {
            tx.end_sessions(Protocol::Consinco, "integra", now().plus_seconds(by))
                .map_err(Abort::from)
        });
        assert_eq!(ended.unwrap(), Outcome::Aside, "it is no change by itself");
    };
    end(30);
    assert_eq!(["a", "b", "c"].map(seconds), [30, 60, 60]);
    end(40);
    assert_eq!(seconds("a"), 30, "what ends sooner stays so");
    // What is opened for it ends with it, and so does what is opened for that.
    for (used, name) in [("a", "d"), ("d", "e")] {
        let opening = using(used, opening(one, vec![session(name, 60)]));
        let opened = store.open_sessions(opening).unwrap().unwrap();
        assert_eq!(opened.ends_by, Some(now().plus_seconds(30)));
        assert_eq!(seconds(name), 30);
    }
    open(store, opening(one, vec![session("f", 60)]));
    assert_eq!(seconds("f"), 60, "who logs in anew begins anew");
}

fn when_an_account_was_used_last_is_noted(store: &dyn Store) {
    let (one, two) = (found(store, "one"), found(store, "two"));
    let before = store.last_change().unwrap();
    let used = |supplier, login: &str, seconds| Used {
        supplier,
        protocol: Protocol::Secomp,
        login: login.to_owned(),
        at: now().plus_seconds(seconds),
    };
    assert_eq!(store.last_used(one).unwrap(), []);
    store.note_used(vec![used(one, "a", 5), used(one, "b", 1), used(two, "a", 2)]).unwrap();
    store.note_used(vec![used(one, "a", 4), used(one, "b", 3)]).unwrap();
    let nobody = SupplierId(two.0.max(one.0) + 1);
    store.note_used(vec![used(nobody, "a", 1)]).unwrap();
    assert_eq!(store.last_used(one).unwrap(), [used(one, "a", 5), used(one, "b", 3)]);
    assert_eq!(store.last_used(two).unwrap(), [used(two, "a", 2)]);
    assert_eq!(store.last_change().unwrap(), before, "it is no change");
}

/// Which of the sessions `a`, `b` and so on are there.
fn there(store: &dyn Store) -> String {
    let is_there = |name: &char| store.session(&name.to_string()).unwrap().is_some();
    ('a'..='z').filter(is_there).collect()
}

fn sessions_are_found_and_are_no_changes(store: &dyn Store) {
    let (one, two) = (found(store, "one"), found(store, "two"));
    let before = store.last_change().unwrap();
    let access = session("a", 60);
    let other = Session {
        protocol: Protocol::Websphere,
        login: "buyer".to_owned(),
        kind: SessionKind::Refresh,
        beside: Some("of b".to_owned()),
        ..session("b", -60)
    };
    open(store, opening(one, vec![access.clone()]));
    open(store, Opening { most_expired: 0, ..opening(two, vec![other.clone()]) });
    assert_eq!(store.session("a").unwrap(), Some((one, access)));
    assert_eq!(store.session("b").unwrap(), Some((two, other)), "whether it counts is not asked");
    assert_eq!(store.session("c").unwrap(), None);
    assert_eq!(store.last_change().unwrap(), before);
    assert_eq!(entries(store, before.0, 10), []);
    // The next change has the next number.
    found(store, "three");
    assert_eq!(store.last_change().unwrap().0, before.0 + 1);
    // A token is given out once, and only by a supplier who is there.
    let again = store.open_sessions(opening(one, vec![session("c", 60), session("a", 60)]));
    assert!(again.is_err(), "{again:?}");
    let nobody = SupplierId(id(store, "three").0 + 1);
    let orphan = store.open_sessions(opening(nobody, vec![session("c", 60)]));
    assert!(orphan.is_err(), "{orphan:?}");
    assert_eq!(there(store), "ab", "what failed left nothing");
}

fn a_used_token_works_once(store: &dyn Store) {
    let one = found(store, "one");
    open(store, opening(one, vec![session("a", 60)]));
    open(store, using("a", opening(one, vec![session("b", 60)])));
    assert_eq!(there(store), "b");
    let again = store.open_sessions(using("a", opening(one, vec![session("c", 60)])));
    assert_eq!(again.unwrap(), None);
    assert_eq!(there(store), "b", "nothing was done");
    assert_eq!(store.open_sessions(opening(one, vec![])).unwrap(), Some(Opened::default()));
}

fn of_many_that_use_a_token_one_succeeds(store: &dyn Store) {
    let one = found(store, "one");
    open(store, opening(one, vec![session("a", 60)]));
    let opened: Vec<bool> = std::thread::scope(|scope| {
        let use_it = |name: char| {
            let opening = using("a", opening(one, vec![session(&name.to_string(), 60)]));
            scope.spawn(move || store.open_sessions(opening).unwrap().is_some())
        };
        let threads: Vec<_> = ('b'..='i').map(use_it).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|opened| **opened).count(), 1);
    assert_eq!(there(store).len(), 1);
}

fn an_account_keeps_its_newest_sessions(store: &dyn Store) {
    let (one, two) = (found(store, "one"), found(store, "two"));
    let open = |supplier, session| {
        open(store, Opening { most_of_account: 3, ..opening(supplier, vec![session]) })
    };
    for (name, seconds) in [("a", 20), ("b", 10), ("c", 30)] {
        assert_eq!(open(one, session(name, seconds)), [] as [&str; 0], "{name}: as many as it may");
    }
    // Others have sessions of their own: another supplier, protocol, account, and kind.
    let beside = [
        (two, session("p", 1)),
        (one, Session { protocol: Protocol::Websphere, ..session("q", 1) }),
        (one, Session { login: "other".to_owned(), ..session("r", 1) }),
        (one, Session { kind: SessionKind::Refresh, ..session("s", 1) }),
    ];
    for (supplier, session) in beside {
        assert_eq!(open(supplier, session), [] as [&str; 0]);
    }
    assert_eq!(open(one, session("d", 40)), ["b"], "one above: what expires first goes");
    assert_eq!(open(one, session("e", 5)), ["a"], "the new one stays, although it expires first");
    assert_eq!(there(store), "cdepqrs");
}

fn expired_sessions_go_in_small_batches(store: &dyn Store) {
    let (one, two) = (found(store, "one"), found(store, "two"));
    let old = [("c", -1), ("a", -3), ("b", -2), ("d", 0), ("e", 1)];
    let old: Vec<Session> = old.map(|(name, seconds)| session(name, seconds)).into();
    open(store, Opening { most_expired: 0, ..opening(one, old) });
    assert_eq!(there(store), "abcde");
    let batch = |name| Opening { most_expired: 2, ..opening(two, vec![session(name, 60)]) };
    open(store, batch("v"));
    assert_eq!(there(store), "cdev", "the oldest, whoever's they are");
    open(store, batch("w"));
    assert_eq!(there(store), "evw", "a session counts until it expires, and not any longer");
    open(store, batch("x"));
    assert_eq!(there(store), "evwx");
}

fn a_session_that_ended_is_gone(store: &dyn Store) {
    let one = found(store, "one");
    open(store, opening(one, vec![session("a", 60), session("b", 60)]));
    let before = store.last_change().unwrap();
    assert!(store.end_session("a", Turn::default()).unwrap());
    assert!(!store.end_session("a", Turn::default()).unwrap());
    assert_eq!(there(store), "b");
    let late = store.end_session("b", Turn::new(Arc::new(|| false)));
    assert!(matches!(late, Err(StoreError::NotBegun)), "{late:?}");
    assert_eq!(there(store), "b", "one whose turn came too late still counts");
    assert_eq!(store.last_change().unwrap(), before);
}

fn the_first_token_key_stays(store: &dyn Store) {
    let first = store.token_key([7; 32]).unwrap();
    assert_eq!(first.key, [7; 32]);
    assert_eq!(store.token_key([8; 32]).unwrap(), first);
    assert!(first.unsigned_until < now(), "new data has no older sessions");
    assert!(!format!("{first:?}").contains('7'), "{first:?}");
}

fn sessions_of_a_closed_store(store: &dyn Store) {
    let one = found(store, "one");
    store.close();
    let opened = store.open_sessions(opening(one, vec![session("a", 60)]));
    assert!(matches!(opened, Err(StoreError::Closed)), "{opened:?}");
    assert!(matches!(store.session("a"), Err(StoreError::Closed)));
    assert!(matches!(store.end_session("a", Turn::default()), Err(StoreError::Closed)));
    assert!(matches!(store.token_key([7; 32]), Err(StoreError::Closed)));
}
