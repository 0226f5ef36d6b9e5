//! The bytes of answers.

use kontor_model::Validity;
use kontor_model::catalogue::Record;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceUnit, Shape};
use kontor_model::product::Conversion;
use kontor_model::store::StoreCurrency;

use crate::support::{ACME, Call, NOW, PRICE, Results, Shop, Token, post_xml};

const QUERY: &str = r#"{"query":{"name":"byProductID","products":[{"productId":"2135"}]}}"#;

#[test]
fn json_to_the_byte() {
    let shop = Shop::open();
    let answer = shop.send(&Call::post(&format!("{PRICE}?profile=range&currency=EUR"), QUERY));
    let expected = concat!(
        r#"{"EntitledPrice":[{"RangePrice":["#,
        r#"{"maximumQuantity":{"uom":"C62","value":9.0},"minimumQuantity":{"uom":"C62","value":1.0},"#,
        r#""priceInRange":{"currency":"EUR","value":11.00}},"#,
        r#"{"minimumQuantity":{"uom":"C62","value":10.0},"priceInRange":{"currency":"EUR","value":9.90}}],"#,
        r#""UnitPrice":[{"price":{"currency":"EUR","value":11.00},"quantity":{"uom":"C62","value":1.0}}],"#,
        r#""contractId":"10001","partNumber":"A2135","productId":"2135"}],"#,
        r#""resourceId":"http:\/\/shop.test\/wcs\/resources\/store\/10101\/price?profile=range&currency=EUR","#,
        r#""resourceName":"price"}"#,
    );
    assert_eq!((answer.status, answer.text.as_str()), (200, expected));
    assert_eq!(answer.header("Content-Type"), "application/json");
    let post = shop.send(&Call::post(
        PRICE,
        r#"{"query":{"name":"byPartNumber","products":[{"partNumber":"VIS M6,30/ÄÖ"}]}}"#,
    ));
    assert!(post.text.contains(r#""partNumber":"VIS M6,30\/ÄÖ""#), "{}", post.text);
}

#[test]
fn xml_to_the_byte() {
    let shop = Shop::open();
    let answer = shop.send(&Call::post(&format!("{PRICE}?responseFormat=xml&a=1"), QUERY));
    let expected = concat!(
        r#"<?xml version="1.0" encoding="UTF-8" ?><root><EntitledPrice>"#,
        "<UnitPrice><price><currency>USD</currency><value>12.00</value></price>",
        "<quantity><uom>C62</uom><value>1.0</value></quantity></UnitPrice>",
        "<contractId>10001</contractId><partNumber>A2135</partNumber><productId>2135</productId>",
        "</EntitledPrice>",
        "<resourceId>http://shop.test/wcs/resources/store/10101/price?responseFormat=xml&amp;a=1</resourceId>",
        "<resourceName>price</resourceName></root>",
    );
    assert_eq!((answer.status, answer.text.as_str()), (200, expected));
    assert_eq!(answer.header("Content-Type"), "application/xml");
    let nothing = QUERY.replace("2135", "9003");
    let answer = shop.send(
        &Call::post(&format!("{PRICE}?profile=range"), &nothing)
            .header("Accept", "application/xml"),
    );
    assert!(answer.text.contains("<root><EntitledPrice><contractId>"), "{}", answer.text);
    let unknown = QUERY.replace("2135", "1");
    let answer = shop.send(&Call::post(PRICE, &unknown).header("Accept", "application/xml"));
    assert!(answer.text.contains("<root><resourceId>"), "{}", answer.text);
}

#[test]
fn the_format_is_named_or_accepted() {
    let shop = Shop::open();
    for (parameter, accept, expected) in [
        ("", "", "application/json"),
        ("", "*/*", "application/json"),
        ("", "text/html,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("", "text/html", "application/json"),
        ("", "text/xml", "application/json"),
        ("", "application/xml;q=0", "application/json"),
        ("", "application/json;q=0.5, application/xml", "application/xml"),
        ("", "APPLICATION/XML", "application/xml"),
        ("responseFormat=", "application/xml", "application/xml"),
        ("responseFormat=json", "application/xml", "application/json"),
        (
            "responseFormat=&responseFormat=xml&responseFormat=json",
            "application/json",
            "application/xml",
        ),
    ] {
        let call = Call::post(&format!("{PRICE}?{parameter}"), QUERY).header("Accept", accept);
        assert_eq!(shop.send(&call).header("Content-Type"), expected, "{parameter} {accept}");
    }
    // It does not depend on how the request was written.
    let xml = "<r><query><name>byProductID</name><products><productId>1</productId></products></query></r>";
    assert_eq!(shop.send(&post_xml(PRICE, xml)).header("Content-Type"), "application/json");
}

#[test]
fn the_url_of_the_request_as_it_was_sent() {
    let shop = Shop::open();
    for target in [
        "/wcs/resources/store/10101/price",
        "/wcs/resources/store/10101/price/",
        "/wcs/resources/store/10101/price?",
        "/wcs/resources/store/1010%31/price/?a=%2f+b&&c",
    ] {
        let answer = shop.send(&Call::post(target, QUERY));
        assert_eq!(answer.json()["resourceId"], format!("http://shop.test{target}"));
        let answer = shop.send(&Call::post(target, QUERY).tls().header("Host", "a.test:8443"));
        assert_eq!(answer.json()["resourceId"], format!("https://a.test:8443{target}"));
    }
    let answer = shop.send(&Call::post(PRICE, QUERY).without("Host"));
    assert_eq!(answer.json()["resourceId"], format!("http://localhost{PRICE}"));
}

#[test]
fn ranges_of_a_contract_at_a_date() {
    let shop = Shop::open();
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"2135","currencies":["USD","EUR"],
        "contractIds":["43221","10001"],"dates":["2016-02-01","2017-02-01"]}]}}"#;
    let answer = shop.send(&Call::post(&format!("{PRICE}?profile=range"), query).token(ACME));
    let default = [
        "1.0-9.0 C62 12.00 USD",
        "10.0-99.0 C62 10.80 USD",
        "100.0-… C62 9.60 USD",
        "1.0-9.0 C62 11.00 EUR",
        "10.0-… C62 9.90 EUR",
    ];
    let own = ["1.0-9.0 C62 11.40 USD", "10.0-99.0 C62 10.00 USD", "100.0-… C62 8.75 USD"];
    let expected: Vec<&str> = own.into_iter().chain(default).chain(default).collect();
    assert_eq!(answer.ranges(), expected);
    // Ranges are there even if the asked quantity has no price, in the base unit.
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"4135"}]}}"#;
    let answer = shop.send(&Call::post(&format!("{PRICE}?profile=range"), query));
    assert_eq!(answer.prices(), ["10001 A4135 4135: "]);
    assert_eq!(answer.ranges(), ["0.5-99.999 MTR 3.50 USD", "100.0-… MTR 3.10 USD"]);
}

