#![doc = include_str!("../README.md")]

mod asked;
mod auth;
mod body;
mod config;
mod error;
mod from_wire;
mod handlers;
mod inquiry;
mod on_behalf;
mod pricing;
mod routes;
mod shop;
mod to_wire;
mod wire;

use std::sync::Arc;

use kontor_app::App;
use kontor_dialect::{ConfigError, ExampleRequest, Registration, Section, Settings};
use kontor_wire::http::Dialect;

pub use config::{
    Config, ContractCombination, Overrides, Scheme, SessionContract, Toggle, UnknownProduct,
    UnsupportedCurrency,
};
pub use inquiry::{Inquired, Inquiry, InquiryError};

/// This dialect, as the binary lists it.
pub const DIALECT: Registration = Registration {
    name: "websphere",
    section: Section::of::<Config>(),
    example: ExampleRequest {
        path: "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=11.04.5680",
        options: "",
    },
};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let config = config.checked()?;
    Ok(Arc::new(handlers::WebSphere { app, config }))
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
