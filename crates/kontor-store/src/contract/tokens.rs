//! A token leads to one account, over all suppliers.

use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;

use super::catalogue::{committed, conflict, found, id, put, record, scan, write};
use crate::{Outcome, Store, StoreError, TakenToken, WriteTx};

pub(super) const CHECKS: super::Checks = &[
    ("a_token_that_is_taken_is_refused", a_token_that_is_taken_is_refused),
    ("a_token_before_the_last_rotation_is_taken", a_token_before_the_last_rotation_is_taken),
    ("a_token_given_twice_in_one_job_is_refused", a_token_given_twice_in_one_job_is_refused),
    ("tokens_move_and_swap_in_one_job", tokens_move_and_swap_in_one_job),
    ("a_token_that_was_given_up_is_free", a_token_that_was_given_up_is_free),
    ("a_job_may_ask_for_its_taken_tokens", a_job_may_ask_for_its_taken_tokens),
    ("no_token_is_held_twice", no_token_is_held_twice),
];

fn account(login: &str, token: &str) -> Record {
    record(Kind::Account, &[("protocol", "restigo"), ("login", login), ("token", token)])
}

fn rotated(login: &str, token: &str, previous: &str) -> Record {
    record(
        Kind::Account,
        &[
            ("protocol", "restigo"),
            ("login", login),
            ("token", token),
            ("previous_token", previous),
        ],
    )
}

fn put_all(
    store: &dyn Store,
    supplier: &str,
    records: impl IntoIterator<Item = Record>,
) -> Result<Outcome, StoreError> {
    let records: Vec<Record> = records.into_iter().collect();
    write(store, supplier, move |tx| {
        for record in &records {
            tx.put(record)?;
        }
        Ok(())
    })
}

fn remove(tx: &mut dyn WriteTx, login: &str) -> Result<(), StoreError> {
    let key = [Cell::text("restigo"), Cell::text(login)];
    assert!(tx.remove(Kind::Account, &key)?, "{login}");
    Ok(())
}

fn accounts(store: &dyn Store, supplier: &str) -> Vec<Record> {
    scan(store, id(store, supplier), Kind::Account, &[])
}

fn is_refused(store: &dyn Store, supplier: &str, taken: &Record) {
    let before = accounts(store, supplier);
    let reason = conflict(put_all(store, supplier, [account("free", "unused"), taken.clone()]));
    assert!(reason.contains("restigo alpha is taken"), "{reason}");
    for secret in ["one", "two", "zeta", "T-1", "T-0"] {
        assert!(!reason.contains(&format!(" {secret} ")), "{reason}");
    }
    assert_eq!(accounts(store, supplier), before, "nothing of the job is kept");
}

fn a_token_that_is_taken_is_refused(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    put(store, &account("zeta", "T-1"), "one");
    for supplier in ["one", "two"] {
        is_refused(store, supplier, &account("alpha", "T-1"));
        is_refused(store, supplier, &rotated("alpha", "T-2", "T-1"));
        let other_protocol = record(
            Kind::Account,
            &[("protocol", "consinco"), ("login", "integra"), ("token", "T-1")],
        );
        let reason = conflict(put_all(store, supplier, [other_protocol]));
        assert!(reason.contains("consinco integra is taken"), "{reason}");
    }
    // The holder goes on, and may be changed otherwise.
    committed(put_all(store, "one", [rotated("zeta", "T-1", "T-1")]));
    committed(put_all(store, "one", [rotated("zeta", "T-2", "T-1")]));
    // Accounts without a token do not take each other's place.
    committed(put_all(store, "two", [account("a", ""), account("b", ""), account("c", "T-3")]));
}

fn a_token_before_the_last_rotation_is_taken(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    put(store, &rotated("zeta", "T-1", "T-0"), "one");
    is_refused(store, "one", &account("alpha", "T-0"));
    is_refused(store, "two", &account("alpha", "T-0"));
    is_refused(store, "two", &rotated("alpha", "T-2", "T-0"));
    committed(put_all(store, "one", [rotated("zeta", "T-2", "T-1")]));
    committed(put_all(store, "two", [account("alpha", "T-0")]));
    is_refused(store, "two", &account("alpha", "T-1"));
}

fn a_token_given_twice_in_one_job_is_refused(store: &dyn Store) {
    found(store, "one");
    let reason = conflict(put_all(store, "one", [account("a", "T"), account("b", "T")]));
    assert!(reason.contains("restigo a is taken"), "{reason}");
    assert_eq!(accounts(store, "one"), []);
    // What only stood there in between does not count.
    let passing = [account("a", "T"), account("b", "T"), account("a", "U")];
    committed(put_all(store, "one", passing));
    committed(write(store, "one", |tx| {
        tx.put(&account("c", "T"))?;
        remove(tx, "c")?;
        tx.put(&account("d", "V")).map(drop)
    }));
    assert_eq!(accounts(store, "one"), [account("a", "U"), account("b", "T"), account("d", "V")]);
}

fn tokens_move_and_swap_in_one_job(store: &dyn Store) {
    found(store, "one");
    put(store, &account("zeta", "T-1"), "one");
    committed(write(store, "one", |tx| {
        tx.put(&account("alpha", "T-1"))?;
        Ok(remove(tx, "zeta")?)
    }));
    assert_eq!(accounts(store, "one"), [account("alpha", "T-1")], "given before it was taken");
    committed(write(store, "one", |tx| {
        remove(tx, "alpha")?;
        tx.put(&account("omega", "T-1")).map(drop)
    }));
    assert_eq!(accounts(store, "one"), [account("omega", "T-1")], "taken before it was given");
    committed(put_all(store, "one", [account("psi", "T-2")]));
    let swapped = [account("omega", "T-2"), account("psi", "T-1")];
    committed(put_all(store, "one", swapped.clone()));
    assert_eq!(accounts(store, "one"), swapped);
    let with_previous = [rotated("omega", "T-3", "T-1"), rotated("psi", "T-4", "T-2")];
    committed(put_all(store, "one", with_previous.clone()));
    assert_eq!(accounts(store, "one"), with_previous);
}

fn a_token_that_was_given_up_is_free(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    put(store, &account("zeta", "T-1"), "one");
    committed(write(store, "one", |tx| Ok(remove(tx, "zeta")?)));
    committed(put_all(store, "two", [account("alpha", "T-1")]));
    committed(put_all(store, "two", [account("alpha", "T-2")]));
    committed(put_all(store, "one", [account("zeta", "T-1")]));
}

fn a_job_may_ask_for_its_taken_tokens(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    put(store, &account("zeta", "T-1"), "one");
    committed(write(store, "two", |tx| {
        tx.put(&account("alpha", "T-1"))?;
        let alpha = TakenToken { protocol: Protocol::Restigo, login: "alpha".to_owned() };
        assert_eq!(tx.taken_tokens()?, [alpha]);
        tx.put(&account("alpha", "T-2"))?;
        assert_eq!(tx.taken_tokens()?, []);
        Ok(())
    }));
}

fn no_token_is_held_twice(store: &dyn Store) {
    found(store, "one");
    put(store, &rotated("zeta", "T-1", "T-1"), "one");
    committed(put_all(store, "one", [account("a", ""), account("b", "")]));
    assert_eq!(store.duplicate_tokens().unwrap(), [] as [Vec<_>; 0]);
}
