//! The pricing engine and the book, held against engines that are obviously right.

mod book;
mod reference;
mod rules;
mod setup;
