//! The tasks there are, where the repository is, and how commands are run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The tasks that are known, with the line that explains them.
pub(crate) const TASKS: &[(&str, &str)] = &[
    ("ci", "run what CI runs, in its order: format, spelling, lints, docs, tests, tidy, readme"),
    ("tidy", "check the rules of the house: edges, wire words, paths, sizes, words"),
    ("readme", "run the commands that README.md and docs/ show, and compare the answers"),
    (
        "torture",
        "kill the server at random moments, COUNT times (500): cargo xtask torture [COUNT]",
    ),
];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Runs a command in the root of the repository; a failure names it.
pub(crate) fn must(command: &mut Command) -> anyhow::Result<()> {
    let shown = format!("{command:?}").replace('"', "");
    eprintln!("\n== {shown}");
    let status =
        command.current_dir(root()).status().with_context(|| format!("cannot run {shown}"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}
