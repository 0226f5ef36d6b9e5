//! `kontor history`: who changed what and when.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use kontor_store::Store as _;
use kontor_store_sqlite::{ChangeLine, ChangesWanted};
use serde_json::{Value, json};

use crate::args::History;
use crate::config::Config;
use crate::{data, logging, meant};

pub(crate) fn run(config: &Config, args: &History) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let store = data::existing(args.data.as_ref().unwrap_or(&config.data.directory))?;
    meant::is_supplier(&*store, &args.supplier)?;
    let supplier = store.supplier_id(&args.supplier)?;
    let supplier = supplier.with_context(|| format!("there is no supplier {}", args.supplier))?;
    let product = match &args.sku {
        None => None,
        Some(sku) => Some(
            store
                .product_id(supplier, sku)?
                .with_context(|| format!("{} has no product {sku}", args.supplier))?,
        ),
    };
    let lines = store.changes(ChangesWanted { supplier, product, limit: args.limit })?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{:#}", lines.iter().map(as_json).collect::<Value>())?;
    } else {
        writeln!(out, "{}", table(&lines))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(lines: &[ChangeLine]) -> Table {
    let mut table = Table::new();
    *table.style_mut() = UTF8_FULL_CONDENSED;
    table.set_header(["change", "at", "by", "rows"]);
    for line in lines {
        table.add_row([
            line.number.0.to_string(),
            line.at.to_string(),
            line.actor.clone(),
            rows(line),
        ]);
    }
    table
}

/// `prices 2, products 1`.
fn rows(line: &ChangeLine) -> String {
    let Some(touched) = &line.touched else { return "not recorded".to_owned() };
    let counts: Vec<String> =
        touched.iter().map(|(kind, count)| format!("{} {count}", kind.name())).collect();
    counts.join(", ")
}

fn as_json(line: &ChangeLine) -> Value {
    let rows = line.touched.as_ref().map(|touched| {
        let counts = touched.iter().map(|(kind, count)| (kind.name().to_owned(), json!(count)));
        counts.collect::<serde_json::Map<String, Value>>()
    });
    json!({
        "change": line.number.0,
        "at": line.at.to_string(),
        "by": line.actor,
        "rows": rows,
    })
}
