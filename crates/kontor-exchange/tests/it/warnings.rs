//! What is no fault and may be a mistake.

use kontor_exchange::{Ended, ImportOptions, WrongGtins};
use kontor_model::catalogue::{Kind, Record};

use crate::kit::{Database, Folder, options};

/// A catalogue with nothing odd in it.
fn good() -> Folder {
    Folder::default()
        .with("supplier.csv", "supplier,time_zone,currency\nacme,UTC,EUR\n")
        .with("products.csv", "sku,base_uom\nA,C62\n")
        .with("conversions.csv", "sku,uom,factor\nA,CT,12\n")
        .with("price_lists.csv", "price_list,number\nL,\nM,7\n")
        .with(
            "prices.csv",
            "price_list,sku,uom,minimum_quantity,amount\nL,A,,,5\nL,A,,10,4\nL,A,CT,,50\n",
        )
        .with("customers.csv", "customer,currency\ngood,EUR\n")
        .with("entitlements.csv", "customer,price_list\ngood,L\n")
        .with("contracts.csv", "contract\nK\n")
        .with("contract_lists.csv", "contract,price_list\nK,L\n")
        .with("stores.csv", "store,currency,contract,uom,time_zone\nshop,EUR,K,C62,UTC\n")
        .with("store_currencies.csv", "store,currency\nshop,EUR\n")
        .with(
            "accounts.csv",
            "protocol,login,customer,password,token,state\nsecomp,u,good,pw,,active\n",
        )
}

/// The good catalogue with a line more in a file: the warnings, told by a dry run, too.
fn warnings(file: &str, line: &str) -> Vec<String> {
    let folder = good();
    let folder = folder.clone().with(file, format!("{}{line}", folder.text(file)));
    let database = Database::new();
    database.import_clean(&good());
    let shown = |dry_run| {
        let report = database.import_with(&folder, ImportOptions { dry_run, ..options() });
        assert!(report.is_clean());
        let shown = report.warnings.shown().iter();
        shown.map(ToString::to_string).collect::<Vec<_>>()
    };
    let told = shown(true);
    assert_eq!(shown(false), told);
    told
}

#[test]
fn a_good_catalogue_has_none() {
    assert_eq!(warnings("products.csv", ""), [""; 0]);
}

#[test]
fn setups_that_answer_nothing_are_told() {
    for (file, line, expected) in [
        (
            "accounts.csv",
            "secomp,keyless,good,,,\n",
            "accounts.csv:3: \"secomp keyless\": neither password nor token: nobody can use the account",
        ),
        (
            "accounts.csv",
            "restigo,desk,,,tok-1,\n",
            "accounts.csv:3: \"accounts of restigo\": no product has a catalogue_number in \
             identifiers.csv: no price can be set",
        ),
        (
            "accounts.csv",
            "consinco,desk,,pw,,\n",
            "accounts.csv:3: \"accounts of consinco\": there is no company with a segment \
             (selling_entities.csv, segments.csv): there are no rows",
        ),
        ("accounts.csv", "websphere,desk,good,pw,,\n", ""),
        (
            "accounts.csv",
            "secomp,lonely,,pw,,\n",
            "accounts.csv:3: \"secomp lonely\": no customer: every product is answered as unknown",
        ),
        ("customers.csv", "frank,CHF\n", ""),
        (
            "price_lists.csv",
            "N,\n",
            "price_lists.csv:4: \"N\": no customer, contract or segment is priced from the list",
        ),
        ("entitlements.csv", "good,M\n", ""),
        ("contracts.csv", "J\n", ""),
    ] {
        let expected: &[&str] = if expected.is_empty() { &[] } else { &[expected] };
        assert_eq!(warnings(file, line), expected, "{line}");
    }
    let folder = good()
        .edited("customers.csv", "good,EUR", "good,CHF")
        .edited("stores.csv", "shop,EUR,K", "shop,EUR,J")
        .edited("contracts.csv", "K\n", "K\nJ\n");
    let report = Database::new().import(&folder);
    let told: Vec<_> = report.warnings.shown().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "customers.csv:2: \"good\": none of the customer's price lists has a price in CHF",
            "stores.csv:2: \"shop\": the contract of the store has no price list: nothing has a price",
        ]
    );
    let listless = good().with("entitlements.csv", "customer,price_list\n");
    let report = Database::new().import(&listless);
    assert_eq!(
        report.warnings.shown()[0].to_string(),
        "accounts.csv:2: \"secomp u of customer good\": the customer has no price list: every product \
         is answered as unknown"
    );
}

#[test]
fn a_hundred_lists_are_looked_up_among_stored_prices() {
    for (count, told) in [(100, 100), (101, 100)] {
        let mut folder = good();
        for (file, line) in [
            ("price_lists.csv", "N{},\n"),
            ("customers.csv", "c{},CHF\n"),
            ("entitlements.csv", "c{},N{}\n"),
        ] {
            let lines: Vec<String> =
                (0..count).map(|number| line.replace("{}", &number.to_string())).collect();
            folder = folder.clone().with(file, format!("{}{}", folder.text(file), lines.concat()));
        }
        assert_eq!(Database::new().import(&folder).warnings.count(), told);
    }
}

