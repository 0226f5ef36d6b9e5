//! End to end: the binary as a user runs it.

mod golden;
mod process;
