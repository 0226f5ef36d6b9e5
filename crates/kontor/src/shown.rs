//! Which change a running server shows, told to other processes on the same data: a command that
//! has written returns when the very next answer has what it wrote.
//!
//! Each server keeps a small locked file in the data directory with the number of the change. A file
//! that nobody has locked is of a server that was killed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kontor_store::{ChangeNumber, Store, StoreError};

const PREFIX: &str = "serving-";
/// How often it is looked whether a server shows a change.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// How long a command waits for the servers to show what it wrote.
pub(crate) const WAIT: Duration = Duration::from_secs(5);

/// What a server says.
pub(crate) struct Shown {
    file: File,
    path: PathBuf,
}

impl Shown {
    /// Says that this process serves the data in a directory.
    pub(crate) fn begin(directory: &Path, change: u64) -> io::Result<Self> {
        let path = directory.join(format!("{PREFIX}{}", std::process::id()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        file.lock()?;
        let shown = Self { file, path };
        shown.tell(change)?;
        Ok(shown)
    }

    /// Says that answers show this change.
    pub(crate) fn tell(&self, change: u64) -> io::Result<()> {
        self.file.write_all_at(&change.to_le_bytes(), 0)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // One that is left behind is seen to be of nobody.
        let _ = fs::remove_file(&self.path);
    }
}

/// Waits until all servers on the data in a directory show a change. Returns whether they do.
pub(crate) fn wait(directory: &Path, change: ChangeNumber, at_most: Duration) -> bool {
    let until = Instant::now() + at_most;
    let Ok(files) = fs::read_dir(directory) else { return true };
    let is_of_server = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(PREFIX))
    };
    let servers = files.filter_map(|file| Some(file.ok()?.path())).filter(is_of_server);
    let mut servers: Vec<PathBuf> = servers.collect();
    loop {
        servers.retain(|path| is_behind(path, change));
        if servers.is_empty() {
            return true;
        }
        if Instant::now() >= until {
            return false;
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Waits for what a command wrote last: it returns when the next answer has it.
pub(crate) fn wait_for_newest(directory: &Path, store: &dyn Store) -> Result<(), StoreError> {
    wait_and_tell(directory, store.last_change()?);
    Ok(())
}

/// Waits for all servers, and says on the standard error when one does not show it in time.
pub(crate) fn wait_and_tell(directory: &Path, change: ChangeNumber) {
    if !wait(directory, change, WAIT) {
        eprintln!(
            "change {} is durable, but a running server does not show it after {} s; its /readyz \
             tells how far it is",
            change.0,
            WAIT.as_secs()
        );
    }
}

/// Whether the server of this file is there and shows an older change.
fn is_behind(path: &Path, change: ChangeNumber) -> bool {
    let Ok(file) = File::open(path) else { return false };
    if file.try_lock_shared().is_ok() {
        // Nobody serves; what the file of a killed server says would be asked for ever.
        let _ = fs::remove_file(path);
        return false;
    }
    let mut bytes = [0; 8];
    match file.read_exact_at(&mut bytes, 0) {
        Ok(()) => u64::from_le_bytes(bytes) < change.0,
        // It has just begun, and says at once what it shows.
        Err(error) => error.kind() == ErrorKind::UnexpectedEof,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_waits_for_servers_that_run_and_for_no_others() {
        let directory = tempfile::tempdir().unwrap();
        let shows = |change| wait(directory.path(), ChangeNumber(change), Duration::ZERO);
        assert!(shows(7), "nobody serves");
        fs::write(directory.path().join("serving-1"), 3_u64.to_le_bytes()).unwrap();
        assert!(shows(7), "it was killed");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "its file is removed");
        let server = Shown::begin(directory.path(), 3).unwrap();
        assert!(shows(3) && !shows(4));
        server.tell(4).unwrap();
        assert!(shows(4) && !shows(5));
        std::thread::scope(|scope| {
            let waiting =
                scope.spawn(|| wait(directory.path(), ChangeNumber(5), Duration::from_mins(1)));
            server.tell(5).unwrap();
            assert!(waiting.join().unwrap());
        });
        drop(server);
        assert!(shows(8), "it ended");
    }
}
