//! `kontor completions`, `kontor man`: what shells and manuals want, made from the arguments.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Command, CommandFactory};

use crate::args::{Args, Completions};

pub(crate) fn run(args: &Completions) -> anyhow::Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "kontor", &mut text);
    std::io::stdout().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// One page for the program and all its commands.
pub(crate) fn man() -> anyhow::Result<ExitCode> {
    let mut text = Vec::new();
    let command = Args::command();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    for sub in command.get_subcommands() {
        sections(&format!("kontor {}", sub.get_name()), sub, &mut text)?;
    }
    std::io::stdout().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The sections of a command, then those of its own commands.
fn sections(name: &str, command: &Command, text: &mut Vec<u8>) -> anyhow::Result<()> {
    let page = clap_mangen::Man::new(command.clone().name(name.to_owned()));
    page.render_name_section(text)?;
    page.render_synopsis_section(text)?;
    page.render_options_section(text)?;
    page.render_extra_section(text)?;
    command
        .get_subcommands()
        .try_for_each(|sub| sections(&format!("{name} {}", sub.get_name()), sub, text))
}
