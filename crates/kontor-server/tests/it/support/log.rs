//! Everything the tests' servers log, at every level, as a recommended subscriber would show it.
//!
//! It is installed for the whole process before the first server starts: a subscriber that comes
//! and goes with one test would miss events whose place was first reached in another test.

use std::io::{self, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use kontor_server::QUIET_TARGETS;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

static LOG: OnceLock<Log> = OnceLock::new();

#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<u8>>);

/// The log of this process; installed when first asked for.
pub(crate) fn log() -> &'static Log {
    LOG.get_or_init(|| {
        let quiet = QUIET_TARGETS.map(|target| (target, LevelFilter::OFF));
        let filter = Targets::new().with_default(LevelFilter::TRACE).with_targets(quiet);
        let layer = tracing_subscriber::fmt::layer().json().with_writer(Sink).with_filter(filter);
        tracing::subscriber::set_global_default(Registry::default().with(layer)).unwrap();
        Log::default()
    })
}

impl Log {
    /// Everything logged so far.
    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).unwrap()
    }
}

/// Writes into the log of this process.
struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(log) = LOG.get() {
            log.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}
