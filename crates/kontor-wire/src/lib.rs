#![doc = include_str!("../README.md")]

pub mod accept;
pub mod deadline;
pub mod decimal;
#[cfg(feature = "golden")]
pub mod golden;
pub mod http;
pub mod json;
pub mod media_type;
pub mod pieces;
pub mod query;
pub mod token;
pub mod xml_read;
pub mod xml_write;

#[cfg(test)]
mod seeded;
