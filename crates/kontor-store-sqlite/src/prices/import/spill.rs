//! Temporary files beside the database.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::private;

/// A file without a name: however the program ends, the space is free again.
pub(crate) fn create(directory: &Path) -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = directory.join(format!("sort-{}-{number}.tmp", std::process::id()));
    let mut options = private::options();
    let file = options.read(true).write(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}
