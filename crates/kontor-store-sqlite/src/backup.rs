//! A copy of the data, made while others write.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::time::Duration;

use kontor_store::{ChangeNumber, StoreError};

use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::high_water::HighWater;
use crate::open::FILE_NAME;

/// The copy while it is not whole.
const PARTIAL: &str = "kontor.db.partial";

/// Copies a database into a directory that is empty or not there. The copy shows one state, which has
/// everything that was acknowledged before; it is on disk when this returns. Returns its newest change.
pub(crate) fn make(
    path: &Path,
    busy_timeout: Duration,
    to: &Path,
) -> Result<ChangeNumber, StoreError> {
    prepare(to).map_err(|error| failed(to, &error))?;
    let partial = to.join(PARTIAL);
    let copied = copy(path, busy_timeout, &partial).and_then(|()| finish(to, busy_timeout));
    if copied.is_err() {
        // What is left of a copy that failed is of no use to anybody.
        let _ = fs::remove_file(&partial);
    }
    copied
}

fn prepare(to: &Path) -> io::Result<()> {
    match fs::read_dir(to).map(|mut files| files.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(io::Error::other("it is not empty; name a new directory for the copy")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(to)
        }
        Err(error) => Err(error),
    }
}

/// Copies page by page in one read transaction: who writes meanwhile is not held up.
fn copy(path: &Path, busy_timeout: Duration, partial: &Path) -> Result<(), StoreError> {
    // Only the owner may read it, from the first byte on.
    private_file(partial).map_err(|error| failed(partial, &error))?;
    let source = Database::stager(path, busy_timeout)?;
    let name = partial.to_str().ok_or_else(|| {
        StoreError::Write(format!("{}: the name is not UTF-8", partial.display()))
    })?;
    source.connection.execute("VACUUM INTO ?1", [name]).map(drop).map_err(error::writing)?;
    let copied = File::open(partial).and_then(|file| file.sync_all());
    copied.map_err(|error| failed(partial, &error))
}

/// Gives the copy its name and its high-water mark.
fn finish(to: &Path, busy_timeout: Duration) -> Result<ChangeNumber, StoreError> {
    let path = to.join(FILE_NAME);
    fs::rename(to.join(PARTIAL), &path).map_err(|error| failed(&path, &error))?;
    let head = change_log::head(&Database::reader(&path, busy_timeout)?)?;
    HighWater::open(to)?.reset(&head)?;
    File::open(to)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| failed(to, &error))?;
    Ok(ChangeNumber(head.number))
}

fn private_file(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

fn failed(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Write(format!("{}: {error}", path.display()))
}
