//! `cargo xtask ci`: what CI runs, in CI's order. `make test` calls it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::house::{must, target};
use crate::{readme, tidy};

/// Stops at the first step that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    must(cargo().args(["fmt", "--all", "--check"]))?;
    with_tool("typos", &[])?;
    with_tool("cargo-deny", &["--locked", "check", "bans", "licenses", "sources"])?;
    must(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    must(cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
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

/// Runs a tool that is no part of Rust, where it is installed: in `target/tools`, where
/// `.ci/setup` puts it, or on the path.
fn with_tool(name: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let installed = target().join("tools/bin").join(name);
    let program = if installed.exists() { installed } else { PathBuf::from(name) };
    let version = Command::new(&program).arg("--version").stdout(Stdio::null()).status();
    if version.is_err() {
        eprintln!("\n== {name} is not installed, skipped");
        return Ok(());
    }
    must(Command::new(program).args(arguments))
}
