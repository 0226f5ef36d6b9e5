//! The order of the checks: everything is wrong, and what is put right stops being the answer.

use crate::support::{ACME, BETA, Call, Results, Shop, Token};

fn invalid(path: &str) -> String {
    format!("400 _ERR_CMD_INVALID_PARAM CMN0207E {path}")
}

fn missing(path: &str) -> String {
    format!("400 _ERR_CMD_MISSING_PARAM CMN0206E {path}")
}

/// Sends requests of which each has one fault less.
fn check(shop: &Shop, store: &str, token: &str, parameters: &[(String, &str)]) {
    for (index, (expected, _)) in parameters.iter().enumerate() {
        let left = parameters.iter().skip(index).map(|(_, parameter)| *parameter);
        let left: Vec<&str> = left.filter(|parameter| !parameter.is_empty()).collect();
        let url = format!("/wcs/resources/store/{store}/price?{}", left.join("&"));
        let call = Call::post(&url, "{").token(token).header("Content-Type", "text/plain");
        assert_eq!(shop.send(&call).error(), *expected, "{url}");
    }
}

#[test]
fn format_then_store_then_token_then_store_access_then_acting_for_others() {
    let shop = Shop::open();
    let others = [
        ("400 _ERR_USER_AUTHORITY = forUser".to_owned(), "forUser=1"),
        ("400 _ERR_USER_AUTHORITY = forUserId".to_owned(), "forUserId=2"),
        (invalid("profile"), "profile=x"),
    ];
    for (store, token, expected) in [
        ("99", "x", "404 _ERR_STORE_NOT_FOUND = 99"),
        ("10102", "x", "401 _ERR_INVALID_COOKIE CMN1039E "),
        ("10102", BETA, "403 _ERR_USER_AUTHORITY = price"),
    ] {
        let faults = [
            (invalid("responseFormat"), "responseFormat=pdf"),
            (expected.to_owned(), "forUser=1&profile=x"),
        ];
        check(&shop, store, token, &faults);
    }
    check(&shop, "10101", ACME, &others);
}

#[test]
fn parameters_of_the_url_then_the_body() {
    let shop = Shop::open();
    let parameters = [
        (invalid("profile"), "profile=x"),
        (invalid("profileName"), "profileName=x"),
        (invalid("currency"), "currency=x"),
        ("400 _ERR_INVALID_TRADING = 9".to_owned(), "contractId=10001&contractId=9&contractId=8"),
        ("415 _ERR_INVALID_INPUT = Content-Type".to_owned(), ""),
    ];
    check(&shop, "10101", ACME, &parameters);
    let url = crate::support::PRICE;
    let large = Call::post(url, "{").header("Content-Type", "text/plain").too_large();
    assert_eq!(shop.send(&large).error(), "413 _ERR_INVALID_INPUT = ");
    assert_eq!(shop.send(&Call::post(url, "{")).error(), "400 _ERR_INVALID_INPUT = ");
}

/// Of repeated members the last counts: what is added puts something right.
#[test]
fn members_of_the_query_then_its_products() {
    let shop = Shop::open();
    let wrong = r#""contractIds":["8"],"dates":["x"],"currencies":["x"],"quantities":["x"]"#;
    let mut query = wrong.to_owned();
    for (added, expected) in [
        (r#","name":null"#, missing("query.name")),
        (r#","name":"byProductID","products":[]"#, missing("query.products")),
        (r#","products":[7]"#, "400 _ERR_INVALID_TRADING = 8".to_owned()),
        (r#","contractIds":null"#, invalid("query.dates[0]")),
        (r#","dates":null"#, invalid("query.currencies[0]")),
        (r#","currencies":null"#, invalid("query.quantities[0]")),
        (r#","quantities":null"#, invalid("query.products[0]")),
    ] {
        query.push_str(added);
        assert_eq!(shop.ask(&format!("{{{query}}}")).error(), expected, "{query}");
    }
}

#[test]
fn products_in_their_order_and_the_lists_of_each() {
    let shop = Shop::open();
    let mut product = r#""contractIds":["8"],"dates":["x"],"currencies":["x"],
        "quantities":[{"quantity":0,"uom":"?"}]"#
        .to_owned();
    for (added, expected) in [
        ("", missing("query.products[1].productId")),
        (r#","productId":"1""#, "400 _ERR_INVALID_TRADING = 8".to_owned()),
        (r#","contractIds":[]"#, invalid("query.products[1].dates[0]")),
        (r#","dates":[]"#, invalid("query.products[1].currencies[0]")),
        (
            r#","currencies":["USD","CHF","x"]"#,
            "400 _ERR_CURRENCY_NOT_SUPPORTED = CHF,10101".to_owned(),
        ),
        (r#","currencies":[]"#, invalid("query.products[1].quantities[0].quantity")),
        (r#","quantities":[{"uom":"?"},7]"#, invalid("query.products[1].quantities[0].uom")),
        (r#","quantities":[{},7]"#, invalid("query.products[1].quantities[1]")),
        (r#","quantities":[]"#, missing("query.products[2].productId")),
    ] {
        product.push_str(added);
        let query = format!(
            r#"{{"name":"byProductID","products":[{{"productId":"2"}},{{{product}}},{{}}]}}"#
        );
        assert_eq!(shop.ask(&query).error(), expected, "{query}");
    }
}
