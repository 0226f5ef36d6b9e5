//! How SQLite finds the rows: by the whole key that is given, never by going through a supplier's.

use std::path::Path;

use rusqlite::Connection;

use super::*;

/// An empty database of the newest schema.
fn database() -> Connection {
    let mut connection = Connection::open_in_memory().expect("a database");
    crate::migrate::run(&mut connection, Path::new(".")).expect("the newest schema");
    connection
}

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
    let count = statement.parameter_count();
    let nothing = vec![rusqlite::types::Null; count];
    let steps = statement
        .query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3))
        .expect("a plan");
    steps.collect::<Result<_, _>>().expect("steps")
}

/// The statement reaches its rows by an index over at least so many columns.
fn check(connection: &Connection, sql: &str, columns: usize) {
    let steps = plan(connection, sql);
    let is_found = |step: &String| {
        let by_number = step.contains("(rowid=?)");
        // What is unique among all suppliers needs no supplier to be found.
        let of_all = usize::from(step.contains("_of_all_suppliers"));
        let compared = step.matches("=?").count() + of_all;
        step.starts_with("SEARCH") && (by_number || compared >= columns)
    };
    assert!(steps.iter().any(is_found), "{sql}: {steps:?}");
    assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{sql}: {steps:?}");
}

#[test]
fn rows_are_found_by_all_columns_that_are_given() {
    let connection = database();
    for kind in kinds() {
        let table = table(kind);
        let keys: Vec<_> = kind.columns().iter().filter(|column| column.key).collect();
        // An index has a column that may be empty as an expression: it is compared row by row.
        let plain = |given: usize| keys.iter().take(given).filter(|column| column.required).count();
        for given in 1..=table.key_width() {
            let sql = table.find(given).expect("a statement");
            check(&connection, sql, 1 + plain(given));
        }
        let whole = 1 + plain(keys.len());
        check(&connection, &table.delete, whole);
        for sql in table.update.iter().chain(&table.retire) {
            check(&connection, sql, whole);
        }
        if kind.is_numbered() {
            check(&connection, &table.by_number, 1);
        }
    }
}

#[test]
fn leads_at_ends_are_found_in_the_order_of_an_index() {
    let connection = database();
    for sql in [
        "SELECT lead FROM leads WHERE supplier_id = ?1 ORDER BY lead DESC LIMIT 1",
        "SELECT lead FROM leads INDEXED BY leads_by_email WHERE supplier_id = ?1 \
         AND email >= ?2 COLLATE NOCASE ORDER BY email COLLATE NOCASE LIMIT 1",
    ] {
        check(&connection, sql, 1);
        assert_eq!(plan(&connection, sql).len(), 1, "nothing is sorted");
    }
}

#[test]
fn whoever_refers_to_a_row_is_found_by_an_index() {
    let connection = database();
    for by in kinds() {
        for (columns, _) in by.references() {
            let found = matching(columns.iter().map(|name| (*name, "=")));
            let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE {found})", by.name());
            let steps = plan(&connection, &sql);
            let is_found = |step: &String| {
                step.starts_with("SEARCH") && step.matches("=?").count() > columns.len()
            };
            assert!(steps.iter().any(is_found), "{sql}: {steps:?}");
        }
    }
}
