//! The store: hands jobs to the writer and connections to readers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kontor_model::catalogue::Kind;
use kontor_model::supplier::SupplierId;
use kontor_store::state::StateRoot;
use kontor_store::{
    Abort, BookSource, ChangeNumber, Horizon, Job, Order, Outcome, Prune, ReadTx, Staged,
    StagedOrder, Store, StoreError, Writability,
};
use tracing::warn;

use crate::aside;
use crate::backup;
use crate::book::Book;
use crate::change_log;
use crate::check;
use crate::database::Database;
use crate::error;
use crate::high_water::HighWater;
use crate::in_use::InUse;
use crate::news::News;
use crate::open::{self, OpenOptions, Opened};
use crate::pending::{Background, Slicer};
use crate::prune;
use crate::read::{Rows, store_error};
use crate::signals::Signals;
use crate::sizes::{self, TableSize};
use crate::state::{self, Part, proof};
use crate::wipe::{self, PAGES_AT_ONCE, Wipe};
use crate::write::supplier_id;
use crate::writer::{Apply, Command, Request, Writer};

mod staged;

/// Jobs that may wait for the writer; who comes later waits for a place.
const QUEUE: usize = 1_024;
/// Connections kept open for readers. More are opened while more are needed at once.
const IDLE_READERS: usize = 8;
/// How long readers of older data are given until it is tried again to empty the log.
const WIPE_AGAIN: Duration = Duration::from_millis(20);

/// So often a write is staged anew when others changed meanwhile what it relies on.
const STAGINGS: u32 = 3;
/// What was staged so fast is not staged again but run while others wait.
const SHORT_STAGING: Duration = Duration::from_millis(50);

/// Kinds with a sum that nobody is priced by, so that the book does not read them.
const BESIDE_BOOK: [Kind; 4] = [Kind::Counter, Kind::Lead, Kind::Document, Kind::DocumentLine];

/// What [`SqliteStore::prove`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateProof {
    /// The change that it is about.
    pub change: u64,
    /// The change since which every change proved the state it left.
    pub since: u64,
    /// One number for all rows: equal in two databases with the same ones.
    pub root: StateRoot,
}

/// A database in a directory.
pub struct SqliteStore {
    path: PathBuf,
    busy_timeout: Duration,
    commands: SyncSender<Command>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Mutex<Vec<Database>>,
    closed: AtomicBool,
    signals: Arc<Signals>,
    news: Arc<News>,
    /// To be read; the writer has its own.
    mark: HighWater,
    /// Until the store is closed.
    in_use: Mutex<Option<InUse>>,
    slicer: Slicer,
    settler: Mutex<Option<Background>>,
}

impl StateProof {
    /// The root in hexadecimal digits.
    pub fn root_text(&self) -> String {
        let [high, low] = self.root.as_chunks::<16>().0 else { return String::new() };
        format!("{:032x}{:032x}", u128::from_be_bytes(*high), u128::from_be_bytes(*low))
    }
}

