//! `kontor export`: write the catalogue of a supplier as a folder.

use std::process::ExitCode;

use anyhow::Context;
use kontor_exchange::Occupied;

use crate::args::Export;
use crate::config::Config;
use crate::{data, logging, meant};

pub(crate) fn run(config: &Config, args: &Export) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::existing(directory)?;
    meant::is_supplier(&*store, &args.supplier)?;
    let occupied = if args.force { Occupied::Overwrite } else { Occupied::Refuse };
    kontor_exchange::export_folder(&*store, &args.supplier, &args.folder, occupied)
        .with_context(|| format!("cannot export to {}", args.folder.display()))?;
    Ok(ExitCode::SUCCESS)
}
