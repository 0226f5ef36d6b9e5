//! How far an import is, told to a server on the same data.
//!
//! An import is a process of its own. It keeps a line in a file of the data directory and holds a
//! lock on that file as long as it runs: a line without a lock was left behind by one that was
//! killed and means nothing.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use kontor_exchange::Progress;

const FILE: &str = "import-progress";
/// How often the line is written.
const EVERY: Duration = Duration::from_millis(500);

/// Writes the line.
pub(crate) struct ImportProgress {
    /// `None` while another import runs on the same data: the first one tells.
    file: Option<File>,
    written: Option<Instant>,
    /// How far an import came that was killed.
    broken_off: Option<Told>,
}

/// What the line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// Bytes read of all files.
    pub(crate) bytes: u64,
    /// Bytes of all files.
    pub(crate) total: u64,
    /// Rows read of all files.
    pub(crate) rows: u64,
}

impl ImportProgress {
    pub(crate) fn begin(directory: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let options = options.create(true).truncate(false).read(true).write(true).mode(0o600);
        let mut file = options.open(directory.join(FILE))?;
        let (file, broken_off) = match file.try_lock() {
            Ok(()) => {
                let left = read(&mut file);
                (Some(file), left)
            }
            Err(TryLockError::WouldBlock) => (None, None),
            Err(TryLockError::Error(error)) => return Err(error),
        };
        let mut progress = Self { file, written: None, broken_off };
        progress.write(Told::default());
        Ok(progress)
    }

    /// How far the import before came, when it did not come to its end.
    pub(crate) fn broken_off(&self) -> Option<Told> {
        self.broken_off
    }

    /// Tells how far it is, unless it did a moment ago.
    pub(crate) fn tell(&mut self, progress: &Progress<'_>) {
        if self.written.is_none_or(|written| written.elapsed() >= EVERY) {
            self.written = Some(Instant::now());
            let Progress { bytes, total, rows, .. } = *progress;
            self.write(Told { bytes, total, rows });
        }
    }

    /// The same length every time, so that no reader sees the rest of an older line. An import does
    /// not fail because nobody can be told about it.
    fn write(&mut self, told: Told) {
        let Some(file) = &mut self.file else { return };
        let line = format!("{:020} {:020} {:020}\n", told.bytes, told.total, told.rows);
        let written = file.rewind().and_then(|()| file.write_all(line.as_bytes()));
        if let Err(error) = written {
            tracing::warn!(%error, "cannot tell how far the import is");
            self.file = None;
        }
    }
}

impl Drop for ImportProgress {
    /// An import that comes to its end, with faults or without, leaves no line.
    fn drop(&mut self) {
        if let Some(Err(error)) = self.file.as_ref().map(|file| file.set_len(0)) {
            tracing::warn!(%error, "cannot tell that the import has ended");
        }
    }
}

/// How far the import that runs on this data is; `None` when there is none.
pub(crate) fn running(directory: &Path) -> Option<Told> {
    let mut file = File::open(directory.join(FILE)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        Ok(()) | Err(TryLockError::Error(_)) => return None,
    }
    read(&mut file)
}

fn read(file: &mut File) -> Option<Told> {
    let mut line = String::new();
    file.read_to_string(&mut line).ok()?;
    let mut numbers = line.split_ascii_whitespace().map(|number| number.parse().ok());
    let mut next = || numbers.next().flatten();
    Some(Told { bytes: next()?, total: next()?, rows: next()? })
}

/// The gauges of `/metrics`.
pub(crate) fn metrics(directory: &Path, out: &mut String) {
    let running = running(directory);
    let told = running.unwrap_or_default();
    for (name, help, value) in [
        ("kontor_import_running", "Whether an import runs on this data.", running.is_some().into()),
        ("kontor_import_bytes", "Bytes the running import has read.", told.bytes),
        ("kontor_import_bytes_total", "Bytes of all files of the running import.", told.total),
        ("kontor_import_rows", "Rows the running import has read.", told.rows),
    ] {
        // Writing to a string cannot fail.
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_seen_while_it_runs_and_not_after_it_was_killed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        assert_eq!(running(path), None);
        let mut import = ImportProgress::begin(path).unwrap();
        assert_eq!(running(path), Some(Told::default()));
        import.tell(&Progress { file: "prices.csv", bytes: 5, total: 70, rows: 3, passwords: 0 });
        let told = Told { bytes: 5, total: 70, rows: 3 };
        assert_eq!(running(path), Some(told));
        let mut second = ImportProgress::begin(path).unwrap();
        second.tell(&Progress { file: "stock.csv", bytes: 9, total: 9, rows: 9, passwords: 0 });
        assert_eq!(running(path), Some(told), "the first one tells");
        // The end takes the line away, a kill the lock alone.
        drop(import);
        assert_eq!(running(path), None);
        assert_eq!(ImportProgress::begin(path).unwrap().broken_off(), None);
        std::fs::write(path.join(FILE), format!("{:020} {:020} {:020}\n", 5, 70, 3)).unwrap();
        assert_eq!(running(path), None);
        assert_eq!(ImportProgress::begin(path).unwrap().broken_off(), Some(told));
        assert_eq!(ImportProgress::begin(path).unwrap().broken_off(), None);
    }

    #[test]
    fn a_scraper_reads_gauges() {
        let directory = tempfile::tempdir().unwrap();
        let mut text = String::new();
        metrics(directory.path(), &mut text);
        assert!(text.contains("# TYPE kontor_import_running gauge\nkontor_import_running 0\n"));
        let _import = ImportProgress::begin(directory.path()).unwrap();
        text.clear();
        metrics(directory.path(), &mut text);
        assert!(text.contains("kontor_import_running 1\n"), "{text}");
    }
}
