//! Which folders are accepted, and whose they are.

use std::sync::{Arc, Mutex};

use kontor_exchange::{Ended, ImportError, ImportOptions, import_folder};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, CellError};
use kontor_store::Store;

use crate::kit::{Database, Folder, clean, demo, options};

fn of_demo42() -> ImportOptions {
    ImportOptions { supplier: Some("demo42".parse().unwrap()), ..options() }
}

fn refuse(database: &Database, folder: &Folder, options: ImportOptions) -> ImportError {
    import_folder(&database.store, Arc::new(folder.clone()), options).unwrap_err()
}

#[test]
fn a_part_of_a_folder_needs_a_known_supplier() {
    let database = Database::new();
    let stock = Folder::default().with("availability.csv", "sku,quantity\n11045680,24\n");
    assert!(matches!(refuse(&database, &stock, options()), ImportError::NoSupplier));
    assert!(matches!(refuse(&database, &stock, of_demo42()), ImportError::UnknownSupplier(_)));
    database.import_clean(&demo("demo42"));
    let report = clean(database.import_with(&stock, of_demo42()));
    assert!(matches!(report.ended, Ended::Committed(_)));
    let (report, others) = (report.kinds[0], report.kinds.len() - 1);
    assert_eq!((report.kind, report.updated, others), (Kind::Availability, 1, 0));
    let rows = database.rows("demo42", Kind::Availability);
    assert_eq!(rows.len(), 8);
    let Record::Availability(first) = &rows[1] else { unreachable!("availability") };
    assert_eq!((first.sku.as_str(), first.quantity.to_string().as_str()), ("11045680", "24"));
    assert_eq!(clean(database.import_with(&stock, of_demo42())).ended, Ended::Unchanged);
}

#[test]
fn the_supplier_named_and_the_one_of_the_folder_must_agree() {
    let database = Database::new();
    let report = database.import_with(&demo("wcs-mini"), of_demo42());
    let faults: Vec<_> = report.faults.shown().iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["supplier.csv:2: \"wcs-mini\": the folder is to be that of demo42"]);
    assert_eq!(database.store.supplier_id("wcs-mini").unwrap(), None);
    let same = ImportOptions { supplier: Some("wcs-mini".parse().unwrap()), ..options() };
    clean(database.import_with(&demo("wcs-mini"), same));
}

#[test]
fn layouts_that_are_no_catalogue_are_refused() {
    let database = Database::new();
    let error = refuse(&database, &Folder::default(), options());
    assert_eq!(error.to_string(), "not a catalogue folder: there is no file of a catalogue here");
    let missing = kontor_exchange::Directory::new("/nonexistent");
    let error = import_folder(&database.store, Arc::new(missing), options()).unwrap_err();
    assert!(matches!(error, ImportError::List(_)));
}

#[test]
fn faults_of_one_supplier_do_not_keep_the_other_out() {
    let database = Database::new();
    let mut both = Folder::default();
    for name in ["demo42", "wcs-mini"] {
        for (file, text) in demo(name).0 {
            both = both.with(&format!("{name}/{file}"), text);
        }
    }
    let both = both.edited("demo42/products.csv", "active", "sold");
    let report = database.import(&both);
    let faults: Vec<_> = report.faults.shown().iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        ["demo42/products.csv:2:5 (state): \"sold\": not one of active, end_of_life"]
    );
    assert_eq!(report.folders[0].ended, Ended::Refused);
    assert!(matches!(report.folders[1].ended, Ended::Committed(_)));
    assert_eq!(database.store.supplier_id("demo42").unwrap(), None);
}

#[test]
fn a_dry_run_checks_everything_and_applies_nothing() {
    let database = Database::new();
    let report =
        clean(database.import_with(&demo("demo42"), ImportOptions { dry_run: true, ..options() }));
    assert_eq!(report.ended, Ended::Checked);
    assert_eq!(report.kinds.last().unwrap().inserted, 59);
    assert_eq!(database.store.supplier_id("demo42").unwrap(), None);
    assert_eq!(database.last_change().0, 0);
}

#[test]
fn progress_reaches_the_end() {
    let database = Database::new();
    let folder = demo("demo42");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let progress = move |progress: kontor_exchange::Progress<'_>| {
        let file = progress.file.to_owned();
        told.lock().unwrap().push((file, progress.bytes, progress.total, progress.rows));
    };
    let options = ImportOptions { progress: Arc::new(progress), ..options() };
    clean(database.import_with(&folder, options));
    let seen = seen.lock().unwrap();
    let total: usize = folder.0.values().map(Vec::len).sum();
    let (file, bytes, all, rows) = seen.last().unwrap();
    assert_eq!((file.as_str(), *bytes, *all), ("prices.csv", total as u64, total as u64));
    assert!(*rows > 100);
    assert!(seen.is_sorted_by_key(|(_, bytes, _, _)| *bytes));
}

#[test]
fn secrets_and_questionnaires_are_prepared_by_the_caller() {
    let database = Database::new();
    let prepare = |mut record: Record, existing: Option<&Record>| {
        if let Record::Account(account) = &mut record {
            let token = if existing.is_some() { "known" } else { "new" };
            let token = format!("{token} {}", account.login);
            account.token = account.token.take().map(|_| token.into());
        }
        let is = |code: &str| record.key() == [Cell::text(code)];
        let (column, reason) = if record.kind() == Kind::Category && is("1500") {
            ("questions", "question 28637 has no options")
        } else if record.kind() == Kind::Partner && is("23") {
            ("secret", "too short")
        } else {
            return Ok(record);
        };
        Err(CellError { column, reason: reason.to_owned() })
    };
    let options = || ImportOptions { prepare: Arc::new(prepare), ..options() };
    let report = database.import_with(&demo("demo42"), options());
    let faults: Vec<_> = report.faults.shown().iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "questionnaires/1500.json: question 28637 has no options",
            "partners.csv:3:5 (secret): \"…\": too short",
        ]
    );
    let mini = demo("wcs-mini");
    clean(database.import_with(&mini, options()));
    assert!(database.export("wcs-mini").text("accounts.csv").contains(",new acme.buyer"));
    clean(database.import_with(&mini, options()));
    assert!(database.export("wcs-mini").text("accounts.csv").contains(",known acme.buyer"));
}
