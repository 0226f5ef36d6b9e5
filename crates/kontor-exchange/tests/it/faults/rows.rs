//! Rows that are at odds with others.

use kontor_exchange::ImportOptions;

use crate::kit::{Database, Folder, demo, options};

use super::{check, check_file};

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
            && fault.ends_with(
                "in the data: both would apply at once; --on-overlap trim lets the row of the file \
                 take over its time",
            )
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
fn numbers_that_nobody_can_ask_for() {
    let too_large = "nobody can ask for it: companies and segments have numbers of at most \
                     2147483647; give it a smaller one";
    check_file(
        "selling_entities.csv",
        "entity,currency,time_zone,main_segment\n1,BRL,UTC,1\n2,BRL,UTC,1\n3,BRL,UTC,3\n\
         4,BRL,UTC,1\n2147483648,BRL,UTC,1\n",
        &[&format!("selling_entities.csv:6:1 (entity): \"2147483648\": {too_large}")],
    );
    check_file(
        "segments.csv",
        "entity,segment,price_list\n1,1,BR-1-1\n1,2,BR-1-2\n2,1,BR-2-1\n3,3,BR-3-3\n\
         4,1,BR-4-1\n3,2147483648,BR-3-3\n",
        &[&format!("segments.csv:7:2 (segment): \"2147483648\": {too_large}")],
    );
    let largest = Database::new();
    largest.import_clean(
        &demo("demo42")
            .with(
                "selling_entities.csv",
                "entity,currency,time_zone,main_segment\n1,BRL,UTC,1\n2,BRL,UTC,1\n3,BRL,UTC,3\n\
                 4,BRL,UTC,1\n2147483647,BRL,UTC,2147483647\n",
            )
            .with(
                "segments.csv",
                "entity,segment,price_list\n1,1,BR-1-1\n1,2,BR-1-2\n2,1,BR-2-1\n3,3,BR-3-3\n\
                 4,1,BR-4-1\n2147483647,2147483647,BR-1-1\n",
            ),
    );
}

#[test]
fn companies_without_their_main_segment() {
    let expected = "selling_entities.csv:3 (main_segment): \"7\": company 2 has no segment 7, which \
                    counts when a question names none: add the segment to segments.csv, or name one \
                    that is there";
    check_file(
        "selling_entities.csv",
        "entity,currency,time_zone,main_segment\n1,BRL,UTC,1\n2,BRL,UTC,7\n3,BRL,UTC,3\n4,BRL,UTC,1\n",
        &[expected],
    );
    // A later import that removes the segment is refused as well.
    let supplier = "supplier,time_zone,currency\nacme,UTC,BRL\n";
    let company = Folder::default()
        .with("supplier.csv", supplier)
        .with("price_lists.csv", "price_list\nL\n")
        .with("selling_entities.csv", "entity,currency,time_zone,main_segment\n4,BRL,UTC,1\n")
        .with("segments.csv", "entity,segment,price_list\n4,1,L\n4,2,L\n");
    let database = Database::new();
    database.import_clean(&company);
    let removal = |segment: u8| {
        let rows = format!("entity,segment,remove\n4,{segment},yes\n");
        Folder::default().with("supplier.csv", supplier).with("segments.csv", rows)
    };
    assert_eq!(
        database.faults(&removal(1)),
        [
            "selling_entities.csv (main_segment): \"1\": company 4 has no segment 1, which counts when a \
          question names none: add the segment to segments.csv, or name one that is there"
        ]
    );
    database.import_clean(&removal(2));
}

#[test]
fn a_product_with_two_sequence_numbers() {
    let already = "11045680 has the sequence_number 5680 already, and a product has one: leave one of \
                   them out, or remove the other with a row whose column remove is yes";
    let database = Database::new();
    database.import_clean(&demo("demo42"));
    let folder = |rows: &str| {
        Folder::default()
            .with("supplier.csv", demo("demo42").text("supplier.csv"))
            .with("identifiers.csv", format!("sku,scheme,value,remove\n{rows}"))
    };
    for number in ["9", "12"] {
        let row = format!("11045680,sequence_number,{number},\n");
        let expected = format!("identifiers.csv:2 (value): \"{number}\": {already}");
        assert_eq!(database.faults(&folder(&row)), [expected]);
    }
    // The number it has already says nothing new, and one may take the place of another.
    for rows in [
        "11045680,sequence_number,5680,\n",
        "11045680,sequence_number,5680,yes\n11045680,sequence_number,12,\n",
    ] {
        database.import_clean(&folder(rows));
    }
}
