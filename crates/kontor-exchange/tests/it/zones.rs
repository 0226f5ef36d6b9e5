//! A zone that comes later: stored prices of days and of instants that were apart may meet in it.

use crate::kit::{Database, Folder};

const SUPPLIER: &str = "supplier,time_zone,currency\nacme,Europe/Berlin,EUR\n";
const STORES: &str = "store,currency,contract,uom,time_zone\nshop,EUR,K,C62,Europe/Berlin\n";
const COMPANIES: &str = "entity,currency,time_zone,main_segment\n1,EUR,Europe/Berlin,1\n";
const LISTS: &str = "price_list,time_zone\nL,\nOWN,Europe/Berlin\n";
/// Apart in Berlin, where the day begins at 22:00 UTC; in Auckland it begins at noon.
const PRICES: &str = "price_list,sku,minimum_quantity,valid_from,valid_to,amount\n\
    L,A,1,,2016-05-31T22:00:00Z,5\nL,A,1,2016-06-01,,6\n\
    OWN,A,1,,2016-05-31T22:00:00Z,5\nOWN,A,1,2016-06-01,,6\n";

fn catalogue() -> Folder {
    Folder::default()
        .with("supplier.csv", SUPPLIER)
        .with("products.csv", "sku,base_uom\nA,C62\n")
        .with("price_lists.csv", LISTS)
        .with("contracts.csv", "contract\nK\n")
        .with("contract_lists.csv", "contract,price_list\nK,L\nK,OWN\n")
        .with("stores.csv", STORES)
        .with("selling_entities.csv", COMPANIES)
        .with("segments.csv", "entity,segment,price_list\n1,1,L\n")
        .with("prices.csv", PRICES)
}

/// Imports one file in which Auckland takes the place of Berlin.
fn moved(file: &str, from: &str, to: &str) -> Folder {
    let folder = catalogue().edited(file, from, to);
    Folder::default()
        .with("supplier.csv", folder.text("supplier.csv"))
        .with(file, folder.text(file))
}

#[test]
fn a_zone_is_refused_in_which_stored_prices_meet() {
    let database = Database::new();
    database.import_clean(&catalogue());
    for (file, from, to, place) in [
        ("stores.csv", "62,Europe/Berlin", "62,Pacific/Auckland", "stores.csv:2"),
        ("selling_entities.csv", "Europe/Berlin", "Pacific/Auckland", "selling_entities.csv:2"),
        ("supplier.csv", "Europe/Berlin", "Pacific/Auckland", "supplier.csv:2"),
        ("price_lists.csv", "OWN,Europe/Berlin", "OWN,Pacific/Auckland", "price_lists.csv:3"),
        ("price_lists.csv", "L,\n", "L,Pacific/Auckland\n", "price_lists.csv:2"),
    ] {
        let faults = database.faults(&moved(file, from, to));
        let [fault] = faults.as_slice() else { panic!("{file}: {faults:?}") };
        let begin = format!("{place} (time_zone): \"Pacific/Auckland\": in the zone");
        assert!(fault.starts_with(&begin), "{fault}");
        let list = if file == "price_lists.csv" && from.starts_with("OWN") { "OWN" } else { "L" };
        assert!(
            fault.contains(&format!(
                "of A in list {list} from quantity 1, valid from ever to 2016-05-31T22:00:00Z"
            )),
            "{fault}"
        );
        assert!(fault.contains("valid from 2016-06-01 to ever"), "{fault}");
        // Elsewhere nothing meets.
        let known = to.replace("Pacific/Auckland", "America/Lima");
        database.import_clean(&moved(file, from, &known));
        database.import_clean(&catalogue());
    }
}

#[test]
fn a_list_that_gives_its_zone_up_is_judged_in_those_of_the_supplier() {
    let database = Database::new();
    let lists = LISTS.replace("L,\n", "L,Europe/Berlin\n");
    let stores = STORES.replace("62,Europe/Berlin", "62,Pacific/Auckland");
    database.import_clean(&catalogue().with("price_lists.csv", &lists).with("stores.csv", &stores));
    let given_up = Folder::default().with("supplier.csv", SUPPLIER).with("price_lists.csv", LISTS);
    let faults = database.faults(&given_up);
    assert!(
        faults[0].starts_with("price_lists.csv:2 (time_zone): \"Pacific/Auckland\""),
        "{faults:?}"
    );
}

#[test]
fn a_zone_may_come_with_the_prices_that_are_mended_for_it() {
    let database = Database::new();
    database.import_clean(&catalogue());
    let header = "price_list,sku,minimum_quantity,valid_from,valid_to,amount";
    let folder = moved("stores.csv", "62,Europe/Berlin", "62,Pacific/Auckland")
        .with("prices.csv", format!("{header}\nL,A,1,,2016-05-31T12:00:00Z,5\n"));
    database.import_clean(&folder);
}
