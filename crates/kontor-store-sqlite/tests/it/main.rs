//! What only a database in files can do wrong. The contract suite runs beside the code, where the plan
//! of each statement can be looked at (`src/plans/tests.rs`).

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod backup;
mod flips;
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
mod visiting;
mod wiping;
