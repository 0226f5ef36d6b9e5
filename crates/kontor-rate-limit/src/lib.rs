#![doc = include_str!("../README.md")]

mod address;
mod limit;

pub use address::network_of;
pub use limit::{RateLimit, TooMany};
