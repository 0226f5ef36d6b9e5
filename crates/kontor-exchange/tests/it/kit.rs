//! A database and folders for tests.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use kontor_exchange::{
    FolderReport, FolderSource, ImportOptions, Occupied, Report, SourceFile, export_folder,
    import_folder,
};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_store::{ChangeNumber, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use tempfile::TempDir;

/// A folder in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Folder(pub(crate) BTreeMap<String, Vec<u8>>);

impl Folder {
    pub(crate) fn with(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.0.insert(name.to_owned(), text.as_ref().to_vec());
        self
    }

    /// The same folder with one text of a file replaced.
    pub(crate) fn edited(mut self, name: &str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.0[name].clone()).unwrap();
        assert!(text.contains(from), "{name} has {from:?}");
        self.0.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
        self
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        std::str::from_utf8(&self.0[name]).unwrap()
    }

    /// Everything in a source.
    pub(crate) fn of(source: &dyn FolderSource) -> Self {
        let mut folder = Self::default();
        for file in source.files().unwrap() {
            let mut text = Vec::new();
            source.open(&file.name).unwrap().read_to_end(&mut text).unwrap();
            folder.0.insert(file.name, text);
        }
        folder
    }
}

impl FolderSource for Folder {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        let file = |(name, text): (&String, &Vec<u8>)| SourceFile {
            name: name.clone(),
            bytes: text.len() as u64,
        };
        Ok(self.0.iter().map(file).collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let text = self.0.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(io::Cursor::new(text.clone())))
    }
}

/// A new database.
pub(crate) struct Database {
    pub(crate) store: SqliteStore,
    dir: TempDir,
}

impl Database {
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let store = SqliteStore::open(dir.path().join("data"), &OpenOptions::default()).unwrap();
        Self { store, dir }
    }

    pub(crate) fn import(&self, folder: &Folder) -> Report {
        self.import_with(folder, options())
    }

    pub(crate) fn import_with(&self, folder: &Folder, options: ImportOptions) -> Report {
        import_folder(&self.store, Arc::new(folder.clone()), options).unwrap()
    }

    /// Imports a folder that has no faults.
    pub(crate) fn import_clean(&self, folder: &Folder) -> FolderReport {
        clean(self.import(folder))
    }

    /// Imports a faulty folder and returns the faults; the data must be untouched.
    pub(crate) fn faults(&self, folder: &Folder) -> Vec<String> {
        let before = self.store.last_change().unwrap();
        let report = self.import(folder);
        assert_eq!(self.store.last_change().unwrap(), before, "faults apply nothing");
        assert!(!report.is_clean());
        report.faults.shown().iter().map(ToString::to_string).collect()
    }

    pub(crate) fn last_change(&self) -> ChangeNumber {
        self.store.last_change().unwrap()
    }

    pub(crate) fn export(&self, supplier: &str) -> Folder {
        let dir = TempDir::new_in(self.dir.path()).unwrap();
        export_folder(&self.store, supplier, dir.path(), Occupied::Refuse).unwrap();
        Folder::of(&kontor_exchange::Directory::new(dir.path()))
    }

    pub(crate) fn rows(&self, supplier: &str, kind: Kind) -> Vec<Record> {
        let id = self.store.supplier_id(supplier).unwrap().unwrap();
        let mut rows = Vec::new();
        self.store
            .read(id, &mut |tx| {
                tx.scan(kind, &[], &mut |record| {
                    rows.push(record);
                    Ok(())
                })
            })
            .unwrap();
        rows
    }
}

/// The time of all imports.
pub(crate) fn options() -> ImportOptions {
    let at: Instant = "2016-01-28T11:24:28.874Z".parse().unwrap();
    ImportOptions::new(at)
}

/// The only folder of a report without faults.
pub(crate) fn clean(report: Report) -> FolderReport {
    assert_eq!(report.faults.shown(), [], "no faults");
    assert_eq!(report.folders.len(), 1);
    report.folders.into_iter().next().unwrap()
}

/// The folder of one supplier of the demo.
pub(crate) fn demo(name: &str) -> Folder {
    let suppliers = kontor_exchange::demo::suppliers();
    let supplier = suppliers.iter().find(|supplier| supplier.name == name).unwrap();
    let mut folder = Folder::default();
    for file in supplier.files {
        folder = folder.with(file.name, file.text);
    }
    folder
}
