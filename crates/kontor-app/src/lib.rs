#![doc = include_str!("../README.md")]

pub mod account_admin;
pub mod app;
pub mod authenticate;
pub mod callers;
mod cards;
pub mod deadline;
pub mod deliver_documents;
pub mod follow;
mod follow_product;
pub mod json_web_token;
mod last_used;
pub mod lead_config;
pub mod lead_outbox;
pub mod lead_vault;
pub mod leads;
mod load;
pub mod login_limits;
pub mod maintain_price_lists;
pub mod market;
pub mod partner_admin;
pub mod partners;
pub mod prepare;
pub mod questionnaire;
mod read_aside;
pub mod retention;
pub mod scan_prices;
pub mod secrets;
pub mod sessions;
pub mod submit_leads;
pub mod write;

pub use app::{App, AppConfig, Asker};
pub use authenticate::Denied;
pub use follow::FollowPolicy;
pub use kontor_store::StoreError;
pub use login_limits::LoginLimits;
pub use write::WriteError;
