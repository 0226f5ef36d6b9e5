//! The bytes of answers.

use crate::support::{ACME, Call, PRICE, Shop};

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
    assert_eq!(answer.content_type(), "application/json");
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
    assert_eq!(answer.content_type(), "application/xml");
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
        assert_eq!(shop.send(&call).content_type(), expected, "{parameter} {accept}");
    }
    // It does not depend on how the request was written.
    let xml = "<r><query><name>byProductID</name><products><productId>1</productId></products></query></r>";
    assert_eq!(shop.send(&Call::xml(PRICE, xml)).content_type(), "application/json");
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
