//! Bytes without meaning: what the five protocols share on the wire.
//!
//! Nothing in here knows a price, a supplier or a protocol word.

pub mod http;
