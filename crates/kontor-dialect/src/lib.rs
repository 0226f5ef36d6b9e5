#![doc = include_str!("../README.md")]

mod error;
mod registration;
mod section;
mod settings;

pub use error::ConfigError;
pub use registration::{ExampleRequest, Registration};
pub use section::Section;
pub use settings::Settings;
