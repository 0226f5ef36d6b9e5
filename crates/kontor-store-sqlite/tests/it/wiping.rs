//! What was removed and wiped is in no file any more.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_store::{Store, StoreError};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::rows::{change, fill, record};
use crate::scratch::Scratch;

/// Leads, more than fit into many pages, so that rows were moved from page to page.
const LEADS: i64 = 3_000;
const DOMAIN: &str = "@secret.example";

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(dir, &OpenOptions::default()).unwrap()
}

/// A number without an order, so that leads stand anywhere in the indexes and have every length.
fn mixed(number: i64) -> u64 {
    let mut mixed = number.unsigned_abs().wrapping_add(1);
    for _ in 0..3 {
        mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    mixed
}

fn email(number: i64) -> String {
    format!("{:016x}{DOMAIN}", mixed(number))
}

fn lead(number: i64) -> Record {
    let length = usize::try_from(mixed(number) % 900).unwrap();
    let answers = format!("{{\"email\":\"{}\",\"c\":\"{}\"}}", email(number), "x".repeat(length));
    record(
        Kind::Lead,
        &[
            ("lead", &number.to_string()),
            ("category", "1463"),
            ("partner", "22"),
            ("contact_number", "1"),
            ("email", &email(number)),
            ("phone", &format!("0{:09}", mixed(number) % 1_000_000_000)),
            ("created_at", "2016-01-28T11:24:28Z"),
            ("answers", &answers),
        ],
    )
}

fn with_leads(dir: &Scratch) -> SqliteStore {
    let store = open(dir.path());
    fill(&store, 1);
    change(&store, |tx| {
        tx.put(&record(Kind::Category, &[("category", "1463")]))?;
        tx.put(&record(Kind::Partner, &[("partner", "22")]))?;
        Ok(())
    });
    for hundred in 0..LEADS / 100 {
        change(&store, move |tx| {
            (0..100).try_for_each(|lead_| tx.put(&lead(hundred * 100 + lead_)).map(drop))
        });
    }
    store
}

/// Every seventh lead, one after the other, is removed.
fn removed() -> impl Iterator<Item = i64> {
    (0..LEADS).filter(|number| number % 7 == 3)
}

fn remove(store: &dyn Store) {
    change(store, |tx| {
        removed().try_for_each(|number| tx.remove(Kind::Lead, &[Cell::Int(number)]).map(drop))?;
        Ok(())
    });
}

/// How many of the removed leads can still be found in the files.
fn readable(dir: &Path) -> usize {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        files.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    let text = String::from_utf8_lossy(&files);
    let ends = text.match_indices(DOMAIN).map(|(end, _)| end);
    let found: HashSet<&str> = ends.filter_map(|end| text.get(end - 16..end)).collect();
    removed().filter(|number| found.contains(email(*number).trim_end_matches(DOMAIN))).count()
}

fn rows(store: &dyn Store) -> Vec<Record> {
    let one = store.supplier_id("one").unwrap().unwrap();
    let mut rows = Vec::new();
    store
        .read(one, &mut |tx| {
            tx.scan(Kind::Lead, &[], &mut |record| {
                rows.push(record);
                Ok(())
            })
        })
        .unwrap();
    rows
}

#[test]
fn what_was_wiped_is_in_no_file_and_the_rest_is_as_before() {
    let dir = Scratch::new("wipe");
    let store = with_leads(&dir);
    remove(&store);
    assert_eq!(readable(dir.path()), removed().count(), "the log has them");
    let before = (rows(&store), store.last_change().unwrap());
    store.wipe(Kind::Lead).unwrap();
    assert_eq!(readable(dir.path()), 0);
    assert_eq!((rows(&store), store.last_change().unwrap()), before, "it is no change");
    let orphan = store.write(kontor_store::Order {
        supplier: "one".parse().unwrap(),
        actor: "test".to_owned(),
        clock: Arc::new(kontor_model::FixedClock("2016-01-28T11:24:28Z".parse().unwrap())),
        job: Box::new(|tx| {
            let mut row = lead(LEADS).to_row();
            row[1] = Cell::text("none");
            tx.put(&Record::from_row(Kind::Lead, &row).unwrap()).map(drop)
        }),
    });
    assert!(matches!(orphan, Err(StoreError::Conflict(_))), "references count again: {orphan:?}");
    drop(store);
    assert_eq!(rows(&open(dir.path())), before.0);
}

/// Why the table is written anew: overwriting what is deleted is not enough.
#[test]
fn overwriting_alone_must_leave_some() {
    let dir = Scratch::new("wipe-not");
    let store = with_leads(&dir);
    remove(&store);
    drop(store);
    let left = readable(dir.path());
    assert!((1..removed().count() / 10).contains(&left), "{left} are left");
}

#[test]
fn who_reads_older_data_is_waited_for() {
    let dir = Scratch::new("wipe-readers");
    let store = Arc::new(with_leads(&dir));
    let one = store.supplier_id("one").unwrap().unwrap();
    let (reading, has_begun) = std::sync::mpsc::channel();
    let (go_on, end) = std::sync::mpsc::channel::<()>();
    let shared = Arc::clone(&store);
    let reader = std::thread::spawn(move || {
        let read = shared.read(one, &mut |tx| {
            assert!(tx.get(Kind::Lead, &[Cell::Int(3)])?.is_some());
            reading.send(()).unwrap();
            end.recv().unwrap();
            assert!(tx.get(Kind::Lead, &[Cell::Int(3)])?.is_some(), "its state stays");
            Ok(())
        });
        read.unwrap();
    });
    has_begun.recv().unwrap();
    remove(&*store);
    let shared = Arc::clone(&store);
    let wiper = std::thread::spawn(move || shared.wipe(Kind::Lead));
    // The writer goes on meanwhile.
    change(&*store, |tx| tx.put(&lead(LEADS)).map(drop));
    go_on.send(()).unwrap();
    wiper.join().unwrap().unwrap();
    reader.join().unwrap();
    assert_eq!(readable(dir.path()), 0);
    let impatient =
        OpenOptions { busy_timeout: std::time::Duration::from_millis(1), ..OpenOptions::default() };
    let other = SqliteStore::open(dir.path(), &impatient).unwrap();
    store
        .read(one, &mut |tx| {
            tx.get(Kind::Lead, &[Cell::Int(0)])?;
            change(&other, |tx| {
                tx.remove(Kind::Lead, &[Cell::Int(0)]).map(drop).map_err(Into::into)
            });
            let refused = other.wipe(Kind::Lead).unwrap_err().to_string();
            assert!(refused.contains("reading older data"), "{refused}");
            Ok(())
        })
        .unwrap();
}
