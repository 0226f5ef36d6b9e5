//! Use cases over the demo catalogue.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what a test needs must be there"
)]

mod accounts;
mod deadlines;
mod follow;
mod partners;
mod sessions;
