//! Opening the data: set up, migrate, and refuse what is damaged, older or newer than it may be.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::Duration;

use kontor_store::StoreError;
use tracing::{info, warn};

use crate::change_log::{self, Head};
use crate::database::Database;
use crate::error;
use crate::high_water::HighWater;

/// The file of the database in the data directory.
pub(crate) const FILE_NAME: &str = "kontor.db";

/// `Kont`: tells our files from other people's SQLite files.
const APPLICATION_ID: i32 = 0x4b6f_6e74;
/// Changes whose hashes are recomputed when the data is opened.
const VERIFIED_CHANGES: u64 = 1_000;

/// How data is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Accept data that is older than what was acknowledged, e.g. a backup that was put back, and
    /// go on from there.
    pub accept_older: bool,
    /// Read the whole file and refuse it when a page is damaged. It takes about a second for 10
    /// million prices; a command that runs beside a server on the same data can leave it out.
    pub quick_check: bool,
    /// How long a write waits for another process that is writing, e.g. an import.
    pub busy_timeout: Duration,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { accept_older: false, quick_check: true, busy_timeout: Duration::from_mins(1) }
    }
}

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// The connection that writes and the mark, on data that was found good.
pub(crate) fn open(dir: &Path, options: &OpenOptions) -> Result<(Database, HighWater), StoreError> {
    create_directory(dir)?;
    let mut mark = HighWater::open(dir)?;
    let mut database = Database::writer(&dir.join(FILE_NAME), options.busy_timeout)?;
    // Two processes that open new data at once must not both make the tables. Who writes already
    // needs the lock after each commit, so it is not held while everything is read.
    mark.locked(|_| identify(&database).and_then(|()| use_wal(&database)))?;
    if options.quick_check {
        quick_check(&database)?;
    }
    mark.locked(|_| migrate(&mut database))?;
    // The files' names must be on disk before anything in them is acknowledged.
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|error| StoreError::Open(format!("cannot sync the data directory: {error}")))?;
    let head = change_log::head(&database)?;
    change_log::verify(&database, head.number.saturating_sub(VERIFIED_CHANGES))?;
    mark.locked(|mark| check_mark(&database, options, mark))?;
    database.connection.execute_batch(crate::seen::TABLE).map_err(error::opening)?;
    info!(change = head.number, "opened the data");
    Ok((database, mark))
}

fn create_directory(dir: &Path) -> Result<(), StoreError> {
    // The data has secrets of partners: nobody else may look into a directory made here.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| StoreError::Open(format!("cannot create the data directory: {error}")))
}

fn identify(database: &Database) -> Result<(), StoreError> {
    let connection = &database.connection;
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i32>(0));
    let id = number("PRAGMA application_id").map_err(error::opening)?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    let tables = number("SELECT count(*) FROM sqlite_schema").map_err(error::opening)?;
    if id != 0 || tables != 0 {
        return Err(StoreError::Open(format!("{FILE_NAME} is not a database of Kontor")));
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(error::opening)
}

fn use_wal(database: &Database) -> Result<(), StoreError> {
    let connection = &database.connection;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(error::opening)?;
    if mode != "wal" {
        return Err(StoreError::Open(format!(
            "the file system cannot share memory between processes (journal mode {mode})"
        )));
    }
    // Checkpoints are made by the writer, which looks at their errors.
    connection
        .pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))
        .map_err(error::opening)
}

fn quick_check(database: &Database) -> Result<(), StoreError> {
    let result: String = database
        .connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(error::opening)?;
    if result == "ok" { Ok(()) } else { Err(StoreError::Damaged(format!("{FILE_NAME}: {result}"))) }
}

fn migrate(database: &mut Database) -> Result<(), StoreError> {
    let runner = migrations::migrations::runner();
    let known = runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or(0);
    let connection = &mut database.connection;
    let found = schema_version(connection).map_err(error::opening)?;
    if found > i64::from(known) {
        return Err(StoreError::Open(format!(
            "the data was written by a newer Kontor (schema {found}, this one knows {known})"
        )));
    }
    let report = runner
        .run(connection)
        .map_err(|error| StoreError::Open(format!("cannot migrate the data: {error}")))?;
    for migration in report.applied_migrations() {
        info!(version = migration.version(), name = migration.name(), "migrated the data");
    }
    Ok(())
}

fn schema_version(connection: &rusqlite::Connection) -> rusqlite::Result<i64> {
    if !connection.table_exists(None, "refinery_schema_history")? {
        return Ok(0);
    }
    let sql = "SELECT ifnull(max(version), 0) FROM refinery_schema_history";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Compares the newest change with the mark.
fn check_mark(
    database: &Database,
    options: &OpenOptions,
    mark: &mut HighWater,
) -> Result<(), StoreError> {
    let head = change_log::head(database)?;
    let Some(acknowledged) = mark.read()? else {
        return mark.reset(&head);
    };
    let found = if acknowledged.number == 0 {
        Some(Head::NONE.hash)
    } else {
        change_log::hash_of(database, acknowledged.number)?
    };
    if found == Some(acknowledged.hash) {
        return Ok(());
    }
    if options.accept_older {
        warn!(
            acknowledged = acknowledged.number,
            change = head.number,
            "going on with older data, as asked for"
        );
        return mark.reset(&head);
    }
    let reason = if found.is_some() {
        "it has another history than what was acknowledged"
    } else {
        "acknowledged changes are missing"
    };
    Err(StoreError::Damaged(format!(
        "{FILE_NAME} ends at change {}, but change {} was acknowledged: {reason}. Put back a newer \
         copy, or open the data once with the option to accept older data and go on from change {}",
        head.number, acknowledged.number, head.number
    )))
}
