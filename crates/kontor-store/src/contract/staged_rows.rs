//! Rows of other kinds than prices in staged writes.

use std::sync::{Arc, Mutex};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::clock::FixedClock;
use kontor_model::record::Cell;

use super::catalogue::{
    changed, committed, example, fill, found, kinds, now, put, record, scan, write,
};
use super::staged::{Pause, staged};
use crate::{
    Abort, LateConflict, Outcome, PriceImport, Put, Staged, StagedJob, Store, StoreError, WriteTx,
};

pub(super) const CHECKS: super::Checks = &[
    ("every_kind_can_be_staged", every_kind_can_be_staged),
    ("a_staged_job_reads_what_it_put", a_staged_job_reads_what_it_put),
    ("a_staged_supplier_may_be_new", a_staged_supplier_may_be_new),
    ("staged_rows_win_over_what_moved", staged_rows_win_over_what_moved),
    ("staged_rows_of_products_win_too", staged_rows_of_products_win_too),
    ("a_staged_token_leads_to_one_account", a_staged_token_leads_to_one_account),
    ("staged_counters_never_go_back", staged_counters_never_go_back),
    ("a_staged_replacement_sees_what_was_added", a_staged_replacement_sees_what_was_added),
    ("staged_removals_look_at_references", staged_removals_look_at_references),
    ("what_was_taken_meanwhile_is_told", what_was_taken_meanwhile_is_told),
    ("a_completed_row_is_completed_again", a_completed_row_is_completed_again),
];

fn run(
    store: &dyn Store,
    job: impl Fn(&mut dyn WriteTx, &Pause) -> Result<(), Abort> + Send + Sync + 'static,
    meanwhile: impl FnOnce(),
) -> Result<Staged, StoreError> {
    let job = |pause: Pause| -> StagedJob { Arc::new(move |tx: &mut dyn WriteTx| job(tx, &pause)) };
    staged(store, Arc::new(FixedClock(now())), job, meanwhile)
}

fn done(ended: Result<Staged, StoreError>, kind: Kind) -> PriceImport {
    let ended = ended.unwrap();
    assert_eq!(ended.conflicts, []);
    committed(Ok(ended.outcome));
    ended.counts.unwrap().get(&kind).copied().unwrap_or_default()
}

fn counts(inserted: u64, updated: u64, unchanged: u64, removed: u64) -> PriceImport {
    PriceImport { inserted, updated, unchanged, removed, ..PriceImport::default() }
}

fn product(sku: &str) -> Record {
    record(Kind::Product, &[("sku", sku), ("base_uom", "C62")])
}

fn customer(number: &str, name: &str) -> Record {
    record(Kind::Customer, &[("customer", number), ("name", name)])
}

fn staged_kinds() -> impl DoubleEndedIterator<Item = Kind> {
    kinds().filter(|kind| *kind != Kind::Price)
}

fn every_kind_can_be_staged(store: &dyn Store) {
    fill(store, "two");
    let all = staged_kinds().count();
    let ended = run(
        store,
        |tx, _| staged_kinds().try_for_each(|kind| tx.put(&example(kind, "one")).map(drop)),
        || (),
    )
    .unwrap();
    committed(Ok(ended.outcome));
    assert_eq!(ended.counts.unwrap().values().map(|count| count.inserted).sum::<u64>(), all as u64);
    let supplier = store.supplier_id("one").unwrap().unwrap();
    for kind in staged_kinds() {
        assert_eq!(scan(store, supplier, kind, &[]), [example(kind, "one")]);
    }
    let ended = run(
        store,
        |tx, _| {
            staged_kinds().try_for_each(|kind| {
                assert_eq!(tx.put(&example(kind, "one"))?, Put::Unchanged);
                let record = example(kind, "one");
                changed(&record).map_or(Ok(()), |record| tx.put(&record).map(drop))
            })
        },
        || (),
    );
    committed(ended.map(|staged| staged.outcome));
    for kind in staged_kinds() {
        let record = example(kind, "one");
        let now = changed(&record).unwrap_or(record);
        assert_eq!(scan(store, supplier, kind, &[]), [now]);
    }
    let ended = run(
        store,
        |tx, _| {
            for kind in staged_kinds().rev().filter(|kind| *kind != Kind::Supplier) {
                assert!(tx.remove(kind, &example(kind, "one").key())?, "{kind:?}");
                assert!(!tx.remove(kind, &example(kind, "one").key())?);
            }
            Ok(())
        },
        || (),
    );
    committed(ended.map(|staged| staged.outcome));
    for kind in staged_kinds().filter(|kind| *kind != Kind::Supplier) {
        assert_eq!(scan(store, supplier, kind, &[]), []);
    }
    let of_two = scan(store, store.supplier_id("two").unwrap().unwrap(), Kind::Customer, &[]);
    assert_eq!(of_two.len(), 1, "another supplier lost rows");
}

