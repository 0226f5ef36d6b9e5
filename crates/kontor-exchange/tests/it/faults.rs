//! Every sort of fault: told with its place, and nothing is applied.

use std::sync::{Arc, Mutex};

use kontor_exchange::{FAULT_EXAMPLES, Fault, FaultFile, ImportOptions, MAX_SHOWN_FAULTS};

use crate::kit::{Database, Folder, demo, options};

/// Edits one text of a demo file and expects these faults.
fn check(file: &str, from: &str, to: &str, expected: &[&str]) {
    let database = Database::new();
    let folder = demo("demo42").edited(file, from, to);
    assert_eq!(database.faults(&folder), expected, "{file}: {from} -> {to}");
}

/// Replaces a demo file and expects these faults.
fn check_file(file: &str, text: impl AsRef<[u8]>, expected: &[&str]) {
    let database = Database::new();
    let folder = demo("demo42").with(file, text);
    assert_eq!(database.faults(&folder), expected, "{file}");
}

/// File, what stands there, what is put there instead, the fault.
const BAD_CELLS: &[[&str; 4]] = &[
    [
        "supplier.csv",
        "Asia/Jerusalem",
        "Asia/Atlantis",
        "supplier.csv:2:3 (time_zone): \"Asia/Atlantis\": not an IANA time zone such as Europe/Berlin",
    ],
    [
        "counters.csv",
        "price_list_number",
        "order_number",
        "counters.csv:2:1 (counter): \"order_number\": not one of price_list_number, lead_number, \
             lead_contact_number",
    ],
    ["counters.csv", "5545", "0", "counters.csv:2:2 (next): \"0\": must be 1 or more"],
    ["counters.csv", "5545", "5e3", "counters.csv:2:2 (next): \"5e3\": not a whole number"],
    ["counters.csv", "5545", "", "counters.csv:2:2 (next): must not be empty"],
    [
        "products.csv",
        "7611990131310",
        "7611990131311",
        "products.csv:2:3 (gtin): \"7611990131311\": wrong check digit, expected 0",
    ],
    [
        "products.csv",
        "C62",
        "PCS",
        "products.csv:2:6 (base_uom): \"PCS\": not a UN/ECE Rec 20 unit code (pieces are C62, \
             kilograms KGM)",
    ],
    ["products.csv", "0.001", "0", "products.csv:8:7 (quantity_step): \"0\": must be above 0"],
    [
        "products.csv",
        "11.04.5680",
        "11.04\u{0}5680",
        "products.csv:2:2 (mpn): \"11.04\\u{0}5680\": has a control character",
    ],
    [
        "availability.csv",
        "11040001,4",
        "11040001,4.0000001",
        "availability.csv:5:2 (quantity): \"4.0000001\": more than 6 decimals",
    ],
    [
        "availability.csv",
        "150",
        "9223372036854.775808",
        "availability.csv:4:2 (quantity): \"9223372036854.775808\": number too large",
    ],
    [
        "contracts.csv",
        "2016-01-01T00:00:00+01:00",
        "1.1.2016",
        "contracts.csv:4:2 (valid_from): \"1.1.2016\": not a date such as 2016-01-28, nor an \
             instant such as 2016-01-28T11:24:28Z",
    ],
    [
        "contracts.csv",
        "2017-01-01T00:00:00+01:00",
        "2015-12-31",
        "contracts.csv:4:3 (valid_to): \"2015-12-31\": ends before it begins",
    ],
    [
        "store_currencies.csv",
        "10201,EUR,2",
        "10201,EUR,7",
        "store_currencies.csv:2:3 (decimals): \"7\": must be 0 to 6",
    ],
    ["stores.csv", "yes", "ja", "stores.csv:2:6 (guests): \"ja\": not yes or no"],
    [
        "selling_entities.csv",
        "12345678000195",
        "12.345.678/0001-95",
        "selling_entities.csv:2:2 (tax_id): \"12.345.678/0001-95\": only digits and letters, \
             without punctuation",
    ],
    [
        "sales_tables.csv",
        "1,1,001,",
        "1,1,0001,",
        "sales_tables.csv:2:3 (number): \"0001\": longer than 3 characters",
    ],
    [
        "leads.csv",
        "2016-01-10T09:00:00Z",
        "2016-01-10 09:00",
        "leads.csv:2:7 (created_at): \"2016-01-10 09:00\": not an instant such as \
             2016-01-28T11:24:28.874Z or 2016-01-28T12:24:28+01:00",
    ],
    [
        "documents.csv",
        "06:30",
        "6 h",
        "documents.csv:3:7 (supply_time): \"6 h\": not a time such as 06:30",
    ],
    [
        "identifiers.csv",
        "11045680,customer_sku,MY-CABLE,123456",
        "11045680,customer_sku,MY-CABLE,",
        "identifiers.csv:34:4 (customer): must be filled for customer_sku and empty for other \
             schemes",
    ],
    [
        "customers.csv",
        "123456,",
        " 123456,",
        "customers.csv:2:1 (customer): \" 123456\": begins or ends with a blank",
    ],
    [
        "prices.csv",
        "EUR,1,,,regular,,8.8,2,",
        "EUR,1,,,regular,,-8.8,2,",
        "prices.csv:2:11 (amount): \"-8.8\": must not be negative",
    ],
    [
        "prices.csv",
        "EUR,1,,,regular,,8.8,2,",
        "EUR,1,,,regular,,8.875,2,",
        "prices.csv:2:12 (decimals): \"2\": the amount has 3 decimals",
    ],
    [
        "prices.csv",
        "BR-1-1,40000905,KG,1,",
        "BR-1-1,40000905,KG,0,",
        "prices.csv:22:4 (packing_quantity): \"0\": must be above 0 with a packing, and empty \
             without one",
    ],
    [
        "prices.csv",
        "promotion",
        "sale",
        "prices.csv:24:9 (kind): \"sale\": not one of regular, promotion, listing",
    ],
];

