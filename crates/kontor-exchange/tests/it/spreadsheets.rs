//! What spreadsheet programs write.

use kontor_model::catalogue::Kind;

use crate::kit::{Database, Folder};

const SUPPLIER: &str = "supplier,time_zone,currency\nacme,UTC,EUR\n";

/// Imports products and returns how many there are.
fn products(text: &str) -> usize {
    let database = Database::new();
    database
        .import_clean(&Folder::default().with("supplier.csv", SUPPLIER).with("products.csv", text));
    database.rows("acme", Kind::Product).len()
}

fn faults(text: &str) -> Vec<String> {
    Database::new()
        .faults(&Folder::default().with("supplier.csv", SUPPLIER).with("products.csv", text))
}

#[test]
fn empty_columns_and_rows_are_skipped() {
    for text in [
        "sku;name;base_uom;\nA;Pen;C62;\nB;Ink;C62;\n",
        "sku,name,base_uom\nA,Pen,C62,\nB,Ink,C62\n",
        "sku,name,base_uom,,\nA,Pen,C62\nB,Ink,C62, ,\n",
        "sku,,name,base_uom\nA,,Pen,C62\nB,,Ink,C62\n",
        "sku,name,base_uom\nA,Pen,C62\n,,\nB,Ink,C62\n , ,\n,,\n",
        "sep=;\r\nSKU; Name ;BASE_UOM\r\nA;Pen; C62\r\nB;Ink;C62\r\n",
    ] {
        assert_eq!(products(text), 2, "{text}");
    }
}

#[test]
fn text_where_nothing_may_stand_is_a_fault() {
    let more = "products.csv:2: the row has 4 cells, the header 3; a cell with a delimiter in it needs \
                quotes around it";
    for text in ["sku,name,base_uom\nA,Pen,C62,more\n", "sku,name,base_uom,\nA,Pen,C62,more\n"] {
        assert_eq!(faults(text), [more], "{text}");
    }
    let in_between = faults("sku,,name,base_uom\nA,x,Pen,C62\n");
    assert_eq!(in_between, ["products.csv:2: the row has 4 cells, the header 4"]);
}

#[test]
fn blanks_around_numbers_dates_and_standard_codes_mean_nothing() {
    let database = Database::new();
    let folder = Folder::default()
        .with("supplier.csv", "supplier,time_zone,currency\nacme, UTC,EUR \n")
        .with("products.csv", "sku,base_uom,gtin,state\nA, C62, 7611990131310 , active\n")
        .with("availability.csv", "sku,quantity,next_arrival\nA,5 , 2030-01-02\n")
        .with("price_lists.csv", "price_list,number\nL, 7 \n")
        .with(
            "prices.csv",
            "price_list,sku,minimum_quantity,valid_from,amount,changed_at\n\
             L,A,, 2016-01-01, 5.25 , 2016-01-01T00:00:00Z \nL,A,10 ,2016-01-01 ,\u{a0}4,\n",
        );
    database.import_clean(&folder);
    let exported = database.export("acme");
    assert!(exported.text("availability.csv").contains("A,5,2030-01-02,"));
    assert!(exported.text("products.csv").contains("A,,7611990131310,,active,C62,"));
    let prices = exported.text("prices.csv").lines().count();
    assert_eq!(prices, 3, "{}", exported.text("prices.csv"));
    // In texts and in codes that people choose they stay what they are.
    let code = faults("sku,base_uom\nA ,C62\n");
    assert_eq!(code.len(), 1, "{code:?}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_remedy() {
    for (text, expected) in [
        (&b"PK\x03\x04\x14\0\0\0x\n"[..], "spreadsheet workbook"),
        (b"sku,name,base_uom\nA,T\xFCrgriff,C62\n", "Windows-1252"),
        (b"sku,base_uom,quantity_step\nA,C62,\"0,5\"\n", "not a decimal number; write 0.5"),
        (b"sku,base_uom,gtin\nA,C62,\"7,61199E+12\"\n", "format the column as text"),
        (b"article,price,unit\nA,1,C62\n", "known are sku"),
    ] {
        let folder = Folder::default().with("supplier.csv", SUPPLIER).with("products.csv", text);
        let faults = Database::new().faults(&folder);
        assert!(faults[0].contains(expected), "{faults:?}");
        assert!(faults[0].starts_with("products.csv:"), "{faults:?}");
    }
}
