//! `kontor import`, `export` and `documents` as programs and people call them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{demo_folder, run, scratch, stderr, stdout};
use crate::http::Client;
use crate::process::{self, kontor};

const SUPPLIER: &str = "supplier,time_zone,currency\nacme,UTC,EUR\n";

/// A data directory with the demo in it, and folders beside it.
struct World {
    scratch: TempDir,
    data: PathBuf,
}

impl World {
    fn new() -> Self {
        let scratch = scratch();
        let data = scratch.path().join("data");
        let world = Self { scratch, data };
        assert_eq!(world.status(&["import", demo_folder().to_str().unwrap()]), 0);
        world
    }

    fn folder(&self, name: &str, files: &[(&str, &str)]) -> String {
        let folder = self.scratch.path().join(name);
        for (file, text) in files {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(file), text).unwrap();
        }
        folder.to_str().unwrap().to_owned()
    }

    fn status(&self, arguments: &[&str]) -> i32 {
        run(arguments, &self.data).status.code().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = run(arguments, &self.data);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"))
    }
}

#[test]
fn the_exit_status_says_how_it_ended() {
    let world = World::new();
    let good = world.folder("good", &[("supplier.csv", SUPPLIER)]);
    let bad = world.folder("bad", &[("availability.csv", "sku,quantity\n11045680,x\n")]);
    let nowhere = world.folder("nowhere", &[]);
    let text = world.folder("text", &[("prices.txt", "x"), ("prices.xlsx", "x")]);
    for (arguments, status) in [
        (&["import", &good][..], 0),
        (&["import", "--supplier", "demo42", &bad], 3),
        (&["import", "--supplier", "demo42", "--dry-run", &bad], 3),
        (&["import", &nowhere], 1),
        (&["import", &bad], 1),
        (&["import", &format!("{text}/prices.txt")], 1),
        (&["import", &format!("{text}/prices.xlsx")], 1),
        (&["import", "--max-removed", "5", &good], 2),
        (&["import", "--max-removed", "many", &good], 2),
        (&["import", "--replace", "--replace-lists", &good], 2),
        (&["import", "--nonsense", &good], 2),
        (&["documents", "--supplier", "demo42", "--date", "2016-01-27", "--customer", "556781"], 0),
        (&["documents", "--supplier", "demo42", "--date", "2016-01-27", "--customer", "0"], 1),
    ] {
        assert_eq!(world.status(arguments), status, "{arguments:?}");
    }
    let fresh = world.scratch.path().join("fresh");
    let told = stderr(&run(&["import", &nowhere], &fresh));
    assert!(told.contains("there is no folder"), "{told}");
    assert!(!fresh.exists(), "no data is made by accident");
    let told = stderr(&run(&["import", &format!("{text}/prices.xlsx")], &fresh));
    assert!(told.contains("workbook") && told.contains("give the folder"), "{told}");
    let help = stdout(&kontor(&["import", "--help"]).output().unwrap());
    assert!(help.contains("3 errors in the data"), "{help}");
}

#[test]
fn one_file_of_a_folder_is_imported() {
    let world = World::new();
    let prices = world.folder(
        "prices",
        &[
            ("prices.csv", "price_list,sku,minimum_quantity,amount\nEUR-A,11045680,1,9.9\n"),
            ("products.csv", "not,read\n"),
        ],
    );
    let file = format!("{prices}/prices.csv");
    assert_eq!(world.status(&["import", "--supplier", "demo42", &file]), 0);
    let price = ["price", "--supplier", "demo42", "--customer", "123456", "--sku", "11045680"];
    assert!(stdout(&run(&price, &world.data)).starts_with("9.9 EUR"));
    let told = stderr(&run(&["import", &file], &world.data));
    assert!(told.contains("--supplier"), "{told}");
}

