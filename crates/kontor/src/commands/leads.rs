//! `kontor leads`: what became of the leads that were accepted.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use kontor_app::leads::{self, LeadFilter};
use kontor_model::record::Noun as _;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock as _, SystemClock};
use kontor_store::Store;

use crate::args::{Leads, LeadsAction};
use crate::config::Config;
use crate::{data, logging, outbox};

pub(crate) fn run(config: &Config, args: &Leads) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let store = data::existing(args.data.as_ref().unwrap_or(&config.data.directory))?;
    let code = args.supplier.as_deref().context("name the supplier with --supplier CODE")?;
    let supplier: SupplierCode = code.parse().map_err(|error| anyhow!("{code}: {error}"))?;
    let vault = outbox::vault(&config.companeo.leads)?;
    let now = SystemClock.now();
    let mut out = std::io::stdout().lock();
    match &args.action {
        LeadsAction::List { category } => {
            let filter = LeadFilter { category: category.clone(), ..LeadFilter::default() };
            print_list(&*store, &supplier, &filter, &mut out)?;
        }
        LeadsAction::Show { number } => {
            let line = leads::show(&*store, &supplier, &vault, *number)?;
            for (column, cell) in kontor_model::lead::Lead::COLUMNS.iter().zip(line.lead.to_row()) {
                writeln!(out, "{:<22} {}", column.name, column.print(&cell))?;
            }
            let state = line.state().map_or_else(String::new, |state| state.to_string());
            writeln!(out, "{:<22} {state}", "delivery")?;
        }
        LeadsAction::Retry { number: Some(number) } => {
            leads::retry(&*store, &supplier, now, *number)?;
            writeln!(out, "lead {number} is in the queue again")?;
        }
        LeadsAction::Retry { number: None } => {
            let count = leads::retry_dead(&*store, &supplier, now)?;
            writeln!(out, "{count} dead deliveries are in the queue again")?;
        }
        LeadsAction::Export => {
            leads::export_csv(&*store, &supplier, &vault, &LeadFilter::default(), &mut out)?;
        }
        LeadsAction::Erase { email } => {
            let count = leads::erase(&*store, &supplier, &vault, email, now)?;
            writeln!(out, "{count} leads erased")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Numbers, dates and states: nothing personal.
fn print_list(
    store: &dyn Store,
    supplier: &SupplierCode,
    filter: &LeadFilter,
    out: &mut dyn std::io::Write,
) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    leads::list(store, supplier, filter, &mut |line| lines.push(line))?;
    for line in lines {
        let state = line.state().map_or_else(|| "imported".to_owned(), |state| state.to_string());
        let lead = line.lead;
        let (number, category, at) = (lead.number, lead.category, lead.created_at.to_string());
        writeln!(out, "{number:<12} {:<12} {at:<28} {state}", category.as_str())?;
    }
    Ok(())
}
