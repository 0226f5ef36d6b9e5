//! Leads over the demo catalogue.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what a test needs must be there"
)]

mod leads;
mod outbox;
mod support;
