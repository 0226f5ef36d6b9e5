//! `kontor partner`: who may send leads. A token is shown once, when it is made.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use kontor_app::access::partner_admin::{self, Listed, NewPartner};
use kontor_model::customer::State;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock as _, Instant, SystemClock};
use kontor_store::Store;
use serde_json::{Value, json};

use crate::args::{Partner, PartnerAction};
use crate::config::Config;
use crate::{data, exit, logging, meant, shown};

const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

pub(crate) fn run(config: &Config, args: &Partner) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::existing(directory)?;
    let code = args.supplier.as_deref().ok_or(exit::NO_SUPPLIER)?;
    meant::is_supplier(&*store, code)?;
    let supplier: SupplierCode = code.parse().map_err(|error| anyhow!("{code}: {error}"))?;
    let done = carry_out(&*store, &supplier, &args.action, SystemClock.now())?;
    shown::wait_for_newest(directory, &*store)?;
    writeln!(std::io::stdout().lock(), "{done}")?;
    Ok(ExitCode::SUCCESS)
}

/// Does it, and returns what is printed.
fn carry_out(
    store: &dyn Store,
    supplier: &SupplierCode,
    action: &PartnerAction,
    now: Instant,
) -> anyhow::Result<String> {
    Ok(match action {
        PartnerAction::List { json: true } => {
            let list = partner_admin::list(store, supplier)?;
            format!("{:#}", list.iter().map(|listed| as_json(listed, now)).collect::<Value>())
        }
        PartnerAction::List { json: false } => {
            table(&partner_admin::list(store, supplier)?, now).to_string()
        }
        PartnerAction::Add { partner, name, number, language } => {
            let new = NewPartner {
                code: partner.clone(),
                name: name.clone(),
                number: *number,
                language: language.clone(),
            };
            partner_admin::add(store, supplier, now, &new)?;
            format!(
                "partner {partner} is there; next: `partner grant {partner} CATEGORY` and \
                 `partner token {partner}`"
            )
        }
        PartnerAction::Grant { partner, categories, revoke } => {
            let all: Vec<&str> = categories.iter().map(String::as_str).collect();
            partner_admin::grant(store, supplier, now, partner, &all, !revoke)?;
            let may = if *revoke { "no longer sends" } else { "may send" };
            format!("partner {partner} {may} leads of {}", all.join(", "))
        }
        PartnerAction::Token { partner, days, expires } => {
            let days = now.plus_seconds(i64::from(*days) * DAY_SECONDS);
            partner_admin::token(store, supplier, now, partner, expires.unwrap_or(days))?
        }
        PartnerAction::Rotate { partner, overlap_hours } => {
            let until = now.plus_seconds(i64::from(*overlap_hours) * HOUR_SECONDS);
            partner_admin::rotate(store, supplier, now, partner, until)?;
            format!(
                "partner {partner} has a new key; tokens of the key before count until {until}; \
                 next: `partner token {partner}`"
            )
        }
        PartnerAction::Disable { partner } => {
            partner_admin::set_state(store, supplier, now, partner, State::Disabled)?;
            format!("partner {partner} is disabled")
        }
        PartnerAction::Enable { partner } => {
            partner_admin::set_state(store, supplier, now, partner, State::Active)?;
            format!("partner {partner} is active")
        }
    })
}

fn table(list: &[Listed], now: Instant) -> Table {
    let mut table = Table::new();
    *table.style_mut() = UTF8_FULL_CONDENSED;
    table.set_header(["partner", "name", "state", "language", "categories", "keys"]);
    for listed in list {
        let partner = &listed.partner;
        let keys = match (listed.keys(now), partner.previous_until) {
            (2, Some(until)) => format!("2 until {until}"),
            (keys, _) => keys.to_string(),
        };
        table.add_row([
            partner.code.to_string(),
            partner.name.clone().unwrap_or_default(),
            partner.state.to_string(),
            partner.language.clone().unwrap_or_else(|| "any".to_owned()),
            categories(listed).join(", "),
            keys,
        ]);
    }
    table
}

fn as_json(listed: &Listed, now: Instant) -> Value {
    let partner = &listed.partner;
    let keys = listed.keys(now);
    let until = partner.previous_until.filter(|_| keys == 2).map(|until| until.to_string());
    json!({
        "partner": partner.code.as_str(),
        "name": partner.name,
        "state": partner.state.to_string(),
        "language": partner.language,
        "categories": categories(listed),
        "keys": keys,
        "key_before_until": until,
    })
}

fn categories(listed: &Listed) -> Vec<&str> {
    listed.granted.iter().map(kontor_model::Code::as_str).collect()
}
