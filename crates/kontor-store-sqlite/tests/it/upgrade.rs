//! Data of earlier schemas is opened by this program and is what it was. The fixtures are dumps of
//! databases that programs of their time left, with their high-water marks.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kontor_model::FixedClock;
use kontor_model::catalogue::Kind;
use kontor_store::{
    Abort, ChangeNumber, LogPage, LogPlace, RemovedOf, Store, StoreError, Tokens, Touched,
};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::rows::{product, write};
use crate::scratch::Scratch;

mod days;

const SCHEMA_3: &str = include_str!("upgrade/schema-3.sql");
const SCHEMA_3_MARK: &str = include_str!("upgrade/schema-3.high-water.hex");
/// Changes in it; the second names a kind only.
const CHANGES: u64 = 8;

fn put_down(dir: &Path) {
    connection(dir).execute_batch(SCHEMA_3).unwrap();
    let digits: Vec<u8> = SCHEMA_3_MARK.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let mark: Vec<u8> = digits.chunks(2).map(byte).collect();
    fs::write(dir.join("high-water"), mark).unwrap();
}

fn connection(dir: &Path) -> Connection {
    Connection::open(dir.join("kontor.db")).unwrap()
}

fn open(dir: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(dir, &OpenOptions::default())
}

/// Columns that schema 3 did not have.
const LATER_COLUMNS: [&str; 1] = ["on_behalf"];

/// The rows of the catalogue as they stand in the tables.
fn rows(dir: &Path) -> Vec<String> {
    let connection = connection(dir);
    let mut all = Vec::new();
    for kind in Kind::CATALOGUE {
        // Nouns and columns that came later say nothing of older rows.
        if kind != Kind::Price && !connection.table_exists(None, kind.name()).unwrap() {
            continue;
        }
        let names = kind.columns().iter().map(|column| column.name);
        let names: Vec<&str> = names.filter(|name| !LATER_COLUMNS.contains(name)).collect();
        let sql = if kind == Kind::Price {
            "SELECT * FROM price ORDER BY 1, 2, 3".to_owned()
        } else {
            let names = names.join(", ");
            format!(
                "SELECT supplier_id, {names} FROM {} ORDER BY supplier_id, {names}",
                kind.name()
            )
        };
        let mut statement = connection.prepare(&sql).unwrap();
        let width = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let cells: Vec<Value> =
                (0..width).map(|index| row.get(index)).collect::<Result<_, _>>()?;
            Ok(format!("{}: {cells:?}", kind.name()))
        };
        all.extend(statement.query_map([], row).unwrap().map(Result::unwrap));
    }
    all
}

#[test]
fn data_of_schema_3_is_what_it_was() {
    let dir = Scratch::in_memory("upgrade-3");
    put_down(dir.path());
    let before = rows(dir.path());
    assert!(before.len() > 300, "{} rows show too little", before.len());
    let store = open(dir.path()).unwrap();
    assert_eq!(rows(dir.path()), before);
    assert_eq!(store.last_change().unwrap(), ChangeNumber(CHANGES));
    assert_eq!(store.verify_chain().unwrap(), CHANGES);
    assert!(store.check_is_due().unwrap(), "nobody knows how it was closed");
    store.check().unwrap();
    let mut page = LogPage::default();
    let read = store.read_book(&mut |book| {
        page = book.changes(LogPlace::after(ChangeNumber(1)), 10)?;
        Ok(())
    });
    read.unwrap();
    assert_eq!(page.entries[0].touched, Touched::Anything, "it does not list what it touched");
    let salix = store.supplier_id("salix").unwrap().unwrap();
    let mut prices = 0;
    let count = store.read(salix, &mut |tx| {
        tx.scan(Kind::Price, &[], &mut |_| {
            prices += 1;
            Ok(())
        })
    });
    count.unwrap();
    assert_eq!(prices, 1);
    // One token of two accounts does not stop the start.
    let duplicates = store.duplicate_tokens().unwrap();
    assert_eq!(duplicates.iter().map(Vec::len).collect::<Vec<_>>(), [2], "{duplicates:?}");
    drop(store);
    // The login of an account goes on; guests get another session when they ask.
    let count =
        |sql| connection(dir.path()).query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM account_sessions"), 1);
}

/// The old rows are proven once, and from then on with every change.
#[test]
fn data_of_schema_3_is_proven_and_written() {
    let dir = Scratch::in_memory("upgrade-3-proven");
    put_down(dir.path());
    let store = open(dir.path()).unwrap();
    let first = store.prove().unwrap();
    assert_eq!((first.since, first.change), (CHANGES, CHANGES));
    write_something(&store);
    let second = store.prove().unwrap();
    assert_eq!((second.since, second.change), (CHANGES, CHANGES + 1));
    assert_ne!(first.root, second.root);
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_eq!(store.verify_chain().unwrap(), CHANGES + 1);
    load(&store).unwrap();
    drop(store);
    connection(dir.path()).execute_batch("UPDATE price SET amount = amount + 1").unwrap();
    let store = open(dir.path()).unwrap();
    assert!(matches!(load(&store), Err(Abort::Store(StoreError::Damaged(_)))));
}

fn write_something(store: &SqliteStore) {
    let order = kontor_store::Order {
        supplier: "salix".parse().unwrap(),
        actor: "test".to_owned(),
        clock: Arc::new(FixedClock("2027-01-01T00:00:00Z".parse().unwrap())),
        job: Box::new(|tx| tx.put(&product(1)).map(drop)),
    };
    store.write(order).unwrap();
    assert!(
        write(store, |tx| tx.put(&product(1)).map(drop)).is_err(),
        "a supplier came from nowhere"
    );
}

fn load(store: &SqliteStore) -> Result<(), Abort> {
    store.read_book(&mut |source| {
        for kind in Kind::CATALOGUE.into_iter().filter(|kind| *kind != Kind::Price) {
            source.records(kind, &mut |_| Ok(()))?;
        }
        source.prices(&mut |_| Ok(()))?;
        source.removed_packing_prices(RemovedOf::Everything, &mut |_| Ok(()))
    })
}
