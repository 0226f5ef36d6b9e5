//! The pricing engine and the book, held against engines that are obviously right.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod book;
mod packing;
mod ranges;
mod reference;
mod rules;
mod setup;
