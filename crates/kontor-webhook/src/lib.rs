#![doc = include_str!("../README.md")]

mod address;
mod retry_after;
mod signature;
mod target;
mod webhook;

pub use target::WebhookError;
pub use webhook::Webhook;