#[test]
fn a_report_is_one_json_value() {
    let world = World::new();
    let odd = world.folder(
        "odd",
        &[
            ("supplier.csv", SUPPLIER),
            ("accounts.csv", "protocol,login\nrestigo,keyless\n"),
            ("products.csv", "sku,base_uom\nA,C62\n"),
        ],
    );
    let report = world.json(&["import", "--json", &odd]);
    assert_eq!(report["suppliers"][0]["supplier"], "acme");
    assert_eq!(report["suppliers"][0]["ended"], "applied");
    assert_eq!(report["suppliers"][0]["kinds"][2]["kind"], "accounts");
    assert_eq!(report["suppliers"][0]["kinds"][2]["new"], 1);
    let warnings = report["warnings"]["shown"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning["value"] == "restigo keyless"), "{report}");
    assert_eq!(report["faults"]["count"], 0);
    let bad = world.folder("bad", &[("availability.csv", "sku,quantity\nA,\"8,80\"\n")]);
    let report = world.json(&["import", "--json", "--supplier", "acme", &bad]);
    assert_eq!(report["suppliers"][0]["ended"], "refused");
    let fault = &report["faults"]["shown"][0];
    assert_eq!((&fault["file"], &fault["line"]), (&"availability.csv".into(), &2.into()));
    assert_eq!(fault["reason"], "not a decimal number; write 8.80");
    let documents = ["documents", "--supplier", "demo42", "--date", "2016-01-27", "--json"];
    let documents = world.json(&documents);
    assert_eq!(documents[0]["document"], "193401");
    assert_eq!(documents[0]["lines"][0]["units_per_package"], "12");
}

#[test]
fn many_faults_are_summed_up_by_cause() {
    let world = World::new();
    for (count, is_summed_up) in [(20, false), (21, true)] {
        let mut text = "sku,base_uom\n".to_owned();
        for number in 0..count {
            text.push_str(&format!("A{number},QQQ\n"));
        }
        let folder = world.folder("many", &[("supplier.csv", SUPPLIER), ("products.csv", &text)]);
        let told = stdout(&run(&["import", &folder], &world.data));
        let line = format!("{count:>7}  products.csv (base_uom): not a UN/ECE");
        assert_eq!(told.contains(&line), is_summed_up, "{told}");
        assert!(told.ends_with(&format!("{count} faults\n")), "{told}");
    }
}

#[test]
fn a_hundred_warnings_are_told_one_by_one() {
    let world = World::new();
    for (count, end) in [(100, "100 warnings\n"), (101, "101 warnings, 1 not shown\n")] {
        let mut text = "protocol,login,token\nrestigo,none,tok-none\n".to_owned();
        for number in 0..count {
            text.push_str(&format!("secomp,u{number},tok-{number}\n"));
        }
        let folder = world.folder("many", &[("accounts.csv", &text)]);
        let output = run(&["import", "--dry-run", "--supplier", "demo42", &folder], &world.data);
        let told = stderr(&output);
        assert_eq!(told.matches("warning: accounts.csv").count(), 100, "{told}");
        let cause = format!("{count:>7}  accounts.csv: no customer");
        assert!(told.contains(&cause) && told.ends_with(end), "{told}");
    }
}

#[test]
fn settings_of_unknown_suppliers_are_told() {
    let world = World::new();
    let good = world.folder("good", &[("supplier.csv", SUPPLIER)]);
    let config = world.scratch.path().join("kontor.toml");
    fs::write(&config, "[restigo.suppliers.acme]\n[secomp.suppliers.demo24]\n").unwrap();
    let output = run(&["import", &good, "--config", config.to_str().unwrap()], &world.data);
    let told = stderr(&output);
    assert!(told.contains("[secomp.suppliers.demo24]: there is no supplier demo24"), "{told}");
    assert!(!told.contains("acme"), "{told}");
    assert!(output.status.success());
}

