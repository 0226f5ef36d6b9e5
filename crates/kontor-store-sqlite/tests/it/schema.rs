//! The tables in the migrations are those that the model's columns and references ask for. Columns
//! that came later stand at the end, so the order does not count.

use kontor_model::catalogue::Kind;
use kontor_model::record::{Column, ColumnKind};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;

use crate::scratch::Scratch;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Described {
    name: String,
    of: String,
    not_null: bool,
}

#[test]
fn tables_have_the_columns_of_the_model() {
    let (_dir, connection) = database("schema-columns");
    for kind in kinds() {
        let mut expected: Vec<Described> = Vec::new();
        if kind.is_numbered() {
            expected.push(described("id", "INTEGER", false));
        }
        expected.push(described("supplier_id", "INTEGER", kind != Kind::Supplier));
        for column in kind.columns() {
            expected.push(described(column.name, sql_type(column), column.required));
        }
        expected.push(described("since_change", "INTEGER", true));
        let mut found = columns(&connection, kind.name());
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}", kind.name());
    }
}

#[test]
fn histories_have_the_same_columns_and_need_none() {
    let (_dir, connection) = database("schema-history");
    for kind in kinds().filter(|kind| kind.has_history()) {
        let own = kind.is_numbered().then_some("id");
        let names = own.into_iter().chain(["supplier_id"]);
        let names = names.chain(kind.columns().iter().map(|column| column.name));
        let mut expected: Vec<&str> = names.chain(["from_change", "to_change"]).collect();
        expected.sort_unstable();
        let history = columns(&connection, &format!("{}_history", kind.name()));
        let mut names: Vec<&str> = history.iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, expected);
        let free = history.iter().filter(|column| !column.not_null).count();
        assert_eq!(free, kind.columns().len());
    }
}

#[test]
fn foreign_keys_are_the_references_of_the_model() {
    let (_dir, connection) = database("schema-references");
    for kind in kinds().filter(|kind| *kind != Kind::Supplier) {
        let mut expected = vec!["supplier(supplier_id)".to_owned()];
        for (columns, referred) in kind.references() {
            expected.push(format!("{}(supplier_id,{})", referred.name(), columns.join(",")));
        }
        expected.sort();
        assert_eq!(foreign_keys(&connection, kind.name()), expected, "{}", kind.name());
    }
}

#[test]
fn tables_are_strict() {
    let (_dir, connection) = database("schema-strict");
    let loose: Vec<String> = connection
        .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .filter(|name: &String| !name.starts_with("sqlite_"))
        .collect();
    assert_eq!(loose, ["refinery_schema_history"]);
}

fn database(name: &str) -> (Scratch, Connection) {
    let dir = Scratch::new(name);
    SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    let connection = Connection::open(dir.path().join("kontor.db")).unwrap();
    (dir, connection)
}

fn kinds() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| *kind != Kind::Price)
}

fn described(name: &str, of: &str, not_null: bool) -> Described {
    Described { name: name.to_owned(), of: of.to_owned(), not_null }
}

fn sql_type(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Text | ColumnKind::Choice(_) => "TEXT",
        ColumnKind::Integer
        | ColumnKind::Decimal
        | ColumnKind::Instant
        | ColumnKind::From
        | ColumnKind::To
        | ColumnKind::Flag => "INTEGER",
    }
}

fn columns(connection: &Connection, table: &str) -> Vec<Described> {
    connection
        .prepare("SELECT name, type, \"notnull\" FROM pragma_table_info(?1) ORDER BY cid")
        .unwrap()
        .query_map([table], |row| {
            Ok(Described { name: row.get(0)?, of: row.get(1)?, not_null: row.get(2)? })
        })
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// `table(column,column)`: what is referred to, by which columns.
fn foreign_keys(connection: &Connection, table: &str) -> Vec<String> {
    let mut found: Vec<String> = connection
        .prepare(
            "SELECT \"table\" || '(' || group_concat(\"from\", ',' ORDER BY seq) || ')' \
             FROM pragma_foreign_key_list(?1) GROUP BY id",
        )
        .unwrap()
        .query_map([table], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    found.sort();
    found
}
