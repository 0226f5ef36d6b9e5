//! `kontor backup` and `kontor restore`: a copy of the data, and the way back.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use kontor_store::Store as _;
use serde_json::{Value, json};

use crate::args::{Backup, Restore};
use crate::config::Config;
use crate::{data, logging};

pub(crate) fn run(config: &Config, args: &Backup) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::existing(directory)?;
    let change = store.backup(&args.to)?;
    if args.json {
        return tell(&json!({ "directory": args.to, "change": change.0 }));
    }
    writeln!(
        std::io::stdout().lock(),
        "{}: everything up to change {}; `kontor doctor --data {}` looks at all of it",
        args.to.display(),
        change.0,
        args.to.display()
    )?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(config: &Config, args: &Restore) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    ensure!(
        is_missing_or_empty(directory)?,
        "{} has files in it: stop the server and move the directory away, or name another one with \
         --data; nothing of it is overwritten",
        directory.display()
    );
    ensure!(
        data::is_there(&args.from),
        "there is no backup in {}; name the directory that `kontor backup` has made",
        args.from.display()
    );
    let from = data::existing(&args.from)?;
    from.verify_chain().with_context(|| format!("{} is damaged", args.from.display()))?;
    let proof = from.prove().with_context(|| format!("{} is damaged", args.from.display()))?;
    let change = from.backup(directory)?;
    from.close();
    if args.json {
        let state = proof.root_text();
        return tell(&json!({ "directory": directory, "change": change.0, "state": state }));
    }
    writeln!(
        std::io::stdout().lock(),
        "{}: as of change {}, state {}; start it with `kontor serve --data {}`",
        directory.display(),
        change.0,
        proof.root_text(),
        directory.display()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn tell(value: &Value) -> anyhow::Result<ExitCode> {
    writeln!(std::io::stdout().lock(), "{value:#}")?;
    Ok(ExitCode::SUCCESS)
}

fn is_missing_or_empty(directory: &Path) -> anyhow::Result<bool> {
    match std::fs::read_dir(directory) {
        Ok(mut files) => Ok(files.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", directory.display())),
    }
}
