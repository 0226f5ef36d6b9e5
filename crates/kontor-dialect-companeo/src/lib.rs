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
use kontor_dialect::{ConfigError, ExampleRequest, Registration, Section, Settings};
use kontor_leads::config::ConfigSecret;
use kontor_leads::intake::LeadDesk;
use kontor_leads::vault::LeadVault;
use kontor_wire::http::Dialect;

pub use config::{Config, Overrides};

/// This dialect, as the binary lists it.
pub const DIALECT: Registration = Registration {
    name: "companeo",
    section: Section::of::<Config>(),
    example: ExampleRequest {
        path: "/api/v1/partners/create_rfq",
        options: concat!(
            "-H 'Authorization: Bearer ",
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
            "eyJzdWIiOjIyLCJleHAiOjI1MjQ2MDgwMDAsImlzcyI6IklqSXlYMHhRTnpWZk1Ua2kifQ.",
            "hk9lFb6q6q9F9BB4QjHDGidp-9LTuUbFPCROupSo3Lk' ",
            "--data '[{\"categoryId\":1463,\"data\":{\"30148\":25638,\"25533\":\"75001\",",
            "\"email\":\"wayne.hotte@test.fr\",\"companyName\":\"HOTTE INC.\",\"segment\":1,",
            "\"firstname\":\"Wayne\",\"lastname\":\"Hotte\",\"phone\":\"0130926784\"}}]' ",
        ),
    },
};

/// The dialect with these settings.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, ConfigError> {
    let config = config.checked()?;
    let key = config.leads.seal_key.as_ref().map(ConfigSecret::reveal);
    let vault = LeadVault::new(key).map_err(|error| ConfigError::new("leads.seal_key", error))?;
    let desk = Arc::new(LeadDesk::new(Arc::clone(&app), vault));
    Ok(Arc::new(handlers::Companeo { app, config, desk }))
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
