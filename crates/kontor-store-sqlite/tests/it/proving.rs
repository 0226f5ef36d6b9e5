//! What stands is what was written: the state digest on a database.

use std::path::Path;

use kontor_model::catalogue::{Kind, Record};
use kontor_store::{Abort, BookSource, RemovedOf, Store, StoreError};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;

use crate::rows::{change, fill, product, record};
use crate::scratch::Scratch;

pub(super) fn open(dir: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(dir, &OpenOptions::default())
}

pub(super) fn price(sku: &str, amount: &str) -> Record {
    let fields = [
        ("price_list", "L"),
        ("sku", sku),
        ("currency", "EUR"),
        ("minimum_quantity", "1"),
        ("kind", "regular"),
        ("decimals", "2"),
        ("changed_at", "2016-01-28T11:24:28Z"),
        ("amount", amount),
    ];
    record(Kind::Price, &fields)
}

/// Some rows of every sort, with prices that were superseded and removed.
pub(super) fn fill_all(store: &SqliteStore) {
    fill(store, 6);
    change(store, |tx| {
        tx.put(&record(Kind::PriceList, &[("price_list", "L"), ("number", "7")]))?;
        let document = [
            ("kind", "invoice"),
            ("document", "1"),
            ("customer", "c1"),
            ("issued", "2016-01-28"),
            ("value_date", "2016-01-28"),
            ("supply_date", "2016-01-28"),
        ];
        tx.put(&record(Kind::Customer, &[("customer", "c1"), ("name", "Abelard")]))?;
        tx.put(&record(Kind::Document, &document))?;
        for number in 1..=6 {
            tx.put(&price(&format!("P{number}"), &format!("1{number}.5")))?;
        }
        Ok(())
    });
    change(store, |tx| tx.put(&price("P1", "77")).map(drop));
    change(store, |tx| {
        let number = [("sku", "P3"), ("scheme", "sequence_number"), ("value", "3")];
        let entity =
            [("entity", "1"), ("currency", "EUR"), ("time_zone", "UTC"), ("main_segment", "1")];
        tx.put(&record(Kind::Identifier, &number))?;
        tx.put(&record(Kind::SellingEntity, &entity)).map(drop)
    });
    change(store, |tx| {
        assert!(tx.remove(Kind::Price, &price("P2", "1").key())?);
        Ok(())
    });
}

/// Everything that answers are made from, in words.
pub(super) fn answers(store: &SqliteStore) -> Result<String, Abort> {
    let mut text = String::new();
    store.read_book(&mut |source| describe(source, &mut text))?;
    Ok(text)
}

fn describe(source: &dyn BookSource, text: &mut String) -> Result<(), Abort> {
    let kinds = Kind::CATALOGUE.into_iter().filter(|kind| *kind != Kind::Price);
    source.shapes(0, &mut |shape| {
        note(text, &shape);
        Ok(())
    })?;
    for kind in kinds {
        source.records(kind, &mut |row| {
            note(text, &row);
            Ok(())
        })?;
    }
    source.prices(&mut |price| {
        note(text, &price);
        Ok(())
    })?;
    source.removed_packing_prices(RemovedOf::Everything, &mut |price| {
        note(text, &price);
        Ok(())
    })?;
    source.change_times(&mut |time| {
        note(text, &time);
        Ok(())
    })
}

fn note(text: &mut String, row: &dyn std::fmt::Debug) {
    text.extend([format!("{row:?}"), "\n".to_owned()]);
}

