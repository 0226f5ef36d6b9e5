//! Import, export, import is the identity, and the same data gives the same bytes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kontor_exchange::{
    Directory, Ended, ExportError, ImportOptions, Mode, Occupied, export_folder,
};
use kontor_model::catalogue::{Kind, Record};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use tempfile::TempDir;

use crate::kit::{Database, Folder, clean, demo, options};

/// Imports a folder into a new database, exports it, and checks that the export means the same.
fn check(supplier: &str, folder: &Folder) -> Folder {
    let first = Database::new();
    first.import_clean(folder);
    let exported = first.export(supplier);
    assert_eq!(first.import_clean(&exported).ended, Ended::Unchanged, "{exported:?}");
    let replaced = ImportOptions { mode: Mode::Replace, ..options() };
    assert_eq!(clean(first.import_with(&exported, replaced)).ended, Ended::Unchanged);

    let second = Database::new();
    second.import_clean(&exported);
    for kind in Kind::CATALOGUE {
        let (mut before, mut after) = (first.rows(supplier, kind), second.rows(supplier, kind));
        // Prices come by numbers of products, which differ.
        before.sort_by_key(Record::to_row);
        after.sort_by_key(Record::to_row);
        assert_eq!(before, after);
    }
    assert_eq!(second.export(supplier), exported, "the same bytes");
    exported
}

#[test]
fn the_demo_comes_back_unchanged() {
    let exported = check("demo42", &demo("demo42"));
    let line = |name: &str, start: &str| {
        let found = exported.text(name).lines().find(|line| line.starts_with(start));
        found.unwrap_or("").to_owned()
    };
    // Days of the list's zone are written as days, other bounds as instants.
    assert_eq!(
        line("prices.csv", "BR-3-3,21991234,,UN,1,BRL,,2015"),
        "BR-3-3,21991234,,UN,1,BRL,,2015-10-18,2016-10-16,promotion,,199,,2,2015-10-18T03:00:00Z"
    );
    assert_eq!(line("contracts.csv", "20003"), "20003,2015-12-31T23:00:00Z,2016-12-31T23:00:00Z");
    assert_eq!(
        exported.text("questionnaires/1463.json"),
        demo("demo42").text("questionnaires/1463.json")
    );
    check("wcs-mini", &demo("wcs-mini"));
}

#[test]
fn registration_numbers_come_back_without_punctuation() {
    let numbers = |folder: &Folder| -> Vec<String> {
        let rows = folder.text("selling_entities.csv").lines().skip(1);
        rows.map(|row| row.split(',').nth(1).unwrap().to_owned()).collect()
    };
    let folder = demo("demo42")
        .edited("selling_entities.csv", "12345678000195", "12.345.678/0001-95")
        .edited("selling_entities.csv", "98765432000198", "FR:73282932000074")
        .edited("selling_entities.csv", "11222333000181", "");
    assert_eq!(
        numbers(&check("demo42", &folder)),
        ["12345678000195", "FR:73282932000074", "12ABC34501DE35", ""]
    );
}

#[test]
fn products_are_exported_in_the_order_of_their_numbers() {
    let folder = demo("wcs-mini").edited(
        "products.csv",
        "11724,WCL004_041404,Garden chair,active,C62,1\n",
        "",
    );
    let last = "11724,WCL004_041404,Garden chair,active,C62,1\n";
    let products = format!("{}{last}", folder.text("products.csv"));
    let exported = check("wcs-mini", &folder.with("products.csv", products));
    assert_eq!(exported, check("wcs-mini", &demo("wcs-mini")));
    let skus: Vec<&str> = exported
        .text("prices.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert!(skus.is_sorted(), "{skus:?}");
}

#[test]
fn files_with_secrets_are_for_their_owner_alone() {
    let database = Database::new();
    database.import_clean(&demo("demo42"));
    let dir = TempDir::new().unwrap();
    export_folder(&database.store, "demo42", dir.path(), Occupied::Refuse).unwrap();
    let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
    for name in ["accounts.csv", "partners.csv", "leads.csv"] {
        assert_eq!(mode(name) & 0o777, 0o600, "{name}");
    }
    assert_ne!(mode("products.csv") & 0o777, 0o600);
}

#[test]
fn an_export_never_mixes_with_what_is_there() {
    let database = Database::new();
    database.import_clean(&demo("demo42"));
    let dir = TempDir::new().unwrap();
    let export =
        |supplier: &str, occupied| export_folder(&database.store, supplier, dir.path(), occupied);
    assert!(matches!(export("none", Occupied::Refuse), Err(ExportError::UnknownSupplier(_))));
    export("demo42", Occupied::Refuse).unwrap();
    assert!(matches!(export("demo42", Occupied::Refuse), Err(ExportError::Occupied(_))));
    fs::write(dir.path().join("notes.txt"), "kept").unwrap();
    fs::write(dir.path().join("questionnaires/old.json"), "[]").unwrap();
    fs::write(dir.path().join(".prices.csv.partial"), "left by a crash").unwrap();
    database.import_clean(&demo("wcs-mini"));
    export("wcs-mini", Occupied::Overwrite).unwrap();
    let mut found = Folder::of(&Directory::new(dir.path()));
    assert_eq!(found.0.remove("notes.txt").unwrap(), b"kept");
    assert_eq!(found, database.export("wcs-mini"));
    assert_eq!(hidden(dir.path()), Vec::<String>::new());
}

fn hidden(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn an_export_that_fails_leaves_nothing() {
    let database = Database::new();
    database.import_clean(&demo("demo42"));
    let dir = TempDir::new().unwrap();
    // A folder stands where the file of categories has to be begun.
    fs::create_dir(dir.path().join(".categories.csv.partial")).unwrap();
    fs::write(dir.path().join("products.csv"), "old").unwrap();
    let failed = export_folder(&database.store, "demo42", dir.path(), Occupied::Overwrite);
    assert!(matches!(failed, Err(ExportError::Write { .. })), "{failed:?}");
    assert_eq!(fs::read_to_string(dir.path().join("products.csv")).unwrap(), "old");
    assert_eq!(hidden(dir.path()), [".categories.csv.partial"]);
}

/// Text that CSV, codes and file names have trouble with.
fn code() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{1,4}",
        "[a-z,;\"/%. é\u{5d0}]{1,6}".prop_filter("no blank ends", |code| code.trim() == code),
    ]
    .prop_filter("not empty", |code| !code.is_empty())
}

