//! `kontor check`: the configuration as `serve` reads it, without serving.

use std::io::Write as _;
use std::process::ExitCode;

use crate::args::Check;
use crate::config::Config;
use crate::{data, dialects, logging, outbox, unknown_suppliers};

pub(crate) fn run(config: &Config, args: &Check) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let app = data::app(args.data.as_ref().unwrap_or(&config.data.directory))?;
    let offered = dialects::offered(&app, &config.dialects)?;
    outbox::vault(&config.leads())?;
    let book = app.book();
    let is_known = |code: &str| anyhow::Ok(book.supplier(code).is_some());
    for setting in unknown_suppliers::of(config, is_known)? {
        eprintln!("warning: {setting}");
    }
    writeln!(
        std::io::stdout().lock(),
        "the configuration is good: {} protocols on {}",
        offered.len(),
        config.server.listen
    )?;
    Ok(ExitCode::SUCCESS)
}
