//! End to end: the binary as a user runs it.

mod durability;
mod faults;
mod golden;
mod http;
mod process;
