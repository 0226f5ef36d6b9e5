//! However many rows there are, one transaction of a wipe looks at so many pages.

use std::path::Path;

use super::*;
use crate::open::{self, OpenOptions, Opened};
use crate::scratch::Scratch;

/// Rows like leads that refer to nothing, of which every second one is removed.
fn half_of(rows: u32, dir: &Path) -> Database {
    let Opened { database, .. } = open::open(dir, &OpenOptions::default()).unwrap();
    database.connection.pragma_update(None, "foreign_keys", false).unwrap();
    let sql = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) \
               INSERT INTO leads (supplier_id, lead, category, partner, contact_number, email, \
               created_at, answers, since_change) \
               SELECT 1, n * 7919 % 100003, 'c', 'p', n, printf('%08x@secret.example', n * 7919), \
               n, printf('%.*c', n % 700, 'x'), 1 FROM n";
    database.connection.execute(sql, [rows]).unwrap();
    database.connection.execute("DELETE FROM leads WHERE contact_number % 2 = 0", []).unwrap();
    database
}

#[test]
fn a_transaction_of_a_wipe_does_not_grow_with_the_table() {
    let mut numbers = Vec::new();
    for rows in [2_000, 8_000] {
        let dir = Scratch::new(&format!("wipe-slices-{rows}"));
        let database = half_of(rows, dir.path());
        let pages = pages_of(&database, Kind::Lead).unwrap();
        let most = pages.chunks(PAGES_AT_ONCE).map(|pages| {
            database.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            let written = slice(&database, pages).unwrap();
            database.connection.execute_batch("COMMIT").unwrap();
            written
        });
        let most = most.max().unwrap();
        assert!((1..=PAGES_AT_ONCE).contains(&most), "{most} of {}", pages.len());
        numbers.push(pages.len());
        // Everything is clean now, and as it was.
        assert_eq!(slice(&database, &pages).unwrap(), 0);
        let check: String =
            database.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }
    assert!(numbers[0] > PAGES_AT_ONCE && numbers[1] > 3 * numbers[0], "{numbers:?}");
}
