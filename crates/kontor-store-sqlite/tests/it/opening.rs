//! What is refused when data is opened, and what the message says.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use kontor_model::catalogue::Kind;
use kontor_store::{ChangeNumber, Store, StoreError};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;

use crate::older;
use crate::rows::{change, fill, product, record};
use crate::scratch::Scratch;

fn open(dir: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(dir, &OpenOptions::default())
}

fn refusal(dir: &Path) -> StoreError {
    match open(dir) {
        Err(error) => error,
        Ok(_) => panic!("it was opened"),
    }
}

fn sql(dir: &Path, statement: &str) {
    let connection = Connection::open(dir.join("kontor.db")).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[test]
fn an_older_copy_is_refused_unless_it_is_accepted() {
    let dir = Scratch::new("open-older");
    let store = open(dir.path()).unwrap();
    fill(&store, 2);
    drop(store);
    let copy = fs::read(dir.path().join("kontor.db")).unwrap();
    let store = open(dir.path()).unwrap();
    for number in 3..=4 {
        change(&store, move |tx| tx.put(&product(number)).map(drop));
    }
    drop(store);
    fs::write(dir.path().join("kontor.db"), copy).unwrap();
    let StoreError::Damaged(reason) = refusal(dir.path()) else {
        panic!("not called damaged");
    };
    assert!(reason.contains("ends at change 3, but change 5 was acknowledged"), "{reason}");
    let accept = OpenOptions { accept_older: true, ..OpenOptions::default() };
    let store = SqliteStore::open(dir.path(), &accept).unwrap();
    assert_eq!(store.last_change().unwrap(), ChangeNumber(3));
    drop(store);
    let store = open(dir.path()).unwrap();
    let number = change(&store, |tx| tx.put(&product(9)).map(drop));
    assert_eq!(number, ChangeNumber(4));
}

#[test]
fn another_history_is_refused() {
    let dir = Scratch::new("open-other");
    let store = open(dir.path()).unwrap();
    fill(&store, 2);
    drop(store);
    let copy = fs::read(dir.path().join("kontor.db")).unwrap();
    let mark = fs::read(dir.path().join("high-water")).unwrap();
    let store = open(dir.path()).unwrap();
    change(&store, |tx| tx.put(&product(3)).map(drop));
    drop(store);
    let newer_mark = fs::read(dir.path().join("high-water")).unwrap();
    // The same number of changes, but not the same ones.
    fs::write(dir.path().join("kontor.db"), copy).unwrap();
    fs::write(dir.path().join("high-water"), mark).unwrap();
    let store = open(dir.path()).unwrap();
    change(&store, |tx| tx.put(&product(4)).map(drop));
    drop(store);
    fs::write(dir.path().join("high-water"), newer_mark).unwrap();
    let error = refusal(dir.path());
    assert!(error.to_string().contains("another history"), "{error}");
}

#[test]
fn a_change_that_was_tampered_with_is_noticed() {
    for (name, statement) in [
        ("actor", "UPDATE change SET actor = 'tset' WHERE number = 2"),
        ("at", "UPDATE change SET at = at + 1 WHERE number = 2"),
        ("supplier", "UPDATE change SET supplier_id = 7 WHERE number = 2"),
        ("digest", "UPDATE change SET digest = zeroblob(32) WHERE number = 2"),
        ("hash", "UPDATE change SET hash = zeroblob(32) WHERE number = 2"),
        ("gone", "DELETE FROM change_entry WHERE change = 2; DELETE FROM change WHERE number = 2"),
    ] {
        let dir = Scratch::new(&format!("open-chain-{name}"));
        let store = open(dir.path()).unwrap();
        fill(&store, 2);
        assert_eq!(store.verify_chain().unwrap(), 3);
        drop(store);
        sql(dir.path(), statement);
        let error = refusal(dir.path());
        assert!(matches!(error, StoreError::Damaged(_)), "{name}: {error}");
        assert!(error.to_string().contains("does not follow"), "{name}: {error}");
    }
}

#[test]
fn a_newer_schema_is_refused() {
    let dir = Scratch::new("open-newer");
    drop(open(dir.path()).unwrap());
    sql(
        dir.path(),
        "INSERT INTO refinery_schema_history SELECT 999, name, applied_on, checksum \
         FROM refinery_schema_history WHERE version = 1",
    );
    let error = refusal(dir.path());
    assert!(error.to_string().contains("newer Kontor"), "{error}");
    assert!(error.to_string().contains("999"), "{error}");
}

/// Data of the first schema: its receivers could only be closed for good.
#[test]
fn receivers_that_were_closed_stay_closed_in_the_second_schema() {
    let dir = Scratch::new("open-first-schema");
    let connection = older::create(dir.path(), 1);
    connection
        .execute_batch(
            "INSERT INTO supplier (supplier_id, supplier, time_zone, currency, since_change)
             VALUES (1, 'one', 'UTC', 'EUR', 1);
             INSERT INTO closed_receivers VALUES (1, 'sha256:00', 7, 1);",
        )
        .unwrap();
    drop(connection);
    let store = open(dir.path()).unwrap();
    let one = store.supplier_id("one").unwrap().unwrap();
    let closed = record(
        Kind::ClosedReceiver,
        &[("receiver", "sha256:00"), ("closed_at", "1970-01-01T00:00:00.000007Z")],
    );
    store
        .read(one, &mut |tx| {
            let found = tx.get(Kind::ClosedReceiver, &closed.key())?;
            assert_eq!(found.as_ref(), Some(&closed));
            Ok(())
        })
        .unwrap();
}

#[test]
fn other_files_are_refused_and_stay_as_they_are() {
    let dir = Scratch::new("open-foreign");
    sql(dir.path(), "CREATE TABLE other (a)");
    let before = fs::read(dir.path().join("kontor.db")).unwrap();
    let error = refusal(dir.path());
    assert!(error.to_string().contains("not a database of Kontor"), "{error}");
    assert_eq!(fs::read(dir.path().join("kontor.db")).unwrap(), before);
    let dir = Scratch::new("open-noise");
    fs::write(dir.path().join("kontor.db"), vec![7; 8_192]).unwrap();
    let error = refusal(dir.path());
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

#[test]
fn a_damaged_page_is_noticed_by_the_check() {
    let dir = Scratch::new("open-page");
    let store = open(dir.path()).unwrap();
    fill(&store, 2);
    store.check().unwrap();
    drop(store);
    let path = dir.path().join("kontor.db");
    let mut bytes = fs::read(&path).unwrap();
    // The last page of an index that nobody needs to open the data.
    let index = root_page(dir.path(), "leads_by_email");
    bytes[(index - 1) * 4_096..][..8].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let store = open(dir.path()).unwrap();
    let error = store.check().unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(matches!(store.broken(), Some(StoreError::Damaged(_))), "writing goes on");
    let refused = crate::rows::write(&store, |tx| tx.put(&product(9)).map(drop));
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
    drop(store);
    // Whoever opens it next looks again.
    assert!(open(dir.path()).unwrap().check_is_due().unwrap());
}

fn root_page(dir: &Path, name: &str) -> usize {
    let connection = Connection::open(dir.join("kontor.db")).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    connection.query_row(sql, [name], |row| row.get(0)).unwrap()
}

#[test]
fn a_check_is_due_after_an_unclean_end_only() {
    let dir = Scratch::new("open-unclean");
    let store = open(dir.path()).unwrap();
    fill(&store, 1);
    assert!(!store.check_is_due().unwrap());
    // What lies there when a process is killed now.
    let left = Scratch::new("open-unclean-left");
    for name in ["kontor.db", "kontor.db-wal", "high-water", "in-use"] {
        fs::copy(dir.path().join(name), left.path().join(name)).unwrap();
    }
    drop(store);
    assert!(!open(dir.path()).unwrap().check_is_due().unwrap());
    let store = open(left.path()).unwrap();
    assert!(store.check_is_due().unwrap());
    store.check().unwrap();
    assert!(!store.check_is_due().unwrap());
    drop(store);
    assert!(!open(left.path()).unwrap().check_is_due().unwrap());
}

/// Damages the bytes of the mark.
type Damage = fn(&mut Vec<u8>);

/// What can become of the mark, and whether the data is opened all the same.
#[test]
fn a_lost_mark_is_told() {
    let cases: [(&str, bool, Damage); 7] = [
        ("as it was", true, |_| {}),
        ("emptied", false, Vec::clear),
        ("cut within the first slot", false, |mark| mark.truncate(63)),
        ("zeroed", false, |mark| mark.fill(0)),
        ("garbage in the first slot", true, |mark| mark[..64].fill(0xa5)),
        ("garbage in the second slot", true, |mark| mark[64..].fill(0xa5)),
        ("garbage in both slots", false, |mark| {
            mark[..64].fill(0xa5);
            mark[64..].fill(0xa5);
        }),
    ];
    for (what, opens, damage) in cases {
        let dir = Scratch::in_memory("open-mark");
        let store = open(dir.path()).unwrap();
        fill(&store, 2);
        drop(store);
        let path = dir.path().join("high-water");
        let mut mark = fs::read(&path).unwrap();
        damage(&mut mark);
        fs::write(&path, mark).unwrap();
        check_opens(dir.path(), what, opens);
    }
    let dir = Scratch::in_memory("open-mark-gone");
    let store = open(dir.path()).unwrap();
    fill(&store, 2);
    drop(store);
    fs::remove_file(dir.path().join("high-water")).unwrap();
    check_opens(dir.path(), "missing", false);
}

/// The log and the mark are lost together: also when all changes were in the log.
#[test]
fn a_lost_mark_and_log_are_told() {
    for safe in [0, 2] {
        let dir = Scratch::in_memory("open-log-and-mark");
        if safe > 0 {
            let store = open(dir.path()).unwrap();
            fill(&store, safe);
        }
        let store = open(dir.path()).unwrap();
        if safe == 0 {
            fill(&store, 1);
        } else {
            change(&store, |tx| tx.put(&product(9)).map(drop));
        }
        let left = Scratch::in_memory("open-log-and-mark-left");
        for name in ["kontor.db", "in-use"] {
            fs::copy(dir.path().join(name), left.path().join(name)).unwrap();
        }
        drop(store);
        check_opens(left.path(), &format!("{safe} products in the database"), false);
    }
}

/// Opens the data as it is, then accepting older data, then as it is again.
fn check_opens(dir: &Path, what: &str, opens: bool) {
    if !opens {
        let error = refusal(dir);
        assert!(matches!(error, StoreError::Damaged(_)), "{what}: {error}");
        assert!(error.to_string().contains("high-water"), "{what}: {error}");
        assert!(error.to_string().contains("--accept-older-data"), "{what}: {error}");
        let accept = OpenOptions { accept_older: true, ..OpenOptions::default() };
        drop(SqliteStore::open(dir, &accept).unwrap());
    }
    let store = open(dir).unwrap_or_else(|error| panic!("{what}: {error}"));
    let last = store.last_change().unwrap();
    assert_eq!(store.verify_chain().unwrap(), last.0, "{what}");
}

#[test]
fn two_processes_may_write_the_same_data() {
    let dir = Scratch::new("open-twice");
    let first = open(dir.path()).unwrap();
    let second = open(dir.path()).unwrap();
    fill(&first, 1);
    assert_eq!(change(&second, |tx| tx.put(&product(2)).map(drop)), ChangeNumber(3));
    assert_eq!(change(&first, |tx| tx.put(&product(3)).map(drop)), ChangeNumber(4));
    let seen = second.wait_for_change(ChangeNumber(3), Duration::from_mins(1)).unwrap();
    assert_eq!(seen, ChangeNumber(4), "what the other process wrote");
    drop(second);
    assert_eq!(change(&first, |tx| tx.put(&product(4)).map(drop)), ChangeNumber(5));
    drop(first);
    let again = open(dir.path()).unwrap();
    assert_eq!(again.verify_chain().unwrap(), 5);
}

#[test]
fn the_log_does_not_grow_without_bound() {
    const MIB: u64 = 1 << 20;
    let dir = Scratch::new("open-wal");
    let store = open(dir.path()).unwrap();
    fill(&store, 1);
    let (database, wal) = (dir.path().join("kontor.db"), dir.path().join("kontor.db-wal"));
    let size = |path| fs::metadata(path).unwrap().len();
    let mut longest = 0;
    for round in 0..10 {
        put_wide(&store, round, 1_000);
        longest = longest.max(size(&wal));
    }
    assert!(size(&database) > 16 * MIB, "too few bytes to show anything");
    assert!(longest < 10 * MIB, "the log grew to {longest} bytes");
    // One change makes a log as long as itself; what comes then is written over it.
    put_wide(&store, 10, 35_000);
    let long = size(&wal);
    (11..14).for_each(|round| put_wide(&store, round, 1_000));
    assert!(size(&database) > 80 * MIB, "too few bytes to show anything");
    assert!(long > 70 * MIB && size(&wal) == long, "{long} bytes, then {}", size(&wal));
    // It is cut when nobody writes.
    let began = Instant::now();
    while size(&wal) >= MIB {
        assert!(began.elapsed().as_secs() < 60, "the log stays at {} bytes", size(&wal));
        std::thread::yield_now();
    }
    change(&store, |tx| tx.put(&product(2)).map(drop));
    drop(store);
    assert!(!wal.exists(), "closing leaves the log behind");
}

/// Puts so many products of 2 kB as one change.
fn put_wide(store: &SqliteStore, round: u32, products: u32) {
    change(store, move |tx| {
        let name = "x".repeat(2_000);
        for number in 0..products {
            let sku = format!("{round}-{number}");
            let fields = [("sku", sku.as_str()), ("base_uom", "C62"), ("name", &name)];
            tx.put(&record(Kind::Product, &fields))?;
        }
        Ok(())
    });
}
