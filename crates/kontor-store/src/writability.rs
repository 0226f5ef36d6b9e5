//! Whether writes get through, for those who look after a server.

use std::time::Duration;

use crate::error::StoreError;

/// How writing has been going.
#[derive(Debug, Clone, Default)]
pub struct Writability {
    /// For how long the write whose turn it is has been waiting for another process that writes;
    /// `None` while none waits.
    pub waiting: Option<Duration>,
    /// Why nothing could be written the last time; `None` as soon as it can be again.
    pub failure: Option<StoreError>,
}
