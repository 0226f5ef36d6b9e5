//! Dates: prices at a date, contracts by now.

use kontor_dialect_websphere::Config;

use crate::support::{ACME, Call, Results, Shop, Token};

const BERLIN: &str = "/wcs/resources/store/10201/price";

#[test]
fn summer_time_of_the_store() {
    let shop = Shop::open();
    // Prices change at 2016-03-27T01:00:00Z and 2016-10-30T01:00:00Z.
    for (date, price) in [
        ("2016-03-27T01:59:59.999999999", "8.50"),
        ("2016-03-27T02:00:00", "8.30"),
        ("2016-03-27T02:30:00", "8.30"),
        ("2016-03-27T03:00:00", "8.30"),
        ("2016-10-30T02:59:59", "8.30"),
        ("2016-10-30T03:00:00", "8.10"),
        ("2016-10-30T00:59:59Z", "8.30"),
        ("2016-10-30T01:00:00Z", "8.10"),
        ("2016-10-30", "8.30"),
        ("2016-10-31", "8.10"),
    ] {
        let body = format!(
            r#"{{"query":{{"name":"byPartNumber","products":[{{"partNumber":"11.04.5680","contractIds":["20003"],"dates":["{date}"]}}]}}}}"#
        );
        let answer = shop.send(&Call::post(BERLIN, &body).token("8001%2Cdemo42-a"));
        let expected = format!("20003 11.04.5680 10001: {price} EUR/1.0 C62");
        assert_eq!(answer.prices(), [expected], "{date}");
    }
}

#[test]
fn a_contract_has_no_prices_outside_of_its_validity_even_if_its_lists_do() {
    let shop = Shop::open();
    for (date, prices) in [
        ("2015-12-31T23:59:59.999999", ""),
        ("2016-01-01T00:00:00", "8.50 EUR/1.0 C62"),
        ("2016-12-31T23:59:59.999999", "8.10 EUR/1.0 C62"),
        ("2017-01-01T00:00:00", ""),
    ] {
        let body = format!(
            r#"{{"query":{{"name":"byPartNumber","products":[{{"partNumber":"11.04.5680","contractIds":["20003"],"dates":["{date}"]}}]}}}}"#
        );
        let path = format!("{BERLIN}?profile=range");
        let answer = shop.send(&Call::post(&path, &body).token("8001%2Cdemo42-a"));
        assert_eq!(answer.prices(), [format!("20003 11.04.5680 10001: {prices}")], "{date}");
        assert_eq!(answer.ranges().is_empty(), prices.is_empty(), "{date}");
    }
}

#[test]
fn a_contract_that_is_not_active_now_is_refused_whatever_the_date() {
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"2135",
        "contractIds":["43221"],"dates":["2016-05-01T00:00:00Z"]}]}}"#;
    for (now, active) in [
        ("2015-12-31T23:59:59.999Z", false),
        ("2016-01-01T00:00:00Z", true),
        ("2016-12-31T23:59:59.999Z", true),
        ("2017-01-01T00:00:00Z", false),
    ] {
        let shop = Shop::at(now, Config::default());
        let answer = shop.send(&Call::post(crate::support::PRICE, query).token(ACME));
        if active {
            assert_eq!(answer.prices(), ["43221 A2135 2135: 11.40 USD/1.0 C62"], "{now}");
        } else {
            assert_eq!(answer.error(), "400 _ERR_INVALID_TRADING = 43221", "{now}");
        }
    }
}

#[test]
fn without_dates_it_is_now() {
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"2135",
        "contractIds":["43221"]}]}}"#;
    for (now, price) in [("2016-06-30T23:59:59.999Z", "11.40"), ("2016-07-01T00:00:00Z", "11.60")] {
        let shop = Shop::at(now, Config::default());
        let answer = shop.send(&Call::post(crate::support::PRICE, query).token(ACME));
        assert_eq!(answer.prices(), [format!("43221 A2135 2135: {price} USD/1.0 C62")], "{now}");
    }
}
