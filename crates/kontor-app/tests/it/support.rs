//! The demo catalogue in a database of its own, and a clock that is set by hand.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use kontor_app::lead_vault::LeadVault;
use kontor_app::partners::PartnerAsker;
use kontor_app::questionnaire::Given;
use kontor_app::submit_leads::{Accepted, LeadDesk, LeadInput, RepeatKey, Submission, SubmitError};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_exchange::demo::Demo;
use kontor_exchange::{ImportOptions, import_folder};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock, Instant};
use kontor_store::{ReadTx, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

pub(crate) const NOW: &str = "2016-01-28T11:24:28.874Z";
pub(crate) const SEAL_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A clock that is set by hand.
pub(crate) struct HandClock(AtomicI64);

/// An application over data of its own.
pub(crate) struct Office {
    pub(crate) app: Arc<App>,
    pub(crate) desk: Arc<LeadDesk>,
    pub(crate) vault: LeadVault,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) runtime: tokio::runtime::Runtime,
    directory: tempfile::TempDir,
}

impl HandClock {
    pub(crate) fn set(&self, now: Instant) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }

    pub(crate) fn forward(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::with(LeadVault::default())
    }

    pub(crate) fn sealed() -> Self {
        Self::with(LeadVault::new(Some(SEAL_KEY)).expect("a vault"))
    }

    fn with(vault: LeadVault) -> Self {
        static DEMO: LazyLock<tempfile::TempDir> = LazyLock::new(demo);
        let directory = tempfile::tempdir().expect("a directory");
        for entry in std::fs::read_dir(DEMO.path()).expect("a directory") {
            let entry = entry.expect("a file");
            if entry.path().is_file() {
                let copy = directory.path().join(entry.file_name());
                std::fs::copy(entry.path(), copy).expect("a copy");
            }
        }
        let now: Instant = NOW.parse().expect("an instant");
        let clock = Arc::new(HandClock(AtomicI64::new(now.micros())));
        let app = App::open(AppConfig {
            store: open(directory.path()),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            login_limits: LoginLimits::default(),
        })
        .expect("a book");
        let desk = Arc::new(LeadDesk::new(Arc::clone(&app), vault.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self { app, desk, vault, clock, runtime: runtime.expect("a runtime"), directory }
    }

    /// Another process, so to speak, on the same data.
    pub(crate) fn another(&self) -> Arc<App> {
        let app = App::open(AppConfig {
            store: open(self.directory.path()),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            login_limits: LoginLimits::default(),
        });
        app.expect("a book")
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.app.store()
    }

    /// The same data, as another process has it.
    pub(crate) fn another_store(&self) -> Arc<dyn Store> {
        open(self.directory.path())
    }

    /// Sends good leads of these e-mail addresses and phone numbers as partner 22.
    pub(crate) fn submit(
        &self,
        leads: &[(&str, &str)],
        key: Option<&str>,
    ) -> Result<Vec<Accepted>, SubmitError> {
        let submission = Submission {
            asker: self.asker(),
            key: key.map(|key| RepeatKey::new(key, format!("{leads:?}").as_bytes())),
            inputs: leads.iter().map(|(email, phone)| Some(input(email, phone))).collect(),
            duplicate_days: 30,
        };
        self.runtime.block_on(self.desk.submit(submission))
    }

    /// Sends one lead and returns its number.
    pub(crate) fn lead(&self, email: &str, phone: &str) -> i64 {
        self.submit(&[(email, phone)], None).expect("a good lead")[0].lead
    }

    pub(crate) fn asker(&self) -> PartnerAsker {
        let Some(Record::Partner(partner)) = self.row(Kind::Partner, &[Cell::text("22")]) else {
            panic!("no partner 22");
        };
        let supplier = self.store().supplier_id("demo42").expect("a store").expect("demo42");
        PartnerAsker { supplier, supplier_code: demo42(), partner }
    }

    /// Whether a text stands in some file of the data.
    pub(crate) fn is_on_disk(&self, text: &str) -> bool {
        let mut files = std::fs::read_dir(self.directory.path()).expect("a directory");
        files.any(|entry| {
            let bytes = std::fs::read(entry.expect("a file").path()).expect("bytes");
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        })
    }

    /// A row of demo42.
    pub(crate) fn row(&self, kind: Kind, key: &[Cell]) -> Option<Record> {
        self.read(|tx| tx.get(kind, key).expect("a row"))
    }

    /// All rows of a kind of demo42.
    pub(crate) fn rows(&self, kind: Kind) -> Vec<Record> {
        self.read(|tx| {
            let mut rows = Vec::new();
            tx.scan(kind, &[], &mut |record| {
                rows.push(record);
                Ok(())
            })
            .expect("rows");
            rows
        })
    }

    fn read<T>(&self, read: impl Fn(&dyn ReadTx) -> T) -> T {
        let supplier = self.store().supplier_id("demo42").expect("a store").expect("demo42");
        let mut found = None;
        let view = self.store().read(supplier, &mut |tx| {
            found = Some(read(tx));
            Ok(())
        });
        view.expect("a view");
        found.expect("a value")
    }
}

pub(crate) fn demo42() -> SupplierCode {
    "demo42".parse().expect("a code")
}

fn input(email: &str, phone: &str) -> LeadInput {
    let answers = [
        ("30148", "25638"),
        ("25533", "75001"),
        ("email", email),
        ("companyName", "=HOTTE"),
        ("segment", "1"),
        ("firstname", "Wayne"),
        ("lastname", "Hotte"),
        ("phone", phone),
    ];
    let answers = answers.map(|(id, text)| (id.to_owned(), Given::Text(text.to_owned())));
    LeadInput { category: "1463".to_owned(), answers: answers.to_vec() }
}

/// The demo catalogue in a database that is closed.
fn demo() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    let mut options = ImportOptions::new(NOW.parse().expect("an instant"));
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    let report = import_folder(&*store, Arc::new(Demo), options).expect("an import");
    assert!(report.faults.shown().is_empty());
    store.close();
    directory
}

fn open(directory: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(directory, &OpenOptions::default()).expect("a database"))
}
