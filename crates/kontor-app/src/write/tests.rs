//! A store whose book cannot be read for a while after a change is durable.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kontor_model::FixedClock;
use kontor_model::account::Session;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;
use kontor_store::{
    BookSource, Job, Opened, Opening, ReadTx, Sessions, TokenHolder, TokenKey, Tokens, Turn, Used,
};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use super::*;
use crate::access::login_limits::LoginLimits;
use crate::app::AppConfig;

/// Reads of the book fail, and writes conflict with those of others, as often as told.
struct Blinking {
    store: SqliteStore,
    failures: AtomicUsize,
    conflicts: AtomicUsize,
}

impl Store for Blinking {
    /// Like a database that finds at the end of a job that others wrote what it had read: nothing of it
    /// is kept, and it runs again.
    fn write(&self, order: Order) -> Result<Outcome, StoreError> {
        let Order { supplier, actor, clock, job } = order;
        let job = Arc::new(Mutex::new(job));
        let run = |conflicts: bool| {
            let job = Arc::clone(&job);
            let job: Job = Box::new(move |tx| {
                job.lock().expect("a job")(tx)?;
                if conflicts { Err(Abort::Refused) } else { Ok(()) }
            });
            let (supplier, actor, clock) = (supplier.clone(), actor.clone(), Arc::clone(&clock));
            self.store.write(Order { supplier, actor, clock, job })
        };
        for _ in 0..self.conflicts.swap(0, Ordering::SeqCst) {
            assert_eq!(run(true)?, Outcome::Refused);
        }
        run(false)
    }

    fn wipe(&self, kind: Kind) -> Result<(), StoreError> {
        self.store.wipe(kind)
    }

    fn read(
        &self,
        supplier: SupplierId,
        read: &mut dyn FnMut(&dyn ReadTx) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.store.read(supplier, read)
    }

    fn read_book(
        &self,
        read: &mut dyn FnMut(&dyn BookSource) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        let left = self.failures.load(Ordering::SeqCst);
        if left > 0 {
            self.failures.store(left - 1, Ordering::SeqCst);
            return Err(StoreError::Read("the disk blinked".to_owned()).into());
        }
        self.store.read_book(read)
    }

    fn last_change(&self) -> Result<ChangeNumber, StoreError> {
        self.store.last_change()
    }

    fn wait_for_change(
        &self,
        after: ChangeNumber,
        at_most: Duration,
    ) -> Result<ChangeNumber, StoreError> {
        self.store.wait_for_change(after, at_most)
    }

    fn supplier_id(&self, code: &str) -> Result<Option<SupplierId>, StoreError> {
        self.store.supplier_id(code)
    }

    fn broken(&self) -> Option<StoreError> {
        self.store.broken()
    }

    fn close(&self) {
        self.store.close();
    }
}

impl Sessions for Blinking {
    fn token_key(&self, fresh: [u8; 32]) -> Result<TokenKey, StoreError> {
        self.store.token_key(fresh)
    }

    fn open_sessions(&self, opening: Opening) -> Result<Option<Opened>, StoreError> {
        self.store.open_sessions(opening)
    }

    fn session(&self, digest: &str) -> Result<Option<(SupplierId, Session)>, StoreError> {
        self.store.session(digest)
    }

    fn end_session(&self, digest: &str, turn: Turn) -> Result<bool, StoreError> {
        self.store.end_session(digest, turn)
    }

    fn note_used(&self, used: Vec<Used>) -> Result<(), StoreError> {
        self.store.note_used(used)
    }

    fn last_used(&self, supplier: SupplierId) -> Result<Vec<Used>, StoreError> {
        self.store.last_used(supplier)
    }
}

impl Tokens for Blinking {
    fn duplicate_tokens(&self) -> Result<Vec<Vec<TokenHolder>>, StoreError> {
        self.store.duplicate_tokens()
    }
}

struct Scene {
    app: Arc<App>,
    store: Arc<Blinking>,
    _directory: tempfile::TempDir,
}

impl Scene {
    fn open() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = SqliteStore::open(directory.path(), &OpenOptions::default()).expect("a store");
        let store = Arc::new(Blinking {
            store,
            failures: AtomicUsize::new(0),
            conflicts: AtomicUsize::new(0),
        });
        let now = "2016-01-28T11:24:28Z".parse().expect("an instant");
        let config = AppConfig {
            store: Arc::clone(&store) as Arc<dyn Store>,
            clock: Arc::new(FixedClock(now)),
            login_limits: LoginLimits::default(),
        };
        let app = App::open(config).expect("an app");
        Self { app, store, _directory: directory }
    }

    /// Puts the supplier under a name while reads of the book fail so often.
    fn put(&self, name: &str, failures: usize) -> Result<Written<()>, WriteError<()>> {
        self.store.failures.store(failures, Ordering::SeqCst);
        let supplier = supplier(name);
        let job = move |tx: &mut dyn WriteTx| Ok(tx.put(&supplier).map(drop)?);
        self.app.write_blocking(code(), "test".to_owned(), job)
    }

    fn shown(&self) -> Option<String> {
        let book = self.app.book();
        book.supplier("one").and_then(|tenant| tenant.supplier()?.name.clone())
    }

    fn stored(&self) -> Option<String> {
        let mut name = None;
        let id = self.store.supplier_id("one").expect("a store").expect("a supplier");
        let read = self.store.read(id, &mut |tx| {
            if let Some(Record::Supplier(supplier)) =
                tx.get(Kind::Supplier, &[Cell::text("one")])?
            {
                name = supplier.name;
            }
            Ok(())
        });
        read.expect("a view");
        name
    }
}

