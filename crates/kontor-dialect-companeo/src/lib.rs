#![doc = include_str!("../README.md")]

mod auth;
mod config;
mod error;
mod from_wire;
mod handlers;
pub mod page;
mod to_wire;
mod wire;

use std::sync::Arc;

use kontor_app::App;
use kontor_leads::config::ConfigSecret;
use kontor_leads::intake::LeadDesk;
use kontor_leads::vault::LeadVault;
use kontor_wire::http::Dialect;

pub use config::{Config, ConfigError, Overrides};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let config = config.checked()?;
    let key = config.leads.seal_key.as_ref().map(ConfigSecret::reveal);
    let vault = LeadVault::new(key)?;
    let desk = Arc::new(LeadDesk::new(Arc::clone(&app), vault));
    Ok(Arc::new(handlers::Companeo { app, config, desk }))
}
