//! What an import of one row costs does not depend on how much data there is.

use std::fmt::Write as _;
use std::sync::Arc;

use kontor_exchange::{Fingerprint, ImportOptions};
use kontor_model::catalogue::Kind;
use kontor_store_sqlite::Steps;

use crate::kit::{Database, Folder, clean, options};

/// A kind: the header of its file, and the row with a number and a value that may change.
type File = (Kind, &'static str, fn(usize, &str) -> String);

/// Rows with number N refer to the rows with number N of other kinds.
const FILES: [File; 27] = [
    (Kind::Product, "sku,name,base_uom", |n, v| format!("P{n},{v},C62")),
    (Kind::Conversion, "sku,uom,factor", |n, v| format!("P{n},CT,{}", v.len())),
    (Kind::Packing, "sku,packing,quantity,gtin", |n, v| {
        format!("P{n},KG,1,{}", if v == "new" { "" } else { "7611990131310" })
    }),
    (Kind::Availability, "sku,quantity", |n, v| format!("P{n},{}", v.len())),
    (Kind::PaymentTerm, "payment_term,name", |n, v| format!("T{n},{v}")),
    (Kind::PriceList, "price_list,name", |n, v| format!("L{n},{v} {n}")),
    (Kind::Customer, "customer,name", |n, v| format!("C{n},{v}")),
    (Kind::Contact, "customer,number,name", |n, v| format!("C{n},1,{v}")),
    (Kind::Entitlement, "customer,price_list,position", |n, v| format!("C{n},L{n},{}", v.len())),
    (Kind::Identifier, "sku,scheme,value", |n, _| format!("P{n},catalogue_number,{n}")),
    (Kind::Contract, "contract,valid_from", |n, v| format!("K{n},201{}-01-01", v.len())),
    (Kind::ContractList, "contract,price_list,position", |n, v| format!("K{n},L{n},{}", v.len())),
    (Kind::ContractCustomer, "contract,customer", |n, _| format!("K{n},C{n}")),
    (Kind::Store, "store,currency,contract,uom,time_zone,guests", |n, v| {
        format!("S{n},EUR,K{n},C62,Europe/Berlin,{}", if v == "new" { "yes" } else { "no" })
    }),
    (Kind::StoreCurrency, "store,currency,decimals", |n, v| format!("S{n},EUR,{}", v.len() % 3)),
    (Kind::StoreCustomer, "store,customer", |n, _| format!("S{n},C{n}")),
    (Kind::SellingEntity, "entity,name,currency,time_zone,main_segment", |n, v| {
        format!("{n},{v},EUR,Europe/Berlin,1")
    }),
    (Kind::Segment, "entity,segment,price_list", |n, v| {
        format!("{n},1,L{}", if v == "new" { n } else { 0 })
    }),
    (Kind::SalesTable, "entity,segment,number,name,price_list", |n, v| format!("{n},1,9,{v},L{n}")),
    (Kind::Account, "protocol,login,name,customer,token", |n, v| {
        format!("secomp,A{n},{v},C{n},token-{n}")
    }),
    (Kind::Category, "category,name", |n, v| format!("{n},{v}")),
    (Kind::Partner, "partner,name", |n, v| format!("W{n},{v}")),
    (Kind::Grant, "partner,category", |n, _| format!("W{n},{n}")),
    (Kind::Lead, "lead,category,partner,contact_number,email,created_at,answers", |n, v| {
        format!("{},{n},W{n},{},a{n}@{v}.test,2016-01-10T09:00:00Z,", n + 1, n + 1)
    }),
    (Kind::Document, "kind,document,customer,issued,value_date,supply_date", |n, v| {
        format!("invoice,D{n},C{n},2016-01-0{},2016-01-01,2016-01-01", v.len())
    }),
    (Kind::DocumentLine, "kind,document,position,sku,packages,units_per_package", |n, v| {
        format!("invoice,D{n},1,P{n},{},1", v.len())
    }),
    (Kind::Price, "price_list,sku,minimum_quantity,amount", |n, v| {
        format!("L{n},P{n},1,{}", v.len())
    }),
];

/// Prices stand in the order of products: whether a list has none is asked product by product. For
/// who removes a list all are asked, for the warning that a customer has no price ten thousand at most.
const ASKS_PRODUCTS: [(Kind, &str); 3] =
    [(Kind::PriceList, "removed"), (Kind::Account, "new"), (Kind::Account, "changed")];

fn name(kind: Kind) -> String {
    format!("{}.csv", kind.name())
}

/// So many rows of each kind.
fn catalogue(rows: usize) -> Folder {
    let supplier = "supplier,time_zone,currency\nacme,Europe/Berlin,EUR\n";
    let mut folder = Folder::default().with("supplier.csv", supplier);
    for (kind, header, row) in FILES {
        let mut text = format!("{header}\n");
        for number in 0..rows {
            writeln!(text, "{}", row(number, "new")).unwrap();
        }
        if kind == Kind::Price {
            (1..rows).for_each(|number| writeln!(text, "L0,P{number},1,3").unwrap());
        }
        folder = folder.with(&name(kind), text);
    }
    folder
}

/// What the import of one row of a kind costs: as a new one, changed, and removed.
fn costs(rows: usize) -> Vec<(Kind, &'static str, u64)> {
    let steps = Steps::count();
    let database = Database::new();
    database.import_clean(&catalogue(rows));
    let mut costs = Vec::new();
    let mut measure = |kind: Kind, what: &'static str| {
        let supplier = Some("acme".parse().unwrap());
        let fingerprint: Arc<Fingerprint> = Arc::new(|row| format!("key:{}", row.len()));
        let options = ImportOptions { supplier, fingerprint: Some(fingerprint), ..options() };
        let folder = one_row(kind, what, rows);
        let before = steps.so_far();
        let report = database.import_with(&folder, options);
        costs.push((kind, what, steps.so_far() - before));
        clean(report);
    };
    for (kind, ..) in FILES {
        measure(kind, "new");
        measure(kind, "changed");
    }
    // What refers to others goes first, a company together with its segment.
    for (kind, ..) in FILES.into_iter().rev().filter(|(kind, ..)| *kind != Kind::SellingEntity) {
        measure(kind, "removed");
    }
    costs
}

/// A folder with the row of a number; a company has to have a segment.
fn one_row(kind: Kind, what: &str, number: usize) -> Folder {
    let is_with_company = |other| match what {
        "new" => kind == Kind::SellingEntity && other == Kind::Segment,
        "removed" => kind == Kind::Segment && other == Kind::SellingEntity,
        _ => false,
    };
    let mut folder = Folder::default();
    for (other, header, row) in FILES {
        if other == kind || is_with_company(other) {
            let text = match what {
                "removed" => format!("{header},remove\n{},yes\n", row(number, "changed")),
                _ => format!("{header}\n{}\n", row(number, what)),
            };
            folder = folder.with(&name(other), text);
        }
    }
    folder
}

#[test]
fn an_import_of_one_row_costs_what_it_changes() {
    let (few, many) = (costs(30), costs(300));
    let mut grown = Vec::new();
    for ((kind, what, few), (_, _, many)) in few.iter().zip(&many) {
        assert!(*few > 0 && *many > 0, "{kind:?} {what} counts nothing");
        if *many > few + few / 5 + 100 && !ASKS_PRODUCTS.contains(&(*kind, what)) {
            grown.push(format!("{} {what}: {few} and {many} steps", kind.name()));
        }
    }
    assert!(grown.is_empty(), "{}", grown.join("\n"));
}
