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
    /// The store is shutting down or its writer has stopped.
    #[error("the store is closed")]
    Closed,
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
