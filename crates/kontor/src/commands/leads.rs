//! `kontor leads`: what became of the leads that were accepted.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::anyhow;
use kontor_leads::admin::{self, LeadFilter, LeadLine};
use kontor_model::noun::Noun as _;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::args::{Leads, LeadsAction, WhichLeads};
use crate::config::Config;
use crate::{data, exit, logging, meant, outbox, shown};

pub(crate) fn run(config: &Config, args: &Leads) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::existing(directory)?;
    let code = args.supplier.as_deref().ok_or(exit::NO_SUPPLIER)?;
    meant::is_supplier(&*store, code)?;
    let supplier: SupplierCode = code.parse().map_err(|error| anyhow!("{code}: {error}"))?;
    let vault = outbox::vault(&config.leads())?;
    let now = SystemClock.now();
    let mut out = std::io::stdout().lock();
    match &args.action {
        LeadsAction::List { which, json } => {
            let mut lines = Vec::new();
            admin::list(&*store, &supplier, &filter(which), &mut |line| lines.push(line))?;
            if *json {
                writeln!(out, "{:#}", lines.iter().map(as_json).collect::<Value>())?;
            } else {
                print_list(&lines, &mut out)?;
            }
        }
        LeadsAction::Show { number, json } => {
            let line = admin::show(&*store, &supplier, &vault, *number)?;
            if *json {
                writeln!(out, "{:#}", whole(&line))?;
                return Ok(ExitCode::SUCCESS);
            }
            for (column, cell) in kontor_model::lead::Lead::COLUMNS.iter().zip(line.lead.to_row()) {
                writeln!(out, "{:<22} {}", column.name, column.print(&cell))?;
            }
            writeln!(out, "{:<22} {}", "delivery", state(&line))?;
            writeln!(out, "{:<22} {}", "next attempt", due(&line).unwrap_or_default())?;
            writeln!(out, "{:<22} {}", "failure", failure(&line).unwrap_or_default())?;
        }
        LeadsAction::Retry { number: Some(number) } => {
            admin::retry(&*store, &supplier, now, *number)?;
            writeln!(out, "lead {number} is in the queue again")?;
        }
        LeadsAction::Retry { number: None } => {
            let count = admin::retry_dead(&*store, &supplier, now)?;
            writeln!(
                out,
                "{count} dead deliveries are in the queue again; all receivers are open"
            )?;
        }
        LeadsAction::Export { which, csv: _ } => {
            admin::export_csv(&*store, &supplier, &vault, &filter(which), &mut out)?;
        }
        LeadsAction::Erase { email } => {
            let count = admin::erase(&*store, &supplier, &vault, email, now)?;
            writeln!(out, "{count} leads erased")?;
        }
    }
    shown::wait_for_newest(directory, &*store)?;
    Ok(ExitCode::SUCCESS)
}

fn filter(which: &WhichLeads) -> LeadFilter {
    LeadFilter { category: which.category.clone(), state: which.state, since: which.since }
}

/// Numbers, dates and states: nothing personal.
fn print_list(lines: &[LeadLine], out: &mut dyn std::io::Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{:<12} {:<12} {:<28} {:<10} {:<8} {:<28} failure",
        "lead", "category", "accepted", "state", "attempts", "next attempt"
    )?;
    for line in lines {
        let (lead, delivery) = (&line.lead, line.delivery.as_ref());
        let attempts = delivery.map(|delivery| delivery.attempts.to_string());
        let row = format!(
            "{:<12} {:<12} {:<28} {:<10} {:<8} {:<28} {}",
            lead.number,
            lead.category.as_str(),
            lead.created_at.to_string(),
            state(line),
            attempts.unwrap_or_default(),
            due(line).unwrap_or_default(),
            failure(line).unwrap_or_default(),
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

fn as_json(line: &LeadLine) -> Value {
    let lead = &line.lead;
    json!({
        "lead": lead.number,
        "category": lead.category.as_str(),
        "partner": lead.partner.as_str(),
        "accepted": lead.created_at.to_string(),
        "state": state(line),
        "attempts": line.delivery.as_ref().map(|delivery| delivery.attempts),
        "next_attempt": due(line),
        "failure": failure(line),
    })
}

/// Everything that is kept of a lead; values are texts as in the catalogue folder.
fn whole(line: &LeadLine) -> Value {
    let cells = kontor_model::lead::Lead::COLUMNS.iter().zip(line.lead.to_row());
    let mut members: serde_json::Map<String, Value> = cells
        .map(|(column, cell)| {
            let text = Some(column.print(&cell)).filter(|text| !text.is_empty());
            (column.name.to_owned(), json!(text))
        })
        .collect();
    members.insert("state".to_owned(), json!(state(line)));
    members.insert("next_attempt".to_owned(), json!(due(line)));
    members.insert("failure".to_owned(), json!(failure(line)));
    Value::Object(members)
}

/// Leads that came by a file are not delivered.
fn state(line: &LeadLine) -> String {
    line.state().map_or_else(|| "imported".to_owned(), |state| state.to_string())
}

fn due(line: &LeadLine) -> Option<String> {
    line.delivery.as_ref()?.due.map(|due| due.to_string())
}

fn failure(line: &LeadLine) -> Option<&str> {
    line.delivery.as_ref()?.failure.as_deref()
}
