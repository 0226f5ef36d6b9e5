//! Putting, getting, scanning and removing rows of every kind.

use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;

use super::catalogue::{
    all, changed, conflict, example, fill, found, get, id, kinds, order, put, read, record, scan,
    write,
};
use crate::{Outcome, Put, ReadTx, StagedOrder, Store, StoreError, WriteTx};

pub(super) const CHECKS: super::Checks = &[
    ("rows_of_every_kind_come_back", rows_of_every_kind_come_back),
    ("rows_of_every_kind_can_be_superseded", rows_of_every_kind_can_be_superseded),
    ("rows_of_every_kind_can_be_removed", rows_of_every_kind_can_be_removed),
    ("a_job_reads_what_it_wrote", a_job_reads_what_it_wrote),
    ("scans_are_in_key_order_and_by_prefix", scans_are_in_key_order_and_by_prefix),
    ("pages_have_the_rows_of_a_scan", pages_have_the_rows_of_a_scan),
    ("empty_cells_of_keys_are_values", empty_cells_of_keys_are_values),
    ("what_rows_refer_to_must_exist", what_rows_refer_to_must_exist),
    ("what_rows_refer_to_stays", what_rows_refer_to_stays),
    ("a_kind_is_replaced_by_a_file", a_kind_is_replaced_by_a_file),
    ("a_supplier_comes_first_and_under_its_name", a_supplier_comes_first_and_under_its_name),
    ("numbers_of_lists_are_unique", numbers_of_lists_are_unique),
];

fn rows_of_every_kind_come_back(store: &dyn Store) {
    fill(store, "one");
    let supplier = id(store, "one");
    for kind in kinds() {
        let record = example(kind, "one");
        assert_eq!(get(store, supplier, &record), Some(record.clone()), "{}", kind.name());
        assert_eq!(scan(store, supplier, kind, &[]), std::slice::from_ref(&record));
        assert_eq!(scan(store, supplier, kind, &record.key()), [record]);
    }
}

fn rows_of_every_kind_can_be_superseded(store: &dyn Store) {
    fill(store, "one");
    let supplier = id(store, "one");
    for kind in kinds() {
        let old = example(kind, "one");
        let Some(new) = changed(&old) else { continue };
        let put_new = new.clone();
        let outcome = write(store, "one", move |tx| {
            assert_eq!(tx.put(&old)?, Put::Unchanged, "{}", old.kind().name());
            assert_eq!(tx.put(&put_new)?, Put::Updated);
            assert_eq!(tx.put(&put_new)?, Put::Unchanged);
            Ok(())
        });
        assert!(was_kept(kind, &outcome), "{outcome:?}");
        assert_eq!(scan(store, supplier, kind, &[]), [new]);
    }
}

fn rows_of_every_kind_can_be_removed(store: &dyn Store) {
    fill(store, "one");
    let supplier = id(store, "one");
    for kind in kinds().rev().filter(|kind| *kind != Kind::Supplier) {
        let key = example(kind, "one").key();
        let outcome = write(store, "one", move |tx| {
            assert!(tx.remove(kind, &key)?, "{}", kind.name());
            assert!(!tx.remove(kind, &key)?, "{}", kind.name());
            Ok(())
        });
        assert!(was_kept(kind, &outcome), "{outcome:?}");
        assert_eq!(scan(store, supplier, kind, &[]), []);
    }
}

/// Whether a job that wrote rows of this kind alone ended as it must.
fn was_kept(kind: Kind, outcome: &Result<Outcome, StoreError>) -> bool {
    match outcome {
        Ok(Outcome::Committed(_)) => !kind.is_bookkeeping(),
        Ok(Outcome::Aside) => kind.is_bookkeeping(),
        Ok(Outcome::Unchanged | Outcome::Refused) | Err(_) => false,
    }
}

fn a_job_reads_what_it_wrote(store: &dyn Store) {
    let outcome = write(store, "one", |tx| {
        assert_eq!(tx.supplier().0, 0);
        for kind in kinds() {
            let record = example(kind, "one");
            assert_eq!(tx.put(&record)?, Put::Inserted);
            assert_eq!(tx.get(kind, &record.key())?, Some(record.clone()));
            assert_eq!(all(tx, kind, &[]), [record]);
        }
        assert_ne!(tx.supplier().0, 0);
        Ok(())
    });
    assert!(matches!(outcome, Ok(Outcome::Committed(_))));
}

