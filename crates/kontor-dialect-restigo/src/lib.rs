#![doc = include_str!("../README.md")]

mod auth;
mod brackets;
mod config;
pub mod documents;
mod error;
mod from_wire;
mod handlers;
mod long;
mod multipart;
mod parameters;
mod routes;
mod to_wire;
mod validation;
mod wire;

use std::sync::Arc;

use kontor_app::App;
use kontor_dialect::{ConfigError, ExampleRequest, Registration, Section, Settings};
use kontor_wire::http::Dialect;

pub use config::{Config, Overrides};

/// This dialect, as the binary lists it.
pub const DIALECT: Registration = Registration {
    name: "restigo",
    section: Section::of::<Config>(),
    example: ExampleRequest {
        path: "/api/departments/thirdParty/pricings",
        options: "-H 'token: tok-restigo-demo' ",
    },
};

/// The dialect with these settings.
#[expect(clippy::needless_pass_by_value, reason = "all dialects have this signature")]
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    Ok(Arc::new(handlers::Restigo::new(app, &config)?))
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

#[cfg(test)]
mod scene;
