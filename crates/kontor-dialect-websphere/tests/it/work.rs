//! The work of one request is bounded, not only its prices.

use std::fmt::Write as _;

use kontor_model::catalogue::{Kind, Record};

use crate::support::{Call, PRICE, Results, Shop, row};

const TOO_MUCH: &str = "400 _ERR_INVALID_INPUT = query";

/// A product with this many tiers in the default contract.
fn tiers(shop: &Shop, sku: &str, count: usize) {
    let tier = |minimum: usize| {
        let (minimum, amount) = (minimum.to_string(), (count + 1 - minimum).to_string());
        let cells = [
            ("price_list", "10001"),
            ("sku", sku),
            ("currency", "USD"),
            ("minimum_quantity", minimum.as_str()),
            ("amount", amount.as_str()),
            ("changed_at", "2016-01-01T00:00:00Z"),
        ];
        row(Kind::Price, &cells)
    };
    let product = row(Kind::Product, &[("sku", sku), ("base_uom", "C62")]);
    let rows: Vec<Record> = [product].into_iter().chain((1..=count).map(tier)).collect();
    shop.put("wcs-mini", rows);
}

fn dates(count: usize) -> String {
    let mut dates = String::new();
    for day in 0..count {
        let comma = if day == 0 { "" } else { "," };
        write!(dates, r#"{comma}"2016-03-{:02}""#, day % 28 + 1).expect("a text");
    }
    dates
}

#[test]
fn a_million_looks_and_not_one_more() {
    let shop = Shop::open();
    // One list and 199 tiers: 200 looks for each price, and one for each product.
    tiers(&shop, "STEEP", 199);
    tiers(&shop, "FLAT", 1);
    let ask = |steep: usize, flat: usize| {
        let query = format!(
            r#"{{"query":{{"name":"byProductID","products":[
                {{"productId":"STEEP","dates":[{}]}},{{"productId":"FLAT","dates":[{}]}}]}}}}"#,
            dates(steep),
            dates(flat)
        );
        shop.send(&Call::post(PRICE, &query))
    };
    // 4,990 x 200 + 1 + 999 x 2 + 1 = 1,000,000.
    assert_eq!(ask(4_990, 999).prices().len(), 5_989);
    assert_eq!(ask(4_990, 1_000).error(), TOO_MUCH);
}

#[test]
fn ranges_are_more_work_than_prices() {
    let shop = Shop::open();
    tiers(&shop, "STEEP", 199);
    let query = |days: usize| {
        format!(
            r#"{{"query":{{"name":"byProductID","products":[{{"productId":"STEEP","dates":[{}]}}]}}}}"#,
            dates(days)
        )
    };
    // A price and 199 ranges of 200 looks each for every date, and one look for the product.
    let range = format!("{PRICE}?profile=range");
    assert_eq!(shop.send(&Call::post(&range, &query(24))).ranges().len(), 24 * 199);
    assert_eq!(shop.send(&Call::post(&range, &query(25))).error(), TOO_MUCH);
    assert_eq!(shop.send(&Call::post(PRICE, &query(25))).prices().len(), 25);
    let get = format!("{PRICE}?q=byCatalogEntryIds&catalogEntryId=STEEP&profile=range");
    assert_eq!(shop.get(&get).ranges().len(), 199);
}

#[test]
fn a_long_answer_is_that_of_many_short_ones() {
    let shop = Shop::open();
    tiers(&shop, "STEEP", 199);
    let product = r#"{"productId":"STEEP","quantities":[{"quantity":7}]}"#;
    let ask = |count: usize| {
        let products = vec![product; count].join(",");
        let query = format!(r#"{{"query":{{"name":"byProductID","products":[{products}]}}}}"#);
        shop.send(&Call::post(PRICE, &query)).prices()
    };
    let alone = ask(1);
    assert_eq!(alone, ["10001 STEEP STEEP: 193.00 USD/7.0 C62"]);
    assert_eq!(ask(2_000), vec![alone.concat(); 2_000]);
}