impl SqliteStore {
    /// Opens the data in a directory, which is created when it is missing.
    pub fn open(dir: impl AsRef<Path>, options: &OpenOptions) -> Result<Self, StoreError> {
        let dir = dir.as_ref();
        let Opened { database, mark, in_use } = open::open(dir, options)?;
        let (commands, receiver) = mpsc::sync_channel(QUEUE);
        let signals = Arc::default();
        let news = Arc::default();
        let writer = Writer::new(database, mark, Arc::clone(&signals), Arc::clone(&news));
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(&receiver))
            .map_err(|error| StoreError::Open(format!("cannot start the writer: {error}")))?;
        let slicer = Slicer {
            directory: dir.to_owned(),
            path: dir.join(open::FILE_NAME),
            busy_timeout: options.busy_timeout,
            slices: options.slices,
            commands: commands.clone(),
            signals: Arc::clone(&signals),
        };
        let store = Self {
            path: dir.join(open::FILE_NAME),
            busy_timeout: options.busy_timeout,
            commands,
            writer: Mutex::new(Some(writer)),
            readers: Mutex::default(),
            closed: AtomicBool::new(false),
            signals,
            news,
            mark: HighWater::open(dir)?,
            in_use: Mutex::new(Some(in_use)),
            slicer: slicer.clone(),
            settler: Mutex::default(),
        };
        *store.settler() = Some(Background::begin(slicer, options.settle_every)?);
        Ok(store)
    }

    /// Recomputes the hash chain of the whole change log. Returns the number of changes.
    pub fn verify_chain(&self) -> Result<u64, StoreError> {
        self.with_reader(|database| change_log::verify(database, 0))
    }

    /// Whether the data was left without being closed, or comes from a program that kept no record of
    /// that, and nobody has looked at every page since.
    pub fn check_is_due(&self) -> Result<bool, StoreError> {
        self.in_use().as_ref().map_or(Err(StoreError::Closed), InUse::check_is_due)
    }

    /// Reads every page and compares every index with its table. Takes as long as reading the file;
    /// others read and write meanwhile. Damage is an error, and nothing is written any more after it.
    pub fn check(&self) -> Result<(), StoreError> {
        let checked = self.with_reader(check::pages);
        match &checked {
            Ok(()) => self.in_use().as_ref().map_or(Ok(()), InUse::checked)?,
            Err(error) => self.found(error),
        }
        checked
    }

    /// Compares all rows with the sums that every change keeps, also those of kinds that the book
    /// does not hold. Takes as long as reading all rows; others write meanwhile. Data that comes from
    /// before sums were kept gets them, when it is found good.
    pub fn prove(&self) -> Result<StateProof, StoreError> {
        let view = self.with_reader(|database| {
            let sums = proof::compute(database)?;
            let change = change_log::head(database)?.number;
            for part in [Part::State, Part::History] {
                if state::since_of(database, part)?.is_some() {
                    proof::compare(database, part, &sums)?;
                }
            }
            let histories = state::since_of(database, Part::History)?;
            Ok((sums, state::since(database)?, histories, change, state::read(database)?))
        });
        let (sums, since, histories, change, kept) = view.inspect_err(|error| self.found(error))?;
        // What is missing in the sums is the same before and after every change.
        let before = sums.without(&kept);
        for (part, since) in [(Part::State, since), (Part::History, histories)] {
            if since.is_none() {
                let database = Database::writer(&self.path, self.busy_timeout)?;
                state::complete(&database, part, &before, change)?;
            }
        }
        Ok(StateProof { change, since: since.unwrap_or(change), root: sums.root() })
    }

    /// Compares the rows of the kinds that the book does not hold; it compares the others when it is
    /// loaded.
    pub fn prove_beside_book(&self) -> Result<(), StoreError> {
        let unproven = self.with_reader(|database| {
            let state = state::since_of(database, Part::State)?;
            Ok::<_, StoreError>(
                state.is_none() || state::since_of(database, Part::History)?.is_none(),
            )
        })?;
        if unproven {
            return self.prove().map(drop);
        }
        let compared = self.with_reader(|database| {
            BESIDE_BOOK.into_iter().try_for_each(|kind| {
                let source = Book::new(database, ChangeNumber(0))?;
                source.records(kind, &mut |_| Ok(())).map_err(store_error)
            })
        });
        compared.inspect_err(|error| self.found(error))
    }

    /// What stands is not what was written: nobody may build on it.
    fn found(&self, error: &StoreError) {
        if matches!(error, StoreError::Damaged(_)) {
            // The first reason stays: later errors follow from it.
            let _ = self.signals.broken.set(error.clone());
        }
    }

    /// Copies the data into a directory that is empty or not there, while others write. The copy has
    /// everything that was acknowledged before, and its high-water mark. Returns its newest change.
    pub fn backup(&self, to: &Path) -> Result<ChangeNumber, StoreError> {
        backup::make(&self.path, self.busy_timeout, to)
    }

    /// How much of the file each table takes, the largest first. It reads the whole file.
    pub fn sizes(&self) -> Result<Vec<TableSize>, StoreError> {
        self.with_reader(sizes::of_tables)
    }

    fn settler(&self) -> MutexGuard<'_, Option<Background>> {
        self.settler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_use(&self) -> MutexGuard<'_, Option<InUse>> {
        self.in_use.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn submit(
        &self,
        order: Order,
        apply: Option<Apply>,
        alone: bool,
    ) -> Result<Outcome, StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        let (reply, answer) = mpsc::sync_channel(1);
        let request = Request { order, apply, alone, reply };
        self.commands.send(Command::Write(Box::new(request))).map_err(|_| StoreError::Closed)?;
        answer.recv().unwrap_or_else(|_| Err(self.unanswered()))
    }

    /// Why there is no answer to a job that was handed over.
    fn unanswered(&self) -> StoreError {
        if self.closed.load(Ordering::Acquire) {
            // It came after the last one.
            return StoreError::Closed;
        }
        let reason = "the writer stopped before it answered; restart to go on from what is on disk";
        let error = StoreError::Uncertain(reason.to_owned());
        self.signals.broken.get_or_init(|| error.clone());
        error
    }

    /// Runs work on the writer's thread that is no change of the data, and returns when it is durable.
    pub(crate) fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        aside::run(&self.commands, work, || self.unanswered())
    }

    /// Asks the writer to empty the log; whether it is empty afterwards.
    fn empty_log(&self) -> Result<bool, StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        let (reply, answer) = mpsc::sync_channel(1);
        self.commands.send(Command::Wipe(Wipe { reply })).map_err(|_| StoreError::Closed)?;
        answer.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// Runs `read` in one transaction: it sees one state, whatever is committed meanwhile.
    pub(crate) fn with_reader<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Database) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed.into());
        }
        let idle = self.idle_readers().pop();
        let database = match idle {
            Some(database) => database,
            None => Database::reader(&self.path, self.busy_timeout)?,
        };
        begin(&database)?;
        // A panic in `read` drops the connection, and with it the transaction.
        let result = read(&database);
        if end(&database).is_ok() {
            let mut readers = self.idle_readers();
            if readers.len() < IDLE_READERS {
                readers.push(database);
            }
        }
        result
    }

    fn idle_readers(&self) -> MutexGuard<'_, Vec<Database>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for SqliteStore {
    fn write(&self, order: Order) -> Result<Outcome, StoreError> {
        self.submit(order, None, false)
    }

    fn write_alone(&self, order: Order) -> Result<Outcome, StoreError> {
        self.submit(order, None, true)
    }

    fn write_staged(&self, order: StagedOrder) -> Result<Staged, StoreError> {
        for _ in 0..STAGINGS {
            let began = Instant::now();
            if let Some(staged) = self.stage_once(&order)? {
                return Ok(staged);
            }
            if began.elapsed() < SHORT_STAGING {
                break;
            }
        }
        // Others change what it relies on faster than it reads. They wait for it this time.
        let StagedOrder { supplier, actor, clock, job } = order;
        let job: Job = Box::new(move |tx| job(tx));
        let outcome = self.write_alone(Order { supplier, actor, clock, job })?;
        Ok(Staged { outcome, counts: None, conflicts: Vec::new() })
    }

    fn wipe(&self, kind: Kind) -> Result<(), StoreError> {
        let pages = if self.with_reader(wipe::has_pages)? {
            self.with_reader(|database| wipe::pages_of(database, kind))?
        } else {
            self.aside(move |database| wipe::rewrite(database, kind))?;
            Vec::new()
        };
        for some in pages.chunks(PAGES_AT_ONCE) {
            let some = some.to_vec();
            self.aside(move |database| wipe::slice(database, &some))?;
        }
        let begun = Instant::now();
        while !self.empty_log()? {
            if begun.elapsed() > self.busy_timeout {
                let reason = "somebody has been reading older data for too long, which keeps it in \
                              the log";
                return Err(StoreError::Write(reason.to_owned()));
            }
            // The writer must not wait for readers: jobs wait behind it.
            std::thread::sleep(WIPE_AGAIN);
        }
        Ok(())
    }

    fn read(
        &self,
        supplier: SupplierId,
        read: &mut dyn FnMut(&dyn ReadTx) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.with_reader(|database| read(&Rows { database, supplier }))
    }

    fn read_book(
        &self,
        read: &mut dyn FnMut(&dyn BookSource) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.with_reader(|database| {
            let change = ChangeNumber(change_log::head(database)?.number);
            read(&Book::new(database, change)?)
        })
    }

    fn last_change(&self) -> Result<ChangeNumber, StoreError> {
        self.with_reader(|database| Ok(ChangeNumber(change_log::head(database)?.number)))
    }

    fn horizon(&self) -> Result<Horizon, StoreError> {
        self.with_reader(prune::horizon)
    }

    fn prune(&self, prune: &Prune) -> Result<Option<Prune>, StoreError> {
        let prune = *prune;
        self.aside(move |database| prune::slice(database, &prune))
    }

    fn wait_for_change(
        &self,
        after: ChangeNumber,
        at_most: Duration,
    ) -> Result<ChangeNumber, StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        match self.news.wait(&self.mark, after, at_most)? {
            Some(newest) => Ok(newest),
            // The mark may have been lost; the log has the last word.
            None => self.last_change(),
        }
    }

    fn supplier_id(&self, code: &str) -> Result<Option<SupplierId>, StoreError> {
        self.with_reader(|database| supplier_id(database, code))
    }

    fn broken(&self) -> Option<StoreError> {
        self.signals.broken.get().cloned()
    }

    fn writability(&self) -> Writability {
        self.signals.told()
    }

    fn close(&self) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        // Readers go first, so that the writer can move the whole log into the database.
        let settler = self.settler().take();
        if let Some(settler) = &settler {
            settler.look_no_more();
        }
        self.idle_readers().clear();
        drop(self.commands.send(Command::Close));
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = writer.take() {
            drop(thread.join());
        }
        if let Some(settler) = settler {
            settler.join();
        }
        // Who found damage leaves it to the next one to look again.
        let place = self.in_use().take().filter(|_| self.signals.broken.get().is_none());
        if let Some(Err(error)) = place.map(InUse::leave) {
            warn!(%error, "cannot note that the data was closed");
        }
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}

fn begin(database: &Database) -> Result<(), StoreError> {
    let mut statement = database.prepare("BEGIN")?;
    statement.execute([]).map(drop).map_err(error::reading)
}

fn end(database: &Database) -> Result<(), StoreError> {
    let mut statement = database.prepare("COMMIT")?;
    statement.execute([]).map(drop).map_err(error::reading)
}
