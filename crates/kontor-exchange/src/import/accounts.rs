//! Puts accounts: rows that were imported before say nothing new, and digests of passwords are made on
//! all cores.

use std::thread;

use kontor_model::account::Account;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::State;
use kontor_model::imported_account::ImportedAccount;
use kontor_model::record::{Cell, CellError};
use kontor_store::{Abort, WriteTx};

use crate::fault::Fault;

use super::context::Context;
use super::report::KindReport;
use super::said_before::{self, Digests, Remembered, Repeats};
use super::session::Session;
use super::table_file::TableFile;

/// Who writes accounts from files, as the change log names them: a command writes under another name.
const IMPORTS: [&str; 2] = ["import", "demo"];
/// Accounts that are prepared together.
const BATCH: usize = 256;

/// Accounts that wait for their digests.
pub(super) struct Accounts {
    file: String,
    /// Where the secrets stand in a row.
    secrets: Vec<(&'static str, Option<usize>)>,
    waiting: Vec<Waiting>,
}

struct Waiting {
    line: u64,
    account: Record,
    existing: Option<Record>,
    /// What to remember of the row.
    imported: Option<Record>,
    prepared: Option<Result<Record, CellError>>,
}

/// What a row of a file says of an account.
enum Said {
    /// What it said when it was imported last.
    NothingNew,
    /// What it said then, and more in these columns.
    NewOnlyIn(Vec<usize>),
    /// It cannot be told whether this is new, and a command changed the account since.
    Overruled,
    New,
}

impl Accounts {
    pub(super) fn of(table: &TableFile<'_>) -> Self {
        let secrets = Kind::Account.columns().iter().filter(|column| column.secret);
        let secrets = secrets.map(|column| (column.name, table.column_of(column.name))).collect();
        Self { file: table.file().to_owned(), secrets, waiting: Vec::new() }
    }

    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= BATCH
    }

    /// Takes the account of the current row.
    pub(super) fn add(
        &mut self,
        tx: &mut dyn WriteTx,
        session: &Session<'_>,
        table: &TableFile<'_>,
        account: Account,
    ) -> Result<(), Abort> {
        let key = [Cell::text(account.protocol), Cell::text(&account.login)];
        let existing = tx.get(Kind::Account, &key)?;
        let fingerprint = session.context.fingerprint.as_deref();
        let supplier = session.supplier.as_str();
        let mut digests =
            fingerprint.map(|fingerprint| Digests::of(fingerprint, supplier, &account, table));
        let said = match (&existing, &mut digests) {
            (Some(_), Some(digests)) => said(tx, session, &key, table, digests)?,
            _ => Said::New,
        };
        let imported = digests.map(|digests| {
            let (protocol, login) = (account.protocol, account.login.clone());
            let digest = digests.to_string();
            Record::ImportedAccount(ImportedAccount { protocol, login, digest })
        });
        if matches!(said, Said::Overruled) {
            table.warn_of_row(format_args!(
                "{} {} was changed by a command, which stays; from now on a change of this row counts",
                account.protocol, account.login
            ));
        }
        let mut account = Record::Account(account);
        let prepared = match said {
            Said::NothingNew | Said::Overruled => existing.clone().map(Ok),
            Said::NewOnlyIn(columns) => {
                account = merged(&account, existing.as_ref(), table, &columns)?;
                None
            }
            Said::New => None,
        };
        let line = table.line();
        self.waiting.push(Waiting { line, account, existing, imported, prepared });
        Ok(())
    }
}

/// What a row says beside what was remembered of it, which the new digests go on to keep.
fn said(
    tx: &dyn WriteTx,
    session: &Session<'_>,
    key: &[Cell],
    table: &TableFile<'_>,
    digests: &mut Digests,
) -> Result<Said, Abort> {
    let known = match tx.get(Kind::ImportedAccount, key)? {
        Some(Record::ImportedAccount(known)) => Some(Remembered::read(&known.digest)),
        _ => None,
    };
    match known {
        Some(Remembered::Cells(before)) => {
            let repeats = digests.beside(&before);
            digests.keep(before);
            match repeats {
                Some(Repeats::NotAll) => return Ok(Said::New),
                Some(Repeats::AllBut(new)) if new.is_empty() => return Ok(Said::NothingNew),
                Some(Repeats::AllBut(new)) => return Ok(Said::NewOnlyIn(new)),
                None => {}
            }
        }
        Some(Remembered::Row(before)) => {
            let supplier = session.supplier.as_str();
            let fingerprint = session.context.fingerprint.as_deref();
            let now = fingerprint.map(|make| said_before::of_row(make, supplier, table));
            if now.is_some_and(|now| now == before) {
                return Ok(Said::NothingNew);
            }
        }
        None => {}
    }
    let actor = tx.last_actor(Kind::Account, key)?;
    let by_command = actor
        .is_some_and(|actor| actor != session.context.actor && !IMPORTS.contains(&actor.as_str()));
    Ok(if by_command { Said::Overruled } else { Said::New })
}

