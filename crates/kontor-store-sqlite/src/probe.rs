//! Finding out whether the data can be written: whether its file is still the one that was opened,
//! and whether a small transaction gets to the disk.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use kontor_store::StoreError;

use crate::database::Database;
use crate::error;
use crate::open::FILE_NAME;

/// The file that was opened.
pub(crate) struct OpenedFile {
    path: PathBuf,
    /// Device and number; `None` when they could not be found out.
    identity: Option<(u64, u64)>,
}

impl OpenedFile {
    pub(crate) fn of(database: &Database) -> Self {
        let path = database.directory.join(FILE_NAME);
        Self { identity: identity(&path).ok(), path }
    }

    /// What is written to a file that has no name any more is lost with the process, though the
    /// system says that it is on disk.
    pub(crate) fn is_in_its_place(&self) -> Result<(), StoreError> {
        match identity(&self.path) {
            Ok(found) if Some(found) == self.identity || self.identity.is_none() => Ok(()),
            Ok(_) => Err(StoreError::Write(format!(
                "{FILE_NAME} was replaced by another file; restart to go on with that one"
            ))),
            Err(error) => Err(StoreError::Write(format!(
                "{FILE_NAME} is not in its place any more ({error}); put it back"
            ))),
        }
    }
}

/// Writes one small row and brings it to disk.
pub(crate) fn run(database: &Database) -> Result<(), StoreError> {
    let sql = "BEGIN IMMEDIATE;
               INSERT INTO write_probe (id, probes) VALUES (1, 1)
               ON CONFLICT (id) DO UPDATE SET probes = probes + 1;
               COMMIT";
    let written = database.connection.execute_batch(sql).map_err(error::writing);
    if written.is_err() && !database.connection.is_autocommit() {
        database.connection.execute_batch("ROLLBACK").map_err(error::writing)?;
    }
    written
}

fn identity(path: &std::path::Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}
