//! Every write is a numbered change.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, Row};

use super::catalogue::{committed, example, fill, found, get, id, kinds, put, read, record, write};
use crate::{
    Abort, BookRow, BookSource, Change, ChangeNumber, Outcome, Store, StoreError, Touched,
};

pub(super) const CHECKS: super::Checks = &[
    ("changes_are_numbered_without_gaps", changes_are_numbered_without_gaps),
    ("a_change_lists_what_it_touched", a_change_lists_what_it_touched),
    ("a_change_of_many_rows_names_the_kind", a_change_of_many_rows_names_the_kind),
    ("a_job_that_changes_nothing_is_no_change", a_job_that_changes_nothing_is_no_change),
    ("bookkeeping_is_durable_and_no_change", bookkeeping_is_durable_and_no_change),
    ("a_refusal_undoes_only_itself", a_refusal_undoes_only_itself),
    ("the_book_sees_all_suppliers_at_one_change", the_book_sees_all_suppliers_at_one_change),
    ("a_read_sees_one_state", a_read_sees_one_state),
    ("a_closed_store_says_so", a_closed_store_says_so),
];

fn changes_are_numbered_without_gaps(store: &dyn Store) {
    assert_eq!(store.last_change().unwrap(), ChangeNumber(0));
    assert_eq!(store.changes_after(ChangeNumber(0), 10).unwrap(), []);
    for number in 1..=5 {
        let supplier = format!("s{number}");
        let change = put(store, &example(Kind::Supplier, &supplier), &supplier);
        assert_eq!(change, ChangeNumber(number));
        assert_eq!(store.last_change().unwrap(), change);
    }
    let numbers = |after, limit| {
        let changes = store.changes_after(ChangeNumber(after), limit).unwrap();
        changes.iter().map(|change| change.number.0).collect::<Vec<_>>()
    };
    assert_eq!(numbers(0, 10), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(2, 2), [3, 4]);
    assert_eq!(numbers(5, 10), [] as [u64; 0]);
    assert_eq!(numbers(0, 0), [] as [u64; 0]);
}

fn a_change_lists_what_it_touched(store: &dyn Store) {
    let number = fill(store, "one");
    let supplier = id(store, "one");
    let change = only(store, 0);
    let mut expected: Vec<Touched> = kinds()
        .filter(|kind| !kind.is_bookkeeping())
        .map(|kind| row(&example(kind, "one")))
        .collect();
    assert_eq!(change.number, number);
    assert_eq!(change.supplier, supplier);
    let mut touched = change.touched;
    let by_kind = |touched: &Touched| match touched {
        Touched::Row { kind, .. } | Touched::Many { kind } => *kind,
    };
    touched.sort_by_key(by_kind);
    expected.sort_by_key(by_kind);
    assert_eq!(touched, expected);
    // A row that is put twice, removed, or put unchanged.
    let number = committed(write(store, "one", |tx| {
        tx.put(&record(Kind::Product, &[("sku", "new"), ("base_uom", "C62")]))?;
        tx.put(&record(Kind::Product, &[("sku", "new"), ("base_uom", "KGM")]))?;
        tx.put(&example(Kind::Customer, "one"))?;
        assert!(tx.remove(Kind::Session, &example(Kind::Session, "one").key())?);
        Ok(())
    }));
    let change = only(store, number.0 - 1);
    let new = Touched::Row { kind: Kind::Product, key: vec![Cell::text("new")] };
    assert_eq!(change.touched, [new, row(&example(Kind::Session, "one"))]);
}

fn a_change_of_many_rows_names_the_kind(store: &dyn Store) {
    found(store, "one");
    for (count, first) in [(1_000, 0), (1_001, 10_000)] {
        let number = committed(write(store, "one", move |tx| {
            for sku in first..first + count {
                let sku = sku.to_string();
                tx.put(&record(Kind::Product, &[("sku", &sku), ("base_uom", "C62")]))?;
            }
            tx.put(&record(Kind::PriceList, &[("price_list", &format!("L{count}"))]))?;
            Ok(())
        }));
        let touched = only(store, number.0 - 1).touched;
        let many = Touched::Many { kind: Kind::Product };
        let listed = touched.iter().filter(|touched| matches!(touched, Touched::Row { .. }));
        let is_many = count > 1_000;
        assert_eq!(touched.contains(&many), is_many);
        assert_eq!(listed.count(), if is_many { 1 } else { 1_001 });
    }
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
    assert_eq!(only(store, before.0).touched, [row(&product)]);
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
    let changes = store.changes_after(ChangeNumber(0), 1);
    assert!(matches!(changes, Err(StoreError::Closed)));
}

fn only(store: &dyn Store, after: u64) -> Change {
    let mut changes = store.changes_after(ChangeNumber(after), 10).unwrap();
    assert_eq!(changes.len(), 1);
    changes.remove(0)
}

fn row(record: &Record) -> Touched {
    let key: Row = record.key();
    Touched::Row { kind: record.kind(), key }
}

fn book(store: &dyn Store, mut look: impl FnMut(&dyn BookSource)) {
    store
        .read_book(&mut |book| {
            look(book);
            Ok(())
        })
        .unwrap();
}
