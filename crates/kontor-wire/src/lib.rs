#![doc = include_str!("../README.md")]

pub mod decimal;
pub mod http;
pub mod query;

#[cfg(test)]
mod seeded;
