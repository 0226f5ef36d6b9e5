#![doc = include_str!("../README.md")]

pub mod decimal;
pub mod http;
pub mod json;
pub mod query;
pub mod xml_write;

#[cfg(test)]
mod seeded;
