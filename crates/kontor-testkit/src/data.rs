//! The demo catalogue in a database of its own.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use tempfile::TempDir;

/// The instant at which the demo data lives.
pub const NOW: &str = "2016-01-28T11:24:28.874Z";

/// The files of a database with the demo catalogue. It is imported once for all tests of a
/// binary, because its passwords take a while to digest.
static DEMO: LazyLock<Vec<(OsString, Vec<u8>)>> = LazyLock::new(imported);

/// A database with the demo catalogue, which is removed with its last owner.
pub(crate) struct Data {
    pub(crate) store: Arc<dyn Store>,
    directory: TempDir,
}

impl Data {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, bytes) in &*DEMO {
            fs::write(directory.path().join(name), bytes).expect("a file");
        }
        Self { store: open(directory.path()), directory }
    }

    /// Where the database is.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The same data, as another process has it.
    pub(crate) fn open_again(&self) -> Arc<dyn Store> {
        open(self.directory())
    }
}

/// Imports the demo catalogue into a database that is gone afterwards.
fn imported() -> Vec<(OsString, Vec<u8>)> {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    let mut options = ImportOptions::new(NOW.parse().expect("an instant"));
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    let report = import_folder(&*store, Arc::new(Demo), options).expect("an import");
    assert!(report.is_clean(), "the demo has no faults");
    store.close();
    let files = fs::read_dir(directory.path()).expect("a directory").map(|file| {
        let file = file.expect("a file");
        (file.file_name(), fs::read(file.path()).expect("its bytes"))
    });
    files.collect()
}

fn open(directory: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(directory, &OpenOptions::default()).expect("a store"))
}
