//! Requests to the dialect over the demo catalogue, and their answers.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what a test needs must be there"
)]

mod acting;
mod answers;
mod asking;
mod dates;
mod errors;
mod finders;
mod identities;
mod inquiry;
#[cfg(test)]
mod long;
mod numbers;
mod order;
mod properties;
mod quantities;
mod support;
mod switches;
mod work;