fn code() -> SupplierCode {
    "one".parse().expect("a code")
}

fn supplier(name: &str) -> Record {
    let row =
        [Cell::text("one"), Cell::text(name), Cell::text("UTC"), Cell::text("EUR"), Cell::Null];
    Record::from_row(Kind::Supplier, &row).expect("a row")
}

/// What a job did and returned before a conflict is gone; what its last run returned comes back.
#[test]
fn a_job_runs_again_after_a_conflict_as_if_it_had_not_run() {
    for conflicts in [0, 1, 3] {
        let scene = Scene::open();
        scene.put("first", 0).expect("a write");
        scene.store.conflicts.store(conflicts, Ordering::SeqCst);
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let job = move |tx: &mut dyn WriteTx| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            tx.put(&supplier(&format!("run {run}")))?;
            Ok::<_, WriteError<()>>((run, tx.next_number("numbers")?))
        };
        let written = scene.app.write_blocking(code(), "test".to_owned(), job).expect("a write");
        assert_eq!(runs.load(Ordering::SeqCst), conflicts + 1);
        assert_eq!(written.value, (conflicts, 1), "numbers are given out once");
        assert_eq!(written.change, Some(ChangeNumber(2)));
        assert_eq!(scene.shown(), Some(format!("run {conflicts}")));
        assert_eq!(scene.stored(), scene.shown());
    }
}

/// A refusal comes back from the run that counts, too.
#[test]
fn what_the_last_run_refuses_is_refused() {
    let scene = Scene::open();
    scene.put("first", 0).expect("a write");
    scene.store.conflicts.store(1, Ordering::SeqCst);
    let runs = AtomicUsize::new(0);
    let job = move |tx: &mut dyn WriteTx| {
        tx.put(&supplier("never"))?;
        match runs.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(()),
            run => Err(WriteError::Refused(run)),
        }
    };
    let refused = scene.app.write_blocking(code(), "test".to_owned(), job);
    assert!(matches!(refused, Err(WriteError::Refused(1))), "{refused:?}");
    assert_eq!(scene.stored().as_deref(), Some("first"));
}

#[test]
fn a_change_that_cannot_be_shown_at_once_is_shown_by_another_try() {
    let scene = Scene::open();
    scene.put("first", 0).expect("a write");
    for failures in [1, 2] {
        let name = format!("after {failures}");
        assert!(scene.put(&name, failures).is_ok());
        assert_eq!(scene.shown().as_deref(), Some(name.as_str()));
    }
}

#[test]
fn a_durable_change_that_is_never_shown_is_no_success_and_no_promise() {
    let scene = Scene::open();
    scene.put("first", 0).expect("a write");
    let Err(WriteError::Store(error)) = scene.put("second", usize::MAX) else {
        panic!("nobody sees it, so it is no success");
    };
    assert!(matches!(error, StoreError::Uncertain(_)), "{error}");
    assert!(!error.promises_nothing_was_done());
    assert_eq!(scene.stored().as_deref(), Some("second"));
    assert_eq!(scene.shown().as_deref(), Some("first"));
    // The book goes on as soon as it can.
    scene.store.failures.store(0, Ordering::SeqCst);
    scene.app.catch_up().expect("a book");
    assert_eq!(scene.shown().as_deref(), Some("second"));
}

#[test]
fn it_is_tried_again_as_often_as_there_are_waits() {
    let scene = Scene::open();
    scene.put("first", 0).expect("a write");
    let waits = [Duration::ZERO; 3];
    let put = |name: &str, failures| {
        let supplier = supplier(name);
        let job = move |tx: &mut dyn WriteTx| Ok::<_, WriteError<()>>(tx.put(&supplier).map(drop)?);
        let written = write_to(&*scene.store, code(), "test".to_owned(), scene.app.now(), job);
        let change = written.expect("a write").change.expect("a change");
        scene.store.failures.store(failures, Ordering::SeqCst);
        scene.app.show(change, &waits)
    };
    assert!(put("three", 3).is_ok());
    assert!(put("four", 4).is_err());
}

#[test]
fn a_panic_after_the_commit_is_no_promise() {
    let scene = Scene::open();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let faulty = || -> Result<Written<()>, WriteError<()>> { panic!("a fault") };
    let ended = runtime.block_on(scene.app.on_a_thread(faulty));
    assert!(matches!(ended, Err(WriteError::Store(StoreError::Uncertain(_)))));
}
