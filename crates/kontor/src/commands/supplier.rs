//! `kontor supplier`: which suppliers there are, and removing one.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use kontor_app::supplier_admin::{self, Listed};
use kontor_model::account::Account;
use kontor_model::lead::Lead;
use kontor_model::noun::Noun as _;
use kontor_model::price_list::PriceEntry;
use kontor_model::product::Product;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock as _, SystemClock};
use kontor_store::{RowCounts, Store};
use serde_json::{Value, json};

use crate::args::{Supplier, SupplierAction};
use crate::config::Config;
use crate::{data, exit, logging, meant, shown};

/// What the list counts.
const COUNTED: [&str; 4] = [Product::NAME, PriceEntry::NAME, Account::NAME, Lead::NAME];

pub(crate) fn run(config: &Config, args: &Supplier) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::existing(directory)?;
    match &args.action {
        SupplierAction::List { json } => list(&*store, *json),
        SupplierAction::Remove { code, yes, json } => {
            let code: SupplierCode = code.parse().map_err(|error| anyhow!("{code}: {error}"))?;
            let removal = Removal { code, yes: *yes, json: *json };
            removal.run(&*store, directory)
        }
    }
}

fn list(store: &dyn Store, json: bool) -> anyhow::Result<ExitCode> {
    let list = supplier_admin::list(store)?;
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{:#}", list.iter().map(as_json).collect::<Value>())?;
    } else if list.is_empty() {
        writeln!(out, "no suppliers yet: load a catalogue with `kontor import FOLDER`")?;
    } else {
        writeln!(out, "{}", table(&list))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is to be removed, and how it was asked for.
struct Removal {
    code: SupplierCode,
    yes: bool,
    json: bool,
}

impl Removal {
    fn run(&self, store: &dyn Store, directory: &Path) -> anyhow::Result<ExitCode> {
        if !self.yes {
            meant::is_supplier(store, self.code.as_str())?;
            let listed = supplier_admin::show(store, &self.code)?;
            if !self.is_confirmed(&listed)? {
                return Ok(ExitCode::from(exit::MISUSED));
            }
        }
        let rows = supplier_admin::remove(store, &self.code, SystemClock.now())?;
        shown::wait_for_newest(directory, store)?;
        let mut out = std::io::stdout().lock();
        if self.json {
            writeln!(out, "{:#}", self.told(true, &rows))?;
        } else {
            writeln!(out, "supplier {} is removed: {}", self.code, counts(&rows))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Shows what would go, and asks whether it shall when there is somebody to answer.
    fn is_confirmed(&self, listed: &Listed) -> anyhow::Result<bool> {
        let code = &self.code;
        if self.json {
            writeln!(std::io::stdout().lock(), "{:#}", self.told(false, &listed.rows))?;
            return Ok(false);
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "this removes supplier {code}: {}", counts(&listed.rows))?;
        if !std::io::stdin().is_terminal() {
            writeln!(out, "nothing is removed yet; `kontor supplier remove {code} --yes` does it")?;
            return Ok(false);
        }
        write!(out, "type {code} to remove it: ")?;
        out.flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
        let is_confirmed = answer.trim() == code.as_str();
        if !is_confirmed {
            writeln!(out, "nothing is removed")?;
        }
        Ok(is_confirmed)
    }

    fn told(&self, removed: bool, rows: &RowCounts) -> Value {
        json!({ "supplier": self.code.as_str(), "removed": removed, "rows": rows_as_json(rows) })
    }
}

fn table(list: &[Listed]) -> Table {
    let mut table = Table::new();
    *table.style_mut() = UTF8_FULL_CONDENSED;
    let mut header = vec!["supplier", "name", "time zone", "currency"];
    header.extend(COUNTED);
    header.push("protocols");
    table.set_header(header);
    for listed in list {
        let supplier = &listed.supplier;
        let mut row = vec![
            supplier.code.to_string(),
            supplier.name.clone().unwrap_or_default(),
            supplier.time_zone.name().to_owned(),
            supplier.currency.to_string(),
        ];
        row.extend(counted(&listed.rows).map(|count| count.to_string()));
        row.push(listed.protocols.join(", "));
        table.add_row(row);
    }
    table
}

fn as_json(listed: &Listed) -> Value {
    let supplier = &listed.supplier;
    let [products, prices, accounts, leads] = counted(&listed.rows);
    json!({
        "supplier": supplier.code.as_str(),
        "name": supplier.name,
        "time_zone": supplier.time_zone.name(),
        "currency": supplier.currency.to_string(),
        "products": products,
        "prices": prices,
        "accounts": accounts,
        "leads": leads,
        "protocols": listed.protocols,
    })
}

/// `products 2, prices 7`.
fn counts(rows: &RowCounts) -> String {
    let counted: Vec<String> = rows.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if counted.is_empty() { "it has nothing".to_owned() } else { counted.join(", ") }
}

fn rows_as_json(rows: &RowCounts) -> Value {
    Value::Object(rows.iter().map(|(name, count)| (name.to_owned(), json!(count))).collect())
}

/// The counts of [`COUNTED`].
fn counted(rows: &RowCounts) -> [u64; 4] {
    [rows.of::<Product>(), rows.of::<PriceEntry>(), rows.of::<Account>(), rows.of::<Lead>()]
}
