//! Requests to the dialect over the demo catalogue, and their answers.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what a test needs must be there"
)]

mod categories;
mod duplicates;
mod keys;
mod order;
mod pages;
mod stored;
mod support;
mod tokens;
