//! Files of an export: written beside their place, moved there when all are complete.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::names;
use crate::source::{Directory, FolderSource};

use super::{ExportError, Occupied};

/// The files of an export that is not complete yet. When it is dropped they vanish.
pub(super) struct Staging {
    dir: PathBuf,
    /// Files under their temporary names, by the names they get.
    files: BTreeMap<String, PathBuf>,
    /// Names of the files in their places.
    published: BTreeSet<String>,
}

impl Staging {
    /// Makes the folder.
    pub(super) fn new(dir: &Path, occupied: Occupied) -> Result<Self, ExportError> {
        fs::create_dir_all(dir).map_err(failed(dir))?;
        let is_empty = fs::read_dir(dir).map_err(failed(dir))?.next().is_none();
        if !is_empty && occupied == Occupied::Refuse {
            return Err(ExportError::Occupied(dir.to_owned()));
        }
        let staging =
            Self { dir: dir.to_owned(), files: BTreeMap::new(), published: BTreeSet::new() };
        staging.clear_leftovers()?;
        Ok(staging)
    }

    /// Removes what an export that was killed has left.
    fn clear_leftovers(&self) -> Result<(), ExportError> {
        for folder in [self.dir.clone(), self.dir.join(names::QUESTIONNAIRES)] {
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other.map_err(failed(&folder))?,
            };
            for entry in entries {
                let path = entry.map_err(failed(&folder))?.path();
                let name = path.file_name().map(|name| name.to_string_lossy());
                if name.is_some_and(|name| name.starts_with('.') && name.ends_with(".partial")) {
                    fs::remove_file(&path).map_err(failed(&path))?;
                }
            }
        }
        Ok(())
    }

    /// Begins a file. What may hold secrets is for its owner alone.
    pub(super) fn create(&mut self, name: &str, secret: bool) -> Result<File, ExportError> {
        let path = self.temporary(name);
        let created = create(&path, secret);
        self.files.insert(name.to_owned(), path.clone());
        created.map_err(failed(&path))
    }

    /// The temporary path of a file that was begun.
    pub(super) fn temporary(&self, name: &str) -> PathBuf {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        self.dir.join(folder).join(format!(".{file}.partial"))
    }

    /// Lets a file that was begun get another name.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if let Some(path) = self.files.remove(from) {
            self.files.insert(to.to_owned(), path);
        }
    }

    /// Removes a file that was begun.
    pub(super) fn discard(&mut self, name: &str) {
        if let Some(path) = self.files.remove(name) {
            // It vanishes with the next export when it cannot be removed now.
            let _ = fs::remove_file(path);
        }
    }

    /// Puts all files in their places, and removes those of an earlier export that have no rows
    /// any more.
    pub(super) fn publish(mut self) -> Result<(), ExportError> {
        for path in self.files.values() {
            let synced = File::open(path).and_then(|file| file.sync_all());
            synced.map_err(failed(path))?;
        }
        let old = Directory::new(&self.dir).files().map_err(failed(&self.dir))?;
        for (name, path) in std::mem::take(&mut self.files) {
            let target = self.dir.join(&name);
            fs::rename(&path, &target).map_err(failed(&target))?;
            self.published.insert(name);
        }
        for file in old {
            let is_ours =
                names::kind_of(&file.name).is_some() || names::category_of(&file.name).is_some();
            if is_ours && !self.published.contains(&file.name) {
                let path = self.dir.join(&file.name);
                fs::remove_file(&path).map_err(failed(&path))?;
            }
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        for path in self.files.values() {
            // There is nobody left to tell, and nothing depends on it.
            let _ = fs::remove_file(path);
        }
    }
}

pub(super) fn failed(file: &Path) -> impl FnOnce(io::Error) -> ExportError {
    let file = file.to_owned();
    |source| ExportError::Write { file, source }
}

fn create(path: &Path, secret: bool) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if secret { 0o600 } else { 0o666 });
    options.open(path)
}
