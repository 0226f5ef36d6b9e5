//! Where a catalogue folder is read from.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::names;

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Relative to the folder, with `/` between its parts.
    pub name: String,
    /// Length, for progress.
    pub bytes: u64,
}

/// A folder of files, wherever they are.
pub trait FolderSource: Send + Sync {
    /// All files, in any order.
    fn files(&self) -> io::Result<Vec<SourceFile>>;

    /// Opens a file by the name [`FolderSource::files`] gave.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>>;
}

/// A folder of the file system, or one file of it.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
    /// The only file that counts.
    only: Option<String>,
}

impl Directory {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), only: None }
    }

    /// The folder that a file lies in, as if it had no other. `None` when the path names no file.
    pub fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if folder.file_name().is_some_and(|folder| folder == names::QUESTIONNAIRES) {
            let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
            let path = above.unwrap_or(Path::new(".")).to_owned();
            return Some(Self { path, only: Some(format!("{}/{name}", names::QUESTIONNAIRES)) });
        }
        Some(Self { path: folder.to_owned(), only: Some(name.to_owned()) })
    }
}

/// How deep files can lie: `SUPPLIER/questionnaires/CATEGORY.json`.
const MAX_DEPTH: usize = 3;

impl FolderSource for Directory {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        if let Some(name) = &self.only {
            let bytes = fs::metadata(self.path.join(name))?.len();
            return Ok(vec![SourceFile { name: name.clone(), bytes }]);
        }
        let mut files = Vec::new();
        list(&self.path, "", MAX_DEPTH, &mut files)?;
        Ok(files)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.path.join(name))?))
    }
}

/// Lists a folder and those in it. Names that begin with a dot are nobody's data.
fn list(path: &Path, prefix: &str, depth: usize, files: &mut Vec<SourceFile>) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        let meta = fs::metadata(entry.path())?;
        if meta.is_file() {
            let bytes = meta.len();
            files.push(SourceFile { name, bytes });
        } else if meta.is_dir() && depth > 1 {
            list(&entry.path(), &format!("{name}/"), depth - 1, files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_a_folder_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("questionnaires")).unwrap();
        for name in ["prices.csv", "products.csv", "questionnaires/7.json"] {
            fs::write(dir.path().join(name), name).unwrap();
        }
        for name in ["prices.csv", "questionnaires/7.json"] {
            let source = Directory::of_file(&dir.path().join(name)).unwrap();
            let files = source.files().unwrap();
            let bytes = name.len() as u64;
            assert_eq!(files, [SourceFile { name: name.to_owned(), bytes }]);
            let mut text = String::new();
            source.open(&files[0].name).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, name);
        }
        assert!(Directory::of_file(Path::new("/")).is_none());
        let relative = Directory::of_file(Path::new("prices.csv")).unwrap();
        assert_eq!(relative.path, Path::new("."));
    }
}
