//! Every write is a numbered change.

use std::time::Duration;

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;

use super::catalogue::{
    book, committed, entries, example, fill, found, get, id, kinds, numbers, product_id, put, read,
    record, write,
};
use crate::{Abort, BookRow, ChangeNumber, LogEntry, Outcome, Store, StoreError, Touched};

pub(super) const CHECKS: super::Checks = &[
    ("changes_are_numbered_without_gaps", changes_are_numbered_without_gaps),
    ("a_change_lists_what_it_touched", a_change_lists_what_it_touched),
    ("a_change_of_many_rows_lists_them_all", a_change_of_many_rows_lists_them_all),
    ("the_log_is_read_in_pages_of_any_size", the_log_is_read_in_pages_of_any_size),
    ("waiting_for_a_change_ends_with_it", waiting_for_a_change_ends_with_it),
    ("a_job_that_changes_nothing_is_no_change", a_job_that_changes_nothing_is_no_change),
    ("bookkeeping_is_durable_and_no_change", bookkeeping_is_durable_and_no_change),
    ("a_refusal_undoes_only_itself", a_refusal_undoes_only_itself),
    ("the_book_sees_all_suppliers_at_one_change", the_book_sees_all_suppliers_at_one_change),
    ("a_read_sees_one_state", a_read_sees_one_state),
    ("a_closed_store_says_so", a_closed_store_says_so),
];

fn changes_are_numbered_without_gaps(store: &dyn Store) {
    assert_eq!(store.last_change().unwrap(), ChangeNumber(0));
    assert_eq!(entries(store, 0, 10), []);
    for number in 1..=5 {
        let supplier = format!("s{number}");
        let change = put(store, &example(Kind::Supplier, &supplier), &supplier);
        assert_eq!(change, ChangeNumber(number));
        assert_eq!(store.last_change().unwrap(), change);
    }
    let numbers = |after| {
        let entries = entries(store, after, 10);
        entries.iter().map(|entry| entry.change.0).collect::<Vec<_>>()
    };
    assert_eq!(numbers(0), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(3), [4, 5]);
    assert_eq!(numbers(5), [] as [u64; 0]);
}

fn a_change_lists_what_it_touched(store: &dyn Store) {
    let number = fill(store, "one");
    let supplier = id(store, "one");
    let found = entries(store, 0, 100);
    assert!(found.iter().all(|entry| (entry.change, entry.supplier) == (number, supplier)));
    let (product, list) = numbers(store, supplier);
    let mut touched: Vec<Touched> = found.into_iter().map(|entry| entry.touched).collect();
    for kind in kinds().filter(|kind| !kind.is_bookkeeping()) {
        let expected = if kind == Kind::Price {
            Touched::Prices { places: vec![(product, list)] }
        } else if kind.is_of_product() {
            Touched::Products { kind, ids: vec![product] }
        } else {
            Touched::Rows { kind, keys: vec![example(kind, "one").key()] }
        };
        let place = touched.iter().position(|touched| *touched == expected);
        touched.remove(place.unwrap_or_else(|| panic!("{expected:?} is not among {touched:?}")));
    }
    assert_eq!(touched, []);
    // A row that is put twice, removed, or put unchanged.
    let number = committed(write(store, "one", |tx| {
        tx.put(&record(Kind::Customer, &[("customer", "new")]))?;
        tx.put(&record(Kind::Customer, &[("customer", "new"), ("name", "New")]))?;
        tx.put(&example(Kind::Customer, "one"))?;
        assert!(tx.remove(Kind::Grant, &example(Kind::Grant, "one").key())?);
        assert!(tx.remove(Kind::Price, &example(Kind::Price, "one").key())?);
        assert!(tx.remove(Kind::Packing, &example(Kind::Packing, "one").key())?);
        Ok(())
    }));
    let of_kind = |kind, keys| Touched::Rows { kind, keys };
    let expected = [
        of_kind(Kind::Customer, vec![vec![Cell::text("new")]]),
        of_kind(Kind::Grant, vec![example(Kind::Grant, "one").key()]),
        Touched::Products { kind: Kind::Packing, ids: vec![product] },
        Touched::Prices { places: vec![(product, list)] },
    ];
    let found = entries(store, number.0 - 1, 100);
    assert_eq!(found.into_iter().map(|entry| entry.touched).collect::<Vec<_>>(), expected);
}

