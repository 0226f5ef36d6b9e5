//! Files that cannot be read, or only in part.

use crate::kit::{Database, demo};

use super::{check, check_file};

#[test]
fn rows_of_another_shape_than_the_header() {
    check(
        "conversions.csv",
        "CT,12",
        "CT",
        &["conversions.csv:2: the row has 2 cells, the header 3"],
    );
    check(
        "conversions.csv",
        "CT,12",
        "CT,1,2",
        &[
            "conversions.csv:2: the row has 4 cells, the header 3; a cell with a delimiter in it needs \
           quotes around it",
        ],
    );
}

#[test]
fn headers() {
    check(
        "conversions.csv",
        "factor",
        "facter",
        &[
            "conversions.csv:1:3: \"facter\": no such column, is it factor? known are sku, uom, factor",
            "conversions.csv:1: the column factor is missing",
        ],
    );
    check(
        "conversions.csv",
        ",factor",
        ",uom",
        &[
            "conversions.csv:1:3: \"uom\": the column stands there twice",
            "conversions.csv:1: the column factor is missing",
        ],
    );
    check_file(
        "conversions.csv",
        "",
        &["conversions.csv:1: the file is empty; its first line must name columns"],
    );
    // The first line could be a row with secrets.
    let text = demo("demo42").text("accounts.csv").split_once('\n').unwrap().1.to_owned();
    let database = Database::new();
    let faults = database.faults(&demo("demo42").with("accounts.csv", text));
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].starts_with("accounts.csv:1: the first line does not name the columns; known")
    );
    assert!(!faults[0].contains("12abcd34"));
}

#[test]
fn a_file_that_cannot_be_read_hides_no_faults_of_others() {
    let folder = demo("demo42")
        .edited("products.csv", "quantity_step", "step")
        .edited("counters.csv", "5545", "x")
        .edited("entitlements.csv", "123456,EUR-A", "123456,EUR-X");
    let faults = Database::new().faults(&folder);
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert_eq!(faults[0], "counters.csv:2:2 (next): \"x\": not a whole number");
    assert!(faults[1].starts_with("products.csv:1:7: \"step\": no such column; known are sku,"));
    assert_eq!(
        faults[2],
        "entitlements.csv:2:2 (price_list): \"EUR-X\": there is no such row in price_lists"
    );
}

#[test]
fn damaged_files() {
    check(
        "products.csv",
        "11045682,11.04",
        "11045682,\"11.04",
        &["products.csv:3: a quote is opened and never closed; the rest is not read"],
    );
    check(
        "conversions.csv",
        "GRM",
        "G\"RM",
        &[
            "conversions.csv:3: a quote inside a cell that does not begin with one; the rest is not read",
        ],
    );
    check(
        "conversions.csv",
        "GRM",
        "\"GRM\"x",
        &["conversions.csv:3: text after the closing quote of a cell; the rest is not read"],
    );
    check_file(
        "payment_terms.csv",
        b"payment_term,name\n1,\xC0 VISTA\n2,30 DIAS\n10,x\n",
        &["payment_terms.csv:2:2 (name): \"\u{fffd} VISTA\": not UTF-8 text, it looks like \
             Windows-1252 (\"ANSI\"); save the file as \"CSV UTF-8\""],
    );
    check_file(
        "payment_terms.csv",
        b"\xFF\xFEp\0a\0",
        &["payment_terms.csv:1: the file is UTF-16; save it as UTF-8"],
    );
    check_file(
        "contacts.csv",
        "customer,number,name\n\0,1,x\n",
        &["contacts.csv:2:1 (customer): \"\\u{0}\": has a control character"],
    );
}

#[test]
fn questionnaires() {
    let name = "questionnaires/1463.json";
    for (text, expected) in [
        (&b"[\n {\"id\": 1,}\n]"[..], "questionnaires/1463.json:2:11: not JSON: trailing comma"),
        (b"", "questionnaires/1463.json:1:0: not JSON: EOF while parsing a value"),
        (b"{}", "questionnaires/1463.json: not a JSON array of questions"),
        (b"[\n \"\xE9\"]", "questionnaires/1463.json:2:3: not UTF-8 text"),
    ] {
        check_file(name, text, &[expected]);
    }
    check_file(
        "questionnaires/9.json",
        "[]",
        &["questionnaires/9.json: \"9\": there is no such row in categories"],
    );
    let both = "category,questions\n1463,[]\n1500,\n1600,\n1701,\n1702,\n7214,\n";
    check_file(
        "categories.csv",
        both,
        &["categories.csv:2:2 (questions): \"[]\": questionnaires/1463.json has questions too"],
    );
}

#[test]
fn a_questionnaire_has_a_longest_length() {
    let text = |bytes: usize| format!("[{}]", " ".repeat(bytes - 2));
    let database = Database::new();
    database.import_clean(&demo("demo42").with("questionnaires/1463.json", text(1 << 20)));
    check_file(
        "questionnaires/1463.json",
        text((1 << 20) + 1),
        &["questionnaires/1463.json: longer than 1048576 bytes"],
    );
}

#[test]
fn strange_files() {
    let folder = demo("demo42")
        .with("price.csv", "x")
        .with("questionnaires/notes.csv", "x")
        .with("notes.txt", "x");
    assert_eq!(
        Database::new().faults(&folder),
        [
            "price.csv: no file of a catalogue folder, is it prices.csv?",
            "questionnaires/notes.csv: no file of a catalogue folder",
        ]
    );
}