#[test]
fn a_dry_run_of_documents_finds_what_the_import_finds() {
    let world = World::new();
    let item = |customer: &str, number: &str| {
        format!(
            "<Documents><Item><Package>2</Package><Quantity>12</Quantity><Item_Sku>100106</Item_Sku>\
             <Value_date>2020-01-27</Value_date><reference_date>2020-01-27</reference_date>\
             <supply_date>2020-01-28</supply_date><supply_time>06:30</supply_time>\
             <account_code>{customer}</account_code><doc_type>11</doc_type><doc_num>{number}</doc_num>\
             <Price>21.6</Price><Remarks></Remarks></Item></Documents>"
        )
    };
    let (good, bad) = (item("556781", "1"), item("nobody-9", "2"));
    let folder = world.folder("xml", &[("good.xml", &good), ("bad.xml", &bad)]);
    let import = |file: &str, more: &[&str]| {
        let file = format!("{folder}/{file}");
        let arguments = [&["import", "--supplier", "demo42", &file][..], more].concat();
        let output = run(&arguments, &world.data);
        (output.status.code().unwrap(), stdout(&output))
    };
    for more in [&["--dry-run"][..], &[]] {
        let (status, told) = import("bad.xml", more);
        assert!(status == 3 && told.contains("nobody-9"), "{told}");
        let (status, told) = import("good.xml", more);
        assert!(status == 0 && told.contains("1 documents with 1 lines, 2 "), "{told}");
    }
    let (_, told) = import("good.xml", &["--json"]);
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["changed"], 0);
}

/// A server follows imports of another process by what they changed: it never reads everything anew.
#[test]
fn a_running_server_follows_large_imports_without_reading_everything() {
    const PRODUCTS: u32 = 10_000;
    let world = World::new();
    let server = process::demo_on(&world.data).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    let mut metrics = || client.get("/metrics", "").unwrap().body;
    let seen = |metrics: &str, line: &str| metrics.lines().any(|found| found == line);
    assert!(seen(&metrics(), "kontor_book_reloads_total 0"));
    let products: Vec<String> = (0..PRODUCTS).map(|number| format!("W{number:05},C62\n")).collect();
    let products = format!("sku,base_uom\n{}", products.concat());
    let mut change = 0;
    for amount in [1, 2] {
        let prices = ["WIDE-A", "WIDE-B", "WIDE-C"].map(|list| {
            let rows = (0..PRODUCTS).map(|number| format!("{list},W{number:05},{amount}.5\n"));
            rows.collect::<Vec<_>>().concat()
        });
        let prices = format!("price_list,sku,amount\n{}", prices.concat());
        let lists = "price_list,currency\nWIDE-A,EUR\nWIDE-B,EUR\nWIDE-C,EUR\n";
        let files =
            [("products.csv", &*products), ("prices.csv", &prices), ("price_lists.csv", lists)];
        let folder = world.folder(&format!("wide-{amount}"), &files);
        let told = world.json(&["import", "--supplier", "demo42", "--json", &folder]);
        // The command returns when the server shows it.
        let metrics = metrics();
        let shown =
            metrics.lines().find_map(|line| line.strip_prefix("kontor_book_change_number "));
        let shown: u64 = shown.unwrap().parse().unwrap();
        assert!(shown > change, "{told}: {shown}");
        change = shown;
        assert!(seen(&metrics, "kontor_book_reloads_total 0"), "{metrics}");
    }
}

#[test]
fn the_same_accounts_again_undo_no_command() {
    let world = World::new();
    let folder = demo_folder().join("demo42");
    let import = |folder: &Path| {
        assert_eq!(world.status(&["import", folder.to_str().unwrap()]), 0);
    };
    let state = || {
        let list = stdout(&run(&["account", "--supplier", "demo42", "list"], &world.data));
        let line = list.lines().find(|line| line.contains("_RQ123456")).unwrap().to_owned();
        line.contains("disabled")
    };
    let disable = ["account", "--supplier", "demo42", "disable", "--protocol", "secomp", "--login"];
    assert_eq!(world.status(&[&disable[..], &["_RQ123456"]].concat()), 0);
    assert!(state());
    import(&folder);
    assert!(state(), "the row is as it was");
    // Without the key nothing is known of the row, but that a command changed the account.
    fs::remove_file(world.data.join("import-key")).unwrap();
    import(&folder);
    assert!(state());
}