/// A product that is removed and comes back is another one: both are listed.
fn a_change_of_many_rows_lists_them_all(store: &dyn Store) {
    let supplier = found(store, "one");
    for (count, first) in [(1_000, 0), (1_001, 10_000), (20_000, 100_000)] {
        let number = committed(write(store, "one", move |tx| {
            for number in first..first + count {
                let number = number.to_string();
                tx.put(&record(Kind::Product, &[("sku", &number), ("base_uom", "C62")]))?;
                tx.put(&record(Kind::Customer, &[("customer", &number)]))?;
            }
            Ok(())
        }));
        let (mut customers, mut products) = (0, 0);
        for entry in entries(store, number.0 - 1, 3) {
            match entry.touched {
                Touched::Rows { kind: Kind::Customer, keys } => customers += keys.len(),
                Touched::Products { kind: Kind::Product, ids } => products += ids.len(),
                other @ (Touched::Rows { .. }
                | Touched::Products { .. }
                | Touched::Prices { .. }
                | Touched::Anything) => panic!("{other:?}"),
            }
        }
        assert_eq!((customers, products), (count, count));
    }
    let sku = [Cell::text("0")];
    let ids = |number: ChangeNumber| match &*entries(store, number.0 - 1, 9) {
        [LogEntry { touched: Touched::Products { ids, .. }, .. }] => ids.clone(),
        other => panic!("{other:?}"),
    };
    let before = product_id(store, supplier, "0");
    let again = committed(write(store, "one", move |tx| {
        tx.remove(Kind::Product, &sku)?;
        tx.put(&record(Kind::Product, &[("sku", "0"), ("base_uom", "KGM")])).map(drop)
    }));
    assert_eq!(ids(again), [before, product_id(store, supplier, "0")]);
}

fn the_log_is_read_in_pages_of_any_size(store: &dyn Store) {
    fill(store, "one");
    fill(store, "two");
    let product = |sku: &str| record(Kind::Product, &[("sku", sku), ("base_uom", "C62")]);
    for sku in ["a", "b", "c"] {
        put(store, &product(sku), "two");
    }
    for after in 0..6 {
        let all = entries(store, after, 1_000);
        assert!(all.iter().all(|entry| entry.change.0 > after));
        for limit in 1..all.len() + 2 {
            assert_eq!(entries(store, after, limit), all, "{limit} at a time after {after}");
        }
    }
}

fn waiting_for_a_change_ends_with_it(store: &dyn Store) {
    let long = Duration::from_mins(1);
    found(store, "one");
    assert_eq!(store.wait_for_change(ChangeNumber(0), long).unwrap(), ChangeNumber(1));
    let short = Duration::from_millis(1);
    assert_eq!(store.wait_for_change(ChangeNumber(1), short).unwrap(), ChangeNumber(1));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| store.wait_for_change(ChangeNumber(1), long).unwrap());
        found(store, "two");
        assert_eq!(waiting.join().unwrap(), ChangeNumber(2));
    });
}

fn a_job_that_changes_nothing_is_no_change(store: &dyn Store) {
    let number = fill(store, "one");
    let outcome = write(store, "one", |tx| {
        for kind in kinds() {
            tx.put(&example(kind, "one"))?;
        }
        assert!(!tx.remove(Kind::Product, &[Cell::text("none")])?);
        Ok(())
    });
    assert_eq!(outcome.unwrap(), Outcome::Unchanged);
    assert_eq!(write(store, "one", |_| Ok(())).unwrap(), Outcome::Unchanged);
    assert_eq!(store.last_change().unwrap(), number);
}

fn bookkeeping_is_durable_and_no_change(store: &dyn Store) {
    let supplier = found(store, "one");
    let before = store.last_change().unwrap();
    let note = example(Kind::Delivery, "one");
    let put_note = note.clone();
    let outcome = write(store, "one", move |tx| tx.put(&put_note).map(drop));
    assert_eq!(outcome.unwrap(), Outcome::Aside);
    assert_eq!(store.last_change().unwrap(), before);
    assert_eq!(get(store, supplier, &note), Some(note.clone()));
    // Beside a change it is not listed, and a refusal undoes it like any other row.
    let product = record(Kind::Product, &[("sku", "new"), ("base_uom", "C62")]);
    let (put_product, key) = (product.clone(), note.key());
    let number = committed(write(store, "one", move |tx| {
        assert!(tx.remove(Kind::Delivery, &key)?);
        tx.put(&put_product).map(drop)
    }));
    assert_eq!(number.0, before.0 + 1);
    let touched = entries(store, before.0, 10);
    assert!(
        matches!(&*touched, [LogEntry { touched: Touched::Products { .. }, .. }]),
        "{touched:?}"
    );
    assert_eq!(get(store, supplier, &note), None);
    let put_note = note.clone();
    let refused = write(store, "one", move |tx| {
        tx.put(&put_note)?;
        Err(Abort::Refused)
    });
    assert_eq!(refused.unwrap(), Outcome::Refused);
    assert_eq!(get(store, supplier, &note), None);
}

