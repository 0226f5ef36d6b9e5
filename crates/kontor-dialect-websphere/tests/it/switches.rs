//! Behaviour a partner may need otherwise.

use kontor_dialect_websphere::{
    Config, ContractCombination, Overrides, Scheme, Toggle, UnknownProduct, UnsupportedCurrency,
    dialect,
};

use crate::support::{ACME, Call, PRICE, Results, Shop, Token};

const UNKNOWN: &str =
    r#"{"query":{"name":"byPartNumber","products":[{"partNumber":"A2135"},{"partNumber":"NO"}]}}"#;

#[test]
fn unknown_products_may_be_errors() {
    let shop = Shop::with(Config { unknown_product: UnknownProduct::Error, ..Config::default() });
    let answer = shop.send(&Call::post(PRICE, UNKNOWN));
    assert_eq!(answer.error(), "404 _ERR_PROD_NOT_EXISTING = NO");
    let ambiguous = UNKNOWN.replace("A2135", "TWIN");
    let answer = shop.send(&Call::post("/wcs/resources/store/10201/price", &ambiguous));
    assert_eq!(answer.error(), "404 _ERR_PROD_NOT_EXISTING = TWIN");
}

#[test]
fn unsupported_currencies_may_fall_back() {
    let config = Config { unsupported_currency: UnsupportedCurrency::Default, ..Config::default() };
    let shop = Shop::with(config);
    let query = r#"{"query":{"name":"byPartNumber","products":[{"partNumber":"A2135"},{"partNumber":"A2135","currencies":["CHF","EUR"]}]}}"#;
    let answer = shop.send(&Call::post(&format!("{PRICE}?currency=CHF"), query));
    let expected = [
        "10001 A2135 2135: 12.00 USD/1.0 C62",
        "10001 A2135 2135: 12.00 USD/1.0 C62, 11.00 EUR/1.0 C62",
    ];
    assert_eq!(answer.prices(), expected);
    let answer = shop.send(&Call::post(&format!("{PRICE}?currency=chf"), query));
    assert_eq!(answer.error(), "400 _ERR_CMD_INVALID_PARAM CMN0207E currency");
}

#[test]
fn the_best_of_several_contracts() {
    let config = Config { contract_combination: ContractCombination::Best, ..Config::default() };
    let shop = Shop::with(config);
    let best = |contracts: &str, quantity: &str, dates: &str| {
        let query = format!(
            r#"{{"query":{{"name":"byProductID","products":[{{"productId":"2135","contractIds":[{contracts}],
                "quantities":[{{"quantity":{quantity}}}],"dates":[{dates}]}}]}}}}"#
        );
        shop.send(&Call::post(PRICE, &query).token(ACME)).prices()
    };
    let all = "10001,43221,24331";
    assert_eq!(best(all, "1", ""), ["24331 A2135 2135: 11.10 USD/1.0 C62"]);
    assert_eq!(best(all, "10", ""), ["43221 A2135 2135: 10.00 USD/10.0 C62"]);
    assert_eq!(best("10001,43221,10001", "0.5", ""), ["10001 A2135 2135: "]);
    assert_eq!(best("24331,24331", "1", ""), ["24331 A2135 2135: 11.10 USD/1.0 C62"]);
    // Per date; a contract without a price never wins.
    let expected = ["10001 A2135 2135: 12.00 USD/1.0 C62", "24331 A2135 2135: 11.10 USD/1.0 C62"];
    assert_eq!(best(all, "1", r#""2015-01-01","2017-01-01""#), expected);
}

#[test]
fn the_best_is_the_best_of_each_price() {
    let config = Config { contract_combination: ContractCombination::Best, ..Config::default() };
    let shop = Shop::with(config);
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"2135",
        "contractIds":["10001","43221","24331"],"currencies":["USD","EUR"],
        "quantities":[{"quantity":10},{"quantity":1}]}]}}"#;
    let answer = shop.send(&Call::post(&format!("{PRICE}?profile=range"), query).token(ACME));
    // The contract that is told is that of the first price.
    let prices = "43221 A2135 2135: 10.00 USD/10.0 C62, 11.10 USD/1.0 C62, \
                  9.90 EUR/10.0 C62, 11.00 EUR/1.0 C62";
    assert_eq!(answer.prices(), [prices]);
    let ranges = [
        "1.0-9.0 C62 11.10 USD",
        "10.0-99.0 C62 10.00 USD",
        "100.0-… C62 8.75 USD",
        "1.0-9.0 C62 11.00 EUR",
        "10.0-… C62 9.90 EUR",
    ];
    assert_eq!(answer.ranges(), ranges);
}

#[test]
fn the_pricing_date_may_be_told() {
    let shop = Shop::with(Config { echo_pricing_date: Toggle::On, ..Config::default() });
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"2135","dates":["2016-03-15T16:00:00+01:00"]}]}}"#;
    let answer = shop.send(&Call::post(PRICE, query));
    let expected =
        r#""partNumber":"A2135","pricingDate":"2016-03-15T15:00:00Z","productId":"2135""#;
    assert!(answer.text.contains(expected), "{}", answer.text);
}

#[test]
fn a_supplier_may_have_its_own() {
    let own = Overrides { unknown_product: Some(UnknownProduct::Omit), ..Overrides::default() };
    let config = Config {
        unknown_product: UnknownProduct::Error,
        suppliers: [("wcs-mini".to_owned(), own)].into(),
        ..Config::default()
    };
    let shop = Shop::with(config);
    assert_eq!(shop.send(&Call::post(PRICE, UNKNOWN)).status, 200);
    assert_eq!(shop.send(&Call::post("/wcs/resources/store/10201/price", UNKNOWN)).status, 404);
}

#[test]
fn the_base_and_the_url_behind_a_proxy() {
    let config = Config {
        base: "/shop/".to_owned(),
        scheme: Some(Scheme::Https),
        host: Some("shop.example".to_owned()),
        ..Config::default()
    };
    let shop = Shop::with(config);
    assert!(shop.dialect.owns("/shop/store/10101/price"));
    assert!(!shop.dialect.owns(PRICE));
    let answer = shop.send(&Call::get("/shop/store/10101/price?q=byPartNumbers&partNumber=x"));
    let expected = "https://shop.example/shop/store/10101/price?q=byPartNumbers&partNumber=x";
    assert_eq!(answer.json()["resourceId"], expected);
}

#[test]
fn settings_that_cannot_be_used() {
    let shop = Shop::open();
    let check = |config: Config, expected: &str| {
        let refused = dialect(shop.app.clone(), config).err().expect("an error");
        assert_eq!(refused.to_string(), expected);
    };
    for base in ["wcs", "/a b", "/a?b", "/a%20", "//", "/a//"] {
        let config = Config { base: base.to_owned(), ..Config::default() };
        let shown = base.strip_suffix('/').unwrap_or(base).to_owned();
        check(config, &format!("base: {shown:?} is not a plain path such as /wcs/resources"));
    }
    for host in ["", "a/b", "a b"] {
        let config = Config { host: Some(host.to_owned()), ..Config::default() };
        check(config, &format!("host: {host:?} is not a host such as shop.example:8443"));
    }
    let config = Config { session_seconds: 0, ..Config::default() };
    check(config, "session_seconds: must be at least 1");
}
