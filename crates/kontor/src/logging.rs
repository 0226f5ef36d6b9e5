//! Structured logs on standard error. Libraries below the server are kept quiet at every level:
//! their events may quote what a client sent.

use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// Starts to write logs.
pub(crate) fn start(config: &LogConfig) {
    start_at(config.level.into(), config);
}

/// The same for a command that speaks for itself: nothing below a warning.
pub(crate) fn start_quietly(config: &LogConfig) {
    start_at(tracing::Level::from(config.level).min(tracing::Level::WARN), config);
}

fn start_at(level: tracing::Level, config: &LogConfig) {
    let allowed = filter_fn(move |meta| {
        let of = |quiet: &str| {
            meta.target()
                .strip_prefix(quiet)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        *meta.level() <= level && !kontor_server::QUIET_TARGETS.iter().any(|quiet| of(quiet))
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry();
    // A second start, as tests make it, changes nothing.
    let _ = match config.format {
        LogFormat::Text => registry.with(lines.with_ansi(false).with_filter(allowed)).try_init(),
        LogFormat::Json => registry.with(lines.json().with_filter(allowed)).try_init(),
    };
}