fn a_staged_job_reads_what_it_put(store: &dyn Store) {
    found(store, "one");
    for sku in ["b", "d"] {
        put(store, &product(sku), "one");
    }
    let ended = run(
        store,
        |tx, _| {
            assert_eq!(tx.put(&product("a"))?, Put::Inserted);
            assert_eq!(tx.put(&product("c"))?, Put::Inserted);
            assert!(tx.remove(Kind::Product, &[Cell::text("b")])?);
            let named = record(Kind::Product, &[("sku", "d"), ("base_uom", "MTR")]);
            assert_eq!(tx.put(&named)?, Put::Updated);
            assert_eq!(tx.get(Kind::Product, &named.key())?, Some(named.clone()));
            assert_eq!(tx.get(Kind::Product, &[Cell::text("b")])?, None);
            let mut seen = Vec::new();
            tx.scan(Kind::Product, &[], &mut |record| {
                seen.push(record);
                Ok(())
            })?;
            assert_eq!(seen, [product("a"), product("c"), named]);
            let mut skus = Vec::new();
            tx.product_ids(&mut |sku, id, uom| {
                skus.push((sku.to_owned(), id, uom.to_string()));
                Ok(())
            })?;
            skus.sort();
            let units: Vec<_> = skus.iter().map(|(sku, _, uom)| format!("{sku} {uom}")).collect();
            assert_eq!(units, ["a C62", "c C62", "d MTR"]);
            assert_eq!(tx.next_number("lead_number")?, 1);
            assert_eq!(tx.next_number("lead_number")?, 2);
            // What was removed may come back.
            assert_eq!(tx.put(&product("b"))?, Put::Inserted);
            Ok(())
        },
        || (),
    );
    assert_eq!(done(ended, Kind::Product), counts(2, 1, 1, 0));
    let supplier = store.supplier_id("one").unwrap().unwrap();
    assert_eq!(scan(store, supplier, Kind::Product, &[]).len(), 4);
}

fn a_staged_supplier_may_be_new(store: &dyn Store) {
    let nobody = run(store, |tx, _| tx.put(&product("a")).map(drop), || ());
    assert!(matches!(nobody, Err(StoreError::Conflict(_))), "{nobody:?}");
    let both = |tx: &mut dyn WriteTx, pause: &Pause| {
        tx.put(&example(Kind::Supplier, "one"))?;
        pause.wait();
        tx.put(&product("a")).map(drop)
    };
    // Somebody else founds it at the same time.
    let ended = run(store, both, || {
        put(store, &example(Kind::Supplier, "one"), "one");
    });
    assert_eq!(ended.unwrap().conflicts, []);
    let supplier = store.supplier_id("one").unwrap().unwrap();
    assert_eq!(scan(store, supplier, Kind::Product, &[]), [product("a")]);
}

fn staged_rows_win_over_what_moved(store: &dyn Store) {
    let supplier = found(store, "one");
    for number in ["1", "2"] {
        put(store, &customer(number, "old"), "one");
    }
    let ended = run(
        store,
        |tx, pause| {
            tx.put(&customer("1", "old"))?;
            tx.put(&customer("2", "new"))?;
            tx.put(&customer("3", "new"))?;
            pause.wait();
            Ok(())
        },
        || {
            put(store, &customer("1", "moved"), "one");
            put(store, &customer("3", "new"), "one");
            put(store, &customer("4", "other"), "one");
        },
    );
    assert_eq!(done(ended, Kind::Customer), counts(0, 2, 1, 0));
    let expected = [("1", "old"), ("2", "new"), ("3", "new"), ("4", "other")];
    let expected = expected.map(|(number, name)| customer(number, name));
    assert_eq!(scan(store, supplier, Kind::Customer, &[]), expected);
}

