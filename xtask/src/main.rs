//! The tasks of the house: `cargo xtask ci`, `tidy`, `readme`, `torture`.
//!
//! A task only starts programs and reads the files of the repository. It is no part of what is
//! shipped, and nothing that is shipped depends on it.

mod ci;
mod house;
mod markdown;
mod readme;
mod tidy;
mod torture;
mod tree;

use std::process::ExitCode;

use anyhow::{Context, bail};

use house::TASKS;

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
