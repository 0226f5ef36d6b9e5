use super::*;
use crate::scene::Call;

fn check(call: &Call, name: &str, expected: Option<&str>) {
    let mut parameters = Parameters::read(call.request()).expect("readable");
    let found = parameters.take(name).map(|value| value.to_string());
    assert_eq!(found.as_deref(), expected, "{name}");
}

fn refused(call: &Call) -> Failure {
    Parameters::read(call.request()).expect_err("not readable")
}

#[test]
fn the_first_source_that_has_the_name_wins() {
    let call = Call::new("POST", "/pricings?name=query&pricing_id=1")
        .header("name", "header")
        .header("pricing-id", "2")
        .header("customer_number", "3");
    check(&call, "name", Some("\"query\""));
    check(&call, "customer_number", Some("\"3\""));
    let call = call.json(r#"{"name":"json","other":1}"#);
    check(&call, "name", Some("\"json\""));
    check(&call, "pricing_id", Some("\"1\""));
    for nothing in ["null", "\"\"", "\"  \"", "[]"] {
        let call =
            Call::new("POST", "/pricings?name=query").json(&format!("{{\"name\":{nothing}}}"));
        check(&call, "name", None);
    }
    let call = Call::new("POST", "/pricings?name=query").form("name=&x=1");
    check(&call, "name", None);
    let call = Call::new("POST", "/pricings?name=").header("name", "header");
    check(&call, "name", None);
}

#[test]
fn names_are_compared_exactly_but_in_headers() {
    let call = Call::new("GET", "/items?Item_Name=a&item-name=b").json(r#"{"ITEM_NAME":"c"}"#);
    check(&call, "item_name", None);
    for header in ["item_name", "item-name", "Item-Name", "ITEM_NAME"] {
        let call = Call::new("GET", "/items").header(header, "x");
        check(&call, "item_name", Some("\"x\""));
    }
    let call = Call::new("GET", "/items").header("itemname", "x");
    check(&call, "item_name", None);
}

#[test]
fn header_values_are_percent_decoded_utf_8() {
    let cases: [(&[u8], &str); 6] = [
        (b"%D7%90", "\"\u{5d0}\""),
        (b"\xD7\x90", "\"\u{5d0}\""),
        (b"a+b", "\"a+b\""),
        (b"100%", "\"100%\""),
        (b"%zz%4", "\"%zz%4\""),
        (b"\xE4%FF", "\"\u{FFFD}\u{FFFD}\""),
    ];
    for (value, expected) in cases {
        let call = Call::new("POST", "/pricings").header("name", value);
        check(&call, "name", Some(expected));
    }
    let call = Call::new("POST", "/pricings")
        .header("name", "%20")
        .header("name", "b")
        .header("name", "c");
    check(&call, "name", Some("\"b\""));
}

#[test]
fn items_and_date_are_never_read_from_headers() {
    let call = Call::new("GET", "/documents").header("date", "2016-01-27").header("items", "0101");
    check(&call, "date", None);
    check(&call, "items", None);
    let call = Call::new("GET", "/documents?date=2016-01-27&items[]=1");
    check(&call, "date", Some("\"2016-01-27\""));
    check(&call, "items", Some("[\"1\"]"));
}

#[test]
fn the_first_character_tells_a_body() {
    for body in ["", " ", "\r\n\t ", "\u{feff}", "{}", " \n{} ", "\u{feff}{\"a\":1}"] {
        let call = Call::new("POST", "/pricings").body(body);
        assert!(Parameters::read(call.request()).is_ok(), "{body:?}");
    }
    let call = Call::new("POST", "/pricings")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(" {\"name\":\"json\"}");
    check(&call, "name", Some("\"json\""));
    let call = Call::new("POST", "/pricings")
        .header("content-type", "Application/X-WWW-Form-URLencoded; charset=utf-8")
        .body("name=a%2B+b&name=c");
    check(&call, "name", Some("\"a+ b\""));
    for body in [
        "name=x",
        "5",
        "\"x\"",
        "null",
        "[{\"name\":\"x\"}]",
        "{\"a\":1,}",
        "{'a':1}",
        "{} x",
        "{\"a\":NaN}",
    ] {
        let call = Call::new("POST", "/pricings").body(body);
        assert!(matches!(refused(&call), Failure::Malformed), "{body}");
    }
    let call = Call::new("POST", "/pricings").form("{\"name\":");
    assert!(matches!(refused(&call), Failure::Malformed));
    let call = Call::new("POST", "/pricings").body(b"{\"name\":\"\xFF\"}");
    assert!(matches!(refused(&call), Failure::Malformed));
    let call = Call::new("POST", "/pricings").too_large();
    assert!(matches!(refused(&call), Failure::TooLarge));
}

#[test]
fn of_repeated_members_the_last_counts_and_of_repeated_pairs_the_first() {
    let call = Call::new("POST", "/pricings").json(r#"{"name":"a","name":"b"}"#);
    check(&call, "name", Some("\"b\""));
    let call = Call::new("POST", "/pricings?name=&name=a&name=b");
    check(&call, "name", Some("\"a\""));
}

#[test]
fn texts_are_trimmed() {
    let call = Call::new("POST", "/pricings").json("{\"name\":\" \\t a b \u{a0}\"}");
    check(&call, "name", Some("\"a b\""));
    let call = Call::new("POST", "/pricings?name=+a+");
    check(&call, "name", Some("\"a\""));
}
