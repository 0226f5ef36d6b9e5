//! The tasks of the house: `cargo xtask ci`, `tidy`, `readme`, `torture`.
//!
//! A task only starts programs and reads the files of the repository. It is no part of what is
//! shipped, and nothing that is shipped depends on it.

mod ci;
mod markdown;
mod readme;
mod tidy;
mod torture;
mod tree;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

/// The tasks that are known, with the line that explains them.
const TASKS: &[(&str, &str)] = &[
    ("ci", "run what CI runs, in its order: format, spelling, lints, docs, tests, tidy, readme"),
    ("tidy", "check the rules of the house: edges, wire words, paths, sizes, words"),
    ("readme", "run the commands that README.md and docs/ show, and compare the answers"),
    (
        "torture",
        "kill the server at random moments, COUNT times (500): cargo xtask torture [COUNT]",
    ),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["ci"] => ci::run(),
        ["tidy"] => tidy::run(),
        ["readme"] => readme::run(),
        ["torture"] => torture::run(torture::DEFAULT_CYCLES),
        ["torture", count] => {
            let count = count.parse().with_context(|| format!("COUNT {count:?}"))?;
            torture::run(count)
        }
        [] | ["help" | "--help" | "-h"] => {
            for (name, line) in TASKS {
                eprintln!("cargo xtask {name:<8} {line}");
            }
            Ok(())
        }
        _ => bail!("unknown task {:?}; cargo xtask help lists them", arguments.join(" ")),
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Runs a command in the root of the repository; a failure names it.
fn must(command: &mut Command) -> anyhow::Result<()> {
    let shown = format!("{command:?}").replace('"', "");
    eprintln!("\n== {shown}");
    let status =
        command.current_dir(root()).status().with_context(|| format!("cannot run {shown}"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}
