//! Places for writes that wait for their turn.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Writes that wait for the writer at the same time, each on a thread. Others wait before that
/// without one, so that no number of writes takes the threads from those who read.
const WRITES_AT_ONCE: usize = 256;

/// Room for writes that wait.
#[derive(Debug)]
pub(crate) struct WritePlaces(Arc<Semaphore>);

impl Default for WritePlaces {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(WRITES_AT_ONCE)))
    }
}

impl WritePlaces {
    /// Waits for a place. Places are never closed; who gives up while waiting leaves nothing behind.
    pub(super) async fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}