#[test]
fn cells_that_are_no_values() {
    for [file, from, to, expected] in BAD_CELLS {
        // Rows that refer to the row are faulty through it alone, so they are not told.
        check(file, from, to, &[expected]);
    }
}

#[test]
fn all_faults_of_a_row_are_told() {
    check(
        "products.csv",
        "11045680,11.04.5680,7611990131310,כבל HDMI 2 מ',active,C62,1",
        "11045680,11.04.5680,7611990131310,כבל HDMI 2 מ',sold,,x",
        &[
            "products.csv:2:5 (state): \"sold\": not one of active, end_of_life",
            "products.csv:2:6 (base_uom): must not be empty",
            "products.csv:2:7 (quantity_step): \"x\": not a decimal number",
        ],
    );
}

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
        &["conversions.csv:2: the row has 4 cells, the header 3"],
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
        &["payment_terms.csv:2:2 (name): \"\u{fffd} VISTA\": not UTF-8 text"],
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
fn references_to_nothing() {
    for (file, from, to, expected) in [
        (
            "availability.csv",
            "11045682,",
            "11045683,",
            "availability.csv:3:1 (sku): \"11045683\": there is no such row in products",
        ),
        (
            "contacts.csv",
            "556781,71",
            "556782,71",
            "contacts.csv:2:1 (customer): \"556782\": there is no such row in customers",
        ),
        (
            "identifiers.csv",
            "MY-CABLE,123456",
            "MY-CABLE,123457",
            "identifiers.csv:34:4 (customer): \"123457\": there is no such row in customers",
        ),
        (
            "contract_lists.csv",
            "EUR-S",
            "EUR-s",
            "contract_lists.csv:4:2 (price_list): \"EUR-s\": there is no such row in price_lists",
        ),
        (
            "stores.csv",
            "20001",
            "20004",
            "stores.csv:2:3 (contract): \"20004\": there is no such row in contracts",
        ),
        (
            "sales_tables.csv",
            "1,2,002",
            "1,3,002",
            "sales_tables.csv:4:2 (segment): \"3\": there is no such row in segments",
        ),
        (
            "document_lines.csv",
            "invoice,88001",
            "invoice,88002",
            "document_lines.csv:5:2 (document): \"88002\": there is no such row in documents",
        ),
        (
            "grants.csv",
            "32,7214",
            "33,7214",
            "grants.csv:8:1 (partner): \"33\": there is no such row in partners",
        ),
        (
            "prices.csv",
            "BR-1-2-002,11045680,UN,1,BRL,,,,regular,1,",
            "BR-1-2-002,11045680,UN,1,BRL,,,,regular,3,",
            "prices.csv:36:10 (payment_term): \"3\": there is no such row in payment_terms",
        ),
    ] {
        check(file, from, to, &[expected]);
    }
}

