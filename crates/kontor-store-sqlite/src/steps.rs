//! Counts what SQLite does, so that tests can hold a write to the cost of what it changes: steps are the
//! same on every machine, time is not.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

/// Steps of SQLite's machine that are counted at once.
const GRAIN: u8 = 10;

thread_local! {
    static COUNTED: RefCell<Option<Arc<AtomicU64>>> = const { RefCell::new(None) };
}

/// The steps of all connections that this thread opens from now on, wherever they are used.
#[derive(Debug)]
pub struct Steps(Arc<AtomicU64>);

impl Steps {
    /// Begins to count.
    pub fn count() -> Self {
        let counted: Arc<AtomicU64> = Arc::default();
        COUNTED.set(Some(Arc::clone(&counted)));
        Self(counted)
    }

    /// How many there were so far.
    pub fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Steps {
    /// Connections that are opened later are not counted.
    fn drop(&mut self) {
        COUNTED.set(None);
    }
}

/// Has the steps of a connection counted, when the thread counts.
pub(crate) fn watch(connection: &mut Connection) -> rusqlite::Result<()> {
    let Some(counted) = COUNTED.with_borrow(Clone::clone) else {
        return Ok(());
    };
    let count = move || {
        counted.fetch_add(u64::from(GRAIN), Ordering::Relaxed);
        false
    };
    connection.progress_handler(GRAIN.into(), Some(count))
}
