//! Bringing data of an earlier schema to the newest one.
//!
//! Each migration and the note that it was made are one transaction: whoever is interrupted goes on
//! where it ended. A migration is not begun when the disk has no room for it.

use std::path::Path;

use kontor_store::StoreError;
use refinery::Target;
use rusqlite::Connection;
use tracing::info;

use crate::{error, new_tables};

/// Migrations that write tables anew, so that they need about as much room as the data takes; in
/// the log and in the database.
const COPYING: [i32; 0] = [];
/// Room that any other migration is given.
const SMALL_BYTES: u64 = 16 * 1024 * 1024;

mod files {
    refinery::embed_migrations!("migrations");
}

/// The newest schema that this program knows.
fn known() -> i32 {
    let runner = files::migrations::runner();
    runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or(0)
}

/// Brings the data to the newest schema. Data of a newer program is refused.
pub(crate) fn run(connection: &mut Connection, directory: &Path) -> Result<(), StoreError> {
    run_until(connection, known(), &|| free_bytes(directory))?;
    new_tables::complete(connection)
}

fn run_until(
    connection: &mut Connection,
    last: i32,
    free_bytes: &dyn Fn() -> Result<u64, StoreError>,
) -> Result<(), StoreError> {
    let found = schema_version(connection).map_err(error::opening)?;
    if found > i64::from(known()) {
        return Err(StoreError::Open(format!(
            "the data was written by a newer Kontor (schema {found}, this one knows {})",
            known()
        )));
    }
    if found == 0 {
        return migrate_to(connection, last);
    }
    let runner = files::migrations::runner();
    let mut versions: Vec<i32> =
        runner.get_migrations().iter().map(refinery::Migration::version).collect();
    versions.sort_unstable();
    let pending = |version: &&i32| i64::from(**version) > found && **version <= last;
    for version in versions.iter().filter(pending) {
        check_room(connection, *version, free_bytes)?;
        migrate_to(connection, *version)?;
    }
    Ok(())
}

/// All migrations up to this one that were not made yet, in one transaction.
fn migrate_to(connection: &mut Connection, version: i32) -> Result<(), StoreError> {
    let report = files::migrations::runner()
        .set_target(Target::Version(version))
        .set_grouped(true)
        .run(connection)
        .map_err(|error| StoreError::Open(format!("cannot migrate the data: {error}")))?;
    for migration in report.applied_migrations() {
        info!(version = migration.version(), name = migration.name(), "migrated the data");
    }
    Ok(())
}

fn check_room(
    connection: &Connection,
    version: i32,
    free_bytes: &dyn Fn() -> Result<u64, StoreError>,
) -> Result<(), StoreError> {
    let needed = if COPYING.contains(&version) {
        let number = |sql| connection.query_row(sql, [], |row| row.get::<_, u64>(0));
        let pages = number("PRAGMA page_count").map_err(error::opening)?;
        let page = number("PRAGMA page_size").map_err(error::opening)?;
        // Once in the log, once in the database.
        pages.saturating_mul(page).saturating_mul(2)
    } else {
        SMALL_BYTES
    };
    let free = free_bytes()?;
    if free >= needed {
        return Ok(());
    }
    Err(StoreError::Open(format!(
        "the data has an older schema, and bringing it to schema {version} needs {needed} bytes of \
         free disk, but there are {free}; nothing was changed. Make room and start again"
    )))
}

fn free_bytes(directory: &Path) -> Result<u64, StoreError> {
    let disk = rustix::fs::statvfs(directory)
        .map_err(|error| StoreError::Open(format!("cannot ask for the free disk: {error}")))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn schema_version(connection: &Connection) -> rusqlite::Result<i64> {
    if !connection.table_exists(None, "refinery_schema_history")? {
        return Ok(0);
    }
    let sql = "SELECT ifnull(max(version), 0) FROM refinery_schema_history";
    connection.query_row(sql, [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened_at(schema: i32) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        run_until(&mut connection, schema, &|| Ok(u64::MAX)).unwrap();
        connection
    }

    fn tables(connection: &Connection) -> Vec<(String, Option<String>)> {
        let sql = "SELECT name, sql FROM sqlite_schema ORDER BY name";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Whatever schema the data has, because it is old or because a migration was interrupted after
    /// another one, it comes to the same.
    #[test]
    fn migrations_go_on_where_they_ended() {
        let newest = tables(&opened_at(known()));
        for schema in 1..known() {
            let mut connection = opened_at(schema);
            run_until(&mut connection, known(), &|| Ok(u64::MAX)).unwrap();
            assert_eq!(schema_version(&connection).unwrap(), i64::from(known()));
            assert_eq!(tables(&connection), newest, "from schema {schema}");
        }
    }

    /// In the first schema receivers could only be closed for good.
    #[test]
    fn receivers_that_were_closed_stay_closed() {
        let mut connection = opened_at(1);
        connection
            .execute_batch(
                "INSERT INTO supplier (supplier_id, supplier, time_zone, currency, since_change)
                 VALUES (1, 'one', 'UTC', 'EUR', 1);
                 INSERT INTO closed_receivers VALUES (1, 'sha256:00', 7, 1)",
            )
            .unwrap();
        run_until(&mut connection, 2, &|| Ok(u64::MAX)).unwrap();
        let sql = "SELECT supplier_id, receiver, closed_at, opens_at FROM closed_receivers";
        let row =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let found: (i64, String, i64, Option<i64>) = connection.query_row(sql, [], row).unwrap();
        assert_eq!(found, (1, "sha256:00".to_owned(), 7, None));
    }

    /// A migration that fails leaves nothing of itself, neither tables nor a note.
    #[test]
    fn a_migration_is_made_whole_or_not_at_all() {
        let mut connection = opened_at(1);
        // The second migration begins with a table of this name, and notes itself in the history.
        connection
            .execute_batch(
                "CREATE TRIGGER full BEFORE INSERT ON refinery_schema_history
                 BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            )
            .unwrap();
        let before = tables(&connection);
        let error = run_until(&mut connection, 2, &|| Ok(u64::MAX)).unwrap_err();
        assert!(error.to_string().contains("cannot migrate the data"), "{error}");
        assert_eq!(tables(&connection), before);
        connection.execute_batch("DROP TRIGGER full").unwrap();
        run_until(&mut connection, known(), &|| Ok(u64::MAX)).unwrap();
    }

    #[test]
    fn a_disk_without_room_is_refused_before_anything_is_changed() {
        let mut connection = opened_at(1);
        let before = tables(&connection);
        let error = run_until(&mut connection, 2, &|| Ok(SMALL_BYTES - 1)).unwrap_err();
        assert!(error.to_string().contains("16777216 bytes of free disk"), "{error}");
        assert_eq!(tables(&connection), before);
        run_until(&mut connection, 2, &|| Ok(SMALL_BYTES)).unwrap();
        assert_eq!(schema_version(&connection).unwrap(), 2);
        // New data has nothing that could be copied.
        let mut connection = Connection::open_in_memory().unwrap();
        run_until(&mut connection, known(), &|| Ok(0)).unwrap();
    }
}
