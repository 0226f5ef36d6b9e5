//! Tables of nouns that came after the migrations: made from what the noun says of itself.
//!
//! A noun with a table of its own make has a migration; its table is there when this looks.

use kontor_model::catalogue::Kind;
use kontor_model::record::{Column, ColumnKind};
use kontor_store::StoreError;
use rusqlite::Connection;

use crate::error;
use crate::table;

/// Tables of rows of suppliers. All of them are those of a noun.
const TABLES_OF_ROWS: &str = "SELECT group_concat(name, ' ') FROM sqlite_schema AS found \
     WHERE type = 'table' AND 2 = (SELECT count(*) FROM pragma_table_info(found.name) \
     WHERE name IN ('supplier_id', 'since_change'))";

/// Makes the tables that are missing, all or none. Data with rows of a noun that this program does not
/// know is refused: it would neither check nor remove them.
pub(crate) fn complete(connection: &mut Connection) -> Result<(), StoreError> {
    let found: Option<String> =
        connection.query_row(TABLES_OF_ROWS, [], |row| row.get(0)).map_err(error::opening)?;
    let found: Vec<&str> = found.as_deref().unwrap_or_default().split_whitespace().collect();
    if let Some(name) = found.iter().find(|name| !table::kinds().any(|kind| kind.name() == **name))
    {
        return Err(StoreError::Open(format!(
            "the data was written by a newer Kontor: it has {name}, which this one does not know"
        )));
    }
    let missing = table::kinds().filter(|kind| !found.contains(&kind.name()));
    let statements: String = missing.map(create).collect();
    if statements.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction().map_err(error::opening)?;
    transaction.execute_batch(&statements).map_err(error::opening)?;
    transaction.commit().map_err(error::opening)
}

/// The statements that make the table of a noun, its indexes and its history.
fn create(kind: Kind) -> String {
    let name = kind.name();
    let keys: Vec<&Column> = kind.columns().iter().filter(|column| column.key).collect();
    let key: Vec<&str> = keys.iter().map(|column| column.name).collect();
    let has_primary_key = keys.iter().all(|column| column.required);
    let mut parts =
        vec!["supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id)".to_owned()];
    parts.extend(kind.columns().iter().map(|column| {
        let need = if column.required { " NOT NULL" } else { "" };
        format!("{} {}{need}", column.name, sql_type(column))
    }));
    parts.push("since_change INTEGER NOT NULL".to_owned());
    if has_primary_key {
        parts.push(format!("PRIMARY KEY (supplier_id, {})", key.join(", ")));
    }
    parts.extend(kind.references().iter().map(|(columns, to)| {
        let columns = columns.join(", ");
        let to = (to.name(), names_of_key(*to));
        format!("FOREIGN KEY (supplier_id, {columns}) REFERENCES {} (supplier_id, {})", to.0, to.1)
    }));
    let rowid = if has_primary_key { ", WITHOUT ROWID" } else { "" };
    let mut statements =
        vec![format!("CREATE TABLE {name} ({}) STRICT{rowid};\n", parts.join(", "))];
    if !has_primary_key {
        let parts: Vec<String> = keys.iter().map(|column| unique_part(column)).collect();
        statements.push(format!(
            "CREATE UNIQUE INDEX {name}_key ON {name} (supplier_id, {});\n",
            parts.join(", ")
        ));
    }
    // What is removed is looked for among those that may refer to it.
    for (columns, _) in kind.references().iter().filter(|(columns, _)| !key.starts_with(columns)) {
        let (by, columns) = (columns.join("_"), columns.join(", "));
        statements
            .push(format!("CREATE INDEX {name}_by_{by} ON {name} (supplier_id, {columns});\n"));
    }
    if kind.has_history() {
        statements.push(create_history(kind, &key));
    }
    statements.concat()
}

fn create_history(kind: Kind, key: &[&str]) -> String {
    let name = kind.name();
    let columns: Vec<String> = kind
        .columns()
        .iter()
        .map(|column| format!("{} {}", column.name, sql_type(column)))
        .collect();
    format!(
        "CREATE TABLE {name}_history (supplier_id INTEGER NOT NULL, {}, from_change INTEGER NOT NULL, \
         to_change INTEGER NOT NULL) STRICT;\n\
         CREATE INDEX {name}_history_by_key ON {name}_history (supplier_id, {});\n",
        columns.join(", "),
        key.join(", ")
    )
}

fn names_of_key(kind: Kind) -> String {
    let keys = kind.columns().iter().filter(|column| column.key);
    keys.map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// A column of a unique index. Empty cells are equal there; NULL would not be.
fn unique_part(column: &Column) -> String {
    if column.required { column.name.to_owned() } else { format!("ifnull({}, '')", column.name) }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn migrated() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::migrate::run(&mut connection, Path::new(".")).unwrap();
        connection
    }

    fn texts(connection: &Connection, sql: &str, table: &str) -> BTreeSet<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([table], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// What a table is like, but for the order of its columns and for indexes that it has beside.
    fn shape(connection: &Connection, table: &str) -> [BTreeSet<String>; 2] {
        let columns = "SELECT name || type || \"notnull\" || pk FROM pragma_table_info(?1)";
        let references = "SELECT \"table\" || group_concat(\"from\" || ' ' || \"to\" ORDER BY seq) \
             FROM pragma_foreign_key_list(?1) GROUP BY id";
        [texts(connection, columns, table), texts(connection, references, table)]
    }

    /// The tables of the migrations are what these statements make.
    #[test]
    fn made_tables_are_those_of_the_migrations() {
        let migrated = migrated();
        let own_make = |kind: &Kind| kind.is_numbered() || *kind == Kind::Supplier;
        for kind in table::kinds().filter(|kind| !own_make(kind)) {
            let made = Connection::open_in_memory().unwrap();
            made.execute_batch(&create(kind)).unwrap();
            for table in [kind.name().to_owned(), format!("{}_history", kind.name())] {
                assert_eq!(shape(&made, &table), shape(&migrated, &table), "{table}");
            }
            let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 \
                 AND name NOT LIKE 'sqlite_%'";
            let made = texts(&made, indexes, kind.name());
            assert!(made.is_subset(&texts(&migrated, indexes, kind.name())), "{made:?}");
        }
    }

    #[test]
    fn a_missing_table_is_made_and_used() {
        let mut connection = migrated();
        connection.execute_batch("DROP TABLE contacts; DROP TABLE contacts_history").unwrap();
        complete(&mut connection).unwrap();
        let other = migrated();
        for table in ["contacts", "contacts_history"] {
            assert_eq!(shape(&connection, table), shape(&other, table));
        }
        let retire = table::table(Kind::Contact).retire.as_ref().unwrap();
        connection.prepare(&table::table(Kind::Contact).insert).unwrap();
        connection.prepare(retire).unwrap();
    }

    #[test]
    fn rows_of_an_unknown_noun_are_refused() {
        let mut connection = migrated();
        connection
            .execute_batch(
                "CREATE TABLE eclipses (supplier_id INTEGER, since_change INTEGER) STRICT",
            )
            .unwrap();
        let error = complete(&mut connection).unwrap_err();
        assert!(error.to_string().contains("a newer Kontor: it has eclipses"), "{error}");
    }
}
