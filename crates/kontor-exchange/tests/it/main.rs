//! Catalogue folders in and out of a real database.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod accounts;
mod demo;
mod faults;
mod folder;
mod growth;
mod kit;
mod modes;
mod partial;
mod round_trip;
mod spreadsheets;
mod warnings;
mod zones;
