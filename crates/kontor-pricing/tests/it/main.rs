//! The pricing engine and the book, held against engines that are obviously right.

mod book;
mod packing;
mod reference;
mod rules;
mod setup;
