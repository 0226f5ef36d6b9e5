//! `last_update_date`: what was written, and dates that passed.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::PriceEntry;

use crate::support::{NOW, Rows, Shop, price, promotion, with_term};

fn keys(shop: &Shop, company: i64, date: &str) -> String {
    shop.get(&format!("number_company={company}&last_update_date={date}")).keys().join(", ")
}

#[test]
fn rows_changed_at_or_after_the_beginning_of_the_day_of_the_company() {
    let shop = Shop::open();
    let all = "905.0 x 1.0, 1234.0 x 1.0, 5680.0 x 1.0, 5682.0 x 1.0, 5682.0 x 12.0";
    assert_eq!(keys(&shop, 1, "01/12/2015"), all);
    assert_eq!(keys(&shop, 1, "01122015"), all);
    let later = "1234.0 x 1.0, 5680.0 x 1.0, 5682.0 x 1.0, 5682.0 x 12.0";
    assert_eq!(keys(&shop, 1, "02/12/2015"), later);
    assert_eq!(keys(&shop, 1, "20/01/2016"), later);
    assert_eq!(keys(&shop, 1, "21/01/2016"), "1234.0 x 1.0, 5682.0 x 1.0, 5682.0 x 12.0");
    assert_eq!(keys(&shop, 1, "26/01/2016"), "5682.0 x 1.0, 5682.0 x 12.0");
    assert_eq!(keys(&shop, 1, "28/01/2016"), "");
    assert_eq!(keys(&shop, 1, "31/12/9999"), "");
    // 23:59:59.5 in Manaus is before the 26th there, and after midnight in Sao Paulo.
    assert_eq!(keys(&shop, 4, "26/01/2016"), "1234.0 x 1.0");
    assert_eq!(keys(&shop, 4, "25/01/2016"), "1234.0 x 1.0, 5682.0 x 1.0");
    // A day that begins at 01:00, and a change at that instant.
    assert_eq!(keys(&shop, 3, "18/10/2015").matches("1234.0").count(), 1);
    assert_eq!(keys(&shop, 3, "19/10/2015").matches("1234.0").count(), 0);
}

#[test]
fn a_promotion_that_starts_or_ends_today_is_a_change_today() {
    let demo = Shop::open();
    // Written on the 26th, starts on the 28th in Manaus, ends with that day.
    assert_eq!(keys(&demo.later("2016-01-28T03:59:59Z"), 4, "27/01/2016"), "");
    assert_eq!(keys(&demo.later("2016-01-28T04:00:00Z"), 4, "28/01/2016"), "1234.0 x 1.0");
    assert_eq!(keys(&demo.later("2016-01-29T03:59:59Z"), 4, "29/01/2016"), "");
    assert_eq!(keys(&demo.later("2016-01-29T04:00:00Z"), 4, "29/01/2016"), "1234.0 x 1.0");
    // What is shown is when the price was last written.
    let xml = demo.later("2016-01-29T04:00:00Z").xml("number_company=4&seq_product=1234").text;
    assert!(xml.contains("<DATE_PRICE_VALIDATITON>2016-01-26T00:00:00-04:00</DATE"), "{xml}");
}

#[test]
fn a_price_that_is_written_is_a_change_now() {
    let shop = Shop::open();
    shop.put("demo42", vec![Record::Price(price("BR-1-1", "40000905", "KG", "1", "13"))]);
    assert_eq!(keys(&shop, 1, "28/01/2016"), "905.0 x 1.0");
    // A price of a sales table belongs to the row, also to its date.
    let entry = with_term(price("BR-1-1-002", "21991234", "UN", "1", "180"), "1");
    shop.put("demo42", vec![Record::Price(entry)]);
    assert_eq!(keys(&shop, 1, "28/01/2016"), "905.0 x 1.0, 1234.0 x 1.0");
    let xml = shop.xml("number_company=1&seq_product=1234").text;
    let local = "2016-01-28T09:24:28.874-02:00";
    assert!(xml.contains(&format!("<DATE_PRICE_VALIDATITON>{local}</DATE")), "{xml}");
    assert_eq!(NOW, "2016-01-28T11:24:28.874Z");
}

#[test]
fn a_promotion_that_is_planned_is_a_change_when_it_is_written_and_when_it_starts() {
    let demo = Shop::open();
    let entry = price("BR-2-1", "11045680", "UN", "1", "40");
    let planned = promotion(entry, "2016-02-01T02:00:00Z", "2016-02-02T02:00:00Z");
    demo.put("demo42", vec![Record::Price(planned)]);
    assert_eq!(keys(&demo, 2, "28/01/2016"), "5680.0 x 1.0");
    assert_eq!(keys(&demo.later("2016-01-31T12:00:00Z"), 2, "29/01/2016"), "");
    assert_eq!(keys(&demo.later("2016-02-01T02:00:00Z"), 2, "01/02/2016"), "5680.0 x 1.0");
}

#[test]
fn a_price_that_is_removed_is_a_change_of_its_row() {
    let demo = Shop::open();
    let removed = |entry: PriceEntry| {
        let key = Record::Price(entry).key();
        demo.write("demo42", move |tx| {
            assert!(tx.remove(Kind::Price, &key)?);
            Ok(())
        });
    };
    // A price of a sales table, then a promotion, both of rows that changed long ago.
    removed(with_term(price("BR-1-1-002", "11045680", "UN", "1", "49.9"), "1"));
    assert_eq!(keys(&demo, 1, "28/01/2016"), "5680.0 x 1.0");
    let entry = price("BR-3-3", "11045680", "UN", "1", "60");
    removed(promotion(entry, "2016-01-01", "2016-02-21"));
    assert_eq!(keys(&demo, 3, "28/01/2016").matches("5680.0").count(), 1);
    let shown = "<DATE_PRICE_VALIDATITON>2016-01-28T09:24:28.874-02:00</DATE_PRICE_VALIDATITON>";
    assert!(demo.xml("number_company=3&seq_product=5680").text.contains(shown));
    // Rows that it did not belong to did not change, and a new start knows it as well.
    assert_eq!(keys(&demo, 2, "28/01/2016"), "");
    let restarted = demo.later("2016-01-30T12:00:00Z");
    assert_eq!(keys(&restarted, 1, "28/01/2016"), "5680.0 x 1.0");
    assert_eq!(keys(&restarted, 1, "29/01/2016"), "");
}

#[test]
fn the_filter_and_its_total_go_with_other_filters() {
    let shop = Shop::open();
    let answer = shop.get("number_company=1&last_update_date=21/01/2016&_pageSize=2");
    assert_eq!(answer.keys(), ["1234.0 x 1.0", "5682.0 x 1.0"]);
    assert_eq!(answer.header("X-Total-Count"), "3");
    let query =
        "number_company=1&last_update_date=21/01/2016&sales_table_number=001&seq_product=5682";
    assert_eq!(shop.get(query).header("X-Total-Count"), "2");
    let query = "number_company=1&last_update_date=28/01/2016&seq_product=5682";
    assert_eq!(shop.get(query).header("X-Total-Count"), "0");
}
