//! Keeps the write-ahead log short: moves what was committed into the database file.
//!
//! SQLite's own automatic checkpoints run inside a commit and hide their errors; these run after the
//! answers were given, and a failing fsync is seen.
//!
//! Pages are moved while others write. A log that became long must begin anew, and that needs the
//! writers' turn, so it is done when hardly anything is left to be moved. Cutting the file costs the file
//! system 0.1 s and more, so it is done only when nobody writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kontor_store::StoreError;
use tracing::debug;

use crate::database::Database;
use crate::error;

/// Frames (pages) that wait in the log before they are moved: 4 MiB.
const MOVE_AFTER: i64 = 1_000;
/// Frames after which the log begins anew, in the same file, as soon as no reader needs it: 64 MiB. A
/// bulk import makes a log as long as everything it wrote.
const ANEW_AFTER: i64 = 16_000;
/// Bytes of a log that is cut when nobody writes: what it has when it begins anew in time.
const CUT_ABOVE: u64 = 68 * 1024 * 1024;
/// Frames that may be left to be moved in the writers' turn.
const FEW: i64 = 64;
/// So often what others wrote meanwhile is moved, until few are left.
const ROUNDS: u32 = 8;

/// Those who move the log themselves after a large commit, so that the writer need not: jobs would wait
/// behind it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Elsewhere(Arc<AtomicUsize>);

/// One of them, as long as it is kept.
pub(crate) struct MovesTheLog(Elsewhere);

impl Elsewhere {
    pub(crate) fn begin(&self) -> MovesTheLog {
        self.0.fetch_add(1, Ordering::AcqRel);
        MovesTheLog(self.clone())
    }

    /// Whether somebody else moves the log.
    pub(crate) fn is_going_on(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}

impl Drop for MovesTheLog {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Frames in the log, and how many of them are in the database already.
struct Progress {
    /// Somebody reads or writes, so not everything asked for was done.
    is_busy: bool,
    frames: i64,
    moved: i64,
}

/// Moves the log when it is long. Readers that still need it are not disturbed: the rest is moved
/// after a later commit.
pub(crate) fn when_long(database: &Database) -> Result<(), StoreError> {
    let Progress { frames, moved, .. } = run(database, "NOOP")?;
    if frames >= ANEW_AFTER {
        begun_anew(database)
    } else if frames - moved >= MOVE_AFTER {
        run(database, "PASSIVE").map(drop)
    } else {
        Ok(())
    }
}

/// Lets the log begin at the start of its file again. Who writes meanwhile, or reads an older state,
/// puts it off.
fn begun_anew(database: &Database) -> Result<(), StoreError> {
    if all_but_few(database)? { run_unless_busy(database, "RESTART").map(drop) } else { Ok(()) }
}

/// Moves what others go on writing, until few frames are left. Whether it came so far.
fn all_but_few(database: &Database) -> Result<bool, StoreError> {
    for _ in 0..ROUNDS {
        run(database, "PASSIVE")?;
        let Progress { frames, moved, .. } = run(database, "NOOP")?;
        if frames - moved <= FEW {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Cuts a long file of the log, when nobody writes. Whether it needs no cutting any more.
pub(crate) fn cut_when_quiet(database: &Database) -> Result<bool, StoreError> {
    let length = std::fs::metadata(database.log_path()).map_or(0, |file| file.len());
    if length <= CUT_ABOVE { Ok(true) } else { emptied(database) }
}

/// Moves everything, before the data is closed.
pub(crate) fn whole(database: &Database) -> Result<(), StoreError> {
    emptied(database).map(drop)
}

/// Moves everything and cuts the log to nothing. Whether it could: who reads an older state needs it.
pub(crate) fn emptied(database: &Database) -> Result<bool, StoreError> {
    all_but_few(database)?;
    run_unless_busy(database, "TRUNCATE").map(|progress| !progress.is_busy)
}

/// A checkpoint that needs readers to be gone must not wait for them: jobs wait behind it.
fn run_unless_busy(database: &Database, mode: &str) -> Result<Progress, StoreError> {
    let connection = &database.connection;
    let timeout: i64 = connection
        .query_row("PRAGMA busy_timeout", [], |row| row.get(0))
        .map_err(error::writing)?;
    let set = |milliseconds: i64| {
        connection
            .pragma_update_and_check(None, "busy_timeout", milliseconds, |_| Ok(()))
            .map_err(error::writing)
    };
    set(0)?;
    let result = run(database, mode);
    set(timeout)?;
    result
}

fn run(database: &Database, mode: &str) -> Result<Progress, StoreError> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    let progress = database
        .connection
        .query_row(&sql, [], |row| {
            Ok(Progress { is_busy: row.get(0)?, frames: row.get(1)?, moved: row.get(2)? })
        })
        .map_err(error::writing)?;
    if mode != "NOOP" {
        debug!(mode, frames = progress.frames, moved = progress.moved, "checkpoint");
    }
    Ok(progress)
}
