#![doc = include_str!("../README.md")]

mod auth;
mod brackets;
mod config;
pub mod documents;
mod error;
mod from_wire;
mod handlers;
mod multipart;
mod parameters;
mod routes;
mod to_wire;
mod validation;
mod wire;

use std::sync::Arc;

use kontor_app::App;
use kontor_wire::http::Dialect;

pub use config::{Config, ConfigError, Overrides};

/// Makes the dialect. The error names the setting that is wrong.
pub fn dialect(app: Arc<App>, config: &Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    Ok(Arc::new(handlers::Restigo::new(app, config)?))
}

#[cfg(test)]
mod scene;
