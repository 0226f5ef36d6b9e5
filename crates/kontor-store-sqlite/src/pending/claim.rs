//! Who prepares or settles an import in slices. Others wait, in this process or in another one; the
//! system takes the lock back when the process dies, so a left import is nobody's.

use std::fs::File;
use std::io;
use std::path::Path;

use kontor_store::StoreError;

use crate::private;

const FILE_NAME: &str = "slices.lock";

/// Holds the lock until it is dropped.
pub(crate) struct Claim(#[expect(dead_code, reason = "only its lock is used")] File);

impl Claim {
    /// Waits until nobody has it.
    pub(crate) fn take(dir: &Path) -> Result<Self, StoreError> {
        let file = open(dir).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Self(file))
    }

    /// `None`: somebody is at it.
    pub(crate) fn try_take(dir: &Path) -> Result<Option<Self>, StoreError> {
        let file = open(dir).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

fn open(dir: &Path) -> io::Result<File> {
    private::options().create(true).truncate(false).write(true).open(dir.join(FILE_NAME))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: io::Error) -> StoreError {
    StoreError::Write(format!("cannot lock {FILE_NAME}: {error}"))
}
