//! Calls to the dialect over the demo catalogue, and their answers.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail where the test does"
)]

mod base_unit;
mod changed_since;
mod contract_reader;
mod errors;
mod formats;
mod logins;
#[cfg(test)]
mod long;
mod paging;
mod promotions;
mod rows;
mod support;
mod switches;
mod writer;
