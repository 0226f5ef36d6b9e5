#![doc = include_str!("../README.md")]

pub mod account_tokens;
pub mod app;
pub mod authenticate;
mod cards;
pub mod follow;
pub mod json_web_token;
pub mod login_limits;
pub mod market;
pub mod partners;
pub mod prepare;
pub mod questionnaire;
pub mod scan_prices;
pub mod secrets;
pub mod sessions;
pub mod write;

pub use app::{App, AppConfig, Asker};
pub use authenticate::Denied;
pub use login_limits::LoginLimits;
pub use write::WriteError;