/// Changes list the products of such rows instead of their keys.
fn staged_rows_of_products_win_too(store: &dyn Store) {
    let supplier = found(store, "one");
    put(store, &product("a"), "one");
    let conversion = |uom: &str, factor: &str| {
        record(Kind::Conversion, &[("sku", "a"), ("uom", uom), ("factor", factor)])
    };
    for (uom, factor) in [("KGM", "1"), ("MTR", "2"), ("GRM", "3")] {
        put(store, &conversion(uom, factor), "one");
    }
    let ended = run(
        store,
        move |tx, pause| {
            tx.remember_seen(Kind::Conversion)?;
            tx.put(&conversion("KGM", "1"))?;
            tx.put(&conversion("MTR", "5"))?;
            tx.put(&conversion("LTR", "6"))?;
            pause.wait();
            tx.remove_unseen(Kind::Conversion).map(drop).map_err(Into::into)
        },
        || {
            put(store, &conversion("KGM", "9"), "one");
            let gone = conversion("MTR", "2").key();
            committed(write(store, "one", move |tx| {
                Ok(tx.remove(Kind::Conversion, &gone).map(drop)?)
            }));
            put(store, &conversion("LTR", "7"), "one");
            put(store, &conversion("TNE", "8"), "one");
        },
    );
    assert_eq!(done(ended, Kind::Conversion), counts(1, 2, 0, 2));
    let mut expected = [("KGM", "1"), ("MTR", "5"), ("LTR", "6")].map(|(a, b)| conversion(a, b));
    expected.sort_by_key(Record::key);
    assert_eq!(scan(store, supplier, Kind::Conversion, &[]), expected);
}

fn a_staged_token_leads_to_one_account(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    let account = |login: &str, token: &str| {
        let fields = [("protocol", "restigo"), ("login", login), ("token", token)];
        record(Kind::Account, &fields)
    };
    put(store, &account("x", "t1"), "one");
    put(store, &account("other", "t2"), "two");
    // It may move in any order of the rows.
    let moved = run(
        store,
        move |tx, _| {
            tx.put(&account("y", "t1"))?;
            assert_eq!(tx.taken_tokens()?.len(), 1);
            tx.put(&account("x", "t3"))?;
            assert_eq!(tx.taken_tokens()?, []);
            Ok(())
        },
        || (),
    );
    assert_eq!(done(moved, Kind::Account), counts(1, 1, 0, 0));
    let taken = move |tx: &mut dyn WriteTx, _: &Pause| tx.put(&account("y", "t2")).map(drop);
    let refused = run(store, taken, || ());
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    // Given to another one meanwhile.
    let late = run(
        store,
        move |tx, pause| {
            tx.put(&account("y", "t4"))?;
            pause.wait();
            Ok(())
        },
        || {
            put(store, &account("other", "t4"), "two");
        },
    );
    let late = late.unwrap();
    assert_eq!(late.outcome, Outcome::Refused);
    let [LateConflict::Put { kind: Kind::Account, key, .. }] = &late.conflicts[..] else {
        panic!("{:?}", late.conflicts);
    };
    assert_eq!(*key, account("y", "").key());
}

fn staged_counters_never_go_back(store: &dyn Store) {
    let supplier = found(store, "one");
    let counter = |next: &str| record(Kind::Counter, &[("counter", "lead_number"), ("next", next)]);
    put(store, &counter("10"), "one");
    let ended = run(
        store,
        move |tx, pause| {
            tx.put(&counter("11"))?;
            tx.put(&product("a"))?;
            pause.wait();
            Ok(())
        },
        || {
            put(store, &counter("17"), "one");
        },
    );
    assert_eq!(done(ended, Kind::Counter), counts(0, 0, 1, 0));
    assert_eq!(scan(store, supplier, Kind::Counter, &[]), [counter("17")]);
}

fn a_staged_replacement_sees_what_was_added(store: &dyn Store) {
    let supplier = found(store, "one");
    put(store, &customer("1", "old"), "one");
    put(store, &customer("2", "old"), "one");
    let contact = |customer: &str| {
        record(Kind::Contact, &[("customer", customer), ("number", "7"), ("name", "x")])
    };
    let added = contact("3");
    let ended = run(
        store,
        |tx, pause| {
            [Kind::Customer, Kind::Contact].iter().try_for_each(|kind| tx.remember_seen(*kind))?;
            tx.put(&customer("1", "old"))?;
            pause.wait();
            tx.remove_unseen(Kind::Contact)?;
            assert_eq!(tx.remove_unseen(Kind::Customer)?, 1);
            Ok(())
        },
        || {
            put(store, &customer("3", "new"), "one");
            put(store, &added, "one");
        },
    );
    assert_eq!(done(ended, Kind::Customer), counts(0, 0, 1, 2));
    assert_eq!(scan(store, supplier, Kind::Customer, &[]), [customer("1", "old")]);
    assert_eq!(scan(store, supplier, Kind::Contact, &[]), []);
}

