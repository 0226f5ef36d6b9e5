//! `kontor account`: who may ask. A secret is shown once, when it is made.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::anyhow;
use kontor_app::access::account_admin::{self, Listed, NewAccount};
use kontor_model::customer::State;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock as _, Instant, SystemClock};
use kontor_store::Store;
use serde_json::{Value, json};

use crate::args::{self, AccountAction};
use crate::commands::serve::load_demo;
use crate::config::Config;
use crate::{data, exit, logging, meant, shown};

const HOUR_SECONDS: i64 = 3600;

pub(crate) fn run(config: &Config, args: &args::Account) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let code = args.supplier.as_deref().ok_or(exit::NO_SUPPLIER)?;
    let supplier: SupplierCode = code.parse().map_err(|error| anyhow!("{code}: {error}"))?;
    let text = if args.demo {
        let is_list = matches!(args.action, AccountAction::List { .. });
        if !is_list {
            return Err(
                exit::Misused("the demo is not kept: its accounts can only be listed").into()
            );
        }
        let directory = tempfile::tempdir()?;
        let store: Arc<dyn Store> = data::open(directory.path(), false)?;
        load_demo(&*store, &SystemClock)?;
        meant::is_supplier(&*store, code)?;
        carry_out(&*store, &supplier, &args.action, SystemClock.now())?
    } else {
        let directory = args.data.as_ref().unwrap_or(&config.data.directory);
        let store = data::existing(directory)?;
        meant::is_supplier(&*store, code)?;
        let done = carry_out(&*store, &supplier, &args.action, SystemClock.now())?;
        shown::wait_for_newest(directory, &*store)?;
        done
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Does it, and returns what is printed.
fn carry_out(
    store: &dyn Store,
    supplier: &SupplierCode,
    action: &AccountAction,
    now: Instant,
) -> anyhow::Result<String> {
    Ok(match action {
        AccountAction::List { json: true } => {
            let list = account_admin::list(store, supplier)?;
            format!("{:#}\n", list.iter().map(|listed| as_json(listed, now)).collect::<Value>())
        }
        AccountAction::List { json: false } => {
            account_admin::list(store, supplier)?.iter().map(line).collect()
        }
        AccountAction::Add { protocol, login, customer, realm, number } => {
            let new = NewAccount {
                protocol: *protocol,
                login: login.clone(),
                customer: customer.as_deref().map(str::parse).transpose()?,
                realm: realm.clone(),
                number: *number,
            };
            account_admin::add(store, supplier, now, new)? + "\n"
        }
        AccountAction::Rotate { protocol, login, overlap_hours } => {
            let until = now.plus_seconds(i64::from(*overlap_hours) * HOUR_SECONDS);
            account_admin::rotate(store, supplier, now, (*protocol, login), until)? + "\n"
        }
        AccountAction::Disable { protocol, login } => {
            let who = (*protocol, login.as_str());
            account_admin::set_state(store, supplier, now, who, State::Disabled)?;
            String::new()
        }
        AccountAction::Enable { protocol, login } => {
            let who = (*protocol, login.as_str());
            account_admin::set_state(store, supplier, now, who, State::Active)?;
            String::new()
        }
    })
}

fn line(listed: &Listed) -> String {
    let Listed { account, last_used } = listed;
    let customer = account.customer.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let used = last_used.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
    let (protocol, login, state) = (account.protocol, &account.login, account.state);
    format!("{protocol:<10} {login:<24} {state:<9} {customer:<16} {used}\n")
}

fn as_json(listed: &Listed, now: Instant) -> Value {
    let account = &listed.account;
    let token_before = account.previous_until.filter(|until| now < *until);
    json!({
        "protocol": account.protocol.name(),
        "login": account.login,
        "state": account.state.to_string(),
        "customer": account.customer.as_ref().map(ToString::to_string),
        "name": account.name,
        "realm": account.realm,
        "number": account.number,
        "has_password": account.password.is_some(),
        "has_token": account.token.is_some(),
        "token_before_until": token_before.map(|until| until.to_string()),
        "last_used": listed.last_used.map(|at| at.to_string()),
    })
}
