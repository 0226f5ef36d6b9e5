//! End to end: the binary as a user runs it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::format_push_string,
    reason = "a test that cannot go on has failed"
)]

mod cli;
mod deadlines;
mod durability;
mod faults;
mod golden;
mod http;
mod imports;
mod isolation;
mod lead_intake;
mod partners;
mod process;
mod redaction;
mod same_question;
mod suppliers;
mod upgrade;
