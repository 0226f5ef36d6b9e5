//! JSON in and out, with numbers as they were written.
//!
//! Reading gives a [`serde_json::Value`], or whatever [`Tree`] a dialect has; what its members mean is the business of the protocols.
//! Writing goes straight into the bytes of the answer, because each protocol prints numbers and
//! slashes its own way.

mod read;
mod tree;
mod write;

pub use read::{decimal, integer_literal, parse, parse_unique};
pub use tree::{JsonError, Tree, read};
pub use write::{JsonWriter, write_string, write_string_escaping_slashes};

#[cfg(test)]
mod tests;