fn scans_are_in_key_order_and_by_prefix(store: &dyn Store) {
    let supplier = found(store, "one");
    for sku in ["b", "a", "B", "\u{e9}", "10", "9"] {
        put(store, &product(sku), "one");
    }
    for (sku, uom) in [("b", "KGM"), ("b", "CT"), ("a", "CT")] {
        let fields = [("sku", sku), ("uom", uom), ("factor", "12")];
        put(store, &record(Kind::Conversion, &fields), "one");
    }
    let skus: Vec<Record> = ["10", "9", "B", "a", "b", "\u{e9}"].map(product).into();
    assert_eq!(scan(store, supplier, Kind::Product, &[]), skus);
    let of = |prefix: &[Cell]| {
        let rows = scan(store, supplier, Kind::Conversion, prefix);
        rows.iter().map(Record::key).collect::<Vec<_>>()
    };
    let key = |sku: &str, uom: &str| vec![Cell::text(sku), Cell::text(uom)];
    assert_eq!(of(&[]), [key("a", "CT"), key("b", "CT"), key("b", "KGM")]);
    assert_eq!(of(&[Cell::text("b")]), [key("b", "CT"), key("b", "KGM")]);
    assert_eq!(of(&key("b", "CT")), [key("b", "CT")]);
    assert_eq!(of(&[Cell::text("c")]), [] as [Vec<Cell>; 0]);
}

fn pages_have_the_rows_of_a_scan(store: &dyn Store) {
    let supplier = found(store, "one");
    let skus = ["b", "a", "B", "\u{e9}", "10", "9"];
    let written = write(store, "one", move |tx| {
        for sku in skus {
            tx.put(&product(sku))?;
            for uom in ["KGM", "CT"] {
                let fields = [("sku", sku), ("uom", uom), ("factor", "12")];
                tx.put(&record(Kind::Conversion, &fields))?;
            }
        }
        check_pages(tx);
        Ok(())
    });
    assert!(matches!(written, Ok(Outcome::Committed(_))), "{written:?}");
    read(store, supplier, |tx| check_pages(tx));
    // What is staged stands over the rows of the view.
    let staged = StagedOrder {
        supplier: "one".parse().unwrap(),
        actor: "contract".to_owned(),
        clock: order("one", |_| Ok(())).clock,
        job: Arc::new(|tx: &mut dyn WriteTx| {
            tx.put(&product("aa"))?;
            tx.remove(Kind::Conversion, &[Cell::text("B"), Cell::text("CT")])?;
            check_pages(tx);
            Ok(())
        }),
    };
    store.write_staged(staged).unwrap();
}

fn check_pages<T: ReadTx + ?Sized>(tx: &T) {
    for kind in [Kind::Product, Kind::Conversion, Kind::Supplier, Kind::Lead] {
        let mut expected = Vec::new();
        tx.scan(kind, &[], &mut |record| {
            expected.push(record);
            Ok(())
        })
        .unwrap();
        for at_most in [1, 2, 5, 100] {
            let (mut rows, mut after) = (Vec::new(), Vec::new());
            loop {
                let page = tx.page(kind, &after, at_most).unwrap();
                assert!(page.len() <= at_most);
                let Some(last) = page.last() else { break };
                after = last.key();
                rows.extend(page);
            }
            assert_eq!(rows, expected, "{} in pages of {at_most}", kind.name());
        }
    }
}

fn empty_cells_of_keys_are_values(store: &dyn Store) {
    fill(store, "one");
    let supplier = id(store, "one");
    let number = |scheme: &str, customer: &str| {
        let fields = [
            ("sku", "11045680"),
            ("scheme", scheme),
            ("value", "MY-CABLE"),
            ("customer", customer),
        ];
        record(Kind::Identifier, &fields)
    };
    let of_nobody = number("mpn", "");
    put(store, &of_nobody, "one");
    assert_eq!(get(store, supplier, &of_nobody), Some(of_nobody.clone()));
    assert_eq!(
        scan(store, supplier, Kind::Identifier, &[]),
        [number("customer_sku", "123456"), of_nobody.clone()]
    );
    let again = of_nobody.clone();
    let outcome = write(store, "one", move |tx| tx.put(&again).map(drop));
    assert_eq!(outcome.unwrap(), Outcome::Unchanged);
    let key = of_nobody.key();
    let removed = write(store, "one", move |tx| {
        assert!(tx.remove(Kind::Identifier, &key)?);
        Ok(())
    });
    assert!(matches!(removed, Ok(Outcome::Committed(_))));
    assert_eq!(get(store, supplier, &of_nobody), None);
}

