//! Where a catalogue folder is read from.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

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

/// A folder of the file system.
#[derive(Debug, Clone)]
pub struct Directory(PathBuf);

impl Directory {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

/// How deep files can lie: `SUPPLIER/questionnaires/CATEGORY.json`.
const MAX_DEPTH: usize = 3;

impl FolderSource for Directory {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        let mut files = Vec::new();
        list(&self.0, "", MAX_DEPTH, &mut files)?;
        Ok(files)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.0.join(name))?))
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
