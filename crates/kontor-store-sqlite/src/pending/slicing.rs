//! The slices of a large import, each a short transaction of the writer between the jobs of others.

use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_store::touched_codec::PLACES_OF_ENTRY;
use kontor_store::{StoreError, Touched};
use tracing::warn;

use super::claim::Claim;
use crate::aside;
use crate::change_log::listed;
use crate::checkpoint;
use crate::database::Database;
use crate::prices::import::{StagedPrices, Written};
use crate::prices::read::PriceRow;
use crate::signals::Signals;
use crate::writer::Command;

/// A slice that took longer is followed by smaller ones, a much faster one by larger ones.
const LONG: Duration = Duration::from_millis(40);
/// So is one whose pages took longer to be moved: what others write waits for the same disk.
const LONG_TO_MOVE: Duration = Duration::from_millis(100);
/// Between two slices.
const PAUSE: Duration = Duration::from_millis(3);

/// How an import of prices is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slices {
    /// Imports that write more prices than this are written in slices.
    pub above: u64,
    /// Prices of a slice at least, as long as there are so many.
    pub least: usize,
    /// Prices of a slice at most.
    pub most: usize,
}

impl Default for Slices {
    fn default() -> Self {
        Self { above: 4_000, least: 250, most: 16_000 }
    }
}

/// Who has the writer run slices.
#[derive(Clone)]
pub(crate) struct Slicer {
    pub(crate) directory: PathBuf,
    pub(crate) path: PathBuf,
    pub(crate) busy_timeout: Duration,
    pub(crate) slices: Slices,
    pub(crate) commands: SyncSender<Command>,
    pub(crate) signals: Arc<Signals>,
}

/// Settles what processes left that died while they imported, beside everything else.
pub(crate) struct Background {
    /// Ends it when it is dropped.
    open: Sender<()>,
    /// Locked while it looks.
    may_look: Arc<Mutex<bool>>,
    thread: JoinHandle<()>,
}

/// What a slice writes beside the table.
#[derive(Default)]
struct Part {
    rows: Vec<(PriceRow, bool)>,
    entries: Vec<(u32, Touched)>,
}

/// The list of what the prices touch, while it is made.
struct Listing {
    written: Written,
    places: Vec<(ProductId, PriceListId)>,
}

/// How many prices the next slice has.
struct Pace {
    rows: usize,
    least: usize,
    most: usize,
}

impl Slicer {
    /// Writes what an import will change beside the table, when it is much. What others left is
    /// settled before. The transaction that switches it on is the caller's, and [`Self::settle`].
    pub(crate) fn write_pending(
        &self,
        prices: &mut StagedPrices,
    ) -> Result<Option<Claim>, StoreError> {
        if !prices.is_precomputed() {
            return Ok(None);
        }
        let claim = Claim::take(&self.directory)?;
        self.settle_left()?;
        let token = self.run(super::begin)?;
        match self.write_slices(prices, token) {
            Ok(written) => prices.written(written),
            Err(error) => {
                self.settle();
                return Err(error);
            }
        }
        Ok(Some(claim))
    }

    /// Moves pending prices to the table when they were switched on, and drops them otherwise. The
    /// import is over: what fails now is done when the next one comes, or the data is opened.
    pub(crate) fn settle(&self) {
        if let Err(error) = self.settle_left() {
            warn!(%error, "prices of an import are left beside the table for now");
        }
    }

    /// The same of an import that nobody is at any more.
    fn settle_abandoned(&self, may_look: &Mutex<bool>) -> Result<(), StoreError> {
        let looking = may_look.lock().unwrap_or_else(PoisonError::into_inner);
        if !*looking {
            return Ok(());
        }
        // Who imports keeps the claim until all is settled, and the system takes it from the dead.
        let Some(claim) = Claim::try_take(&self.directory)? else { return Ok(()) };
        let is_left = super::is_there(&Database::reader(&self.path, self.busy_timeout)?)?;
        drop(looking);
        let settled = if is_left { self.settle_left() } else { Ok(()) };
        drop(claim);
        settled
    }

    fn settle_left(&self) -> Result<(), StoreError> {
        let mut pace = Pace::new(self.slices);
        let moves_the_log = self.signals.log_elsewhere.begin();
        let database = Database::stager(&self.path, self.busy_timeout)?;
        loop {
            let (rows, began) = (pace.rows, Instant::now());
            let more = self.run(move |database| super::slice(database, rows))?;
            pace.took(began.elapsed());
            pace.move_log(&database)?;
            if !more {
                drop(moves_the_log);
                return Ok(());
            }
            give_way();
        }
    }