fn what_rows_refer_to_must_exist(store: &dyn Store) {
    found(store, "one");
    for kind in kinds().filter(|kind| !kind.references().is_empty()) {
        let record = example(kind, "one");
        let reason = conflict(write(store, "one", move |tx| tx.put(&record).map(drop)));
        let names = kind.references().iter().map(|(_, referred)| referred.name());
        assert!(
            names.into_iter().any(|name| reason.starts_with(name)),
            "{}: {reason}",
            kind.name()
        );
    }
}

fn what_rows_refer_to_stays(store: &dyn Store) {
    fill(store, "one");
    let supplier = id(store, "one");
    let referred: Vec<Kind> = kinds()
        .filter(|kind| kinds().any(|by| by.references().iter().any(|(_, to)| to == kind)))
        .collect();
    assert!(referred.contains(&Kind::PaymentTerm) && referred.contains(&Kind::PriceList));
    for kind in referred {
        let record = example(kind, "one");
        let key = record.key();
        let reason = conflict(write(store, "one", move |tx| {
            tx.remove(kind, &key).map(drop).map_err(Into::into)
        }));
        assert!(reason.contains("still refer to it"), "{reason}");
        assert_eq!(get(store, supplier, &record), Some(record));
    }
}

fn a_kind_is_replaced_by_a_file(store: &dyn Store) {
    let supplier = found(store, "one");
    for sku in ["kept", "gone", "gone too", "changed"] {
        put(store, &product(sku), "one");
    }
    let outcome = write(store, "one", |tx| {
        tx.put(&product("gone"))?;
        tx.remember_seen(Kind::Product)?;
        assert_eq!(tx.put(&product("kept"))?, Put::Unchanged);
        assert_eq!(tx.put(&product("new"))?, Put::Inserted);
        let fields = [("sku", "changed"), ("base_uom", "KGM")];
        assert_eq!(tx.put(&record(Kind::Product, &fields))?, Put::Updated);
        assert_eq!(tx.remove_unseen(Kind::Product)?, 2);
        Ok(())
    });
    assert!(matches!(outcome, Ok(Outcome::Committed(_))));
    let skus: Vec<_> = scan(store, supplier, Kind::Product, &[]).iter().map(Record::key).collect();
    assert_eq!(skus, ["changed", "kept", "new"].map(|sku| vec![Cell::text(sku)]));
    let other = write(store, "one", |tx| {
        tx.remember_seen(Kind::Product)?;
        assert_eq!(tx.remove_unseen(Kind::Product)?, 3);
        Ok(())
    });
    assert!(matches!(other, Ok(Outcome::Committed(_))), "what one job saw is forgotten");
}

fn a_supplier_comes_first_and_under_its_name(store: &dyn Store) {
    let reason = conflict(write(store, "one", |tx| tx.put(&product("a")).map(drop)));
    assert!(reason.contains("one"), "{reason}");
    let other = example(Kind::Supplier, "two");
    let reason = conflict(write(store, "one", move |tx| tx.put(&other).map(drop)));
    assert!(reason.contains("one") && reason.contains("two"), "{reason}");
    assert_eq!(store.supplier_id("one").unwrap(), None);
    assert_eq!(store.supplier_id("two").unwrap(), None);
    let supplier = found(store, "one");
    assert_eq!(scan(store, supplier, Kind::Supplier, &[]).len(), 1);
}

fn numbers_of_lists_are_unique(store: &dyn Store) {
    found(store, "one");
    found(store, "two");
    let list = |code: &str, number: &str| {
        record(Kind::PriceList, &[("price_list", code), ("number", number)])
    };
    put(store, &list("A", "7"), "one");
    put(store, &list("A", "7"), "two");
    put(store, &list("B", ""), "one");
    put(store, &list("C", ""), "one");
    let reason = conflict(write(store, "one", move |tx| tx.put(&list("D", "7")).map(drop)));
    assert!(reason.contains('D') && reason.contains("number"), "{reason}");
}

fn product(sku: &str) -> Record {
    record(Kind::Product, &[("sku", sku), ("base_uom", "C62")])
}
