//! Many writers at once share commits and lose nothing.

use std::collections::BTreeSet;

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;

use super::catalogue::{committed, entries, found, order, record, scan, write};
use crate::{Abort, ChangeNumber, Outcome, Store};

pub(super) const CHECKS: super::Checks = &[
    ("no_update_of_concurrent_writers_is_lost", no_update_of_concurrent_writers_is_lost),
    ("refusals_of_some_writers_do_not_touch_others", refusals_of_some_writers_do_not_touch_others),
    ("a_job_alone_is_like_any_other", a_job_alone_is_like_any_other),
    ("readers_do_not_wait_for_writers", readers_do_not_wait_for_writers),
];

const WRITERS: usize = 8;
const WRITES: usize = 40;

fn no_update_of_concurrent_writers_is_lost(store: &dyn Store) {
    found(store, "one");
    let numbers: Vec<ChangeNumber> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..WRITERS).map(|_| scope.spawn(|| count_up(store))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let distinct: BTreeSet<u64> = numbers.iter().map(|number| number.0).collect();
    assert_eq!(distinct.len(), WRITERS * WRITES, "two writers have one change number");
    let next = committed_number(store);
    assert_eq!(usize::try_from(next).unwrap(), WRITERS * WRITES + 1);
    let listed: Vec<u64> = entries(store, 0, 100).iter().map(|entry| entry.change.0).collect();
    let all: Vec<u64> = (1..=store.last_change().unwrap().0).collect();
    assert_eq!(listed, all);
}

fn count_up(store: &dyn Store) -> Vec<ChangeNumber> {
    let one = || {
        let outcome =
            write(store, "one", |tx| tx.next_number("lead_number").map(drop).map_err(Into::into));
        let number = committed(outcome);
        assert!(store.last_change().unwrap() >= number, "acknowledged and not there");
        number
    };
    (0..WRITES).map(|_| one()).collect()
}

fn committed_number(store: &dyn Store) -> i64 {
    let (sender, receiver) = std::sync::mpsc::channel();
    committed(write(store, "one", move |tx| {
        sender.send(tx.next_number("lead_number")?).unwrap();
        Ok(())
    }));
    receiver.recv().unwrap()
}

fn refusals_of_some_writers_do_not_touch_others(store: &dyn Store) {
    let supplier = found(store, "one");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for number in 0..WRITES {
                    put_or_refuse(store, writer, number);
                }
            });
        }
    });
    let products = scan(store, supplier, Kind::Product, &[]);
    let kept: Vec<_> = products.iter().map(kontor_model::catalogue::Record::key).collect();
    let mut expected: Vec<_> = (0..WRITERS)
        .flat_map(|writer| (0..WRITES).map(move |number| (writer, number)))
        .filter(|(writer, number)| is_kept(*writer, *number))
        .map(|(writer, number)| vec![Cell::text(format_args!("{writer}-{number}"))])
        .collect();
    expected.sort();
    assert_eq!(kept, expected);
}

fn is_kept(writer: usize, number: usize) -> bool {
    !(writer + number).is_multiple_of(3)
}

fn put_or_refuse(store: &dyn Store, writer: usize, number: usize) {
    let kept = is_kept(writer, number);
    let outcome = write(store, "one", move |tx| {
        let sku = format!("{writer}-{number}");
        tx.put(&record(Kind::Product, &[("sku", &sku), ("base_uom", "C62")]))?;
        if kept { Ok(()) } else { Err(Abort::Refused) }
    });
    match outcome.unwrap() {
        Outcome::Committed(_) => assert!(kept),
        Outcome::Refused => assert!(!kept),
        Outcome::Unchanged | Outcome::Aside => panic!("a new product is a change"),
    }
}

fn a_job_alone_is_like_any_other(store: &dyn Store) {
    let supplier = found(store, "one");
    let product = |sku: &str| record(Kind::Product, &[("sku", sku), ("base_uom", "C62")]);
    let kept = store.write_alone(order("one", move |tx| tx.put(&product("kept")).map(drop)));
    assert_eq!(committed(kept), store.last_change().unwrap());
    let same = store.write_alone(order("one", move |tx| tx.put(&product("kept")).map(drop)));
    assert_eq!(same.unwrap(), Outcome::Unchanged);
    let refused = store.write_alone(order("one", move |tx| {
        tx.put(&product("gone"))?;
        Err(Abort::Refused)
    }));
    assert_eq!(refused.unwrap(), Outcome::Refused);
    let panicked = store.write_alone(order("one", move |tx| {
        tx.put(&product("gone"))?;
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    let mixed: Vec<_> = std::thread::scope(|scope| {
        let job = |number: usize| {
            let order = order("one", move |tx| tx.put(&product(&format!("{number}"))).map(drop));
            let alone = number.is_multiple_of(2);
            if alone { store.write_alone(order) } else { store.write(order) }
        };
        let threads: Vec<_> = (0..WRITERS).map(|number| scope.spawn(move || job(number))).collect();
        threads.into_iter().map(|thread| committed(thread.join().unwrap()).0).collect()
    });
    assert_eq!(mixed.iter().collect::<BTreeSet<_>>().len(), WRITERS);
    assert_eq!(scan(store, supplier, Kind::Product, &[]).len(), WRITERS + 1);
}

/// A job that waits for a reader to finish would wait for ever if readers waited for it.
fn readers_do_not_wait_for_writers(store: &dyn Store) {
    let supplier = found(store, "one");
    let (read, was_read) = std::sync::mpsc::channel();
    let (began, has_begun) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let job = scope.spawn(move || {
            write(store, "one", move |tx| {
                tx.put(&record(Kind::Product, &[("sku", "a"), ("base_uom", "C62")]))?;
                began.send(()).unwrap();
                was_read.recv().unwrap();
                Ok(())
            })
        });
        has_begun.recv().unwrap();
        assert_eq!(scan(store, supplier, Kind::Product, &[]), []);
        read.send(()).unwrap();
        committed(job.join().unwrap());
    });
    assert_eq!(scan(store, supplier, Kind::Product, &[]).len(), 1);
}
