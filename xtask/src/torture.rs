//! `cargo xtask torture`: the campaigns of killing the server, of following changes and of damaged files,
//! with many more cycles than `make test` runs.

use std::process::Command;

use crate::house::must;

/// Cycles when no number is given.
pub(crate) const DEFAULT_CYCLES: u32 = 500;

/// Runs the tests named `torture` with that many cycles; the book is followed 200 times in each. Every
/// byte of a small database is damaged once, however many cycles there are.
pub(crate) fn run(cycles: u32) -> anyhow::Result<()> {
    let mut command = Command::new(env!("CARGO"));
    let packages = ["-p", "kontor", "-p", "kontor-app", "-p", "kontor-store-sqlite"];
    let tests = ["--test", "it", "--", "torture", "--nocapture"];
    command.args(["test", "--profile", "torture"]).args(packages).args(tests);
    must(command.env("KONTOR_TORTURE", cycles.to_string()))
}
