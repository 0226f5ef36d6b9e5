//! The files of the repository, read once.

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Folders of the repository that are looked at; everything else is not ours or not text.
const FOLDERS: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    "benches",
    "conformance",
    "crates",
    "demo",
    "docs",
    "fuzz",
    "xtask",
];
/// Files of the root without one of the endings that are read.
const ROOT_FILES: &[&str] = &["Makefile", "LICENSE-APACHE", "LICENSE-MIT"];

/// The text files of the repository, sorted by path.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Tree {
    /// Reads the repository at `root`. Files that are not UTF-8 are left out.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut tree = Self::default();
        for entry in fs::read_dir(root).with_context(|| root.display().to_string())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() {
                if FOLDERS.contains(&name.as_str()) {
                    tree.read_folder(&entry.path(), &name)?;
                }
            } else if is_root_file(&name) {
                tree.read_file(&entry.path(), name)?;
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// A file by its path.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Files whose path ends so.
    pub(crate) fn ending(&self, end: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.path.ends_with(end))
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> anyhow::Result<()> {
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}/{name}");
            if !entry.file_type()?.is_dir() {
                self.read_file(&entry.path(), path)?;
            } else if name != "target" {
                self.read_folder(&entry.path(), &path)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, file: &Path, path: String) -> anyhow::Result<()> {
        let bytes = fs::read(file).with_context(|| file.display().to_string())?;
        if let Ok(text) = String::from_utf8(bytes) {
            self.files.push(File { path, text });
        }
        Ok(())
    }
}

impl File {
    /// The lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether this is Rust that only tests see: a file below `tests`, or `tests.rs`.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// The lines of a Rust file up to its test module.
    pub(crate) fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
    }

    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

/// Whether this is the name of a Rust source file.
pub(crate) fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "rs")
}

fn is_root_file(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ROOT_FILES.contains(&name) || matches!(ending, Some("md" | "toml"))
}
