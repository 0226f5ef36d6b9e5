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
    /// The data is older than what was acknowledged (high-water mark), or its hash chain is broken.
    #[error("the data is damaged: {0}")]
    Damaged(String),
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
