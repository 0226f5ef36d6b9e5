//! Catalogue folders in and out of a real database.

mod demo;
mod faults;
mod folder;
mod kit;
mod modes;
mod round_trip;
