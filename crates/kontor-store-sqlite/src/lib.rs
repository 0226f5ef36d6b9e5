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
mod error;
mod high_water;
mod in_use;
mod migrate;
mod news;
mod open;
#[cfg(test)]
mod plans;
mod prices;
mod private;
mod probe;
mod prune;
mod read;
mod reference;
#[cfg(test)]
mod scratch;
mod seen;
mod sessions;
mod signals;
mod sizes;
mod staging;
mod state;
mod store;
mod table;
mod tokens;
mod wipe;
mod write;
mod writer;

pub use change_list::{ChangeLine, ChangesWanted};
pub use open::OpenOptions;
pub use sizes::TableSize;
pub use store::{SqliteStore, StateProof};
