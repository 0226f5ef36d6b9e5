#![doc = include_str!("../README.md")]

pub mod account_tokens;
pub mod app;
pub mod authenticate;
mod cards;
pub mod follow;
pub mod login_limits;
pub mod prepare;
pub mod secrets;
pub mod sessions;
pub mod write;

pub use app::{App, AppConfig, Asker};
pub use authenticate::Denied;
pub use login_limits::LoginLimits;
pub use write::WriteError;
