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
use kontor_dialect::{ConfigError, ExampleRequest, Registration, Section, Settings};
use kontor_wire::http::Dialect;

pub use config::{Config, Empty, NoPromotion, Overrides};

/// This dialect, as the binary lists it.
pub const DIALECT: Registration = Registration {
    name: "consinco",
    section: Section::of::<Config>(),
    example: ExampleRequest {
        path: "/api/v2/sm_products/product-price?number_company=1",
        options: "-H 'Authorization: Bearer T-CONSINCO-DEMO' ",
    },
};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let config = config.checked()?;
    let scans = Arc::new(PriceScans::new(config.scan_limits()));
    Ok(Arc::new(handlers::Consinco { app, config, scans }))
}

impl Settings for Config {
    fn is_enabled(&self) -> bool {
        self.enabled
    }

    fn suppliers(&self) -> Vec<&str> {
        self.suppliers.keys().map(String::as_str).collect()
    }

    fn dialect(&self, app: Arc<App>) -> Result<Arc<dyn Dialect>, ConfigError> {
        dialect(app, self.clone())
    }
}
