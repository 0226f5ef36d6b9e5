//! `kontor price`: what a product costs, and why.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context, bail};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use kontor_dialect_websphere::Inquiry;
use kontor_model::currency::Currency;
use kontor_model::price_list::{PriceListId, PriceUnit, Shape};
use kontor_model::store::Store;
use kontor_model::{Bound, Instant, Validity};
use kontor_pricing::{
    Book, CustomerFacts, Explanation, Found, Lookup, ProductRef, Question, Tenant, Verdict,
};
use serde_json::json;

use crate::args::{Price, PricedDialect};
use crate::commands::serve::load_demo;
use crate::config::Config;
use crate::{data, logging, meant};

pub(crate) fn run(config: &Config, args: &Price) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let temporary = args.demo.then(tempfile::tempdir).transpose()?;
    let directory = match (&args.data, &temporary) {
        (Some(directory), _) => directory,
        (None, Some(temporary)) => &temporary.path().to_owned(),
        (None, None) => &config.data.directory,
    };
    let clock = data::clock(args.clock);
    if args.demo {
        load_demo(&*data::open(directory, false)?, &*clock)?;
    }
    let app = data::app_at(directory, clock)?;
    meant::is_supplier(app.store(), &args.supplier)?;
    let book = app.book();
    let tenant = book.supplier(&args.supplier);
    let tenant = tenant.with_context(|| format!("there is no supplier {}", args.supplier))?;
    let text = match args.dialect {
        Some(PricedDialect::Websphere) => by_store(&book, tenant, args, app.now())?,
        None => by_lists(&book, tenant, args, app.now())?,
    };
    std::io::stdout().write_all(text.text.as_bytes())?;
    Ok(if text.has_price { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is printed.
struct Told {
    text: String,
    has_price: bool,
}

fn by_lists(book: &Book, tenant: &Tenant, args: &Price, now: Instant) -> anyhow::Result<Told> {
    let Found::One(id) = book.find(tenant.id(), Lookup::Sku(&args.sku)) else {
        bail!("{} has no product {}", args.supplier, args.sku);
    };
    let product = book.product(id).context("the product is gone")?;
    let at = args.at.unwrap_or(now);
    let lists = lists(tenant, args, at)?;
    let question = question(&lists, tenant, product, args, at)?;
    let mut told = told(book, tenant, product, &question, args);
    let contract = args.contract.as_ref().filter(|_| lists.is_empty() && !args.json);
    if let Some(code) = contract {
        for text in ["contract ", code, " has no price lists at this date\n"] {
            told.text.push_str(text);
        }
    }
    Ok(told)
}

/// As a partner would ask a store, with the story of every default that was chosen.
fn by_store(book: &Book, tenant: &Tenant, args: &Price, now: Instant) -> anyhow::Result<Told> {
    let store = args.store.as_deref().unwrap_or_default();
    let of_store = book.supplier_of_store(store).map(Tenant::id);
    anyhow::ensure!(of_store == Some(tenant.id()), "{} has no store {store}", args.supplier);
    let quantity = args.quantity.to_string();
    let currency = args.currency.map(|currency| currency.to_string());
    let date = args.at.map(|at| at.to_string());
    let inquiry = Inquiry {
        store,
        part_number: &args.sku,
        contract: args.contract.as_deref(),
        quantity: Some(&quantity),
        uom: args.uom.map(kontor_model::Uom::code),
        currency: currency.as_deref(),
        date: date.as_deref(),
    };
    let inquired = inquiry.question(book, now)?;
    let mut told = told(book, tenant, inquired.product, &inquired.question, args);
    if !args.json {
        told.text.push_str(&inquired.story.join("\n"));
        told.text.push('\n');
    }
    Ok(told)
}

fn told(
    book: &Book,
    tenant: &Tenant,
    product: ProductRef<'_>,
    question: &Question<'_>,
    args: &Price,
) -> Told {
    let story = book.explain(product, question);
    let text = if args.json {
        format!("{:#}\n", as_json(book, tenant, question, &story, args.explain))
    } else {
        as_text(tenant, question, &story, args.explain)
    };
    Told { text, has_price: story.price.is_some() }
}

/// The lists that count: named ones, those of a contract, or those of the customer.
fn lists(tenant: &Tenant, args: &Price, at: Instant) -> anyhow::Result<Vec<PriceListId>> {
    if !args.list.is_empty() {
        let id = |code: &String| {
            tenant.list_id(code).with_context(|| format!("there is no price list {code}"))
        };
        return args.list.iter().map(id).collect();
    }
    if let Some(code) = &args.contract {
        let contract = tenant.contract(code);
        let contract = contract.with_context(|| format!("there is no contract {code}"))?;
        if let Some(number) = args.customer.as_deref() {
            active_customer(tenant, number)?;
            anyhow::ensure!(
                contract.is_for(number) || is_for_everybody(tenant, code),
                "customer {number} may not use contract {code}: it is neither one of its own \
                 (contract_customers.csv) nor the default contract of a store"
            );
        }
        let supplier = tenant.supplier().context("the supplier has no row")?;
        let counts = contract.contract.validity.contains(at, &supplier.time_zone);
        return Ok(if counts { contract.lists.to_vec() } else { Vec::new() });
    }
    let number = args.customer.as_deref().unwrap_or_default();
    Ok(active_customer(tenant, number)?.lists.to_vec())
}

fn active_customer<'t>(tenant: &'t Tenant, number: &str) -> anyhow::Result<&'t CustomerFacts> {
    let customer = tenant.customer(number);
    customer.with_context(|| format!("there is no active customer {number}"))
}