/// The account as it is, with what the row says in these columns.
fn merged(
    account: &Record,
    existing: Option<&Record>,
    table: &TableFile<'_>,
    columns: &[usize],
) -> Result<Record, Abort> {
    let (mut row, stored) = (account.to_row(), existing.map(Record::to_row).unwrap_or_default());
    for (index, (cell, stored)) in row.iter_mut().zip(stored).enumerate() {
        if !columns.contains(&index) {
            *cell = stored;
        }
    }
    Record::from_row(Kind::Account, &row).map_err(|error| {
        // Each cell could be read, together they cannot stand.
        table.fault(&error);
        Abort::Refused
    })
}

impl Session<'_> {
    /// Puts the accounts that wait.
    pub(super) fn put_accounts(
        &mut self,
        tx: &mut dyn WriteTx,
        accounts: &mut Accounts,
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        prepare(self.context, &accounts.file, &mut accounts.waiting);
        for waiting in accounts.waiting.drain(..) {
            let (file, line) = (accounts.file.as_str(), waiting.line);
            let record = match waiting.prepared {
                Some(Ok(record)) => record,
                Some(Err(error)) => {
                    let place = accounts.secrets.iter().find(|(name, _)| *name == error.column);
                    self.context.fault(Fault {
                        column: place.and_then(|(_, column)| *column),
                        name: Some(error.column.to_owned()),
                        value: Some("…".to_owned()),
                        ..Fault::of_line(file, line, &error.reason)
                    });
                    continue;
                }
                None => continue,
            };
            if let Record::Account(account) = &record {
                self.warn_of_account(account, file, line);
            }
            self.put(tx, &record, (file, line), report)?;
            if let Some(imported) = waiting.imported
                && !self.is_faulty()
            {
                tx.put(&imported)?;
            }
        }
        Ok(())
    }

    /// Tells accounts that nobody can use, or that can only be told that everything is unknown.
    fn warn_of_account(&mut self, account: &Account, file: &str, line: u64) {
        if account.state == State::Disabled {
            return;
        }
        self.protocols.entry(account.protocol).or_insert(line);
        let login = format!("{} {}", account.protocol, account.login);
        let warn = |reason: &str| {
            let value = Some(login.clone());
            self.context.warn(Fault { value, ..Fault::of_line(file, line, reason) });
        };
        if account.password.is_none() && account.token.is_none() {
            warn("neither password nor token: nobody can use the account");
        }
        if account.protocol.needs_customer() && account.customer.is_none() {
            warn("no customer: every product is answered as unknown");
        }
        if let Some(customer) =
            account.customer.as_ref().filter(|_| account.protocol.needs_customer())
        {
            self.asking.entry(customer.as_str().to_owned()).or_insert_with(|| (line, login));
        }
    }
}

/// Makes the records that are stored, on all cores: a digest of a password takes long.
fn prepare(context: &Context, file: &str, waiting: &mut [Waiting]) {
    let mut open: Vec<&mut Waiting> =
        waiting.iter_mut().filter(|waiting| waiting.prepared.is_none()).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = open.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for part in open.chunks_mut(share) {
            scope.spawn(move || {
                for waiting in part {
                    let record = waiting.account.clone();
                    let has_password = matches!(&record, Record::Account(account)
                        if account.password.as_ref().is_some_and(|password| !password.is_digest()));
                    let existing = waiting.existing.as_ref();
                    waiting.prepared = Some((context.prepare)(record, existing));
                    if has_password {
                        context.count_password(file);
                    }
                }
            });
        }
    });
}
