//! Merging and replacing.

use kontor_exchange::{Ended, ImportOptions, Mode, Report};
use kontor_model::catalogue::{Kind, Record};

use crate::kit::{Database, Folder, clean, demo, options};

fn replace(database: &Database, folder: &Folder) -> Report {
    database.import_with(folder, ImportOptions { mode: Mode::Replace, ..options() })
}

fn counts(report: &kontor_exchange::FolderReport, kind: Kind) -> (u64, u64, u64, u64) {
    let kind = report.kinds.iter().find(|report| report.kind == kind).unwrap();
    (kind.inserted, kind.updated, kind.unchanged, kind.removed)
}

/// `wcs-mini` with one more stock row and one price row gone, the supplier's row as it was.
fn changed() -> Folder {
    let full = demo("wcs-mini");
    Folder::default()
        .with("supplier.csv", full.text("supplier.csv"))
        .with("availability.csv", "sku,quantity\n2135,41\n4135,12.75\n")
        .with("prices.csv", full.text("prices.csv"))
        .edited("prices.csv", "55555,2135,USD,1,,,regular,7,2\n", "")
        .edited("prices.csv", "249.99", "259.99")
}

#[test]
fn a_merge_leaves_rows_alone_that_the_files_do_not_have() {
    let database = Database::new();
    database.import_clean(&demo("wcs-mini"));
    let report = database.import_clean(&changed());
    assert_eq!(counts(&report, Kind::Availability), (0, 1, 1, 0));
    assert_eq!(counts(&report, Kind::Price), (0, 1, 20, 0));
    assert_eq!(database.rows("wcs-mini", Kind::Availability).len(), 6);
    assert_eq!(database.rows("wcs-mini", Kind::Price).len(), 22);
}

#[test]
fn a_replacement_removes_rows_that_its_files_do_not_have() {
    let database = Database::new();
    database.import_clean(&demo("wcs-mini"));
    let report = clean(replace(&database, &changed()));
    assert_eq!(counts(&report, Kind::Availability), (0, 1, 1, 4));
    assert_eq!(counts(&report, Kind::Price), (0, 1, 20, 1));
    assert_eq!(database.rows("wcs-mini", Kind::Availability).len(), 2);
    assert_eq!(database.rows("wcs-mini", Kind::Price).len(), 21);
    assert_eq!(database.rows("wcs-mini", Kind::Product).len(), 6);
    assert_eq!(clean(replace(&database, &changed())).ended, Ended::Unchanged);
}

#[test]
fn a_whole_folder_replaces_a_whole_catalogue() {
    let database = Database::new();
    let mut full = demo("demo42");
    // Leads are never removed, and keep what they refer to.
    full.0.remove("leads.csv");
    database.import_clean(&full);
    let exported = database.export("demo42");
    let small = Folder::default()
        .with("supplier.csv", full.text("supplier.csv"))
        .with("products.csv", "sku,base_uom\nX,C62\n");
    // Everything else still refers to the products.
    let report = replace(&database, &small);
    let faults: Vec<_> = report.faults.shown().iter().map(ToString::to_string).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("products.csv: "), "{faults:?}");
    assert!(faults[0].contains("cannot be removed"), "{faults:?}");
    assert_eq!(report.folders[0].ended, Ended::Refused);
    assert_eq!(database.export("demo42"), exported);

    let mut empty = small;
    for (name, text) in &full.0 {
        if !empty.0.contains_key(name) && !name.contains('/') {
            let header = String::from_utf8(text.clone()).unwrap();
            empty = empty.with(name, header.lines().next().unwrap());
        }
    }
    clean(replace(&database, &empty));
    assert_eq!(database.export("demo42").0.len(), 2);
    clean(replace(&database, &full));
    assert_eq!(database.export("demo42"), exported);
}

#[test]
fn questions_stay_in_a_merge_and_go_in_a_replacement() {
    let database = Database::new();
    let full = demo("demo42");
    database.import_clean(&full);
    let has_questions = |code: &str| {
        let rows = database.rows("demo42", Kind::Category);
        let is = |row: &&Record| matches!(row, Record::Category(c) if c.code.as_str() == code);
        let Some(Record::Category(category)) = rows.iter().find(is) else {
            panic!("no category {code}")
        };
        category.questions.is_some()
    };
    let part = Folder::default()
        .with("supplier.csv", full.text("supplier.csv"))
        .with("categories.csv", full.text("categories.csv"));
    assert_eq!(database.import_clean(&part).ended, Ended::Unchanged);
    assert!(has_questions("1463") && has_questions("1500"));
    let one = part.with("questionnaires/1463.json", full.text("questionnaires/1463.json"));
    clean(replace(&database, &one));
    assert!(has_questions("1463") && !has_questions("1500"));
    let alone = Folder::default()
        .with("supplier.csv", full.text("supplier.csv"))
        .with("questionnaires/1500.json", full.text("questionnaires/1500.json"));
    let report = database.import_clean(&alone);
    assert_eq!(counts(&report, Kind::Category), (0, 1, 0, 0));
    assert!(has_questions("1500"));
    assert_eq!(database.import_clean(&alone).ended, Ended::Unchanged);
}

#[test]
fn counters_never_go_back() {
    let database = Database::new();
    let full = demo("wcs-mini");
    database.import_clean(&full);
    let next = |number: &str| {
        let folder = full.clone().edited("counters.csv", "701", number);
        (database.import_clean(&folder).ended, database.export("wcs-mini"))
    };
    assert!(matches!(next("702").0, Ended::Committed(_)));
    assert_eq!(next("701").0, Ended::Unchanged);
    assert!(next("1").1.text("counters.csv").contains("price_list_number,702"));
    clean(replace(&database, &full));
    assert!(next("702").1.text("counters.csv").contains("price_list_number,702"));
}
