//! What commands have made of an account stays when the file says nothing new.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use kontor_exchange::{Ended, Fingerprint, ImportOptions, Report};
use kontor_model::account::{Account, Protocol, Secret};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::State;
use kontor_model::imported_account::ImportedAccount;
use kontor_store::{Order, Store as _};

use crate::kit::{Database, Folder, options};

fn good() -> Folder {
    Folder::default()
        .with("supplier.csv", "supplier,time_zone,currency\nacme,UTC,EUR\n")
        .with("accounts.csv", "protocol,login,customer,password,state\nsecomp,u,good,pw,active\n")
        .with("customers.csv", "customer\ngood\n")
}

fn digest(key: &str, bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    (key, bytes).hash(&mut hasher);
    format!("{key}:{:016x}", hasher.finish())
}

fn import(database: &Database, key: &'static str, folder: &Folder) -> Report {
    let fingerprint: Arc<Fingerprint> = Arc::new(move |bytes| digest(key, bytes));
    database.import_with(folder, ImportOptions { fingerprint: Some(fingerprint), ..options() })
}

fn account(database: &Database) -> Account {
    let Some(Record::Account(account)) = database.rows("acme", Kind::Account).pop() else {
        panic!("no account")
    };
    account
}

fn token(account: &Account) -> Option<&str> {
    account.token.as_ref().map(Secret::reveal)
}

fn write(database: &Database, record: Record) {
    let order = Order {
        supplier: "acme".parse().unwrap(),
        actor: "account".to_owned(),
        clock: Arc::new(kontor_model::SystemClock),
        job: Box::new(move |tx| tx.put(&record).map(drop)),
    };
    database.store.write(order).unwrap();
}

/// Gives the account another token, as `kontor account rotate` does.
fn rotate(database: &Database) {
    let token = Some("rotated".to_owned().into());
    write(database, Record::Account(Account { token, ..account(database) }));
}

/// A file with these columns of one row.
fn file(columns: &[(&str, &str)]) -> Folder {
    let join = |cells: Vec<&str>| cells.join(",");
    let header = join(columns.iter().map(|(name, _)| *name).collect());
    let row = join(columns.iter().map(|(_, cell)| *cell).collect());
    good().with("accounts.csv", format!("protocol,login,{header}\nrestigo,u,{row}\n"))
}

const ALL: [(&str, &str); 4] =
    [("password", "pw"), ("token", "first"), ("name", "Anna"), ("number", "7")];

#[test]
fn a_row_with_some_of_the_columns_says_nothing_new() {
    let database = Database::new();
    assert!(import(&database, "a", &file(&ALL)).is_clean());
    rotate(&database);
    for left_out in 0..1 << ALL.len() {
        let columns: Vec<_> = (0..ALL.len()).filter(|n| left_out >> n & 1 == 0).collect();
        let columns: Vec<_> = columns.into_iter().map(|n| ALL[n]).collect();
        if !columns.is_empty() {
            let report = import(&database, "a", &file(&columns));
            assert_eq!(report.folders[0].ended, Ended::Unchanged, "{columns:?}");
        }
        assert_eq!(token(&account(&database)), Some("rotated"), "{columns:?}");
    }
    // All columns again, although the file before had one.
    assert_eq!(import(&database, "a", &file(&ALL)).folders[0].ended, Ended::Unchanged);
    assert_eq!(token(&account(&database)), Some("rotated"));
}

#[test]
fn a_column_that_comes_later_counts_and_the_others_do_not() {
    let database = Database::new();
    assert!(import(&database, "a", &file(&ALL[..2])).is_clean());
    rotate(&database);
    assert!(import(&database, "a", &file(&ALL)).is_clean());
    let now = account(&database);
    assert_eq!((token(&now), now.name.as_deref()), (Some("rotated"), Some("Anna")));
    // A cell that says something else counts, and so does its row.
    let changed = [ALL[0], ALL[1], ("name", "Berta")];
    assert!(import(&database, "a", &file(&changed)).is_clean());
    let now = account(&database);
    assert_eq!((token(&now), now.name.as_deref()), (Some("first"), Some("Berta")));
    assert_eq!(now.number, Some(7));
}

#[test]
fn what_a_version_before_remembered_of_the_whole_row_is_known() {
    for (columns, is_known) in [(&ALL[..], true), (&ALL[..3], false)] {
        let database = Database::new();
        let folder = file(&ALL);
        assert!(import(&database, "a", &folder).is_clean());
        let mut bytes = Vec::new();
        let cells = [("protocol", "restigo"), ("login", "u")].into_iter().chain(ALL);
        // The columns in the order of the noun.
        let mut cells: Vec<(&str, &str)> = cells.collect();
        cells.sort_by_key(|(name, _)| {
            Kind::Account.columns().iter().position(|column| column.name == *name)
        });
        let texts = cells.into_iter().flat_map(|(name, cell)| [name, cell]);
        for text in ["acme"].into_iter().chain(texts) {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        let digest = digest("a", &bytes);
        let (protocol, login) = (Protocol::Restigo, "u".to_owned());
        write(&database, Record::ImportedAccount(ImportedAccount { protocol, login, digest }));
        rotate(&database);
        let report = import(&database, "a", &file(columns));
        // Where it cannot be told, what a command wrote last stays, and a warning says so.
        let is_told = report.warnings.shown().iter().any(|w| w.reason.contains("by a command"));
        assert_eq!(is_told, !is_known, "{columns:?}");
        assert_eq!(token(&account(&database)), Some("rotated"));
    }
}

#[test]
fn a_row_of_accounts_that_was_imported_before_says_nothing_new() {
    let database = Database::new();
    let with_key = |key: &'static str, folder: &Folder| import(&database, key, folder);
    let disable = || {
        let account = Account { state: State::Disabled, ..account(&database) };
        write(&database, Record::Account(account));
    };
    let is_active = || account(&database).state == State::Active;
    // Without a key, as imports were before: a command counts when nothing is known of the row.
    database.import_clean(&good());
    disable();
    let report = with_key("a", &good());
    assert_eq!((report.warnings.count(), is_active()), (1, false));
    // From then on the row is known.
    assert_eq!(with_key("a", &good()).folders[0].ended, Ended::Unchanged);
    assert!(!is_active());
    let changed = good().edited("accounts.csv", "secomp,u,good,pw", "secomp,u,good,pw2");
    assert!(with_key("a", &changed).is_clean());
    assert!(is_active());
    // Another key knows nothing: what an import wrote last is looked at once more, what a command
    // wrote stays.
    assert!(with_key("b", &good()).is_clean());
    assert!(is_active());
    disable();
    assert_eq!(with_key("b", &good()).folders[0].ended, Ended::Unchanged);
    assert_eq!(with_key("c", &good()).warnings.count(), 1);
    assert!(!is_active());
    // An account that is not there is put, whatever is remembered of it.
    let gone = good().with("accounts.csv", "protocol,login,remove\nsecomp,u,yes\n");
    assert!(with_key("c", &gone).is_clean());
    assert_eq!(database.rows("acme", Kind::Account).len(), 0);
    assert!(with_key("c", &good()).is_clean());
    assert!(is_active());
}
