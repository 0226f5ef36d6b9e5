#![doc = include_str!("../README.md")]

mod aside;
mod backup;
mod book;
mod cell;
mod change_list;
mod change_log;
mod change_time;
mod check;
mod checkpoint;
mod database;
mod days;
mod error;
mod high_water;
mod in_use;
mod migrate;
mod new_tables;
mod news;
mod open;
mod other_changes;
mod pending;
#[cfg(test)]
mod plans;
mod prices;
mod private;
mod probe;
mod prune;
mod read;
mod reference;
mod removal;
#[cfg(test)]
mod scratch;
mod seen;
mod sessions;
mod signals;
mod sizes;
mod staging;
mod state;
mod steps;
mod store;
mod table;
mod tokens;
mod wipe;
mod write;
mod writer;

pub use change_list::{ChangeLine, ChangesWanted};
pub use days::{DayValidity, DaysOfBefore, DaysState};
pub use open::OpenOptions;
pub use pending::Slices;
pub use sizes::TableSize;
pub use steps::Steps;
pub use store::{SqliteStore, StateProof};
