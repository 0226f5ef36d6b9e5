//! Tokens that other accounts have.

use kontor_exchange::{ImportOptions, Mode};
use kontor_model::catalogue::{Kind, Record};

use crate::kit::{Database, Folder, clean, options};

fn folder(supplier: &str, accounts: &[&str]) -> Folder {
    let mut rows = "protocol,login,token\n".to_owned();
    for account in accounts {
        rows = format!("{rows}restigo,{account}\n");
    }
    let supplier = format!("supplier,time_zone,currency\n{supplier},UTC,EUR\n");
    Folder::default().with("supplier.csv", supplier).with("accounts.csv", rows)
}

fn logins(database: &Database, supplier: &str) -> Vec<String> {
    let rows = database.rows(supplier, Kind::Account).into_iter();
    let login = |row| if let Record::Account(account) = row { Some(account.login) } else { None };
    rows.filter_map(login).collect()
}

#[test]
fn a_token_of_another_account_is_told_with_its_line_and_not_with_its_holder() {
    let database = Database::new();
    database.import_clean(&folder("quercus", &["oak,T-1"]));
    database.import_clean(&folder("salix", &["willow,T-2"]));
    let reason = |login: &str| {
        format!(
            "the token of restigo {login} is taken: another account has it or had it before; give \
             this account a token of its own"
        )
    };
    for (supplier, other) in [("quercus", "quercus"), ("salix", "salix"), ("populus", "quercus")] {
        let mine = if supplier == "quercus" { "T-2" } else { "T-1" };
        let faulty = folder(supplier, &["good,T-3", &format!("bad,{mine}")]);
        assert_eq!(database.faults(&faulty), [format!("accounts.csv:3: {}", reason("bad"))]);
        assert!(!logins(&database, other).contains(&"good".to_owned()), "nothing is applied");
    }
    // Both lines of a folder that gives a token twice.
    let twice = folder("salix", &["b,T-4", "a,T-4"]);
    let expected = [("2", "b"), ("3", "a")];
    let expected = expected.map(|(line, login)| format!("accounts.csv:{line}: {}", reason(login)));
    assert_eq!(database.faults(&twice), expected);
    let checked = ImportOptions { dry_run: true, ..options() };
    let report = database.import_with(&twice, checked);
    assert_eq!(report.faults.count(), 2, "a dry run tells it too");
}

#[test]
fn a_folder_moves_a_token_from_one_account_to_another_in_any_order() {
    let database = Database::new();
    let replace = |accounts: &[&str]| {
        let options = ImportOptions { mode: Mode::Replace, ..options() };
        clean(database.import_with(&folder("quercus", accounts), options));
    };
    replace(&["zeta,T-1", "mid,T-2"]);
    replace(&["alpha,T-1", "mid,T-2"]);
    assert_eq!(logins(&database, "quercus"), ["alpha", "mid"]);
    replace(&["omega,T-1", "mid,T-2"]);
    assert_eq!(logins(&database, "quercus"), ["mid", "omega"]);
    replace(&["mid,T-1", "omega,T-2"]);
    assert_eq!(logins(&database, "quercus"), ["mid", "omega"]);
    // Without replacing, the token stays with the account that is not in the folder.
    let faulty = folder("quercus", &["beta,T-1"]);
    assert_eq!(database.faults(&faulty).len(), 1);
}
