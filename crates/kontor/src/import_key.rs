//! The key under which rows of accounts that were imported are known again: a file of the data directory,
//! for its owner alone, and in no backup. Without it everything is looked at once more.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use kontor_app::row_key::RowKey;

const FILE: &str = "import-key";

/// Reads the key; makes one when there is none, or none that can be used.
pub(crate) fn load(directory: &Path) -> io::Result<RowKey> {
    let path = directory.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => {
            if let Ok(bytes) = bytes.try_into() {
                return Ok(RowKey::from_bytes(bytes));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    make(directory, &path)
}

/// Writes beside the file and renames, so that nobody reads half a key. Of two who make one at the same
/// time the later counts, and what the other one noted is looked at once more.
fn make(directory: &Path, path: &Path) -> io::Result<RowKey> {
    let key = RowKey::generate();
    let partial = directory.join(format!(".{FILE}.{}.partial", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let key = load(directory.path()).unwrap();
        assert_eq!(load(directory.path()).unwrap().as_bytes(), key.as_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(directory.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(directory.path().join(FILE), "cut off").unwrap();
        assert_ne!(load(directory.path()).unwrap().as_bytes(), key.as_bytes());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
