//! One connection to the file, set up as every connection must be.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kontor_model::price_list::Shape;
use kontor_store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};

use crate::error;
use crate::steps;

/// Statements that one connection keeps ready; there are about eight per kind.
const PREPARED_STATEMENTS: usize = 256;
/// Pages the writer keeps in memory, in KiB. The pages a bulk import goes on writing to, one per
/// price list, must fit.
const WRITER_CACHE_KIB: i64 = 128 * 1024;
const READER_CACHE_KIB: i64 = 8 * 1024;
const STAGER_CACHE_KIB: i64 = 32 * 1024;

/// How often it is tried whether others have ended their writing.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// A connection with what it remembers.
pub(crate) struct Database {
    pub(crate) connection: Connection,
    /// Where the file is.
    pub(crate) directory: PathBuf,
    /// How long it waits for who is writing.
    busy_timeout: Duration,
    /// Shapes by number. A committed shape never changes; the writer forgets all of them when it
    /// takes something back.
    pub(crate) shapes: RefCell<HashMap<u32, Arc<Shape>>>,
    /// Whether somebody looks at a row of a scan just now.
    visiting: Cell<bool>,
}

/// Somebody looks at a row, as long as it is kept.
struct Visiting<'a> {
    flag: &'a Cell<bool>,
    before: bool,
}

impl Drop for Visiting<'_> {
    fn drop(&mut self) {
        self.flag.set(self.before);
    }
}

impl Database {
    /// The connection that writes. Creates the file when it is missing.
    pub(crate) fn writer(path: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(error::opening)?;
        connection.busy_timeout(busy_timeout).map_err(error::opening)?;
        // What is deleted is overwritten: data that was erased, secrets that were replaced.
        connection
            .pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))
            .map_err(error::opening)?;
        Self::set_up(connection, path, WRITER_CACHE_KIB, busy_timeout).map_err(error::opening)
    }

    /// A connection that only reads.
    pub(crate) fn reader(path: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        // A reader of a WAL takes its place among the readers by writing to the shared index.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(error::reading)?;
        connection.busy_timeout(busy_timeout).map_err(error::reading)?;
        let database = Self::set_up(connection, path, READER_CACHE_KIB, busy_timeout)
            .map_err(error::reading)?;
        database.connection.pragma_update(None, "query_only", true).map_err(error::reading)?;
        Ok(database)
    }

    /// A connection that reads and has temporary tables of its own.
    pub(crate) fn stager(path: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(error::reading)?;
        connection.busy_timeout(busy_timeout).map_err(error::reading)?;
        Self::set_up(connection, path, STAGER_CACHE_KIB, busy_timeout).map_err(error::reading)
    }

    /// A statement, kept ready for the next time. Tests look at the plan of each
    /// ([`crate::plans`]), so statements that read or write tables are prepared nowhere else.
    #[cfg_attr(test, track_caller)]
    pub(crate) fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        debug_assert!(
            !self.visiting.get(),
            "a visitor of rows asked its own view: it must note what it wants, or ask for pages"
        );
        #[cfg(test)]
        crate::plans::note(&self.connection, sql, std::panic::Location::caller());
        self.connection.prepare_cached(sql).map_err(error::reading)
    }

    /// Lets somebody look at a row of a scan. Who does must not ask this view anything meanwhile: a
    /// database with one cursor for each connection could not answer (docs/decisions/0034). A build
    /// for debugging panics when it is asked.
    pub(crate) fn visit<T>(&self, look: impl FnOnce() -> T) -> T {
        let _visiting = Visiting { flag: &self.visiting, before: self.visiting.replace(true) };
        look()
    }

    /// Begins a transaction that writes, when nobody else does.
    ///
    /// SQLite itself waits in longer and longer sleeps: an import in slices, which leaves the lock only
    /// for moments, would be found at work again and again.
    pub(crate) fn begin_write(&self) -> Result<(), StoreError> {
        let start = Instant::now();
        while !self.try_begin_write()? {
            if start.elapsed() >= self.busy_timeout {
                return Err(StoreError::Write("another process writes".to_owned()));
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// Whether a transaction that writes could begin now. It waits for nobody and writes nothing.
    pub(crate) fn could_begin_write(&self) -> Result<bool, StoreError> {
        let could = self.try_begin_write()?;
        if could {
            self.execute("ROLLBACK")?;
        }
        Ok(could)
    }

    /// Begins a transaction that writes; `false` when another process does.
    fn try_begin_write(&self) -> Result<bool, StoreError> {
        let timeout = |timeout| self.connection.busy_timeout(timeout).map_err(error::writing);
        timeout(Duration::ZERO)?;
        let begun = match self.prepare("BEGIN IMMEDIATE")?.execute([]) {
            Ok(_) => Ok(true),
            Err(error) if is_busy(&error) => Ok(false),
            Err(error) => Err(error::writing(error)),
        };
        timeout(self.busy_timeout)?;
        begun
    }

    /// The file of the write-ahead log.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.directory.join(format!("{}-wal", crate::open::FILE_NAME))
    }

    /// Runs `read` in one transaction: it sees one state, whatever is committed meanwhile.
    pub(crate) fn in_view<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute("BEGIN")?;
        let result = read();
        self.execute("COMMIT")?;
        result
    }

    fn execute(&self, sql: &str) -> Result<(), StoreError> {
        self.prepare(sql)?.execute([]).map(drop).map_err(error::reading)
    }

    fn set_up(
        mut connection: Connection,
        path: &Path,
        cache_kib: i64,
        busy_timeout: Duration,
    ) -> rusqlite::Result<Self> {
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        // Otherwise statements are planned anew for every value that is bound to them, which took a
        // quarter of the time of a small write.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // NORMAL loses acknowledged changes in a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        // A read error of mapped memory would be a signal instead of an error.
        connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
        connection.pragma_update(None, "cache_size", -cache_kib)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        steps::watch(&mut connection)?;
        Ok(Self {
            connection,
            directory: path.parent().unwrap_or(path).to_owned(),
            busy_timeout,
            shapes: RefCell::default(),
            visiting: Cell::new(false),
        })
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}
