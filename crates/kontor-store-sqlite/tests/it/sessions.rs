//! Sessions and the key of tokens over restarts, in two processes, and from older data.

use kontor_model::account::{Protocol, Session, SessionKind};
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_store::{
    BookSource, ChangeNumber, LogPage, LogPlace, Opening, Sessions, Store, Touched, Turn,
};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::older;
use crate::rows::fill;
use crate::scratch::Scratch;

fn open(dir: &Scratch) -> SqliteStore {
    SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap()
}

fn session(digest: &str) -> Session {
    Session {
        digest: digest.to_owned(),
        protocol: Protocol::Consinco,
        login: "integra".to_owned(),
        kind: SessionKind::Refresh,
        beside: None,
        expires: Instant::from_micros(70),
    }
}

fn put(store: &SqliteStore, session: Session) {
    let opening = Opening {
        supplier: SupplierId(1),
        sessions: vec![session],
        used: None,
        now: Instant::from_micros(0),
        most_of_account: 10,
        most_expired: 10,
        turn: Turn::default(),
    };
    store.open_sessions(opening).unwrap();
}

#[test]
fn sessions_and_the_key_survive_a_restart_and_are_those_of_all_processes() {
    let dir = Scratch::new("sessions-restart");
    let store = open(&dir);
    let other = open(&dir);
    fill(&store, 1);
    let key = store.token_key([1; 32]).unwrap();
    assert_eq!(other.token_key([2; 32]).unwrap(), key);
    put(&store, session("a"));
    assert_eq!(other.session("a").unwrap(), Some((SupplierId(1), session("a"))));
    assert!(other.end_session("a", Turn::default()).unwrap());
    assert_eq!(store.session("a").unwrap(), None);
    put(&other, session("b"));
    drop((store, other));
    let store = open(&dir);
    assert_eq!(store.session("b").unwrap(), Some((SupplierId(1), session("b"))));
    assert_eq!(store.token_key([3; 32]).unwrap(), key);
    assert_eq!(store.last_change().unwrap(), ChangeNumber(2));
}

/// Logins were rows with changes of their own. Those of accounts go on to count.
#[test]
fn sessions_of_older_data_are_kept_without_those_of_guests() {
    let dir = Scratch::new("sessions-older");
    let connection = older::create(dir.path(), 3);
    connection
        .execute_batch(
            "INSERT INTO supplier (supplier_id, supplier, time_zone, currency, since_change)
             VALUES (1, 'one', 'UTC', 'EUR', 1);
             INSERT INTO sessions VALUES
             (1, 'access', 'consinco', 'integra', 'access', 50, 2),
             (1, 'refresh', 'consinco', 'integra', 'refresh', 70, 2),
             (1, 'token', 'websphere', 'buyer', 'access', 60, 3),
             (1, 'pair', 'websphere', 'buyer', 'refresh', 60, 3),
             (1, 'other token', 'websphere', 'buyer', 'access', 61, 4),
             (1, 'other pair', 'websphere', 'buyer', 'refresh', 61, 4),
             (1, 'guest', 'websphere', NULL, 'access', 90, 5),
             (1, 'pair of guest', 'websphere', NULL, 'refresh', 90, 5);",
        )
        .unwrap();
    drop(connection);
    let store = open(&dir);
    let found = |digest: &str| store.session(digest).unwrap().map(|(_, session)| session);
    assert_eq!(found("refresh"), Some(session("refresh")));
    let access = Session {
        kind: SessionKind::Access,
        expires: Instant::from_micros(50),
        ..session("access")
    };
    assert_eq!(found("access"), Some(access));
    for (digest, pair, expires) in [("token", "pair", 60), ("other token", "other pair", 61)] {
        let expected = Session {
            protocol: Protocol::Websphere,
            login: "buyer".to_owned(),
            kind: SessionKind::Access,
            beside: Some(pair.to_owned()),
            expires: Instant::from_micros(expires),
            ..session(digest)
        };
        assert_eq!(found(digest), Some(expected));
    }
    for digest in ["pair", "other pair", "guest", "pair of guest"] {
        assert_eq!(found(digest), None, "{digest}");
    }
    let key = store.token_key([1; 32]).unwrap();
    assert_eq!(key.unsigned_until, Instant::from_micros(70), "the last of them expires then");
}

/// Changes of older data did not always list what they touched, so anything may have been.
#[test]
fn changes_of_older_data_touched_anything() {
    let dir = Scratch::new("sessions-changes");
    let store = open(&dir);
    fill(&store, 2);
    drop(store);
    let connection = rusqlite::Connection::open(dir.path().join("kontor.db")).unwrap();
    connection
        .execute_batch(
            "INSERT INTO change_entry (change, position, kind, key)
             VALUES (1, 0, 'sessions', '[\"sha256:00\"]'), (2, 0, 'products', NULL)",
        )
        .unwrap();
    drop(connection);
    let store = open(&dir);
    for (after, is_listed) in [(0, false), (1, false), (2, true)] {
        let mut page = LogPage::default();
        let from = LogPlace::after(ChangeNumber(after));
        let mut read = |book: &dyn BookSource| {
            page = book.changes(from, 10)?;
            Ok(())
        };
        store.read_book(&mut read).unwrap();
        let listed = page.entries.iter().all(|entry| entry.touched != Touched::Anything);
        assert_eq!(listed, is_listed, "after {after}");
    }
}
