//! Prices of the base unit, which other protocols write, are those of packings of one unit.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::PriceEntry;
use kontor_model::product::Packing;
use kontor_model::record::Cell;
use serde_json::json;

use crate::support::{Rows, Shop, of_base_unit, price, promotion, with_term};

const BREAD: &str = "40008386";

/// The demo with a product that comes in pieces and boxes of twelve.
fn shop() -> Shop {
    let shop = Shop::open();
    let packing = |name: &str, quantity: &str| {
        Record::Packing(Packing {
            sku: BREAD.parse().unwrap(),
            packing: name.parse().unwrap(),
            quantity: quantity.parse().unwrap(),
            gtin: None,
        })
    };
    shop.put("demo42", vec![packing("UN", "1"), packing("CX", "12")]);
    shop
}

fn base_price(list: &str, amount: &str) -> PriceEntry {
    of_base_unit(price(list, BREAD, "UN", "1", amount))
}

fn put(shop: &Shop, entry: PriceEntry) {
    shop.put("demo42", vec![Record::Price(entry)]);
}

fn remove(shop: &Shop, entry: PriceEntry) {
    let key = Record::Price(entry).key();
    shop.write("demo42", move |tx| {
        assert!(tx.remove(Kind::Price, &key)?);
        Ok(())
    });
}

fn keys(shop: &Shop, query: &str) -> String {
    shop.get(query).keys().join(", ")
}

#[test]
fn a_price_of_the_base_unit_is_shown_for_the_packing_of_one() {
    let shop = shop();
    put(&shop, base_price("BR-1-1", "2.75"));
    put(&shop, promotion(base_price("BR-1-1", "2.5"), "2016-01-28T02:00:00Z", ""));
    put(&shop, with_term(base_price("BR-1-1-001", "2.6"), "2"));
    put(&shop, of_base_unit(price("BR-1-1-002", "21991234", "UN", "1", "1")));
    let rows = shop.get("number_company=1&seq_product=8386").rows();
    assert_eq!(rows.len(), 1, "the box has no price");
    let row = &rows[0];
    assert_eq!(row["packing"], json!("UN"));
    assert_eq!(row["packing_quantity"].to_string(), "1.0");
    assert_eq!(row["normal_base_price"].to_string(), "2.75");
    assert_eq!(row["promotional_price"].to_string(), "2.5");
    assert_eq!(row["lower_sale_price"].to_string(), "2.5");
    assert_eq!(row["date_start_promotion"], json!("2016-01-28T00:00:00-02:00"));
    assert_eq!(row["sales_table"][0]["number_sales_table"], json!("001"));
    assert_eq!(row["sales_table"][0]["payment_condition"][0]["price"].to_string(), "2.6");
    assert_eq!(
        shop.get("number_company=1&sales_table_number=002&seq_product=1234").keys().len(),
        1
    );
    put(&shop, price("BR-1-1", BREAD, "UN", "1", "3"));
    let row = &shop.get("number_company=1&seq_product=8386").rows()[0];
    assert_eq!(row["normal_base_price"].to_string(), "3.0", "its own price comes first");
}

#[test]
fn such_a_price_is_a_change_of_its_row_when_it_is_written_and_when_it_is_removed() {
    let shop = shop();
    let today = "number_company=2&last_update_date=28/01/2016";
    assert_eq!(keys(&shop, today), "");
    put(&shop, base_price("BR-2-1", "2.75"));
    let planned = promotion(base_price("BR-2-1", "2.5"), "2016-02-01T02:00:00Z", "");
    put(&shop, planned.clone());
    assert_eq!(keys(&shop, today), "8386.0 x 1.0");
    let xml = shop.xml("number_company=2&seq_product=8386").text;
    let written = "<DATE_PRICE_VALIDATITON>2016-01-28T09:24:28.874-02:00</DATE_PRICE_VALIDATITON>";
    assert!(xml.contains(written), "{xml}");
    let started = shop.later("2016-02-01T02:00:00Z");
    assert_eq!(keys(&started, "number_company=2&last_update_date=01/02/2016"), "8386.0 x 1.0");
    remove(&started, planned);
    let next_day = shop.later("2016-02-02T12:00:00Z");
    assert_eq!(keys(&next_day, "number_company=2&last_update_date=01/02/2016"), "8386.0 x 1.0");
    assert_eq!(keys(&next_day, "number_company=2&last_update_date=02/02/2016"), "");
    remove(&next_day, base_price("BR-2-1", "2.75"));
    assert_eq!(keys(&next_day, "number_company=2"), "5680.0 x 1.0");
}

#[test]
fn a_list_that_becomes_that_of_a_segment_has_dated_prices() {
    let shop = Shop::open();
    let company = |number: i64, list: &str| {
        let company = [
            Cell::Int(number),
            Cell::Null,
            Cell::Null,
            Cell::text("ILS"),
            Cell::text("Asia/Jerusalem"),
            Cell::Int(1),
        ];
        shop.put_row(Kind::SellingEntity, &company);
        shop.put_row(Kind::Segment, &[Cell::Int(number), Cell::Int(1), Cell::text(list)]);
    };
    company(7, "LIST-4515");
    let rows = "1234.0 x 1.0, 5682.0 x 1.0";
    assert_eq!(keys(&shop, "number_company=7"), rows);
    assert_eq!(keys(&shop, "number_company=7&last_update_date=28/01/2016"), rows);
    assert_eq!(keys(&shop, "number_company=7&last_update_date=29/01/2016"), "");
    let xml = shop.xml("number_company=7&seq_product=5682").text;
    let written = "<DATE_PRICE_VALIDATITON>2016-01-28T13:24:28.874+02:00</DATE_PRICE_VALIDATITON>";
    assert!(xml.contains(written), "{xml}");
    // The table of a segment as well.
    let table = [
        Cell::Int(7),
        Cell::Int(1),
        Cell::text("001"),
        Cell::text("TABLE"),
        Cell::text("LIST-5544"),
    ];
    shop.put_row(Kind::SalesTable, &table);
    assert_eq!(keys(&shop, "number_company=7&sales_table_number=001"), rows);
    let now = shop.xml("number_company=7&seq_product=5682").text;
    let restarted = shop.later("2016-01-30T12:00:00Z");
    assert_eq!(restarted.xml("number_company=7&seq_product=5682").text, now);
}