fn any_text() -> impl Strategy<Value = String> {
    "[a-z \"\n\r\t,;']{0,8}"
}

fn bound() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (2015..2018, 1..=12, 1..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
        (0..100_000_i64).prop_map(|hours| {
            kontor_model::Instant::from_micros(hours * 3_600_000_000 + 1_400_000_000_000_000)
                .to_string()
        }),
    ]
}

fn zone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["UTC", "America/Sao_Paulo", "Asia/Jerusalem", "Europe/Berlin"])
}

fn decimal() -> impl Strategy<Value = String> {
    (0..10_000_000_i64)
        .prop_map(|micros| kontor_model::Money::from_micros(micros * 125).to_string())
}

#[derive(Debug, Clone)]
struct Catalogue {
    zone: &'static str,
    skus: Vec<(String, String)>,
    lists: Vec<(String, Option<&'static str>)>,
    contracts: Vec<(String, String)>,
    categories: Vec<(String, bool)>,
    prices: Vec<Price>,
}

#[derive(Debug, Clone)]
struct Price {
    list: prop::sample::Index,
    sku: prop::sample::Index,
    unit: usize,
    currency: &'static str,
    minimum: String,
    bounds: (String, String),
    kind: usize,
    term: bool,
    amount: String,
}

prop_compose! {
    fn price()(
        list in any::<prop::sample::Index>(),
        sku in any::<prop::sample::Index>(),
        unit in 0..4_usize,
        currency in prop::sample::select(vec!["", "EUR", "JPY", "BHD"]),
        minimum in prop_oneof![Just(String::new()), decimal()],
        bounds in (bound(), bound()),
        kind in 0..4_usize,
        term in any::<bool>(),
        amount in decimal(),
    ) -> Price {
        Price { list, sku, unit, currency, minimum, bounds, kind, term, amount }
    }
}

prop_compose! {
    fn catalogue()(
        zone in zone(),
        skus in prop::collection::btree_map(code(), any_text(), 1..5),
        lists in prop::collection::btree_map(code(), prop::option::of(zone()), 1..4),
        contracts in prop::collection::btree_map(code(), bound(), 0..4),
        categories in prop::collection::btree_map(code(), any::<bool>(), 0..4),
        order in any::<u64>(),
        prices in prop::collection::vec(price(), 0..12),
    ) -> Catalogue {
        let mut skus: Vec<_> = skus.into_iter().collect();
        let turn = usize::try_from(order % 5).unwrap() % skus.len();
        skus.rotate_left(turn);
        Catalogue {
            zone,
            skus,
            lists: lists.into_iter().collect(),
            contracts: contracts.into_iter().collect(),
            categories: categories.into_iter().collect(),
            prices,
        }
    }
}

fn csv(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

impl Catalogue {
    fn folder(&self) -> Folder {
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let mut folder = Folder::default()
            .with("supplier.csv", format!("supplier,time_zone,currency\ns,{},EUR\n", self.zone))
            .with("payment_terms.csv", "payment_term,name\nT,later\n")
            .with(
                "products.csv",
                csv(
                    &["sku", "name", "base_uom"],
                    self.skus.iter().map(|(sku, name)| cells(&[sku, name, "KGM"])),
                ),
            )
            .with(
                "price_lists.csv",
                csv(
                    &["price_list", "time_zone"],
                    self.lists.iter().map(|(code, zone)| cells(&[code, zone.unwrap_or("")])),
                ),
            )
            .with(
                "contracts.csv",
                csv(
                    &["contract", "valid_from"],
                    self.contracts.iter().map(|(code, from)| cells(&[code, from])),
                ),
            )
            .with("prices.csv", csv(&PRICE_COLUMNS, self.prices.iter().map(|p| self.price(p))));
        let mut categories = Vec::new();
        for (code, has_questions) in &self.categories {
            // The column is the other way to give questions.
            let questions = if *has_questions { "[\n  \"é\"\n]" } else { "" };
            categories.push(cells(&[code, questions]));
        }
        folder = folder.with("categories.csv", csv(&["category", "questions"], categories));
        folder
    }

    fn price(&self, price: &Price) -> Vec<String> {
        let units = [["", "", ""], ["GRM", "", ""], ["KGM", "", ""], ["", "CX", "0.5"]];
        let kind = ["", "regular", "promotion", "listing"][price.kind];
        let amount = if kind == "listing" { "" } else { price.amount.as_str() };
        let mut row =
            vec![price.list.get(&self.lists).0.clone(), price.sku.get(&self.skus).0.clone()];
        row.extend(units[price.unit].map(ToOwned::to_owned));
        row.extend([price.currency.to_owned(), price.minimum.clone()]);
        row.extend([price.bounds.0.clone(), price.bounds.1.clone()]);
        row.extend([kind, if price.term { "T" } else { "" }, amount].map(ToOwned::to_owned));
        row
    }
}

const PRICE_COLUMNS: [&str; 12] = [
    "price_list",
    "sku",
    "uom",
    "packing",
    "packing_quantity",
    "currency",
    "minimum_quantity",
    "valid_from",
    "valid_to",
    "kind",
    "payment_term",
    "amount",
];

#[test]
fn any_catalogue_comes_back_unchanged() {
    let mut runner = TestRunner::new(Config {
        cases: 24,
        rng_seed: RngSeed::Fixed(0x6b6f_6e74_6f72),
        failure_persistence: None,
        ..Config::default()
    });
    let mut with_prices = std::cell::Cell::new(0);
    runner
        .run(&catalogue(), |mut catalogue| {
            // Prices that are at odds with others, or end before they begin, are left out.
            let trial = Database::new();
            loop {
                let report = trial
                    .import_with(&catalogue.folder(), ImportOptions { dry_run: true, ..options() });
                let Some(fault) = report.faults.shown().last() else { break };
                prop_assert_eq!(fault.file.as_str(), "prices.csv", "{}", fault);
                // No cell of a price has a line break.
                let line = usize::try_from(fault.line.unwrap()).unwrap();
                catalogue.prices.remove(line - 2);
            }
            with_prices.set(with_prices.get() + catalogue.prices.len());
            check("s", &catalogue.folder());
            Ok(())
        })
        .unwrap();
    assert!(*with_prices.get_mut() > 50, "most prices survive");
}

/// What partners sent is carried as it was accepted.
#[test]
fn texts_from_outside_may_have_any_character() {
    let odd = "a\u{1}\u{0}\t\r\u{1b}\u{85}b";
    let folder = demo("demo42")
        .edited("leads.csv", "deja.vu@test.fr", &format!("\"{odd}@test.fr\""))
        .edited("document_lines.csv", "A & B <מבצע>", &format!("\"{odd}\""));
    let database = Database::new();
    database.import_clean(&folder);
    let exported = database.export("demo42");
    assert!(exported.text("leads.csv").contains(odd));
    let again = Database::new();
    again.import_clean(&exported);
    assert_eq!(again.export("demo42"), exported);
}

#[test]
fn amounts_for_several_base_units_come_back_as_they_were_stated() {
    let folder = Folder::default()
        .with("supplier.csv", "supplier,time_zone,currency\nacme,UTC,EUR\n")
        .with("products.csv", "sku,base_uom\nA,C62\n")
        .with("price_lists.csv", "price_list\nL\nM\nN\n")
        .with(
            "prices.csv",
            "price_list,sku,minimum_quantity,amount,per\nL,A,,13.99,12\nL,A,100,1.1,1\n\
             M,A,,0.5,0.001\nN,A,,7,\n",
        );
    let exported = check("acme", &folder);
    let per = exported.text("prices.csv").lines().skip(1);
    let per: Vec<&str> = per.map(|line| line.split(',').nth(12).unwrap()).collect();
    assert_eq!(per, ["12", "", "0.001", ""]);
}
