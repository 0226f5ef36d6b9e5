//! End to end: the binary as a user runs it.

mod cli;
mod durability;
mod faults;
mod golden;
mod http;
mod isolation;
mod process;
mod redaction;
mod same_question;
