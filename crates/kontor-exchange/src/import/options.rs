//! What the caller decides about an import.

use std::fmt;
use std::sync::Arc;

use kontor_model::catalogue::Record;
use kontor_model::clock::{Clock, FixedClock};
use kontor_model::instant::Instant;
use kontor_model::record::CellError;
use kontor_model::supplier::SupplierCode;

use crate::fault::FaultSink;

/// Turns a record as people write it into the one that is stored, e.g. a password into its
/// digest, given the record that is there already. It sees the kinds with secrets, and categories
/// with their questions.
pub type Prepare = dyn Fn(Record, Option<&Record>) -> Result<Record, CellError> + Send + Sync;

/// What happens to rows of the database that a file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// They stay.
    #[default]
    Merge,
    /// They are removed, kind by kind, for the kinds the folder has a file of.
    Replace,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that is read.
    pub file: &'a str,
    /// Bytes read of all files.
    pub bytes: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Rows read of all files.
    pub rows: u64,
}

/// How to import.
pub struct ImportOptions {
    /// Whose the folder is when it has no `supplier.csv`.
    pub supplier: Option<SupplierCode>,
    pub mode: Mode,
    /// Check everything, then apply nothing.
    pub dry_run: bool,
    /// Is asked for the time of the change when it begins to be written, after everything was read.
    pub clock: Arc<dyn Clock>,
    /// Who imports, for the change log.
    pub actor: String,
    pub prepare: Arc<Prepare>,
    /// Is called now and then, from several threads.
    pub progress: Arc<dyn Fn(Progress<'_>) + Send + Sync>,
    /// Is told every fault.
    pub fault_sink: Option<FaultSink>,
}

impl ImportOptions {
    /// Merges what is read, as it is written, without a word. The change has this time.
    pub fn new(at: Instant) -> Self {
        Self::by(Arc::new(FixedClock(at)))
    }

    /// The same with the time of a clock.
    pub fn by(clock: Arc<dyn Clock>) -> Self {
        Self {
            supplier: None,
            mode: Mode::default(),
            dry_run: false,
            clock,
            actor: "import".to_owned(),
            prepare: Arc::new(|record, _| Ok(record)),
            progress: Arc::new(|_| {}),
            fault_sink: None,
        }
    }
}

impl fmt::Debug for ImportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportOptions")
            .field("supplier", &self.supplier)
            .field("mode", &self.mode)
            .field("dry_run", &self.dry_run)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}