fn staged_removals_look_at_references(store: &dyn Store) {
    let supplier = found(store, "one");
    put(store, &customer("1", "x"), "one");
    let contact = record(Kind::Contact, &[("customer", "1"), ("number", "7"), ("name", "x")]);
    let remove = |tx: &mut dyn WriteTx, pause: &Pause| {
        pause.wait();
        tx.remove(Kind::Customer, &[Cell::text("1")])?;
        Ok(())
    };
    // Added while it was staged: only the transaction can know.
    let late = contact.clone();
    let ended = run(store, remove_then_wait, || {
        put(store, &late, "one");
    });
    let ended = ended.unwrap();
    assert_eq!(ended.outcome, Outcome::Refused);
    let [LateConflict::Removal { kind: Kind::Customer, reason, .. }] = &ended.conflicts[..] else {
        panic!("{:?}", ended.conflicts);
    };
    assert!(reason.contains("contacts"), "{reason}");
    // There before: the job is told.
    let refused = run(store, remove, || ());
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    // The job itself removes what referred to it, or puts something that does.
    let key = contact.key();
    let both = run(
        store,
        move |tx, _| {
            tx.remove(Kind::Contact, &key)?;
            tx.put(&contact)?;
            let still = tx.remove(Kind::Customer, &[Cell::text("1")]);
            assert!(matches!(still, Err(StoreError::Conflict(_))), "{still:?}");
            tx.remove(Kind::Contact, &key)?;
            tx.remove(Kind::Customer, &[Cell::text("1")])?;
            Ok(())
        },
        || (),
    );
    assert_eq!(done(both, Kind::Customer), counts(0, 0, 0, 1));
    assert_eq!(scan(store, supplier, Kind::Customer, &[]), []);
}

fn remove_then_wait(tx: &mut dyn WriteTx, pause: &Pause) -> Result<(), Abort> {
    tx.remove(Kind::Customer, &[Cell::text("1")])?;
    pause.wait();
    Ok(())
}

fn what_was_taken_meanwhile_is_told(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    let account =
        record(Kind::Account, &[("protocol", "restigo"), ("login", "desk"), ("password", "x")]);
    let ours = account.clone();
    let taken = |ours: Record| {
        move |tx: &mut dyn WriteTx, pause: &Pause| {
            tx.put(&product("a"))?;
            tx.put(&ours)?;
            pause.wait();
            Ok(())
        }
    };
    let ended = run(store, taken(ours.clone()), || {
        put(store, &account, "two");
    });
    let ended = ended.unwrap();
    assert_eq!(ended.outcome, Outcome::Refused);
    let [LateConflict::Put { kind: Kind::Account, key, reason }] = &ended.conflicts[..] else {
        panic!("{:?}", ended.conflicts);
    };
    assert_eq!(*key, account.key());
    assert!(reason.contains("another supplier"), "{reason}");
    let supplier = store.supplier_id("one").unwrap().unwrap();
    assert_eq!(scan(store, supplier, Kind::Product, &[]), [], "a refused write kept something");
    // The next time it is told while it is staged.
    let again = run(store, taken(ours), || ());
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
}

/// What is put for a row with secrets depends on the row that stood there.
fn a_completed_row_is_completed_again(store: &dyn Store) {
    let supplier = found(store, "one");
    let account = |password: &str, customer: &str| {
        let fields = [("protocol", "secomp"), ("login", "x"), ("password", password)];
        record(Kind::Account, &[&fields[..], &[("customer", customer)]].concat())
    };
    put(store, &customer("1", "x"), "one");
    put(store, &account("first", ""), "one");
    let passwords: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&passwords);
    let ended = run(
        store,
        move |tx, pause| {
            let old = tx.get(Kind::Account, &account("", "").key())?;
            let Some(Record::Account(mut old)) = old else {
                panic!("no account");
            };
            seen.lock().unwrap().push(old.password.as_ref().unwrap().reveal().to_owned());
            pause.wait();
            old.customer = Some("1".parse().unwrap());
            tx.put(&Record::Account(old)).map(drop)
        },
        || {
            put(store, &account("second", ""), "one");
        },
    );
    committed(ended.map(|staged| staged.outcome));
    assert_eq!(*passwords.lock().unwrap(), ["first", "second"]);
    assert_eq!(scan(store, supplier, Kind::Account, &[]), [account("second", "1")]);
}
