//! What can go wrong in a store. No driver type shows here.

/// A failure of the store itself.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The data cannot be opened: missing, locked, damaged or newer than this program.
    #[error("cannot open the data: {0}")]
    Open(String),
    /// The disk is full or refuses to write. What was acknowledged is safe; try again later.
    #[error("cannot write the data: {0}")]
    Write(String),
    /// The data cannot be read.
    #[error("cannot read the data: {0}")]
    Read(String),
    /// The data is older than what was acknowledged (high-water mark), its hash chain is broken, or
    /// the disk did not confirm a write. The process should end: opening the data again tells.
    #[error("the data is damaged: {0}")]
    Damaged(String),
    /// A rule of the data forbids what a job did: it refers to a row that does not exist, removes
    /// a row that others refer to, conflicts with another price, or takes a name that is taken.
    /// Names the rows, never a secret. A job may handle it; one that passes it on is undone.
    #[error("{0}")]
    Conflict(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// What was asked of the past was forgotten by policy; it is known after change `horizon` only.
    /// Who follows the changes begins anew.
    #[error("the past is known only after change {horizon}")]
    TooOld { horizon: u64 },
    /// The deadline of a write passed while it waited for its turn. Nothing of it was done.
    #[error("the write waited too long for its turn")]
    NotBegun,
    /// A write is durable, or may be, but cannot be answered by its outcome. Whoever repeats it
    /// must not believe that nothing was done.
    #[error("the outcome of the write cannot be told: {0}")]
    Uncertain(String),
}

impl StoreError {
    /// Whether a write that ended with this certainly had no effect, so that it may be repeated.
    pub const fn promises_nothing_was_done(&self) -> bool {
        match self {
            Self::Write(_) | Self::Closed | Self::NotBegun => true,
            Self::Open(_)
            | Self::Read(_)
            | Self::Damaged(_)
            | Self::Conflict(_)
            | Self::TooOld { .. }
            | Self::Uncertain(_) => false,
        }
    }
}

/// Why a job ends without effect.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Abort {
    /// The job refuses; it told its caller why by its own means.
    #[error("refused")]
    Refused,
    #[error(transparent)]
    Store(#[from] StoreError),
}
