//! Whether writes get through, for those who look after a server.

use std::time::Duration;

use crate::error::StoreError;

/// How writing has been going.
#[derive(Debug, Clone, Default)]
pub struct Writability {
    /// For how long another process has kept a write whose turn it is from beginning, or would have
    /// kept one; `None` while nobody is in the way.
    pub waiting: Option<Duration>,
    /// Why nothing could be written the last time; `None` as soon as it can be again.
    pub failure: Option<StoreError>,
}
