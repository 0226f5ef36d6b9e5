//! Opening the data: set up, migrate, and refuse what is damaged, older or newer than it may be.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use kontor_store::StoreError;
use tracing::{info, warn};

use crate::change_log::{self, Head};
use crate::database::Database;
use crate::error;
use crate::high_water::{self, HighWater};
use crate::in_use::{self, InUse};
use crate::migrate;
use crate::pending::Slices;
use crate::private;
use crate::state;

pub(crate) use crate::private::DATABASE_FILE as FILE_NAME;

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
    /// How long a write waits for another process that is writing, e.g. an import.
    pub busy_timeout: Duration,
    /// How large imports of prices are written.
    pub slices: Slices,
    /// How often it is looked for imports of prices whose process died.
    pub settle_every: Duration,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            accept_older: false,
            busy_timeout: Duration::from_mins(1),
            slices: Slices::default(),
            settle_every: Duration::from_secs(5),
        }
    }
}

/// The parts of data that was found good.
pub(crate) struct Opened {
    /// The connection that writes.
    pub(crate) database: Database,
    pub(crate) mark: HighWater,
    pub(crate) in_use: InUse,
}

/// Opens the data and looks at what costs the same at any size. Every page is read by
/// [`crate::SqliteStore::check`].
pub(crate) fn open(dir: &Path, options: &OpenOptions) -> Result<Opened, StoreError> {
    create_directory(dir)?;
    let was_used = in_use::is_known(dir);
    let mut mark = HighWater::open(dir)?;
    let mut database = Database::writer(&dir.join(FILE_NAME), options.busy_timeout)?;
    // Two processes that open new data at once must not both make the tables. Who writes already
    // needs the lock after each commit, so it is not held while the log is read.
    mark.locked(|_| identify(&database).and_then(|()| use_wal(&database)))?;
    mark.locked(|_| migrate::run(&mut database.connection, dir))?;
    sync_names(dir)?;
    let head = change_log::head(&database)?;
    change_log::verify(&database, head.number.saturating_sub(VERIFIED_CHANGES))?;
    state::check_head(&database)?;
    mark.locked(|mark| check_mark(&database, options, was_used, mark))?;
    // It comes after the mark: where it is, a mark was.
    let in_use = InUse::enter(dir, head.number == 0)?;
    if !was_used {
        sync_names(dir)?;
    }
    database.connection.execute_batch(crate::seen::TABLE).map_err(error::opening)?;
    info!(change = head.number, "opened the data");
    Ok(Opened { database, mark, in_use })
}

/// The files' names must be on disk before anything in them is acknowledged.
fn sync_names(dir: &Path) -> Result<(), StoreError> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|error| StoreError::Open(format!("cannot sync the data directory: {error}")))
}

fn create_directory(dir: &Path) -> Result<(), StoreError> {
    private::close_to_others(dir)
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

/// Compares the newest change with the mark.
fn check_mark(
    database: &Database,
    options: &OpenOptions,
    was_used: bool,
    mark: &mut HighWater,
) -> Result<(), StoreError> {
    let head = change_log::head(database)?;
    let Some(acknowledged) = mark.read()? else {
        return without_mark(&head, options, was_used, mark);
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
         copy, or open the data once with the option to accept older data (kontor serve \
         --accept-older-data) and go on from change {}",
        head.number, acknowledged.number, head.number
    )))
}

/// Data that was never written gets its mark. Of other data nobody knows any more how new it was.
fn without_mark(
    head: &Head,
    options: &OpenOptions,
    was_used: bool,
    mark: &mut HighWater,
) -> Result<(), StoreError> {
    let is_new = head.number == 0 && !was_used;
    if is_new {
        return mark.reset(head);
    }
    if options.accept_older {
        warn!(
            change = head.number,
            "going on without the mark of acknowledged changes, as asked for"
        );
        return mark.reset(head);
    }
    Err(StoreError::Damaged(format!(
        "the file {} beside {FILE_NAME} is missing or damaged, so nobody knows whether acknowledged \
         changes are missing after change {}. Put back the file or a whole copy, or open the data \
         once with the option to accept older data (kontor serve --accept-older-data) and go on \
         from change {}",
        high_water::FILE_NAME,
        head.number,
        head.number
    )))
}
