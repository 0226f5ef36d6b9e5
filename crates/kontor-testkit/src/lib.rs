#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "what tests are built from is right, or the test fails"
)]

#[cfg(feature = "demo")]
mod data;
#[cfg(feature = "demo")]
pub mod demo;
pub mod market;
#[cfg(feature = "demo")]
pub mod office;
pub mod reference;
