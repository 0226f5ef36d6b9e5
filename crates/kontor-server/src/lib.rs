#![doc = include_str!("../README.md")]

mod accept;
mod body;
mod caps;
mod config;
mod connection;
mod dispatch;
mod encoding;
mod finish;
mod gate;
mod metrics;
mod ops;
mod panics;
mod rate;
mod request_id;
mod server;
mod tls;
mod watch;

pub use config::{ConfigError, Limits, OpsAccess, Pace, RateLimit, ServerConfig, TlsConfig};
pub use ops::{Ops, Readiness};
pub use panics::log_panics_without_message;
pub use server::{Server, ServerError};
pub use tls::{TlsError, TlsReload};

/// Targets of the libraries below the server, whose log events may quote what a client sent (a
/// path with its query, for instance). A subscriber must keep them off at every level.
pub const QUIET_TARGETS: [&str; 6] =
    ["h2", "hyper", "hyper_util", "rustls", "tokio_rustls", "tokio_util"];
