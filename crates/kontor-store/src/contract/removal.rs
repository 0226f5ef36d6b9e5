//! A supplier that is removed is gone whole, and nobody else notices.

use kontor_model::account::{Protocol, Session, SessionKind};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::supplier::SupplierId;

use super::catalogue::{
    changed, committed, conflict, entries, example, fill, found, id, kinds, now, put, read, scan,
    write,
};
use crate::{Opening, Outcome, StagedOrder, Store, Touched, Turn, Used};

pub(super) const CHECKS: super::Checks = &[
    ("a_removed_supplier_is_gone_whole", a_removed_supplier_is_gone_whole),
    ("what_a_removed_supplier_had_is_free", what_a_removed_supplier_had_is_free),
    ("sessions_go_with_their_supplier", sessions_go_with_their_supplier),
    ("a_supplier_that_is_none_is_not_removed", a_supplier_that_is_none_is_not_removed),
    ("a_refused_removal_removes_nothing", a_refused_removal_removes_nothing),
    ("rows_are_counted", rows_are_counted),
];

fn remove(store: &dyn Store, supplier: &str) -> u64 {
    let outcome = write(store, supplier, |tx| {
        let rows = tx.remove_supplier()?;
        let expected: Vec<Kind> = kinds().collect();
        assert!(expected.iter().all(|kind| rows.get(kind) == Some(&1)), "{rows:?}");
        Ok(())
    });
    committed(outcome).0
}

fn a_removed_supplier_is_gone_whole(store: &dyn Store) {
    fill(store, "one");
    fill(store, "two");
    let (one, two) = (id(store, "one"), id(store, "two"));
    // There is a past, too.
    let record = changed(&example(Kind::Price, "one")).unwrap();
    put(store, &record, "one");
    let change = remove(store, "one");
    assert_eq!(store.supplier_id("one").unwrap(), None);
    for kind in kinds() {
        assert_eq!(scan(store, one, kind, &[]), [], "{}", kind.name());
        assert_eq!(scan(store, two, kind, &[]), [example(kind, "two")], "{}", kind.name());
    }
    let entries = entries(store, change - 1, 100);
    assert!(entries.iter().all(|entry| entry.supplier == one), "{entries:?}");
    let is_named = |wanted: Kind| {
        entries.iter().any(|entry| match &entry.touched {
            Touched::Rows { kind, .. } | Touched::Products { kind, .. } => *kind == wanted,
            Touched::Prices { .. } => wanted == Kind::Price,
            Touched::Anything => false,
        })
    };
    for kind in Kind::CATALOGUE {
        assert!(is_named(kind), "{} is not told to who follows", kind.name());
    }
}

fn what_a_removed_supplier_had_is_free(store: &dyn Store) {
    fill(store, "one");
    let before = id(store, "one");
    found(store, "two");
    let Record::Account(account) = example(Kind::Account, "one") else {
        panic!("not an account");
    };
    let mut taken = account.clone();
    taken.customer = None;
    let (again, record) = (taken.clone(), Record::Account(taken));
    conflict(write(store, "two", move |tx| tx.put(&Record::Account(again.clone())).map(drop)));
    remove(store, "one");
    put(store, &record, "two");
    put(store, &example(Kind::Supplier, "one"), "one");
    let after = id(store, "one");
    assert_ne!(before, after, "it is another supplier");
    for kind in kinds().filter(|kind| *kind != Kind::Supplier) {
        assert_eq!(scan(store, after, kind, &[]), [], "{}", kind.name());
    }
}

fn sessions_go_with_their_supplier(store: &dyn Store) {
    fill(store, "one");
    fill(store, "two");
    for (digest, supplier) in [("of-one", "one"), ("of-two", "two")] {
        open(store, id(store, supplier), digest, supplier);
    }
    let used = |supplier| store.last_used(supplier).unwrap().len();
    let (one, two) = (id(store, "one"), id(store, "two"));
    assert_eq!((used(one), used(two)), (1, 1));
    remove(store, "one");
    assert_eq!(store.session("of-one").unwrap(), None);
    assert!(store.session("of-two").unwrap().is_some());
    assert_eq!((used(one), used(two)), (0, 1));
}

fn open(store: &dyn Store, supplier: SupplierId, digest: &str, code: &str) {
    let (protocol, login) = (Protocol::Secomp, format!("{code}-login"));
    let session = Session {
        digest: digest.to_owned(),
        protocol,
        login: login.clone(),
        kind: SessionKind::Access,
        beside: None,
        expires: now().plus_seconds(60),
    };
    let opening = Opening {
        supplier,
        sessions: vec![session],
        used: None,
        now: now(),
        most_of_account: 10,
        most_expired: 10,
        turn: Turn::default(),
    };
    store.open_sessions(opening).unwrap().unwrap();
    store.note_used(vec![Used { supplier, protocol, login, at: now() }]).unwrap();
}

fn a_supplier_that_is_none_is_not_removed(store: &dyn Store) {
    fill(store, "one");
    let outcome = write(store, "none", |tx| {
        assert!(tx.remove_supplier()?.is_empty());
        Ok(())
    });
    assert_eq!(outcome.unwrap(), Outcome::Unchanged);
    let staged = store.write_staged(StagedOrder {
        supplier: "one".parse().unwrap(),
        actor: "contract".to_owned(),
        clock: std::sync::Arc::new(kontor_model::FixedClock(now())),
        job: std::sync::Arc::new(|tx| tx.remove_supplier().map(drop).map_err(Into::into)),
    });
    assert!(staged.is_err(), "{staged:?}");
    assert_eq!(scan(store, id(store, "one"), Kind::Product, &[]).len(), 1);
}

fn a_refused_removal_removes_nothing(store: &dyn Store) {
    fill(store, "one");
    let outcome = write(store, "one", |tx| {
        tx.remove_supplier()?;
        Err(crate::Abort::Refused)
    });
    assert_eq!(outcome.unwrap(), Outcome::Refused);
    for kind in kinds() {
        assert_eq!(scan(store, id(store, "one"), kind, &[]), [example(kind, "one")]);
    }
}

fn rows_are_counted(store: &dyn Store) {
    fill(store, "one");
    let other = found(store, "two");
    for kind in kinds() {
        let count = |supplier| read(store, supplier, |tx| tx.count(kind).unwrap());
        let of_other = u64::from(kind == Kind::Supplier);
        assert_eq!((count(id(store, "one")), count(other)), (1, of_other), "{}", kind.name());
    }
}
