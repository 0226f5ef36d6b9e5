//! Data as an older version of the program left it: made from the migrations of that time.

use std::fs;
use std::path::{Path, PathBuf};

use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;

use crate::scratch::Scratch;

/// Makes a database with the schema of this version.
pub(super) fn create(dir: &Path, version: u32) -> Connection {
    let path = dir.join("kontor.db");
    let connection = Connection::open(&path).unwrap();
    // What marks a database of this program, as in `open.rs`.
    connection.pragma_update(None, "application_id", 0x4b6f_6e74).unwrap();
    for (number, migration) in migrations() {
        if number <= version {
            connection.execute_batch(&fs::read_to_string(migration).unwrap()).unwrap();
        }
    }
    let fresh = Scratch::new(&format!("{}-fresh", dir.file_name().unwrap().to_str().unwrap()));
    drop(SqliteStore::open(fresh.path(), &OpenOptions::default()).unwrap());
    let fresh = fresh.path().join("kontor.db");
    connection.execute("ATTACH ?1 AS fresh", [fresh.to_str().unwrap()]).unwrap();
    let history: String = connection
        .query_row(
            "SELECT sql FROM fresh.sqlite_schema WHERE name = 'refinery_schema_history'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    connection.execute_batch(&history).unwrap();
    connection
        .execute(
            "INSERT INTO main.refinery_schema_history \
             SELECT * FROM fresh.refinery_schema_history WHERE version <= ?1",
            [version],
        )
        .unwrap();
    connection.execute_batch("DETACH fresh").unwrap();
    connection
}

/// The migrations by their number.
fn migrations() -> Vec<(u32, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let number = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.trim_start_matches('V').split("__").next().unwrap().parse().unwrap()
    };
    let mut migrations: Vec<(u32, PathBuf)> = files.map(|path| (number(&path), path)).collect();
    migrations.sort();
    migrations
}
