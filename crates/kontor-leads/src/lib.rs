#![doc = include_str!("../README.md")]

pub mod admin;
pub mod config;
pub mod intake;
pub mod outbox;
pub mod prepare;
pub mod questionnaire;
pub mod retention;
pub mod vault;