#[test]
fn products_of_other_suppliers_do_not_exist() {
    let shop = Shop::open();
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"10001"},{"productId":"2135"}]}}"#;
    let answer = shop.send(&Call::post(PRICE, query));
    assert_eq!(answer.prices(), ["10001 A2135 2135: 12.00 USD/1.0 C62"]);
    let answer = shop.send(&Call::post("/wcs/resources/store/10201/price", query));
    assert_eq!(answer.prices(), ["20001 11.04.5680 10001: 8.80 EUR/1.0 C62"]);
}

#[test]
fn decimals_of_the_store_and_tiers_from_zero_on() {
    let shop = Shop::open();
    let tier = |minimum, amount| price("9003", "USD", minimum, (amount, 1));
    let rows = vec![tier("0", "2.5"), tier("1.5", "2.4"), tier("10", "2"), decimals("USD", 4)];
    shop.put("wcs-mini", rows);
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"9003","quantities":[{"quantity":0.000001},{"quantity":10}]},{"productId":"9002"}]}}"#;
    let answer = shop.send(&Call::post(&format!("{PRICE}?profile=range"), query));
    let expected = [
        "10001 NOPRICE-1 9003: 2.5000 USD/0.000001 C62, 2.0000 USD/10.0 C62",
        "10001 VIS M6,30/ÄÖ 9002: 0.0450 USD/1.0 C62",
    ];
    assert_eq!(answer.prices(), expected);
    // The smallest step is 1: the first range begins there, and none ends before it begins.
    let expected = [
        "1.0-1.0 C62 2.5000 USD",
        "1.5-9.0 C62 2.4000 USD",
        "10.0-… C62 2.0000 USD",
        "1.0-… C62 0.0450 USD",
    ];
    assert_eq!(answer.ranges(), expected);
}

/// Neither the decimals of ISO 4217 nor those of the row alone say how a price is rounded.
#[test]
fn prices_are_rounded_to_the_decimals_of_the_store() {
    let shop = Shop::open();
    let conversion = |uom: &str, factor: &str| {
        Record::Conversion(Conversion {
            sku: "9003".parse().expect("a code"),
            uom: uom.parse().expect("a unit"),
            factor: factor.parse().expect("a factor"),
        })
    };
    shop.put(
        "wcs-mini",
        vec![
            price("9003", "EUR", "0", ("12.5", 1)),
            price("9003", "USD", "0", ("60", 0)),
            conversion("KGM", "1.00015"),
            conversion("GRM", "0.0333"),
            decimals("EUR", 4),
            decimals("USD", 0),
        ],
    );
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"9003","currencies":["EUR","USD"],
        "quantities":[{"quantity":1},{"quantity":1,"uom":"KGM"},{"quantity":1000,"uom":"GRM"}]}]}}"#;
    let expected = "10001 NOPRICE-1 9003: 12.5000 EUR/1.0 C62, 12.5019 EUR/1.0 KGM, \
        0.416250 EUR/1000.0 GRM, 60 USD/1.0 C62, 60 USD/1.0 KGM, 2.00 USD/1000.0 GRM";
    assert_eq!(shop.send(&Call::post(PRICE, query)).prices(), [expected]);
}

/// A price of list 10001 with its decimals.
fn price(sku: &str, currency: &str, minimum: &str, (amount, decimals): (&str, u8)) -> Record {
    Record::Price(PriceEntry {
        list: "10001".parse().expect("a code"),
        sku: sku.parse().expect("a code"),
        shape: Shape {
            unit: PriceUnit::Base,
            currency: currency.parse().expect("a currency"),
            minimum: minimum.parse().expect("a quantity"),
            validity: Validity::ALWAYS,
            kind: EntryKind::Regular,
            term: None,
            decimals,
        },
        amount: Some(amount.parse().expect("an amount")),
        changed_at: NOW.parse().expect("an instant"),
    })
}

fn decimals(currency: &str, decimals: u8) -> Record {
    Record::StoreCurrency(StoreCurrency {
        store: "10101".parse().expect("a code"),
        currency: currency.parse().expect("a currency"),
        decimals,
    })
}
