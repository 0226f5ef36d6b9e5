//! Which lists count, and the forms in which they may be written.

use crate::support::{ACME, Call, PRICE, Results, Shop, Token, post_xml};

fn check(shop: &Shop, url: &str, query: &str, expected: &[&str]) {
    let body = format!(r#"{{"query":{query}}}"#);
    let answer = shop.send(&Call::post(&format!("{PRICE}{url}"), &body).token(ACME));
    assert_eq!(answer.prices(), expected, "{url} {query}");
}

const USD: &str = "10001 A2135 2135: 12.00 USD/1.0 C62";
const EUR: &str = "10001 A2135 2135: 11.00 EUR/1.0 C62";

#[test]
fn currencies_of_the_product_then_url_then_query_then_store() {
    let shop = Shop::open();
    let one = r#"{"name":"byPartNumber","products":[{"partNumber":"A2135"}]}"#;
    check(&shop, "", one, &[USD]);
    check(&shop, "?currency=EUR", one, &[EUR]);
    check(&shop, "?currency=", one, &[USD]);
    let query =
        r#"{"name":"byPartNumber","currencies":["EUR"],"products":[{"partNumber":"A2135"}]}"#;
    check(&shop, "", query, &[EUR]);
    check(&shop, "?currency=USD", query, &[USD]);
    let product = r#"{"name":"byPartNumber","currencies":["JPY"],
        "products":[{"partNumber":"A2135","currencies":["EUR","USD","EUR"]}]}"#;
    let all = "10001 A2135 2135: 11.00 EUR/1.0 C62, 12.00 USD/1.0 C62, 11.00 EUR/1.0 C62";
    check(&shop, "?currency=JPY", product, &[all]);
}

#[test]
fn contracts_of_the_product_then_query_then_url_then_store() {
    let shop = Shop::open();
    let one = r#"{"name":"byProductID","products":[{"productId":"2135"}]}"#;
    check(&shop, "?contractId=43221", one, &["43221 A2135 2135: 11.40 USD/1.0 C62"]);
    let two = ["24331 A2135 2135: 11.10 USD/1.0 C62", "43221 A2135 2135: 11.40 USD/1.0 C62"];
    check(&shop, "?contractId=24331&contractId=&contractId=43221", one, &two);
    let query =
        r#"{"name":"byProductID","contractIds":["43221"],"products":[{"productId":"2135"}]}"#;
    check(&shop, "?contractId=24331", query, &["43221 A2135 2135: 11.40 USD/1.0 C62"]);
    let product = r#"{"name":"byProductID","contractIds":["43221"],
        "products":[{"productId":"2135","contractIds":["24331"]}]}"#;
    check(&shop, "", product, &["24331 A2135 2135: 11.10 USD/1.0 C62"]);
}

#[test]
fn dates_and_quantities_of_the_product_then_query() {
    let shop = Shop::open();
    let query = r#"{"name":"byProductID","contractIds":["43221"],
        "dates":["2016-08-01T00:00:00Z"],"quantities":[{"quantity":10}],
        "products":[{"productId":"2135"},
            {"productId":"2135","dates":["2016-02-01T00:00:00Z"],"quantities":[{"quantity":100}]}]}"#;
    let expected = ["43221 A2135 2135: 10.20 USD/10.0 C62", "43221 A2135 2135: 8.75 USD/100.0 C62"];
    check(&shop, "", query, &expected);
    // Parameters of the finders mean nothing here.
    check(&shop, "?quantity=1&date=x&uom=x&partNumber=x&q=x", query, &expected);
}

#[test]
fn results_are_nested_product_contract_date_and_prices_currency_quantity() {
    let shop = Shop::open();
    let query = r#"{"name":"byProductID","products":[{"productId":"2135",
        "contractIds":["43221","10001"],"dates":["2016-08-01","2016-02-01"],
        "currencies":["EUR","USD"],"quantities":[{"quantity":10},{"quantity":1}]}]}"#;
    let both = "9.90 EUR/10.0 C62, 11.00 EUR/1.0 C62, 10.80 USD/10.0 C62, 12.00 USD/1.0 C62";
    let default = format!("10001 A2135 2135: {both}");
    let expected = [
        "43221 A2135 2135: 10.20 USD/10.0 C62, 11.60 USD/1.0 C62",
        "43221 A2135 2135: 10.00 USD/10.0 C62, 11.40 USD/1.0 C62",
        default.as_str(),
        default.as_str(),
    ];
    check(&shop, "", query, &expected);
}

#[test]
fn nothing_given_in_every_way() {
    let shop = Shop::open();
    for list in ["null", "[]", r#""""#] {
        for name in ["contractIds", "dates", "currencies", "quantities"] {
            let query = format!(
                r#"{{"name":"byProductID","{name}":{list},"products":[{{"productId":"2135","{name}":{list}}}]}}"#
            );
            check(&shop, "", &query, &[USD]);
        }
    }
}

