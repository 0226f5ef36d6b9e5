//! Promotions: whole days in the zone of the company.

use kontor_model::catalogue::Record;
use serde_json::{Value, json};

use crate::support::{Rows, Shop, price, promotion, with_term};

/// Promotional price, its dates, and the lower price of a row.
fn promoted(shop: &Shop, query: &str) -> Value {
    let row = shop.get(query).rows().remove(0);
    json!([
        row["promotional_price"],
        row["date_start_promotion"],
        row["date_end_promotion"],
        row["lower_sale_price"],
    ])
}

const TWIN1: &str = "number_company=3&seq_product=3101";
const TWIN2: &str = "number_company=3&seq_product=3102";

#[test]
fn a_promotion_counts_from_the_first_to_the_last_instant_of_its_days() {
    let demo = Shop::open();
    let none = |price: &str| {
        json!([json!(0.0), null, null, serde_json::from_str::<Value>(price).unwrap()])
    };
    let of_twin_1 = json!([4.0, "2016-01-28T00:00:00-02:00", "2016-01-28T00:00:00-02:00", 4.0]);
    let of_twin_2 = json!([5.0, "2016-01-29T00:00:00-02:00", "2016-02-28T00:00:00-03:00", 5.0]);
    for (now, twin_1, twin_2) in [
        ("2016-01-28T01:59:59.999999Z", none("5.0"), none("6.0")),
        ("2016-01-28T02:00:00Z", of_twin_1.clone(), none("6.0")),
        ("2016-01-29T01:59:59.999999Z", of_twin_1, none("6.0")),
        ("2016-01-29T02:00:00Z", none("5.0"), of_twin_2.clone()),
        // The last day is in winter time.
        ("2016-02-29T02:59:59.999999Z", none("5.0"), of_twin_2),
        ("2016-02-29T03:00:00Z", none("5.0"), none("6.0")),
    ] {
        let shop = demo.later(now);
        assert_eq!(promoted(&shop, TWIN1), twin_1, "{now}");
        assert_eq!(promoted(&shop, TWIN2), twin_2, "{now}");
    }
}

#[test]
fn days_without_midnight_begin_at_one() {
    let demo = Shop::open();
    let hub = "number_company=3&seq_product=1234";
    let expected = json!([199.0, "2015-10-18T01:00:00-02:00", "2016-10-16T01:00:00-02:00", 199.0]);
    let none = json!([0.0, null, null, 210.0]);
    for (now, is_in_effect) in [
        ("2015-10-18T02:59:59Z", false),
        ("2015-10-18T03:00:00Z", true),
        ("2016-10-16T03:00:00Z", true),
        ("2016-10-17T01:59:59Z", true),
        ("2016-10-17T02:00:00Z", false),
    ] {
        let shop = demo.later(now);
        let wanted = if is_in_effect { &expected } else { &none };
        assert_eq!(&promoted(&shop, hub), wanted, "{now}");
    }
}

#[test]
fn after_the_last_summer_time_of_sao_paulo_the_offset_stays() {
    let demo = Shop::open();
    let entry = || price("BR-2-1", "11045680", "UN", "1", "40");
    // From 2019-02-16, the last day of summer time, to 2019-11-03, which would have begun the next.
    let days = promotion(entry(), "2019-02-16T02:00:00Z", "2019-11-04T03:00:00Z");
    demo.put("demo42", vec![Record::Price(days)]);
    let expected = json!([40.0, "2019-02-16T00:00:00-02:00", "2019-11-03T00:00:00-03:00", 40.0]);
    let shop = demo.later("2019-10-31T12:00:00Z");
    assert_eq!(promoted(&shop, "number_company=2&seq_product=5680"), expected);
    // The day since which: 00:00 in winter time.
    let since = |now: &str, day: &str| {
        let shop = demo.later(now);
        shop.get(&format!("number_company=2&last_update_date={day}")).keys().len()
    };
    assert_eq!(since("2019-02-16T02:00:00Z", "16/02/2019"), 1);
    assert_eq!(since("2019-02-17T12:00:00Z", "17/02/2019"), 0);
    assert_eq!(since("2019-11-04T02:59:59Z", "04/11/2019"), 0);
    assert_eq!(since("2019-11-04T03:00:00Z", "04/11/2019"), 1, "the promotion ended");
}

#[test]
fn a_promotion_above_the_base_price_is_shown_but_lowers_nothing() {
    let shop = Shop::open();
    let expected = json!([60.0, "2016-01-01T00:00:00-02:00", "2016-02-21T00:00:00-03:00", 50.0]);
    assert_eq!(promoted(&shop, "number_company=3&seq_product=5680"), expected);
}

#[test]
fn sales_tables_lower_nothing() {
    let shop = Shop::open();
    let row = shop.get("number_company=1&seq_product=5680").rows().remove(0);
    assert_eq!(row["lower_sale_price"], json!(49.9));
    assert_eq!(row["sales_table"][0]["payment_condition"][0]["price"], json!(47.4));
}

#[test]
fn a_promotion_in_a_sales_table_lowers_its_condition_only() {
    let shop = Shop::open();
    let entry = with_term(price("BR-1-1-001", "11045680", "UN", "1", "44.5"), "1");
    shop.put("demo42", vec![Record::Price(promotion(entry, "2016-01-28T02:00:00Z", ""))]);
    let row = shop.get("number_company=1&seq_product=5680").rows().remove(0);
    assert_eq!(row["promotional_price"], json!(0.0));
    assert_eq!(row["lower_sale_price"], json!(49.9));
    assert_eq!(row["sales_table"][0]["payment_condition"][0]["price"], json!(44.5));
}

#[test]
fn a_promotion_without_an_end_or_beginning_has_no_such_date() {
    let shop = Shop::open();
    let entry = price("BR-2-1", "11045680", "UN", "1", "40");
    shop.put("demo42", vec![Record::Price(promotion(entry, "", ""))]);
    let query = "number_company=2&seq_product=5680";
    assert_eq!(promoted(&shop, query), json!([40.0, null, null, 40.0]));
    let xml = shop.xml(query).text;
    assert!(xml.contains(r#"<DATE_END_PROMOTION i:nil="true" />"#), "{xml}");
    assert!(xml.contains("<PROMOTIONAL_PRICE>40</PROMOTIONAL_PRICE>"), "{xml}");
}

#[test]
fn a_promotion_without_a_base_price_is_no_row() {
    let shop = Shop::open();
    let entry = price("BR-2-1", "21991234", "UN", "1", "40");
    shop.put("demo42", vec![Record::Price(promotion(entry, "", ""))]);
    assert_eq!(shop.get("number_company=2&seq_product=1234").keys(), [""; 0]);
}

#[test]
fn a_company_in_another_zone_has_other_days() {
    let demo = Shop::open();
    let hub = "number_company=4&seq_product=1234";
    for (now, is_in_effect) in [
        ("2016-01-28T03:59:59Z", false),
        ("2016-01-28T04:00:00Z", true),
        ("2016-01-29T03:59:59Z", true),
        ("2016-01-29T04:00:00Z", false),
    ] {
        let row = demo.later(now).get(hub).rows().remove(0);
        assert_eq!(row["promotional_price"] == json!(0.05), is_in_effect, "{now}");
    }
}