fn a_refusal_undoes_only_itself(store: &dyn Store) {
    let supplier = found(store, "one");
    let product = |sku: &str| record(Kind::Product, &[("sku", sku), ("base_uom", "C62")]);
    let first = put(store, &product("a"), "one");
    let refused = write(store, "one", move |tx| {
        tx.put(&product("b"))?;
        tx.remove(Kind::Product, &product("a").key())?;
        Err(Abort::Refused)
    });
    assert_eq!(refused.unwrap(), Outcome::Refused);
    let failed = write(store, "one", move |tx| {
        tx.put(&product("c"))?;
        Err(StoreError::Conflict("for a reason".to_owned()).into())
    });
    assert!(matches!(failed, Err(StoreError::Conflict(reason)) if reason == "for a reason"));
    let panicked = write(store, "one", move |tx| {
        tx.put(&product("d"))?;
        panic!("on purpose");
    });
    assert!(matches!(panicked, Err(StoreError::Write(_))), "{panicked:?}");
    // A job may go on after a conflict.
    let second = committed(write(store, "one", move |tx| {
        let orphan = example(Kind::Conversion, "one");
        assert!(matches!(tx.put(&orphan), Err(Abort::Store(StoreError::Conflict(_)))));
        tx.put(&product("e")).map(drop)
    }));
    assert_eq!(second.0, first.0 + 1);
    let skus = super::catalogue::scan(store, supplier, Kind::Product, &[]);
    assert_eq!(skus, ["a", "e"].map(product));
}

fn the_book_sees_all_suppliers_at_one_change(store: &dyn Store) {
    fill(store, "one");
    let number = fill(store, "two");
    let (one, two) = (id(store, "one"), id(store, "two"));
    book(store, |book| {
        assert_eq!(book.change(), number);
        for kind in kinds().filter(|kind| *kind != Kind::Price) {
            let mut rows: Vec<BookRow> = Vec::new();
            book.records(kind, &mut |row| {
                rows.push(row);
                Ok(())
            })
            .unwrap();
            let records: Vec<_> =
                rows.iter().map(|row| (row.supplier, row.record.clone())).collect();
            let expected = [(one, example(kind, "one")), (two, example(kind, "two"))];
            assert_eq!(records, expected, "{}", kind.name());
            let numbered = matches!(kind, Kind::Product | Kind::PriceList | Kind::Supplier);
            assert!(rows.iter().all(|row| (row.id != 0) == numbered));
            for row in &rows {
                let mut found = Vec::new();
                let key = row.record.key();
                book.records_of(row.supplier, kind, &key, &mut |row| {
                    found.push(row);
                    Ok(())
                })
                .unwrap();
                assert_eq!(found, std::slice::from_ref(row));
            }
        }
    });
}

fn a_read_sees_one_state(store: &dyn Store) {
    let supplier = found(store, "one");
    let product = record(Kind::Product, &[("sku", "a"), ("base_uom", "C62")]);
    read(store, supplier, |tx| {
        assert_eq!(tx.get(Kind::Product, &product.key()).unwrap(), None);
        put(store, &product, "one");
        assert_eq!(tx.get(Kind::Product, &product.key()).unwrap(), None, "it moved");
    });
    assert_eq!(get(store, supplier, &product), Some(product));
    let before = store.last_change().unwrap();
    book(store, |book| {
        put(store, &example(Kind::Supplier, "two"), "two");
        let mut suppliers = 0;
        book.records(Kind::Supplier, &mut |_| {
            suppliers += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!((book.change(), suppliers), (before, 1));
    });
    // The error of a visitor ends a scan and comes out of it.
    let ended =
        store.read(supplier, &mut |tx| tx.scan(Kind::Product, &[], &mut |_| Err(Abort::Refused)));
    assert!(matches!(ended, Err(Abort::Refused)));
}

fn a_closed_store_says_so(store: &dyn Store) {
    let supplier = found(store, "one");
    store.close();
    store.close();
    let write = write(store, "one", |_| Ok(()));
    assert!(matches!(write, Err(StoreError::Closed)), "{write:?}");
    let read = store.read(supplier, &mut |_| Ok(()));
    assert!(matches!(read, Err(Abort::Store(StoreError::Closed))));
    let read = store.read_book(&mut |_| Ok(()));
    assert!(matches!(read, Err(Abort::Store(StoreError::Closed))));
    assert!(matches!(store.last_change(), Err(StoreError::Closed)));
    assert!(matches!(store.supplier_id("one"), Err(StoreError::Closed)));
    let changes = store.wait_for_change(ChangeNumber(0), Duration::ZERO);
    assert!(matches!(changes, Err(StoreError::Closed)));
}
