#![doc = include_str!("../README.md")]

mod auth;
mod config;
mod error;
mod from_wire;
mod handlers;
mod paging;
mod routes;
mod to_wire;
mod wire;

use std::sync::Arc;

use kontor_app::App;
use kontor_app::scan::PriceScans;
use kontor_wire::http::Dialect;

pub use config::{Config, ConfigError, Empty, NoPromotion, Overrides};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let config = config.checked()?;
    let scans = Arc::new(PriceScans::new(config.scan_limits()));
    Ok(Arc::new(handlers::Consinco { app, config, scans }))
}
