//! The binary: `kontor serve`, `kontor import` and the other commands.

mod args;
mod commands;
mod config;
mod config_fault;
mod data;
mod descriptors;
mod dialects;
mod exit;
mod health;
mod import_key;
mod import_progress;
mod import_report;
mod logging;
mod meant;
mod ops;
mod outbox;
mod requests;
mod retention;
mod shown;
mod unknown_suppliers;
mod upgrade_report;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    match run(args) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // `{:#}` prints the chain of causes on one line.
            eprintln!("kontor: {error:#}");
            let is_misused = error.is::<exit::Misused>();
            ExitCode::from(if is_misused { exit::MISUSED } else { exit::FAILED })
        }
    }
}

fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = config::load(args.config.as_deref())?;
    match args.command {
        Command::Serve(serve) => commands::serve::run(config, &serve),
        Command::Import(import) => commands::import::run(&config, &import),
        Command::Export(export) => commands::export::run(&config, &export),
        Command::Price(price) => commands::price::run(&config, &price),
        Command::Documents(documents) => commands::documents::run(&config, &documents),
        Command::Questionnaire(args) => commands::questionnaire::run(&config, &args),
        Command::Leads(leads) => commands::leads::run(&config, &leads),
        Command::Partner(partner) => commands::partner::run(&config, &partner),
        Command::Supplier(supplier) => commands::supplier::run(&config, &supplier),
        Command::Account(account) => commands::account::run(&config, &account),
        Command::History(history) => commands::history::run(&config, &history),
        Command::Backup(backup) => commands::backup::run(&config, &backup),
        Command::Restore(restore) => commands::backup::restore(&config, &restore),
        Command::Check(check) => commands::check::run(&config, &check),
        Command::Doctor(doctor) => commands::doctor::run(&config, &doctor),
        Command::Completions(completions) => commands::completions::run(&completions),
        Command::Man => commands::completions::man(),
        Command::ExampleConfig => commands::example_config::run(),
    }
}

/// Whether whoever read the output has had enough, as `head` has.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
