//! Catalogue folders in and out of a real database.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod demo;
mod faults;
mod folder;
mod kit;
mod modes;
mod round_trip;
