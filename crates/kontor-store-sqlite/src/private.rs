//! Nobody but the owner may read the data: it has digests of passwords, keys and personal data.
//!
//! New files are made so. What an older version made, or somebody copied, is closed when the data is
//! opened. Files that are not ours stay as they are.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tracing::warn;

/// The database.
pub(crate) const DATABASE_FILE: &str = "kontor.db";
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// How the names of our files in the data directory begin.
const OURS: [&str; 7] =
    [DATABASE_FILE, "high-water", "in-use", "import-progress", "serving-", "slices.lock", "sort-"];

/// How a file of the data is opened, so that one that is made is private.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(FILE_MODE);
    options
}

/// Makes the directory, unless it is there, and closes it and our files in it to everybody else.
pub(crate) fn close_to_others(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(dir)?;
    tighten(dir, DIRECTORY_MODE);
    // The database makes its other files with the mode of this one.
    match options().write(true).create_new(true).open(dir.join(DATABASE_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Ok(_) | Err(_) => {}
    }
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = OURS.iter().any(|ours| name.as_encoded_bytes().starts_with(ours.as_bytes()));
        if is_ours && entry.file_type()?.is_file() {
            tighten(&entry.path(), FILE_MODE);
        }
    }
    Ok(())
}

/// Takes everybody else's rights to a file. Only its owner can; others who may use it are told.
fn tighten(path: &Path, mode: u32) {
    let others = |found: &fs::Metadata| found.permissions().mode() & 0o077 != 0;
    // A file that another process removed meanwhile needs no rights.
    let Ok(found) = fs::metadata(path) else { return };
    if others(&found)
        && let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode))
    {
        warn!(path = %path.display(), %error, "others may read the data; close it with chmod go=");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn our_files_and_their_directory_are_closed_and_others_stay() {
        let scratch = Scratch::new("private");
        let dir = scratch.path();
        let path = |name: &str| dir.join(name);
        fs::set_permissions(dir, Permissions::from_mode(0o755)).unwrap();
        for name in ["kontor.db", "kontor.db-wal", "high-water", "serving-7", "notes.txt"] {
            fs::write(path(name), "x").unwrap();
            fs::set_permissions(path(name), Permissions::from_mode(0o644)).unwrap();
        }
        close_to_others(dir).unwrap();
        assert_eq!(mode(dir), 0o700);
        for name in ["kontor.db", "kontor.db-wal", "high-water", "serving-7"] {
            assert_eq!(mode(&path(name)), 0o600, "{name}");
        }
        assert_eq!(mode(&path("notes.txt")), 0o644);
    }
}
