//! The table of errors and the order of the checks.

use http::Method;
use kontor_wire::http::Refusal;
use std::time::Duration;

use crate::support::{ACME, Call, PRICE, Results, Shop, Token, post_xml};

fn check(shop: &Shop, body: &str, expected: &str) {
    let answer = shop.send(&Call::post(PRICE, body).token(ACME));
    assert_eq!(answer.error(), expected, "{body}");
    assert_eq!(answer.header("Content-Type"), "application/json");
}

const UNREADABLE: &str = "400 _ERR_INVALID_INPUT = ";

#[test]
fn unreadable_bodies() {
    let shop = Shop::open();
    let deep = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(
            r#"{{"query":{{"name":"byProductID","x":{open}{close},"products":[{{"productId":"1"}}]}}}}"#
        )
    };
    for body in [
        "",
        " \n",
        "null",
        "7",
        "\"x\"",
        "[]",
        "{",
        "{\"query\":",
        "{}x",
        "{} {}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{'a':1}",
        "{/**/}",
        "{\"a\":+1}",
        "{\"query\":{\"name\":\"a\tb\"}}",
        &deep(130),
        &deep(100_000),
    ] {
        check(&shop, body, UNREADABLE);
    }
    let answer = shop.send(&Call::post(PRICE, &deep(60)).token(ACME));
    assert_eq!(answer.prices(), [""; 0]);
    let undecodable = shop.send(&Call::post(PRICE, "").undecodable());
    assert_eq!(undecodable.error(), UNREADABLE);
    assert!(undecodable.text.contains("gzip"), "{}", undecodable.text);
    let guest = Call::post("/wcs/resources/store/10101/guestidentity", "").undecodable();
    assert_eq!(shop.send(&guest).status, 201, "its body is ignored");
    let latin = Call::new(Method::POST, PRICE, b"{\"query\":\"\xE4\"}");
    assert_eq!(shop.send(&latin).error(), UNREADABLE);
    let marked =
        "\u{FEFF}{\"query\":{\"name\":\"byProductID\",\"products\":[{\"productId\":\"1\"}]}}";
    assert_eq!(shop.send(&Call::post(PRICE, marked)).prices(), [""; 0]);
}

#[test]
fn unreadable_xml() {
    let shop = Shop::open();
    let query =
        "<query><name>byProductID</name><products><productId>1</productId></products></query>";
    for body in [
        String::new(),
        "<root/>".to_owned(),
        "<root>text</root>".to_owned(),
        format!("<root>{query}"),
        format!("<root>{query}</root><root/>"),
        format!("<!DOCTYPE root><root>{query}</root>"),
        format!(
            "<!DOCTYPE root [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><root>&e;{query}</root>"
        ),
        format!("<root>&nbsp;{query}</root>"),
        format!("<root>{}{query}{}</root>", "<a>".repeat(200), "</a>".repeat(200)),
        "{}".to_owned(),
    ] {
        let answer = shop.send(&post_xml(PRICE, &body));
        assert_eq!(answer.error(), UNREADABLE, "{body}");
    }
    let fine = format!("<root>{query}</root>");
    assert_eq!(shop.send(&post_xml(PRICE, &fine)).prices(), [""; 0]);
}

