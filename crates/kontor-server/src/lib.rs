#![doc = include_str!("../README.md")]

mod accept;
mod body;
mod callers;
mod caps;
mod config;
mod connection;
mod dispatch;
mod encoding;
mod entity_tag;
mod finish;
mod intake;
mod log;
mod metrics;
mod ops;
mod panics;
mod proxies;
mod request_id;
mod sent;
mod server;
mod shares;
mod tls;
mod watch;

pub use config::{ConfigError, Limits, OpsAccess, Pace, RateLimit, ServerConfig, TlsConfig};
pub use log::QUIET_TARGETS;
pub use ops::{Ops, Readiness};
pub use panics::log_panics_without_message;
pub use proxies::{Network, NetworkError};
pub use server::{Server, ServerError};
pub use tls::{TlsError, TlsReload};
