//! The demo imports, and means what it should.

use std::sync::Arc;

use kontor_exchange::{Directory, Ended, demo, import_folder};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::EntryKind;

use crate::kit::{Database, Folder, clean, options};

#[test]
fn both_suppliers_import_from_the_program_and_from_the_directory() {
    let database = Database::new();
    let report = import_folder(&database.store, Arc::new(demo::Demo), options()).unwrap();
    assert_eq!(report.faults.shown(), []);
    let codes: Vec<_> = report.folders.iter().map(|folder| folder.supplier.as_str()).collect();
    assert_eq!(codes, ["demo42", "wcs-mini"]);
    assert!(report.folders.iter().all(|folder| matches!(folder.ended, Ended::Committed(_))));

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
    let again = import_folder(&database.store, Arc::new(Directory::new(path)), options()).unwrap();
    assert_eq!(again.faults.shown(), []);
    for folder in again.folders {
        assert_eq!(folder.ended, Ended::Unchanged, "{}", folder.supplier);
        for kind in folder.kinds {
            assert_eq!((kind.inserted, kind.updated, kind.removed), (0, 0, 0));
        }
    }
}

#[test]
fn every_row_of_every_file_arrives() {
    let database = Database::new();
    for supplier in demo::suppliers() {
        let folder = crate::kit::demo(supplier.name);
        let report = database.import_clean(&folder);
        for (name, text) in &folder.0 {
            let Some(kind) = name.strip_suffix(".csv").and_then(Kind::from_name) else {
                continue;
            };
            let rows = std::str::from_utf8(text).unwrap().lines().count() - 1;
            assert_eq!(database.rows(supplier.name, kind).len(), rows, "{name}");
            let counted = report.kinds.iter().find(|report| report.kind == kind).unwrap();
            assert_eq!(counted.inserted, rows as u64, "{name}");
        }
    }
}

#[test]
fn days_of_a_promotion_are_days_of_its_list() {
    let database = Database::new();
    database.import_clean(&crate::kit::demo("demo42"));
    let mut promotions = Vec::new();
    for record in database.rows("demo42", Kind::Price) {
        let Record::Price(price) = record else { unreachable!("prices") };
        if price.shape.kind == EntryKind::Promotion && price.sku.as_str() == "21991234" {
            let (from, to) = (price.shape.validity.from(), price.shape.validity.to());
            promotions.push(format!(
                "{} {} {}",
                price.list,
                from.unwrap().from_text(),
                to.unwrap().to_text()
            ));
        }
    }
    promotions.sort();
    assert_eq!(
        promotions,
        [
            "BR-1-1 2016-01-25 2016-02-29",
            "BR-3-3 2015-10-18 2016-10-16",
            "BR-4-1 2016-01-28 2016-01-28",
        ]
    );
}

#[test]
fn questions_stand_with_their_category() {
    let database = Database::new();
    let folder = crate::kit::demo("demo42");
    database.import_clean(&folder);
    let mut with_questions = Vec::new();
    for record in database.rows("demo42", Kind::Category) {
        let Record::Category(category) = record else { unreachable!("categories") };
        if let Some(questions) = category.questions {
            let file = format!("questionnaires/{}.json", category.code);
            assert_eq!(questions, folder.text(&file));
            with_questions.push(category.code.to_string());
        }
    }
    assert_eq!(with_questions, ["1463", "1500", "1600", "1702", "7214"]);
}

#[test]
fn one_supplier_alone_imports_too() {
    let database = Database::new();
    let folder = Folder::of(&demo::suppliers()[1]);
    assert_eq!(clean(database.import(&folder)).supplier.as_str(), "wcs-mini");
}
