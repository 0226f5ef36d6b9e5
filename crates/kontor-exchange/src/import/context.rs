//! What all parts of one import share: the source, the options, the faults, the progress.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kontor_model::clock::Clock;
use kontor_model::supplier::SupplierCode;
use kontor_store::OnOverlap;

use crate::fault::{Fault, Faults};
use crate::source::{FolderSource, SourceFile};

use super::options::{Fingerprint, ImportOptions, MaxRemoved, Mode, Prepare, Progress, WrongGtins};

/// What all parts of one import share.
pub(crate) struct Context {
    source: Arc<dyn FolderSource>,
    pub(crate) supplier: Option<SupplierCode>,
    pub(crate) mode: Mode,
    pub(crate) max_removed: Option<MaxRemoved>,
    pub(crate) on_overlap: OnOverlap,
    pub(crate) wrong_gtins: WrongGtins,
    pub(crate) fingerprint: Option<Arc<Fingerprint>>,
    pub(crate) dry_run: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) actor: String,
    pub(crate) prepare: Arc<Prepare>,
    progress: Arc<dyn Fn(Progress<'_>) + Send + Sync>,
    faults: Mutex<Faults>,
    /// Warnings of the supplier that is being imported.
    warnings: Mutex<Faults>,
    bytes: AtomicU64,
    rows: AtomicU64,
    passwords: AtomicU64,
    total: u64,
}

impl Context {
    pub(crate) fn new(
        source: Arc<dyn FolderSource>,
        options: ImportOptions,
        total: u64,
    ) -> Arc<Self> {
        Arc::new(Self {
            source,
            supplier: options.supplier,
            mode: options.mode,
            max_removed: options.max_removed,
            on_overlap: options.on_overlap,
            wrong_gtins: options.wrong_gtins,
            fingerprint: options.fingerprint,
            dry_run: options.dry_run,
            clock: options.clock,
            actor: options.actor,
            prepare: options.prepare,
            progress: options.progress,
            faults: Mutex::new(Faults::new(options.fault_sink)),
            warnings: Mutex::default(),
            bytes: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            passwords: AtomicU64::new(0),
            total,
        })
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.faults().add(fault);
    }

    pub(crate) fn fault_count(&self) -> u64 {
        self.faults().count()
    }

    /// Tells what is no fault and may be a mistake.
    pub(crate) fn warn(&self, warning: Fault) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).add(warning);
    }

    /// The warnings so far, which are forgotten.
    pub(crate) fn take_warnings(&self) -> Faults {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn take_faults(&self) -> Faults {
        std::mem::take(&mut *self.faults())
    }

    /// Counts rows that were read.
    pub(crate) fn count_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    /// Counts a password whose digest was made, and tells.
    pub(crate) fn count_password(&self, file: &str) {
        self.passwords.fetch_add(1, Ordering::Relaxed);
        self.tell_progress(file, self.bytes.load(Ordering::Relaxed));
    }

    fn tell_progress(&self, file: &str, bytes: u64) {
        (self.progress)(Progress {
            file,
            bytes,
            total: self.total,
            rows: self.rows.load(Ordering::Relaxed),
            passwords: self.passwords.load(Ordering::Relaxed),
        });
    }

    /// How far the import is, to go back there when it begins anew.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.bytes.load(Ordering::Relaxed), self.rows.load(Ordering::Relaxed))
    }

    pub(crate) fn set_progress(&self, (bytes, rows): (u64, u64)) {
        self.bytes.store(bytes, Ordering::Relaxed);
        self.rows.store(rows, Ordering::Relaxed);
    }

    /// Opens a file for a first look, which is no progress.
    pub(crate) fn peek(&self, file: &SourceFile) -> io::Result<Box<dyn Read + Send>> {
        self.source.open(&file.name)
    }

    /// Opens a file; what is read of it counts as progress.
    pub(crate) fn open<'a>(&'a self, file: &'a SourceFile) -> io::Result<Counted<'a>> {
        let input = self.source.open(&file.name)?;
        Ok(Counted { context: self, name: &file.name, input })
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that tells how far it was read.
pub(crate) struct Counted<'a> {
    context: &'a Context,
    name: &'a str,
    input: Box<dyn Read + Send>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let context = self.context;
        let more = read as u64;
        let bytes = context.bytes.fetch_add(more, Ordering::Relaxed) + more;
        context.tell_progress(self.name, bytes);
        Ok(read)
    }
}
