//! The contract suite: what every backend must do, as checks that a backend's tests run on it. It
//! does not test what only one kind of database can do wrong, such as files or networks.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests: a panic is how they fail"
)]

mod catalogue;
mod change_times;
mod changes;
mod giving_way;
mod imports;
mod imports_random;
mod isolation;
mod prices;
mod questions;
mod removal;
mod rows;
mod sessions;
mod staged;
mod staged_rows;
mod tokens;
mod writers;

use crate::Store;

/// A check on an empty store.
pub struct Check {
    pub name: &'static str,
    pub run: fn(&dyn Store),
}

/// Names and functions of the checks of one topic.
type Checks = &'static [(&'static str, fn(&dyn Store))];

/// All checks, those of simple things first.
pub fn checks() -> Vec<Check> {
    [
        rows::CHECKS,
        questions::CHECKS,
        isolation::CHECKS,
        changes::CHECKS,
        change_times::CHECKS,
        sessions::CHECKS,
        tokens::CHECKS,
        writers::CHECKS,
        prices::CHECKS,
        imports::CHECKS,
        staged::CHECKS,
        giving_way::CHECKS,
        staged_rows::CHECKS,
        removal::CHECKS,
    ]
    .into_iter()
    .flatten()
    .map(|(name, run)| Check { name, run: *run })
    .collect()
}
