//! `cargo xtask torture`: the kill -9 campaign, many more cycles than `make test` runs.

use std::process::Command;

use crate::must;

/// Cycles when no number is given.
pub(crate) const DEFAULT_CYCLES: u32 = 500;

/// Runs the tests named `torture` of the binary with that many cycles.
pub(crate) fn run(cycles: u32) -> anyhow::Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "-p", "kontor", "--test", "it", "--", "torture", "--nocapture"]);
    must(command.env("KONTOR_TORTURE", cycles.to_string()))
}
