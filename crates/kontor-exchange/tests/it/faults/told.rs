//! How faults are told: how many, without secrets, as the documentation shows them.

use std::sync::{Arc, Mutex};

use kontor_exchange::{FAULT_EXAMPLES, Fault, FaultFile, ImportOptions, MAX_SHOWN_FAULTS};

use crate::kit::{Database, demo, options};

#[test]
fn the_first_thousand_are_kept_and_all_are_told() {
    for count in [MAX_SHOWN_FAULTS, MAX_SHOWN_FAULTS + 1] {
        let mut text = "sku,quantity\n".to_owned();
        text.extend((0..count).map(|number| format!("A{number},1\n")));
        let folder = demo("demo42").with("availability.csv", text);
        let told = Arc::new(Mutex::new(FaultFile::new(Vec::new())));
        let sink = told.clone();
        let sink = move |fault: &Fault| sink.lock().unwrap().add(fault);
        let options = ImportOptions { fault_sink: Some(Box::new(sink)), ..options() };
        let database = Database::new();
        let report = database.import_with(&folder, options);
        assert_eq!(report.faults.count(), count as u64);
        assert_eq!(report.faults.shown().len(), MAX_SHOWN_FAULTS);
        assert_eq!(database.last_change().0, 0);
        drop(report);
        let told = Arc::into_inner(told).unwrap().into_inner().unwrap();
        assert_eq!(
            String::from_utf8(told.into_inner().unwrap()).unwrap().lines().count(),
            count + 1
        );
    }
}

#[test]
fn no_fault_shows_a_secret() {
    let secret = "s3cret-canary";
    let folder = demo("demo42")
        .edited("accounts.csv", "12abcd34", &format!("{secret}\u{7}"))
        .edited("accounts.csv", "98zyxw76,", &format!("{secret},{secret},{secret}"))
        .edited("accounts.csv", "77pass77", &format!("{secret}\u{7}"))
        .edited("partners.csv", "kontor-demo-secret-not-for-production", &format!("\u{1}{secret}"));
    let faults = Database::new().faults(&folder);
    assert_eq!(
        faults,
        [
            "accounts.csv:2:8 (password): \"…\": has a control character",
            "accounts.csv:4: the row has 10 cells, the header 9; a cell with a delimiter in it needs \
             quotes around it",
            "accounts.csv:6:8 (password): \"…\": has a control character",
            "partners.csv:2:5 (secret): \"…\": has a control character",
        ]
    );
}

#[test]
fn the_documentation_shows_true_faults() {
    let folder = demo("demo42")
        .with(
            "products.csv",
            "sku,mpn,gtin,name,state,base_uom,quantity_step\n11045680,,,,,C62,\n\
             11045682,,7611990131311,,,C62,\n21991234,,,,C62,\n",
        )
        .edited("accounts.csv", "secomp", "telnet")
        .with(
            "prices.csv",
            "price_list,sku,packing,packing_quantity,currency,minimum_quantity,valid_from,kind,amount\n\
             EUR-B,11045680,,,,,,,8.8\nEUR-A,11045680,,,,,,,\"8,80\"\n",
        )
        .with("questionnaires/1463.json", "[\n  {\n  \"id\":\n    ,}\n]");
    let faults = Database::new().faults(&folder);
    let mut expected: Vec<&str> = FAULT_EXAMPLES.lines().collect();
    for line in &faults {
        expected.retain(|example| example != line);
    }
    assert_eq!(expected, Vec::<&str>::new(), "{faults:#?}");
}