#[test]
fn keys_that_stand_twice() {
    check(
        "packings.csv",
        "40000905,KG,0.5,",
        "40000905,KG,1.0,",
        &["packings.csv:8: 40000905 KG 1 stands on line 2 already"],
    );
    check(
        "counters.csv",
        "lead_number",
        "price_list_number",
        &["counters.csv:3: price_list_number stands on line 2 already"],
    );
}

#[test]
fn prices_at_odds_name_both_rows() {
    let overlap = demo("demo42").edited(
        "prices.csv",
        "EUR-S,11045680,,,EUR,1,2016-10-30T01:00:00Z",
        "EUR-S,11045680,,,EUR,1,2016-10-30T00:59:59Z",
    );
    let faults = Database::new().faults(&overlap);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(
        faults[0],
        "prices.csv:19: conflicts with the EUR price of 11045680 in list EUR-S from quantity 1, \
         valid from 2016-03-27T01:00:00Z to 2016-10-30T01:00:00Z in line 18: both would apply at once"
    );
    let twice =
        demo("demo42").edited("prices.csv", "EUR,10,,,regular,,7.9", "EUR,1.0,,,regular,,7.9");
    let faults = Database::new().faults(&twice);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0], "prices.csv:3: repeats line 2");

    let database = Database::new();
    database.import_clean(&demo("demo42"));
    let later = Folder::default().with("supplier.csv", demo("demo42").text("supplier.csv")).with(
        "prices.csv",
        "price_list,sku,currency,minimum_quantity,valid_from,amount,decimals\n\
             EUR-S,11045680,EUR,1,2016-06-01,8,2\n",
    );
    let faults = database.faults(&later);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().all(|fault| {
        fault.starts_with("prices.csv:2: conflicts with the EUR price of 11045680 in list EUR-S")
            && fault.ends_with("in the data: both would apply at once")
    }));
}

#[test]
fn what_belongs_to_another_supplier() {
    let database = Database::new();
    database.import_clean(&demo("wcs-mini"));
    let folder = demo("demo42")
        .edited("accounts.csv", "_RQ123456", "_RQ200001")
        .edited("stores.csv", "10201", "10101")
        .edited("store_currencies.csv", "10201,EUR", "10101,EUR")
        .edited("store_currencies.csv", "10201,CHF", "10101,CHF")
        .edited("store_customers.csv", "10201,123456", "10101,123456")
        .edited("store_customers.csv", "10201,654321", "10101,654321")
        .edited("store_customers.csv", "10201,777777", "10101,777777");
    assert_eq!(
        database.faults(&folder),
        [
            "stores.csv:2: 10101 of stores is taken: another supplier has it",
            "accounts.csv:2: secomp _RQ200001 of accounts is taken: another supplier has it",
        ]
    );
    check(
        "price_lists.csv",
        "LIST-4515,4515",
        "LIST-4515,123",
        &["price_lists.csv:17: another of the price_lists has the number of LIST-4515"],
    );
}

#[test]
fn the_supplier_is_one_row() {
    let folder = demo("demo42");
    let text = folder.text("supplier.csv");
    let second = format!("{text}other,x,UTC,EUR,first\n");
    check_file("supplier.csv", second, &["supplier.csv:3: the folder is that of demo42"]);
    let header = text.lines().next().unwrap().to_owned();
    check_file("supplier.csv", header, &["supplier.csv: names no supplier in its first row"]);
    let named = ImportOptions { supplier: Some("demo42".parse().unwrap()), ..options() };
    let database = Database::new();
    database.import_clean(&folder);
    let header = text.lines().next().unwrap().to_owned();
    let report = database.import_with(&demo("demo42").with("supplier.csv", header), named);
    let faults: Vec<_> = report.faults.shown().iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["supplier.csv: must have exactly one row, it has 0"]);
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
        .edited("accounts.csv", "98zyxw76,", &format!("{secret},{secret},"))
        .edited("accounts.csv", "77pass77", &format!("{secret}\u{7}"))
        .edited("partners.csv", "kontor-demo-secret-not-for-production", &format!("\u{1}{secret}"))
        .edited("leads.csv", "deja.vu@test.fr", &format!("\u{1}{secret}"));
    let faults = Database::new().faults(&folder);
    assert_eq!(
        faults,
        [
            "accounts.csv:2:8 (password): \"…\": has a control character",
            "accounts.csv:4: the row has 10 cells, the header 9",
            "accounts.csv:6:8 (password): \"…\": has a control character",
            "partners.csv:2:5 (secret): \"…\": has a control character",
            "leads.csv:2:5 (email): \"…\": has a control character",
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
