#![doc = include_str!("../README.md")]

mod config;
mod from_wire;
mod from_xml;
mod handlers;
mod items;
mod routes;
mod to_wire;
mod wire;

use std::sync::Arc;

use kontor_app::App;
use kontor_dialect::{ConfigError, ExampleRequest, Registration, Section, Settings};
use kontor_wire::http::Dialect;

pub use config::{Config, ProductNumber, ScaleLayout, SupplierConfig};

/// This dialect, as the binary lists it.
pub const DIALECT: Registration = Registration {
    name: "secomp",
    section: Section::of::<Config>(),
    example: ExampleRequest {
        path: "/ProductQueryFR?userid=_RQ123456&password=12abcd34&product_id=11045680",
        options: "",
    },
};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let sites = config.zones()?;
    Ok(Arc::new(handlers::Secomp { app, sites, config }))
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