    fn write_slices(&self, prices: &StagedPrices, token: i64) -> Result<Written, StoreError> {
        let moves_the_log = self.signals.log_elsewhere.begin();
        let log = Database::stager(&self.path, self.busy_timeout)?;
        let mut new_shapes = Vec::new();
        for shapes in prices.new_shapes().chunks(self.slices.least.max(1)) {
            let shapes = shapes.to_vec();
            let numbers: Vec<u32> = self
                .run(move |database| shapes.iter().map(|shape| database.intern(shape)).collect())?;
            new_shapes.extend(numbers);
        }
        let mut pace = Pace::new(self.slices);
        let mut part = Part::default();
        let mut listing =
            Listing { written: Written { token, firsts: Vec::new() }, places: Vec::new() };
        prices.each_pending(&new_shapes, &mut |row, is_put| {
            part.entries.extend(listing.add(&row));
            part.rows.push((row, is_put));
            if part.rows.len() < pace.rows {
                return Ok(());
            }
            self.add(token, std::mem::take(&mut part), &mut pace)?;
            pace.move_log(&log)
        })?;
        part.entries.extend(listing.close());
        self.add(token, part, &mut pace)?;
        drop(moves_the_log);
        Ok(listing.written)
    }

    fn add(&self, token: i64, part: Part, pace: &mut Pace) -> Result<(), StoreError> {
        let began = Instant::now();
        self.run(move |database| {
            super::add(database, &part.rows)?;
            part.entries.iter().try_for_each(|(position, touched)| {
                listed::write(database, token, *position, touched)
            })
        })?;
        pace.took(began.elapsed());
        give_way();
        Ok(())
    }

    /// Runs a slice on the writer's thread, and returns when it is durable.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        #[cfg(test)]
        super::tests::between_slices();
        aside::run(&self.commands, work, || StoreError::Closed)
    }
}

impl Background {
    /// Looks at once, and again after each such time.
    pub(crate) fn begin(slicer: Slicer, every: Duration) -> Result<Self, StoreError> {
        let (open, closed) = mpsc::channel();
        let may_look = Arc::new(Mutex::new(true));
        let told = Arc::clone(&may_look);
        let look = move || {
            loop {
                match slicer.settle_abandoned(&told) {
                    Ok(()) | Err(StoreError::Closed) => {}
                    Err(error) => warn!(%error, "cannot settle the prices of an import"),
                }
                if closed.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("store-settler".to_owned())
            .spawn(look)
            .map(|thread| Self { open, may_look, thread })
            .map_err(|error| StoreError::Open(format!("cannot start the settler: {error}")))
    }

    /// Lets it look no more. The connection of a look that goes on is closed when this returns: two that are
    /// closed at the same time each leave the log to the other one.
    pub(crate) fn look_no_more(&self) {
        *self.may_look.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }

    /// Waits for its end, which comes when everything is settled or the writer is gone.
    pub(crate) fn join(self) {
        drop(self.open);
        drop(self.thread.join());
    }
}

impl Listing {
    /// Adds the place of a price; they come in order. Returns an entry that is full.
    fn add(&mut self, row: &PriceRow) -> Option<(u32, Touched)> {
        let place = (ProductId(row.product), PriceListId(row.list));
        if self.places.last() == Some(&place) {
            return None;
        }
        let full = if self.places.len() == PLACES_OF_ENTRY { self.close() } else { None };
        self.places.push(place);
        full
    }

    /// The entry with the places since the last one.
    fn close(&mut self) -> Option<(u32, Touched)> {
        let places = std::mem::take(&mut self.places);
        let (first, _) = places.first()?;
        let position = self.written.entries();
        self.written.firsts.push(first.0);
        Some((position, Touched::Prices { places }))
    }
}

impl Pace {
    fn new(slices: Slices) -> Self {
        let least = slices.least.max(1);
        Self { rows: least, least, most: slices.most.max(least) }
    }

    /// Moves the log after a slice, when it is long.
    fn move_log(&mut self, database: &Database) -> Result<(), StoreError> {
        let began = Instant::now();
        checkpoint::when_long(database)?;
        if began.elapsed() > LONG_TO_MOVE {
            self.smaller();
        }
        Ok(())
    }

    fn smaller(&mut self) {
        self.rows = (self.rows / 2).max(self.least);
    }

    fn took(&mut self, time: Duration) {
        if time > LONG {
            self.smaller();
        } else if time < LONG / 4 {
            self.rows = (self.rows * 2).min(self.most);
        }
    }
}

/// Writers of other processes look for the lock every millisecond: between slices it is free for long
/// enough that one of them gets it.
fn give_way() {
    std::thread::sleep(PAUSE);
}
