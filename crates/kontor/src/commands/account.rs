//! `kontor account`: who may ask. A secret is shown once, when it is made.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use kontor_app::account_tokens::rotate;
use kontor_app::secrets::{hash_password, mint_password};
use kontor_model::account::{Account, Protocol};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::State;
use kontor_model::record::Cell;
use kontor_model::{Clock as _, Instant, SystemClock};
use kontor_store::{Abort, Order, Outcome, Store};

use crate::args::{self, AccountAction};
use crate::config::Config;
use crate::{data, logging};

pub(crate) fn run(config: &Config, args: &args::Account) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::existing(directory)?;
    let supplier = args.supplier.as_deref().context("name the supplier with --supplier CODE")?;
    match &args.action {
        AccountAction::List => list(&*store, supplier)?,
        AccountAction::Add { protocol, login, customer, realm, number } => {
            let mut account = blank(*protocol, login);
            account.customer = customer.as_deref().map(str::parse).transpose()?;
            account.realm.clone_from(realm);
            account.number = *number;
            anyhow::ensure!(
                find(&*store, supplier, *protocol, login)?.is_none(),
                "there is an account {login} already; `account rotate` gives it a new secret"
            );
            let secret = renew(&mut account, SystemClock.now());
            put(&*store, supplier, account)?;
            show(&secret)?;
        }
        AccountAction::Rotate { protocol, login, overlap_hours } => {
            let mut account = existing(&*store, supplier, *protocol, login)?;
            let overlap = SystemClock.now().plus_seconds(i64::from(*overlap_hours) * 3600);
            let secret = renew(&mut account, overlap);
            put(&*store, supplier, account)?;
            show(&secret)?;
        }
        AccountAction::Disable { protocol, login } => {
            let mut account = existing(&*store, supplier, *protocol, login)?;
            account.state = State::Disabled;
            put(&*store, supplier, account)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn blank(protocol: Protocol, login: &str) -> Account {
    Account {
        protocol,
        login: login.to_owned(),
        realm: None,
        number: None,
        name: None,
        customer: None,
        state: State::Active,
        password: None,
        token: None,
        previous_token: None,
        previous_until: None,
        on_behalf: false,
    }
}

/// Gives an account a new secret of the sort its protocol asks for.
fn renew(account: &mut Account, overlap_until: Instant) -> String {
    match account.protocol {
        Protocol::Restigo => rotate(account, overlap_until),
        Protocol::Secomp | Protocol::Websphere | Protocol::Consinco => {
            let password = mint_password();
            account.password = Some(hash_password(&password).into());
            password
        }
    }
}

fn list(store: &dyn Store, supplier: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let id = store.supplier_id(supplier)?.with_context(|| format!("no supplier {supplier}"))?;
    let mut accounts = Vec::new();
    store.read(id, &mut |tx| {
        tx.scan(Kind::Account, &[], &mut |record| {
            if let Record::Account(account) = record {
                accounts.push(account);
            }
            Ok(())
        })
    })?;
    for account in accounts {
        let customer = account.customer.map_or_else(String::new, |number| number.to_string());
        let (protocol, login, state) = (account.protocol, account.login, account.state);
        writeln!(out, "{protocol:<10} {login:<24} {state:<9} {customer}")?;
    }
    Ok(())
}

fn find(
    store: &dyn Store,
    supplier: &str,
    protocol: Protocol,
    login: &str,
) -> anyhow::Result<Option<Account>> {
    let id = store.supplier_id(supplier)?.with_context(|| format!("no supplier {supplier}"))?;
    let mut found = None;
    let key = [Cell::text(protocol), Cell::text(login)];
    store.read(id, &mut |tx| {
        found = tx.get(Kind::Account, &key)?;
        Ok(())
    })?;
    Ok(match found {
        Some(Record::Account(account)) => Some(account),
        _ => None,
    })
}

fn existing(
    store: &dyn Store,
    supplier: &str,
    protocol: Protocol,
    login: &str,
) -> anyhow::Result<Account> {
    let found = find(store, supplier, protocol, login)?;
    found.with_context(|| format!("no {protocol} account {login}; `account list` shows all"))
}

fn put(store: &dyn Store, supplier: &str, account: Account) -> anyhow::Result<()> {
    let customer = account.customer.clone();
    let job = move |tx: &mut dyn kontor_store::WriteTx| {
        if let Some(number) = &account.customer
            && tx.get(Kind::Customer, &[Cell::text(number)])?.is_none()
        {
            return Err(Abort::Refused);
        }
        tx.put(&Record::Account(account)).map(drop)
    };
    let order = Order {
        supplier: supplier.parse().map_err(|error| anyhow!("{supplier}: {error}"))?,
        actor: "account".to_owned(),
        clock: Arc::new(SystemClock),
        job: Box::new(job),
    };
    match (store.write(order)?, customer) {
        (Outcome::Refused, Some(customer)) => bail!("there is no customer {customer}"),
        _ => Ok(()),
    }
}

fn show(secret: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{secret}")?;
    Ok(())
}
