//! The contract suite on SQLite, and what only a database in files can do wrong.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod backup;
mod contract;
mod history;
mod older;
mod opening;
mod proving;
mod pruning;
mod removal;
mod rows;
mod schema;
mod scratch;
mod sessions;
mod staging;
mod tokens;
mod torn_wal;
mod upgrade;
mod wiping;
