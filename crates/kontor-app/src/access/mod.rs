//! Who asks, and what they may: accounts and partners, their secrets, sessions and limits, and the
//! commands that keep them.

pub mod account_admin;
pub mod asker;
pub mod authenticate;
pub mod callers;
pub mod json_web_token;
pub(crate) mod last_used;
pub mod login_limits;
pub mod partner_admin;
pub mod partner_asker;
pub mod partners;
pub mod secrets;
pub mod sessions;
