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
use kontor_wire::http::Dialect;

pub use config::{
    Config, ConfigError, ContractCombination, Overrides, Scheme, SessionContract, Toggle,
    UnknownProduct, UnsupportedCurrency,
};
pub use inquiry::{Inquired, Inquiry, InquiryError};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let config = config.checked()?;
    Ok(Arc::new(handlers::WebSphere { app, config }))
}