/// Whether a contract is the default one of a store.
fn is_for_everybody(tenant: &Tenant, code: &str) -> bool {
    tenant.all::<Store>().any(|store| store.contract.as_str() == code)
}

fn question<'a>(
    lists: &'a [PriceListId],
    tenant: &'a Tenant,
    product: ProductRef<'_>,
    args: &'a Price,
    at: Instant,
) -> anyhow::Result<Question<'a>> {
    let supplier = tenant.supplier().context("the supplier has no row")?;
    let customer = args.customer.as_deref().and_then(|number| tenant.customer(number));
    let own_currency = customer.and_then(|facts| facts.customer.currency);
    let currency = args.currency.or(own_currency).unwrap_or(supplier.currency);
    Ok(Question {
        lists,
        strategy: supplier.strategy,
        product: product.id,
        quantity: args.quantity,
        uom: args.uom.unwrap_or(product.card.product.base_uom),
        currency,
        decimals: currency.minor_units(),
        at,
        zone: &supplier.time_zone,
        term: args.payment_term.as_deref(),
    })
}

fn as_text(tenant: &Tenant, question: &Question<'_>, story: &Explanation, explain: bool) -> String {
    let (quantity, uom, at) = (question.quantity, question.uom, question.at);
    let mut text = match &story.price {
        Some(price) => format!(
            "{} {} for one {uom}, when {quantity} {uom} are bought at {at} (list {})\n",
            price.amount,
            question.currency,
            list_code(tenant, price.list)
        ),
        None if story.withdrawn => "no price: the product is withdrawn from sale\n".to_owned(),
        None => format!("no price in {} for {quantity} {uom} at {at}\n", question.currency),
    };
    if explain {
        text.push_str(&table(tenant, story).to_string());
        text.push('\n');
    }
    text
}

fn table(tenant: &Tenant, story: &Explanation) -> Table {
    let mut table = Table::new();
    *table.style_mut() = UTF8_FULL_CONDENSED;
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["", "list", "price", "per", "from", "valid", "kind", "why"]);
    for looked in &story.looked {
        let shape = &looked.shape;
        let mark = if looked.verdict == Verdict::Won { "►" } else { "" };
        table.add_row([
            mark.to_owned(),
            list_code(tenant, looked.list),
            format!("{} {}", looked.amount, shape.currency),
            unit(shape),
            shape.minimum.to_string(),
            validity(shape.validity),
            shape.kind.to_string(),
            looked.verdict.to_string(),
        ]);
    }
    table
}

fn as_json(
    book: &Book,
    tenant: &Tenant,
    question: &Question<'_>,
    story: &Explanation,
    explain: bool,
) -> serde_json::Value {
    let price = story.price.map(|price| {
        json!({
            "amount": price.amount.to_string(),
            "currency": currency(question.currency),
            "decimals": price.decimals,
            "price_list": list_code(tenant, price.list),
            "minimum_quantity": price.minimum.to_string(),
            "kind": price.kind.to_string(),
            "conversion_factor": price.factor.map(|factor| factor.to_string()),
        })
    });
    let mut answer = json!({
        "quantity": question.quantity.to_string(),
        "uom": question.uom.code(),
        "at": question.at.to_string(),
        "change": book.change(),
        "price": price,
    });
    if explain {
        let looked = story.looked.iter().map(|looked| {
            json!({
                "price_list": list_code(tenant, looked.list),
                "amount": looked.amount.to_string(),
                "currency": currency(looked.shape.currency),
                "unit": unit(&looked.shape),
                "minimum_quantity": looked.shape.minimum.to_string(),
                "valid": validity(looked.shape.validity),
                "kind": looked.shape.kind.to_string(),
                "payment_term": looked.shape.term.as_ref().map(ToString::to_string),
                "won": looked.verdict == Verdict::Won,
                "why": looked.verdict.to_string(),
            })
        });
        if let Some(members) = answer.as_object_mut() {
            members.insert("looked_at".to_owned(), looked.collect());
        }
    }
    answer
}

fn currency(currency: Currency) -> String {
    currency.to_string()
}

fn list_code(tenant: &Tenant, list: PriceListId) -> String {
    tenant.list(list).map_or_else(String::new, |list| list.code.to_string())
}

fn unit(shape: &Shape) -> String {
    match &shape.unit {
        PriceUnit::Base => "base unit".to_owned(),
        PriceUnit::BaseUnits(per) => format!("{per} base units"),
        PriceUnit::Uom(uom) => uom.0.to_string(),
        PriceUnit::Packing { name, quantity } => format!("{name} of {quantity}"),
    }
}

fn validity(validity: Validity) -> String {
    let from = validity.from().map(Bound::from_text);
    let to = validity.to().map(|to| match to {
        Bound::Instant(_) => format!("until {}", to.to_text()),
        Bound::Day(_) => format!("to {}", to.to_text()),
    });
    match (from, to) {
        (None, None) => "always".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => to,
        (Some(from), Some(to)) => format!("{from} {to}"),
    }
}
