//! Data of an earlier version is upgraded: days that it stored as instants become days again.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::cli::{run, scratch, stderr, stdout};

const SCHEMA_3: &str = include_str!("../../../kontor-store-sqlite/tests/it/upgrade/schema-3.sql");
const SCHEMA_3_MARK: &str =
    include_str!("../../../kontor-store-sqlite/tests/it/upgrade/schema-3.high-water.hex");

/// What that version made of [`PRICES`]: days in Asia/Jerusalem, where the supplier is, in a list
/// without a zone; days in the zone of a list; an end that no calendar has; and instants.
const STORED: &str = "
    INSERT INTO price_shape VALUES
        (101, NULL, NULL, NULL, 'EUR', 1000000, 1454277600000000, 1456783200000000, 'promotion', NULL, 2),
        (102, NULL, NULL, NULL, 'EUR', 1000000, 1456783200000000, 253402207200999999, 'promotion', NULL, 2),
        (103, NULL, NULL, NULL, 'BRL', 1000000, 1454292000000000, 1456801200000000, 'promotion', NULL, 2),
        (104, NULL, NULL, NULL, 'EUR', 1000000, 1454320800000000, NULL, 'promotion', NULL, 2);
    INSERT INTO price VALUES
        (1, 1, 101, 7000000, 1453980268874000, 1),
        (1, 1, 102, 7500000, 1453980268874000, 1),
        (1, 4, 103, 40000000, 1453980268874000, 1),
        (2, 1, 104, 9000000, 1453980268874000, 1);
    UPDATE contracts SET valid_from = 1454277600000000, valid_to = NULL WHERE contract = '20002';
";

const PRICES: &str = "\
price_list,sku,currency,minimum_quantity,valid_from,valid_to,kind,amount
EUR-A,11045680,EUR,1,2016-02-01,2016-02-29,promotion,7
EUR-A,11045680,EUR,1,2016-03-01,9999-12-31,promotion,7.5
BR-1-1,11045680,BRL,1,2016-02-01,2016-02-29,promotion,40
EUR-A,11045682,EUR,1,2016-02-01T10:00:00Z,,promotion,9
";

fn put_down(data: &Path) {
    fs::create_dir(data).unwrap();
    let connection = Connection::open(data.join("kontor.db")).unwrap();
    connection.execute_batch(SCHEMA_3).unwrap();
    connection.execute_batch(STORED).unwrap();
    let digits: Vec<u8> = SCHEMA_3_MARK.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    fs::write(data.join("high-water"), digits.chunks(2).map(byte).collect::<Vec<u8>>()).unwrap();
}

fn done(arguments: &[&str], data: &Path) -> String {
    let output = run(arguments, data);
    assert!(output.status.success(), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

fn report(data: &Path) -> Value {
    serde_json::from_str(&done(&["doctor", "--upgrade-report", "--json"], data)).unwrap()
}

fn of_supplier<'a>(report: &'a Value, code: &str) -> &'a Value {
    let suppliers = report["suppliers"].as_array().unwrap();
    suppliers.iter().find(|supplier| supplier["supplier"] == code).unwrap()
}

#[test]
fn days_of_before_become_days_and_the_report_says_what_changes() {
    let scratch = scratch();
    let (data, folder) = (scratch.path().join("data"), scratch.path().join("folder"));
    put_down(&data);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("prices.csv"), PRICES).unwrap();
    let folder = folder.to_str().unwrap();

    let before = report(&data);
    assert_eq!(of_supplier(&before, "demo42")["state"], "pending");
    let changed = before["changed"].as_array().unwrap();
    let february = changed.iter().find(|row| row["valid_to"] == "2016-02-29").unwrap();
    assert_eq!(february["price_list"], "EUR-A");
    assert_eq!(february["sku"], "11045680");
    let zones = february["zones"].as_array().unwrap();
    let names: Vec<&Value> = zones.iter().map(|zone| &zone["zone"]).collect();
    assert_eq!(names, ["America/Manaus", "America/Sao_Paulo", "Europe/Berlin"]);
    let berlin = json!({
        "zone": "Europe/Berlin",
        "from_before": "2016-01-31T22:00:00Z",
        "from_after": "2016-01-31T23:00:00Z",
        "to_before": "2016-02-29T22:00:00Z",
        "to_after": "2016-02-29T23:00:00Z",
    });
    assert_eq!(zones[2], berlin);
    let is_named = |list: &str| changed.iter().any(|row| row["price_list"] == list);
    assert!(!is_named("BR-1-1"), "its days begin where they began: {changed:?}");
    let contract = changed.iter().find(|row| row["kind"] == "contracts").unwrap();
    assert_eq!(
        (&contract["name"], &contract["valid_from"]),
        (&json!("20002"), &json!("2016-02-01"))
    );

    // The file that the prices came from says nothing new, and the days are made before it is read.
    let import = ["import", "--supplier", "demo42", folder];
    let told = done(&import, &data);
    assert!(told.contains("demo42: nothing new"), "{told}");
    let after = report(&data);
    assert_eq!(of_supplier(&after, "demo42")["state"], "made");
    assert_eq!(after["changed"], before["changed"], "what was foreseen came");
    let history: Value =
        serde_json::from_str(&done(&["history", "--supplier", "demo42", "--json"], &data)).unwrap();
    assert_eq!(history[0]["by"], "upgrade", "{history}");
    assert_eq!(history[0]["change"], of_supplier(&after, "demo42")["change"]);
    assert!(done(&import, &data).contains("demo42: nothing new"));
    done(&["doctor"], &data);
    let copy = scratch.path().join("copy");
    done(&["export", "--supplier", "demo42", copy.to_str().unwrap()], &data);
    let prices = fs::read_to_string(copy.join("prices.csv")).unwrap();
    for valid in ["2016-02-01,2016-02-29,", "2016-03-01,9999-12-31,", "2016-02-01T10:00:00Z,,"] {
        assert!(prices.contains(valid), "{valid} is not in {prices}");
    }
    let text = done(&["doctor", "--upgrade-report"], &data);
    assert!(text.contains("in Europe/Berlin 2016-01-31T23:00:00Z to"), "{text}");
}
