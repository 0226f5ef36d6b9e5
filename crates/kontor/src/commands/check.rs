//! `kontor check`: the configuration as `serve` reads it, without serving. Without data it is checked on an
//! empty one that goes again.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::json;

use crate::args::Check;
use crate::config::Config;
use crate::{data, dialects, logging, outbox, unknown_suppliers};

pub(crate) fn run(config: &Config, args: &Check) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let has_data = data::is_there(directory);
    let aside = if has_data { None } else { Some(tempfile::tempdir()?) };
    let app = match &aside {
        Some(aside) => {
            drop(data::open(aside.path(), false)?);
            data::app(aside.path())?
        }
        None => data::app(directory)?,
    };
    let offered = dialects::offered(&app, &config.dialects)?;
    outbox::vault(&config.leads())?;
    let book = app.book();
    let is_known = |code: &str| anyhow::Ok(!has_data || book.supplier(code).is_some());
    let mut warnings = unknown_suppliers::of(config, is_known)?;
    if !has_data {
        warnings.push(format!(
            "there is no data in {}, so whether the suppliers of the configuration exist is not checked",
            directory.display()
        ));
    }
    let listen = config.server.listen;
    if args.json {
        let value = json!({
            "protocols": offered.len(),
            "listen": listen.to_string(),
            "has_data": has_data,
            "warnings": warnings,
        });
        writeln!(std::io::stdout().lock(), "{value:#}")?;
        return Ok(ExitCode::SUCCESS);
    }
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    writeln!(
        std::io::stdout().lock(),
        "the configuration is good: {} protocols on {listen}",
        offered.len(),
    )?;
    Ok(ExitCode::SUCCESS)
}