#[test]
fn odd_prices_are_told() {
    let prices = |rows: &str| {
        let folder = Folder::default()
            .with("supplier.csv", good().text("supplier.csv"))
            .with("prices.csv", format!("price_list,sku,uom,minimum_quantity,amount\n{rows}"));
        let database = Database::new();
        database.import_clean(&good());
        let report = database.import(&folder);
        assert!(report.is_clean());
        let shown = report.warnings.shown().iter();
        shown.map(ToString::to_string).collect::<Vec<_>>()
    };
    let name = |unit: &str, minimum: u32| {
        format!(
            "the EUR price of A in list L{unit} from quantity {minimum}, valid from ever to ever"
        )
    };
    for (rows, expected) in [
        ("L,A,,,4999.999999\nL,A,,10,1\n", None),
        ("L,A,,,0\nL,A,,10,0\n", Some((name("", 0), "a price of zero"))),
        ("L,A,,,5000\n", Some((name("", 0), "a thousand times the price before, which was 5"))),
        ("L,A,,10,0.004\n", Some((name("", 10), "a thousandth of the price before, which was 4"))),
        ("L,A,,10,6\n", Some((name("", 10), "from 10 on it costs 6, more than the 5 from 0 on"))),
        ("L,A,,,3\n", Some((name("", 0), "from 10 on it costs 4, more than the 3 from 0 on"))),
        (
            "L,A,,20,4.5\n",
            Some((name("", 20), "from 20 on it costs 4.5, more than the 4 from 10 on")),
        ),
        (
            "L,A,KGM,,3\n",
            Some((
                "A KGM".to_owned(),
                "the product has no conversion for the unit of the price: only who asks in this unit \
                 gets it",
            )),
        ),
    ] {
        let told = prices(rows);
        match expected {
            None => assert_eq!(told, [""; 0], "{rows}"),
            Some((name, reason)) => {
                assert_eq!(told[0], format!("prices.csv:2: \"{name}\": {reason}"), "{rows}");
            }
        }
    }
}

#[test]
fn a_wrong_gtin_may_be_a_warning() {
    let database = Database::new();
    let gtin = |text: &str, wrong_gtins| {
        let folder = good().with("products.csv", format!("sku,base_uom,gtin\nA,C62,{text}\n"));
        let report = database.import_with(&folder, ImportOptions { wrong_gtins, ..options() });
        let ended = report.folders[0].ended;
        let Some(Record::Product(product)) = database.rows("acme", Kind::Product).pop() else {
            panic!("no product")
        };
        (ended, report.warnings.count(), product.gtin.map(|gtin| gtin.to_string()))
    };
    let right = Some("7611990131310".to_owned());
    let (ended, ..) = gtin("7611990131310", WrongGtins::Fault);
    assert!(matches!(ended, Ended::Committed(_)));
    assert_eq!(gtin("7611990131311", WrongGtins::Fault), (Ended::Refused, 0, right.clone()));
    assert_eq!(gtin("7611990131311", WrongGtins::Warning), (Ended::Unchanged, 1, right));
}

/// Amounts for several base units are compared by what one costs, and told with their number.
#[test]
fn odd_amounts_for_several_base_units_are_told() {
    for (rows, expected) in [
        ("L,A,,500,100\n", None),
        (
            "L,A,10,0.4,100\n",
            Some("one costs less than 2 decimals show, so it shows as 0; set more decimals"),
        ),
        ("L,A,,500000,100\n", Some("a thousand times the price before, which was 5")),
        ("L,A,10,600,100\n", Some("from 10 on it costs 600 for 100, more than the 5 from 0 on")),
        ("L,A,10,500,100\n", None),
    ] {
        let folder = Folder::default()
            .with("supplier.csv", good().text("supplier.csv"))
            .with("prices.csv", format!("price_list,sku,minimum_quantity,amount,per\n{rows}"));
        let database = Database::new();
        database.import_clean(&good());
        let report = database.import(&folder);
        assert!(report.is_clean());
        let told: Vec<&str> =
            report.warnings.shown().iter().map(|fault| fault.reason.as_str()).collect();
        match expected {
            None => assert_eq!(told, [""; 0], "{rows}"),
            Some(expected) => assert!(told.contains(&expected), "{rows} {told:?}"),
        }
    }
}

/// What a base unit costs out of a price per carton may be less than its decimals show.
#[test]
fn a_price_in_another_unit_that_is_told_as_nothing_is_told() {
    let reason = "one base unit, of 12 in the unit of the price, costs less than 2 decimals show, so it \
                  shows as 0; set more decimals";
    for (rows, expected) in [
        ("L,A,CT,,0.06,\n", None),
        ("L,A,CT,,0.05,\n", Some(("prices.csv:2", reason))),
        ("L,A,CT,,0.05,4\n", None),
        ("L,A,CT,,50,\nL,A,CT,10,0.05,\n", Some(("prices.csv:3", reason))),
        ("L,A,CT,,50,\nL,A,CT,10,0.05,3\n", None),
    ] {
        let folder = Folder::default().with("supplier.csv", good().text("supplier.csv")).with(
            "prices.csv",
            format!("price_list,sku,uom,minimum_quantity,amount,decimals\n{rows}"),
        );
        let database = Database::new();
        database.import_clean(&good());
        let report = database.import(&folder);
        assert!(report.is_clean());
        let told: Vec<String> = report.warnings.shown().iter().map(ToString::to_string).collect();
        let told: Vec<_> =
            told.iter().filter(|warning| warning.contains("one base unit")).collect();
        match expected {
            None => assert_eq!(told, [""; 0], "{rows}"),
            Some((place, reason)) => {
                assert_eq!(told, [&format!("{place}: \"A CT\": {reason}")], "{rows}");
            }
        }
    }
}