#[test]
fn missing_and_wrong_members() {
    let shop = Shop::open();
    let missing = |path: &str| format!("400 _ERR_CMD_MISSING_PARAM CMN0206E {path}");
    let invalid = |path: &str| format!("400 _ERR_CMD_INVALID_PARAM CMN0207E {path}");
    for (body, expected) in [
        ("{}", missing("query")),
        (r#"{"query":null}"#, missing("query")),
        (r#"{"query":""}"#, missing("query")),
        (r#"{"query":[]}"#, invalid("query")),
        (r#"{"query":7}"#, invalid("query")),
        (r#"{"query":{}}"#, missing("query.name")),
        (r#"{"query":{"name":"","products":7}}"#, missing("query.name")),
        (r#"{"query":{"name":null}}"#, missing("query.name")),
        (r#"{"query":{"name":"byproductid"}}"#, invalid("query.name")),
        (r#"{"query":{"name":["byProductID"]}}"#, invalid("query.name")),
        (r#"{"query":{"name":"byProductID"}}"#, missing("query.products")),
        (r#"{"query":{"name":"byProductID","products":null}}"#, missing("query.products")),
        (r#"{"query":{"name":"byProductID","products":[]}}"#, missing("query.products")),
        (r#"{"query":{"name":"byProductID","products":true}}"#, invalid("query.products")),
        (r#"{"query":{"name":"byProductID","products":[null]}}"#, invalid("query.products[0]")),
        (r#"{"query":{"name":"byProductID","products":[[]]}}"#, invalid("query.products[0]")),
        (
            r#"{"query":{"name":"byProductID","products":{}}}"#,
            missing("query.products[0].productId"),
        ),
        (
            r#"{"query":{"name":"byProductID","products":[{"productId":""}]}}"#,
            missing("query.products[0].productId"),
        ),
        (
            r#"{"query":{"name":"byPartNumber","products":[{"partNumber":null,"productId":"1"}]}}"#,
            missing("query.products[0].partNumber"),
        ),
        (
            r#"{"query":{"name":"byProductID","products":[{"productId":1.0}]}}"#,
            invalid("query.products[0].productId"),
        ),
        (
            r#"{"query":{"name":"byProductID","products":[{"productId":1e3}]}}"#,
            invalid("query.products[0].productId"),
        ),
        (
            r#"{"query":{"name":"byProductID","products":[{"productId":["1"]}]}}"#,
            invalid("query.products[0].productId"),
        ),
    ] {
        check(&shop, body, &expected);
    }
}

#[test]
fn wrong_elements_of_lists() {
    let shop = Shop::open();
    let invalid = |path: &str| format!("400 _ERR_CMD_INVALID_PARAM CMN0207E {path}");
    for (member, expected) in [
        (r#""contractIds":[true]"#, invalid("contractIds[0]")),
        (r#""contractIds":["10001",null]"#, invalid("contractIds[1]")),
        (r#""contractIds":{"id":"10001"}"#, invalid("contractIds[0]")),
        (r#""contractIds":[1.5]"#, invalid("contractIds[0]")),
        (r#""dates":[20160101]"#, invalid("dates[0]")),
        (r#""dates":["2016-01-01",""]"#, invalid("dates[1]")),
        (r#""dates":"x""#, invalid("dates[0]")),
        (r#""currencies":["USD","usd"]"#, invalid("currencies[1]")),
        (r#""currencies":["US"]"#, invalid("currencies[0]")),
        (r#""currencies":[" USD"]"#, invalid("currencies[0]")),
        (r#""currencies":[""]"#, invalid("currencies[0]")),
        (r#""currencies":[840]"#, invalid("currencies[0]")),
        (r#""quantities":7"#, invalid("quantities[0]")),
        (r#""quantities":[[{}]]"#, invalid("quantities[0]")),
    ] {
        let at = expected.find(' ').map(|_| expected.rsplit_once(' ').expect("a path"));
        let (before, path) = at.expect("a path");
        let query = format!(
            r#"{{"query":{{"name":"byProductID",{member},"products":[{{"productId":"1"}}]}}}}"#
        );
        check(&shop, &query, &format!("{before} query.{path}"));
        let product = format!(
            r#"{{"query":{{"name":"byProductID","products":[{{"productId":"1"}},{{"productId":"1",{member}}}]}}}}"#
        );
        check(&shop, &product, &format!("{before} query.products[1].{path}"));
    }
    for code in ["CHF", "XXX", "QQQ", "BRL"] {
        let query = format!(
            r#"{{"query":{{"name":"byProductID","products":[{{"productId":"1","currencies":["EUR","{code}"]}}]}}}}"#
        );
        check(&shop, &query, &format!("400 _ERR_CURRENCY_NOT_SUPPORTED = {code},10101"));
    }
}

#[test]
fn too_many_prices_come_last() {
    let shop = Shop::open();
    let dates = |count: usize| vec![r#""2016-01-01""#; count].join(",");
    let query = |dates: &str, last: &str| {
        format!(
            r#"{{"query":{{"name":"byProductID","dates":[{dates}],
            "quantities":[{}],"products":[{{"productId":"x"}},{{"productId":"x"{last}}}]}}}}"#,
            vec!["{}"; 50].join(",")
        )
    };
    let answer = shop.send(&Call::post(PRICE, &query(&dates(100), "")));
    assert_eq!(answer.prices(), [""; 0]);
    check(&shop, &query(&dates(101), ""), "400 _ERR_INVALID_INPUT = query");
    let smaller = r#","quantities":[{}]"#;
    assert_eq!(shop.send(&Call::post(PRICE, &query(&dates(101), smaller))).status, 200);
    let wrong = r#","currencies":["x"]"#;
    let expected = "400 _ERR_CMD_INVALID_PARAM CMN0207E query.products[1].currencies[0]";
    check(&shop, &query(&dates(101), wrong), expected);
}

#[test]
fn bodies_at_and_above_the_limit() {
    let shop = Shop::open();
    let body = |length: usize| {
        let query = r#"{"query":{"name":"byProductID","products":[{"productId":"1"}]}}"#;
        format!("{query}{}", " ".repeat(length - query.len()))
    };
    assert_eq!(shop.send(&Call::post(PRICE, &body(1 << 20))).status, 200);
    let above = shop.send(&Call::post(PRICE, &body((1 << 20) + 1)));
    assert_eq!(above.error(), "413 _ERR_INVALID_INPUT = ");
    // Nobody needs the body of a `GET`, but it has a limit like every other.
    let url = format!("{PRICE}?q=byCatalogEntryIds&catalogEntryId=2135");
    let get = shop.send(&Call::new(Method::GET, &url, b"").too_large());
    assert_eq!(get.error(), "413 _ERR_INVALID_INPUT = ");
    assert_eq!(shop.dialect.max_body(), 1 << 20);
}

#[test]
fn types_of_bodies() {
    let shop = Shop::open();
    let body = r#"{"query":{"name":"byProductID","products":[{"productId":"1"}]}}"#;
    let json =
        |value: &str| shop.send(&Call::post(PRICE, body).header("Content-Type", value)).status;
    for fine in ["application/json", "text/json", "Application/JSON; charset=utf-8", ""] {
        assert_eq!(json(fine), 200, "{fine}");
    }
    assert_eq!(shop.send(&Call::post(PRICE, body).without("Content-Type")).status, 200);
    for wrong in
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "*/*", "json"]
    {
        assert_eq!(json(wrong), 415, "{wrong}");
    }
    let unreadable = Call::post(PRICE, body).header("Content-Type", b"application/json\xFF");
    assert_eq!(shop.send(&unreadable).status, 415);
}

#[test]
fn methods() {
    let shop = Shop::open();
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH, Method::TRACE] {
        let answer = shop.send(&Call::new(method, "/wcs/resources/store/99/price", b"x"));
        assert_eq!((answer.status, answer.text.as_str()), (405, ""));
        assert_eq!(answer.headers["Allow"], "GET, HEAD, POST");
    }
    for path in ["loginidentity", "guestidentity"] {
        for method in [Method::GET, Method::HEAD, Method::PUT] {
            let answer =
                shop.send(&Call::new(method, &format!("/wcs/resources/store/1/{path}"), b""));
            assert_eq!((answer.status, answer.text.as_str()), (405, ""));
            assert_eq!(answer.headers["Allow"], "POST");
        }
    }
    let head = Call::new(Method::HEAD, &format!("{PRICE}?q=byPartNumbers&partNumber=A2135"), b"");
    assert_eq!(shop.send(&head).prices(), ["10001 A2135 2135: 12.00 USD/1.0 C62"]);
}

#[test]
fn errors_in_xml() {
    let shop = Shop::open();
    let answer = shop.send(&Call::post(&format!("{PRICE}?responseFormat=xml"), "{}"));
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><root><errors>\
        <errorCode>CMN0206E</errorCode><errorKey>_ERR_CMD_MISSING_PARAM</errorKey>\
        <errorMessage>query is missing</errorMessage><errorParameters>query</errorParameters>\
        </errors></root>";
    assert_eq!((answer.status, answer.text.as_str()), (400, expected));
    assert_eq!(answer.header("Content-Type"), "application/xml");
    let answer = shop.send(&Call::post(PRICE, "x").header("Accept", "application/xml"));
    assert!(answer.text.contains("<errorParameters />"), "{}", answer.text);
    let unknown = format!("{PRICE}?responseFormat=XML");
    let answer = shop.send(&Call::post(&unknown, "x").header("Accept", "application/xml"));
    assert!(answer.text.contains("<errorParameters>responseFormat<"), "{}", answer.text);
}

#[test]
fn refusals_of_the_server_are_in_the_form_of_the_protocol() {
    let shop = Shop::open();
    let retry_after = Duration::from_secs(3);
    for (refusal, expected) in [
        (Refusal::TooMany { retry_after }, "429 _ERR_TOO_MANY_REQUESTS"),
        (Refusal::Overloaded { retry_after }, "503 _ERR_SERVICE_UNAVAILABLE"),
        (Refusal::Internal, "500 ERR_INTERNAL_SERVER_ERROR"),
    ] {
        let call =
            Call::get(&format!("{PRICE}?responseFormat=json")).header("Accept", "application/xml");
        let response = shop.dialect.refuse(refusal, &call.0);
        let text = String::from_utf8(response.body.to_vec()).expect("text");
        let (status, key) = expected.split_once(' ').expect("two words");
        assert_eq!(response.status.as_str(), status);
        assert!(text.starts_with('{') && text.contains(key), "{text}");
        let call =
            Call::get(&format!("{PRICE}?responseFormat=no")).header("Accept", "application/xml");
        let response = shop.dialect.refuse(refusal, &call.0);
        assert!(response.body.starts_with(b"<?xml"));
    }
}

#[test]
fn stores_that_do_not_exist() {
    let shop = Shop::open();
    for (store, told) in
        [("99", "99"), ("%2010101", " 10101"), ("a%2Fb", "a%2Fb"), ("1%C3%A4", "1ä")]
    {
        let answer = shop.send(&Call::get(&format!("/wcs/resources/store/{store}/price")));
        assert_eq!(answer.error(), format!("404 _ERR_STORE_NOT_FOUND = {told}"));
    }
    let encoded = "/wcs/%72esources/store/1010%31/pr%69ce/?q=byPartNumbers&partNumber=A2135";
    let answer = shop.send(&Call::get(encoded));
    assert_eq!(answer.prices(), ["10001 A2135 2135: 12.00 USD/1.0 C62"]);
    let stray = shop.send(&Call::get("/wcs/resources/store/10101/prices"));
    assert_eq!((stray.status, stray.text.as_str()), (404, "not found"));
    assert_eq!(stray.header("Content-Type"), "text/plain; charset=UTF-8");
}
