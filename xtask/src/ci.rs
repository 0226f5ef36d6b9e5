//! `cargo xtask ci`: what CI runs, in CI's order. `make test` calls it.

use std::process::Command;

use crate::{must, readme, tidy};

/// Stops at the first step that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    must(cargo().args(["fmt", "--all", "--check"]))?;
    must(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    // Not nextest: the tests of a dialect share one demo database, which a process per test would
    // make anew each time.
    must(cargo().args(["test", "--workspace", "--no-fail-fast"]))?;
    // The binary that was built for the tests is used, so nothing is compiled twice.
    readme::run()?;
    tidy::run()
}

fn cargo() -> Command {
    Command::new(env!("CARGO"))
}
