//! `kontor doctor`: look at the data and say what is wrong and what to do.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_model::SystemClock;
use kontor_model::account::Account;
use kontor_model::customer::Customer;
use kontor_model::price_list::PriceList;
use kontor_pricing::Book;
use kontor_store::{TokenHolder, Tokens};
use kontor_store_sqlite::{StateProof, TableSize};
use serde_json::{Value, json};

use crate::args::Doctor;
use crate::config::Config;
use crate::{data, logging, upgrade_report};

pub(crate) fn run(config: &Config, args: &Doctor) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    if args.upgrade_report {
        let (store, mut out) = (data::existing(directory)?, std::io::stdout().lock());
        if args.json {
            upgrade_report::print_json(&store, &mut out)?;
        } else {
            upgrade_report::print(&store, &mut out)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    // The lines for people are left out when a program reads.
    let mut out: Box<dyn Write> =
        if args.json { Box::new(std::io::sink()) } else { Box::new(std::io::stdout().lock()) };
    let store = data::existing(directory)?;
    let bytes = std::fs::metadata(directory.join("kontor.db")).map_or(0, |file| file.len());
    writeln!(out, "data       {}: opened", directory.display())?;
    store.check().context("the data is damaged")?;
    writeln!(out, "pages      {bytes} bytes, every page and index is sound")?;
    let changes = store.verify_chain().context("the change log is damaged; restore a backup")?;
    writeln!(out, "changes    {changes}, every hash of the chain is right")?;
    let proof = store.prove().context("what stands is not what was written")?;
    writeln!(
        out,
        "state      {} at change {}, proven since change {}",
        proof.root_text(),
        proof.change,
        proof.since
    )?;
    list_duplicate_tokens(&mut out, &*store)?;
    let sizes = store.sizes()?;
    print_sizes(&mut out, &sizes)?;
    let app = App::open(AppConfig {
        store,
        clock: Arc::new(SystemClock),
        login_limits: LoginLimits::default(),
    });
    let app = app.context("the price book cannot be loaded")?;
    let book = app.book();
    let size = book.size();
    writeln!(out, "book       {} products, {} prices", size.products, size.entries)?;
    for tenant in book.tenants() {
        let Some(supplier) = tenant.supplier() else { continue };
        writeln!(
            out,
            "supplier   {}: {} products, {} price lists, {} customers, {} accounts",
            supplier.code,
            book.products_of(tenant.id()).count(),
            tenant.all::<PriceList>().count(),
            tenant.all::<Customer>().count(),
            tenant.all::<Account>().count()
        )?;
    }
    if book.tenants().next().is_none() {
        writeln!(out, "supplier   none yet: load a catalogue with `kontor import FOLDER`")?;
    }
    drop(out);
    if args.json {
        let told = as_json(&book, changes, &proof, &sizes);
        writeln!(std::io::stdout().lock(), "{told:#}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The same for programs; sizes are bytes by table.
fn as_json(book: &Book, changes: u64, proof: &StateProof, sizes: &[TableSize]) -> Value {
    let suppliers = book.tenants().filter_map(|tenant| {
        let supplier = tenant.supplier()?;
        let products = book.products_of(tenant.id()).count();
        Some(json!({ "supplier": supplier.code.as_str(), "products": products }))
    });
    let sizes = sizes.iter().map(|size| (size.table.clone(), json!(size.bytes)));
    json!({
        "changes": changes,
        "state": proof.root_text(),
        "proven_since": proof.since,
        "products": book.size().products,
        "prices": book.size().entries,
        "suppliers": suppliers.collect::<Value>(),
        "sizes": sizes.collect::<serde_json::Map<String, Value>>(),
    })
}

/// What each table takes, so that the operator sees what retention would give back.
fn print_sizes(out: &mut impl Write, sizes: &[TableSize]) -> anyhow::Result<()> {
    let total: u64 = sizes.iter().map(|size| size.bytes).sum();
    let tables = sizes.iter().filter(|size| size.bytes > 0);
    for TableSize { table, bytes } in tables {
        let percent = bytes.saturating_mul(100) / total.max(1);
        writeln!(out, "size       {bytes:>14} bytes {percent:>3} %  {table}")?;
    }
    Ok(())
}

/// Data of older versions may hold a token twice: neither holder is let in by it.
fn list_duplicate_tokens(out: &mut impl Write, tokens: &dyn Tokens) -> anyhow::Result<()> {
    for holders in tokens.duplicate_tokens()? {
        let name = |holder: &TokenHolder| {
            format!("{} {} of {}", holder.protocol, holder.login, holder.supplier)
        };
        let names: Vec<String> = holders.iter().map(name).collect();
        writeln!(
            out,
            "token      one token is that of {}: nobody is let in by it; give all but one another",
            names.join(" and of ")
        )?;
    }
    Ok(())
}
