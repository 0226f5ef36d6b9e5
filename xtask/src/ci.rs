//! `cargo xtask ci`: what CI runs, in CI's order. `make test` calls it.

use std::process::{Command, Stdio};

use crate::{must, readme, tidy};

/// Stops at the first step that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    must(cargo().args(["fmt", "--all", "--check"]))?;
    must(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    if has_nextest() {
        must(cargo().args(["nextest", "run", "--workspace"]))?;
    } else {
        must(cargo().args(["test", "--workspace"]))?;
    }
    // The binary that was built for the tests is used, so nothing is compiled twice.
    readme::run()?;
    tidy::run()
}

fn cargo() -> Command {
    Command::new(env!("CARGO"))
}

fn has_nextest() -> bool {
    let mut probe = Command::new(env!("CARGO"));
    probe.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}
