//! Which product a number finds, and what is told of it (sections 3 and 4).

use kontor_dialect_secomp::Config;
use kontor_model::catalogue::Kind;
use kontor_testkit::demo::Served;

use crate::support::{all, ask, make, row, served, statuses};

#[test]
fn an_own_number_that_is_another_products_number_is_not_unique() {
    let served = served();
    let query = "userid=_RQ654321&password=98zyxw76&product_id=11045682";
    let answer = served.get(&format!("/ProductQueryFR?{query}"));
    assert_eq!(statuses(&answer), ["0", "5"]);
    assert_eq!(all(&answer, "PRODUCT_ID"), ["11045682"], "what was asked comes back");
    // Dots count in an own number, so only the supplier's number is found.
    let answer = served.get(&format!("/ProductQueryFR?{query}").replace("11045682", "11.045682"));
    assert_eq!(statuses(&answer), ["0", "0"]);
}

#[test]
fn the_own_number_of_another_customer_is_unknown() {
    assert_eq!(statuses(&ask(&served(), "product_id=0815&product_id=MY-CABLE")), ["0", "0", "0"]);
    let query = "userid=_RQ654321&password=98zyxw76&product_id=0815";
    assert_eq!(statuses(&served().get(&format!("/ProductQueryFR?{query}"))), ["0", "2"]);
}

#[test]
fn manufacturer_numbers_have_no_case_and_dots_count_only_at_first() {
    let served = served();
    let answer = ask(&served, "sku=rl-hub/4%26p&sku=11045680&sku=110.45680&sku=twin&sku=b-8386.");
    assert_eq!(statuses(&answer), ["0", "0", "0", "0", "5", "0"]);
    assert_eq!(all(&answer, "SKU")[0], "rl-hub/4&amp;p", "the number comes back as it was sent");
}

#[test]
fn article_numbers_are_exact_but_for_dots() {
    let served = served();
    let answer = ask(&served, "product_id=.1.1045680.&product_id=011045680&product_id=11045680x");
    assert_eq!(statuses(&answer), ["0", "0", "2", "2"]);
}

#[test]
fn an_exact_number_comes_before_those_that_differ_in_dots() {
    let served = Served::new(make(Config::default()));
    let product = |sku: &str| {
        row(Kind::Product, &[("sku", sku), ("state", "end_of_life"), ("base_uom", "C62")])
    };
    served.put("demo42", vec![product("AB.1"), product("A.B1"), product(". 77.12 .")]);
    let asked = ["AB.1", "A.B1", "AB1", ".A.B.1", "a.b1", "7712", "77.12+."];
    let numbers = asked.map(|number| format!("&product_id={number}")).concat();
    assert_eq!(statuses(&ask(&served, &numbers)), ["0", "3", "3", "5", "5", "2", "3", "3"]);
}

#[test]
fn a_gtin_is_a_number() {
    let served = served();
    let answer = ask(&served, "ean=07611990131310&ean=007611990131310&ean=7611990131310");
    assert_eq!(statuses(&answer), ["0", "0", "2", "0"]);
    assert_eq!(all(&answer, "EAN")[0], "07611990131310", "it comes back as it was asked");
}

#[test]
fn values_are_trimmed_and_blanks_are_nothing() {
    let served = served();
    let answer = ask(&served, "product_id=+11045680+&ean=%09&sku=%20");
    assert_eq!(statuses(&answer), ["0", "0", "2", "2"]);
    assert_eq!(all(&answer, "PRODUCT_ID"), ["11045680"]);
}

#[test]
fn an_error_item_tells_neither_price_nor_stock() {
    let served = served();
    let answer = ask(&served, "product_id=11040001&product_id=40000905&ean=4000000000006");
    assert_eq!(statuses(&answer), ["0", "3", "2", "5"]);
    for name in ["PRICE", "AVAILQUANTITY", "CURRENCY", "DELIVERY_INFO", "SCALE_PRICES"] {
        assert!(!answer.text.contains(name), "{name}");
    }
    assert_eq!(all(&answer, "PRODUCT_ID"), ["11040001", "40000905"]);
}

#[test]
fn the_ean_of_a_package_is_not_the_ean_of_the_article() {
    assert_eq!(statuses(&ask(&served(), "ean=17611990131324")), ["0", "2"]);
}

#[test]
fn whoever_is_not_let_in_learns_nothing() {
    let served = served();
    let refusal = |query: &str| {
        let answer = served.get(&format!("/ProductQueryFR?{query}&product_id=11045680"));
        assert_eq!(statuses(&answer), ["1"], "{query}");
        answer.text
    };
    let wrong = refusal("userid=_RQ123456&password=wrong");
    for (login, query) in [
        ("_RQ999999", "userid=_RQ999999&password=12abcd34"),
        ("_RQ777777", "userid=_RQ777777&password=77pass77"),
        ("_rq123456", "userid=_rq123456&password=12abcd34"),
        ("_RQ123456", "userid=_RQ123456&password=12ABCD34"),
        ("_RQ123456", "userid=_RQ123456"),
        ("buyer123456", "userid=buyer123456&password=pw-123456"),
    ] {
        assert_eq!(refusal(query), wrong.replace("_RQ123456", login), "{query}");
    }
    assert!(refusal("password=12abcd34").contains("<LOGIN/>"));
}