fn sql(dir: &Path, statement: &str) {
    let connection = Connection::open(dir.join("kontor.db")).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[test]
fn two_ways_to_the_same_rows_have_one_root() {
    let (one, two) = (Scratch::in_memory("prove-one"), Scratch::in_memory("prove-two"));
    let (one, two) = (open(one.path()).unwrap(), open(two.path()).unwrap());
    fill(&one, 3);
    change(&one, |tx| tx.remove(Kind::Product, &product(2).key()).map(drop).map_err(Abort::from));
    let fields = [("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")];
    let supplier = record(Kind::Supplier, &fields);
    change(&two, move |tx| {
        tx.put(&supplier)?;
        tx.put(&product(3))?;
        tx.put(&product(1)).map(drop)
    });
    let (one, two) = (one.prove().unwrap(), two.prove().unwrap());
    assert_eq!(one.root, two.root);
    assert_ne!(one.change, two.change);
}

#[test]
fn a_row_that_was_changed_behind_our_back_is_named() {
    let cases = [
        ("UPDATE price SET amount = amount + 1 WHERE amount = 14500000", "\"L\", \"P4\""),
        (
            "UPDATE products SET name = 'x' WHERE sku = 'P5'",
            "products do not stand as they were written: the row \"P5\"",
        ),
        ("UPDATE documents SET customer = 'c1', issued = '2016-01-27'", "documents do not"),
        ("UPDATE price_history SET amount = 1 WHERE amount = 12500000", "\"L\", \"P2\""),
        ("DELETE FROM price WHERE amount = 14500000", "1 rows are missing"),
        ("UPDATE product_change_time SET changed_at = 1", "change_times do not stand"),
        (
            "UPDATE row_change_time SET changed_at = 1",
            "the row 1, \"selling_entities\", 1, 0, \"\"",
        ),
        ("DELETE FROM row_change_time", "1 rows are missing"),
        ("UPDATE price SET amount = amount + 1", "some rows have other values"),
    ];
    for (statement, said) in cases {
        let dir = Scratch::in_memory("prove-changed");
        let store = open(dir.path()).unwrap();
        fill_all(&store);
        store.prove().unwrap();
        drop(store);
        sql(dir.path(), statement);
        let store = open(dir.path()).unwrap();
        let error = store.prove().unwrap_err();
        assert!(matches!(error, StoreError::Damaged(_)), "{statement}: {error}");
        assert!(error.to_string().contains(said), "{statement}: {error}");
        assert!(matches!(store.broken(), Some(StoreError::Damaged(_))), "writing goes on");
        assert!(answers(&store).is_err(), "{statement} was answered");
    }
}

/// Nothing is answered from the histories of other kinds than prices, so only who proves all finds it.
#[test]
fn a_row_of_a_history_that_was_changed_is_named() {
    let cases = [
        ("UPDATE products_history SET name = 'x'", "the row \"P3\" has other values"),
        ("UPDATE products_history SET to_change = to_change + 1", "the row \"P3\""),
        ("UPDATE products_history SET id = id + 1", "some rows have other values"),
        ("DELETE FROM products_history", "1 rows are missing"),
        ("UPDATE accounts_history SET login = 'y'", "accounts_history do not stand"),
    ];
    for (statement, said) in cases {
        let dir = Scratch::in_memory("prove-history");
        let store = with_histories(&dir);
        store.prove().unwrap();
        drop(store);
        sql(dir.path(), statement);
        let store = open(dir.path()).unwrap();
        answers(&store).unwrap();
        let error = store.prove().unwrap_err();
        assert!(matches!(error, StoreError::Damaged(_)), "{statement}: {error}");
        assert!(error.to_string().contains(said), "{statement}: {error}");
    }
}

/// Rows of before the sums were kept are added once, beside those who write.
#[test]
fn histories_of_before_are_proven_once() {
    let dir = Scratch::in_memory("prove-old-history");
    drop(with_histories(&dir));
    sql(
        dir.path(),
        "DELETE FROM state_sum WHERE kind IN ('products_history', 'accounts_history');
         UPDATE history_proof SET since = NULL",
    );
    let store = open(dir.path()).unwrap();
    change(&store, |tx| tx.put(&named("P4", "before it is proven")).map(drop));
    let root = store.prove().unwrap().root;
    change(&store, |tx| tx.put(&named("P4", "after")).map(drop));
    assert_ne!(store.prove().unwrap().root, root);
    drop(store);
    sql(dir.path(), "UPDATE products_history SET name = 'x' WHERE sku = 'P3'");
    assert!(open(dir.path()).unwrap().prove().is_err());
}

fn named(sku: &str, name: &str) -> Record {
    record(Kind::Product, &[("sku", sku), ("base_uom", "C62"), ("name", name)])
}

/// A product and an account with a past; the secret of the account does not stay in it.
fn with_histories(dir: &Scratch) -> SqliteStore {
    let store = open(dir.path()).unwrap();
    fill_all(&store);
    let account = |password: &str| {
        let fields = [("protocol", "secomp"), ("login", "x"), ("password", password)];
        record(Kind::Account, &fields)
    };
    let (first, second) = (account("one"), account("two"));
    change(&store, move |tx| tx.put(&first).map(drop));
    change(&store, move |tx| {
        tx.put(&second)?;
        tx.put(&named("P3", "new")).map(drop)
    });
    store
}

#[test]
fn sums_that_are_not_those_of_the_newest_change_are_refused() {
    let dir = Scratch::in_memory("prove-sums");
    let store = open(dir.path()).unwrap();
    fill(&store, 1);
    drop(store);
    sql(dir.path(), "UPDATE state_sum SET rows = rows + 1 WHERE kind = 'products'");
    let error = open(dir.path()).err().unwrap();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

/// Rows from before sums were kept are added beside those who write.
#[test]
fn existing_rows_are_proven_once_beside_writers() {
    let dir = Scratch::in_memory("prove-existing");
    let store = open(dir.path()).unwrap();
    fill_all(&store);
    let expected = store.prove().unwrap();
    drop(store);
    sql(
        dir.path(),
        "DELETE FROM state_sum; UPDATE state_proof SET since = NULL;
                     UPDATE change SET state = NULL, formula = 1",
    );
    // The chain is that of changes which say nothing of the state.
    rehash(dir.path());
    let store = SqliteStore::open(
        dir.path(),
        &OpenOptions { accept_older: true, ..OpenOptions::default() },
    )
    .unwrap();
    let number = change(&store, |tx| tx.put(&price("P3", "99")).map(drop));
    answers(&store).unwrap();
    let proof = store.prove().unwrap();
    assert_eq!((proof.since, proof.change), (number.0, number.0));
    assert_ne!(proof.root, expected.root);
    let number = change(&store, |tx| tx.put(&price("P4", "98")).map(drop));
    let after = store.prove().unwrap();
    assert_eq!((after.since, after.change), (proof.since, number.0));
    assert_eq!(store.verify_chain().unwrap(), number.0);
    drop(store);
    sql(dir.path(), "UPDATE price SET amount = amount + 1 WHERE amount = 98000000");
    assert!(answers(&open(dir.path()).unwrap()).is_err());
}

/// Number, supplier, time, who, and the digest of the rows.
type ChangeRow = (i64, u32, i64, String, Vec<u8>);

/// Makes the hashes of a chain without states.
fn rehash(dir: &Path) {
    use sha2::{Digest, Sha256};
    let connection = Connection::open(dir.join("kontor.db")).unwrap();
    let sql = "SELECT number, supplier_id, at, actor, digest FROM change ORDER BY number";
    let rows: Vec<ChangeRow> = connection
        .prepare(sql)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut before = [0; 32];
    for (number, supplier, at, actor, digest) in rows {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(number.to_le_bytes());
        hash.update(supplier.to_le_bytes());
        hash.update(at.to_le_bytes());
        hash.update((actor.len() as u64).to_le_bytes());
        hash.update(actor.as_bytes());
        hash.update(digest);
        let hash: [u8; 32] = hash.finalize().into();
        let update = "UPDATE change SET previous_hash = ?2, hash = ?3 WHERE number = ?1";
        connection.execute(update, (number, before, hash)).unwrap();
        before = hash;
    }
}