#[test]
fn one_value_where_a_list_is_expected() {
    let shop = Shop::open();
    let query = r#"{"name":"byProductID","contractIds":"43221","dates":"2016-08-01",
        "currencies":"USD","quantities":{"quantity":10},"products":{"productId":"2135"}}"#;
    check(&shop, "", query, &["43221 A2135 2135: 10.20 USD/10.0 C62"]);
    let query = r#"{"name":"byProductID","products":{"productId":2135,"contractIds":43221,
        "dates":"2016-08-01","currencies":"USD","quantities":{}}}"#;
    check(&shop, "", query, &["43221 A2135 2135: 11.60 USD/1.0 C62"]);
}

#[test]
fn ids_are_texts_or_integers_compared_exactly() {
    let shop = Shop::open();
    let query = r#"{"name":"byProductID","products":[{"productId":2135},{"productId":"02135"},
        {"productId":" 2135"},{"productId":-2135},{"productId":123456789012345678901234567890},
        {"productId":"2135","partNumber":7}]}"#;
    check(&shop, "", query, &[USD, USD]);
    let query = r#"{"name":"byPartNumber","products":[{"partNumber":"a2135"},{"partNumber":"A2135 "},
        {"partNumber":"A2135","productId":[]},{"partNumber":2135}]}"#;
    check(&shop, "", query, &[USD]);
}

#[test]
fn repeated_members_the_last_counts_and_unknown_ones_are_ignored() {
    let shop = Shop::open();
    let query = r#"{"name":"x","name":"byProductID","future":[{"a":1e400}],
        "products":[{"productId":"1","productId":"2135","currencies":["EUR"],"currencies":null}]}"#;
    check(&shop, "?langId=-1&catalogId=&updateCookies=true&storeId=7&Currency=EUR", query, &[USD]);
    let number = r#"{"name":"byProductID","products":[{"productId":"2135",
        "x":{"$serde_json::private::Number":"1"}}]}"#;
    check(&shop, "", number, &[USD]);
}

#[test]
fn xml_is_read_like_json() {
    let shop = Shop::open();
    let body = "<?xml version='1.0'?><!-- c --><BOD xmlns='urn:x'><query><name> byProductID\n</name>\
        <contractIds/><products><productId><![CDATA[ 2135 ]]></productId><dates> 2016-08-01 </dates>\
        <contractIds>43221</contractIds><contractIds>&#50;4331</contractIds>\
        <quantities><quantity> 10 </quantity><uom/></quantities><quantities></quantities>\
        </products></query></BOD>";
    let answer = shop.send(&post_xml(PRICE, body).token(ACME));
    // An empty element is an empty text and no object.
    assert_eq!(
        answer.error(),
        "400 _ERR_CMD_INVALID_PARAM CMN0207E query.products[0].quantities[1]"
    );
    let body = body.replace("<quantities></quantities>", "");
    for content_type in ["application/xml", "text/xml; charset=utf-8", "TEXT/XML"] {
        let call = post_xml(PRICE, &body).token(ACME).header("Content-Type", content_type);
        let expected =
            ["43221 A2135 2135: 10.20 USD/10.0 C62", "24331 A2135 2135: 11.10 USD/10.0 C62"];
        assert_eq!(shop.send(&call).prices(), expected, "{content_type}");
    }
}

#[test]
fn contracts_of_others_are_refused_with_the_same_bytes() {
    let shop = Shop::open();
    let refusal = |token: Option<&str>, store: &str, code: &str| {
        let path = format!("/wcs/resources/store/{store}/price");
        let body = format!(
            r#"{{"query":{{"name":"byProductID","products":[{{"productId":"2135","contractIds":["{code}"]}}]}}}}"#
        );
        let mut call = Call::post(&path, &body);
        if let Some(token) = token {
            call = call.token(token);
        }
        let answer = shop.send(&call);
        assert_eq!(answer.error(), format!("400 _ERR_INVALID_TRADING = {code}"));
        answer.text.replace(code, "CODE")
    };
    // Unknown, of another buyer, expired, of another supplier, to a guest, of a wrong form.
    let unknown = refusal(Some(ACME), "10101", "99999");
    for code in ["55555", "66666", "20001", "20003", " 43221", "043221", "", "43221,24331"] {
        if code.is_empty() {
            continue;
        }
        assert_eq!(refusal(Some(ACME), "10101", code), unknown, "{code}");
    }
    for code in ["43221", "24331", "55555"] {
        assert_eq!(refusal(None, "10101", code), unknown, "{code}");
    }
    assert_eq!(refusal(Some("8001%2Cdemo42-a"), "10201", "20002"), unknown);
}
