use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::decimal::{DecimalError, write_scaled};
use crate::seeded;

fn number(text: &str) -> serde_json::Number {
    match parse(text.as_bytes()) {
        Ok(Value::Number(number)) => number,
        other => panic!("{text} was read as {other:?}"),
    }
}

#[test]
fn reads_values_and_skips_the_byte_order_mark() {
    let expected = json!({"a": [true, false, null, "x"], "b": {"c": "é/\n"}});
    let text = r#"{"a":[true,false,null,"x"],"b":{"c":"\u00e9\/\n"}}"#;
    assert_eq!(parse(text.as_bytes()), Ok(expected.clone()));
    assert_eq!(parse(format!(" \u{FEFF}{text}").trim_start().as_bytes()), Ok(expected));
}

#[test]
fn refuses_what_is_not_json() {
    for text in [
        "",
        " ",
        "{",
        "[1,]",
        r#"{"a":1,}"#,
        "// x\n1",
        "/* */1",
        "NaN",
        "Infinity",
        "'a'",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "{a:1}",
        "[1] 2",
        "\"\n\"",
        "\u{FEFF}\u{FEFF}1",
        r#""\ud800""#,
        r#""\x""#,
        "nul",
    ] {
        assert!(matches!(parse(text.as_bytes()), Err(JsonError::Malformed { .. })), "{text:?}");
    }
}

#[test]
fn says_where_it_is_malformed() {
    assert_eq!(parse(b"{\n \"a\": x}"), Err(JsonError::Malformed { line: 2, column: 7 }));
    assert_eq!(parse(b"\"a\xFF\""), Err(JsonError::NotUtf8 { offset: 2 }));
    let utf16: Vec<u8> = "\u{FEFF}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(parse(&utf16), Err(JsonError::NotUtf8 { offset: 0 }));
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let objects = |depth: usize| r#"{"a":"#.repeat(depth) + "1" + &"}".repeat(depth);
    for text in [nested(64), objects(64), nested(127), objects(127)] {
        assert!(parse(text.as_bytes()).is_ok(), "{} bytes", text.len());
    }
    for text in [nested(129), objects(129), "[".repeat(1 << 20)] {
        assert!(parse(text.as_bytes()).is_err(), "{} bytes", text.len());
    }
}

#[test]
fn the_last_of_repeated_members_counts() {
    let body = br#"{"a":1,"b":2,"a":3}"#;
    assert_eq!(parse(body).expect("readable")["a"], json!(3));
    assert!(parse_unique(body).is_err());
    assert!(parse_unique(br#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#).is_ok());
    assert!(parse_unique(br#"[{"b":{"a":1,"a":1}}]"#).is_err());
}

#[test]
fn numbers_keep_their_digits() {
    for literal in ["60.00", "0.1", "-0", "123456789012345678901234567890.5", "1463.0"] {
        assert_eq!(number(literal).as_str(), literal);
    }
    assert_eq!(decimal(&number("1E2")), Ok(100_000_000));
    assert_eq!(decimal(&number("0.1000000")), Ok(100_000));
    assert_eq!(decimal(&number("1e-7")), Err(DecimalError::TooManyDecimals));
    assert_eq!(decimal(&number("1e400")), Err(DecimalError::TooLarge));
}

#[test]
fn an_integer_has_neither_fraction_nor_exponent() {
    for literal in ["1463", "-1", "0", "-0", "99999999999999999999999999"] {
        assert_eq!(integer_literal(&number(literal)), Some(literal));
    }
    for literal in ["1463.0", "1e3", "1E0", "-1.5"] {
        assert_eq!(integer_literal(&number(literal)), None, "{literal}");
    }
}

#[test]
fn an_object_is_never_taken_for_a_number() {
    for text in [
        r#"{"$serde_json::private::Number":"1"}"#,
        r#"{"\u0024serde_json::private::Number":"\u0031"}"#,
        r#"{"$serde_json::private::Number":"x","a":1}"#,
        r#"{"$serde_json::private::Number":1}"#,
        r#"[{"$serde_json::private::Number":[1]}]"#,
    ] {
        let value = parse(text.as_bytes()).expect(text);
        let object = value.get(0).unwrap_or(&value);
        assert!(object.is_object(), "{text} was read as {value}");
    }
}

#[test]
fn writes_texts() {
    let check = |text: &str, expected: &str, with_slashes: &str| {
        let mut out = Vec::new();
        write_string(&mut out, text);
        assert_eq!(String::from_utf8_lossy(&out), expected);
        out.clear();
        write_string_escaping_slashes(&mut out, text);
        assert_eq!(String::from_utf8_lossy(&out), with_slashes);
    };
    check("", r#""""#, r#""""#);
    check("כבל 2\u{7f}\u{2028}", "\"כבל 2\u{7f}\u{2028}\"", "\"כבל 2\u{7f}\u{2028}\"");
    check("a/\"\\", r#""a/\"\\""#, r#""a\/\"\\""#);
    check(
        "\u{0}\u{1f}\n\r\t\u{8}\u{c}",
        r#""\u0000\u001f\n\r\t\b\f""#,
        r#""\u0000\u001f\n\r\t\b\f""#,
    );
}

#[test]
fn writes_values_with_commas_where_they_belong() {
    let mut out = Vec::new();
    JsonWriter::new(&mut out).object(|answer| {
        answer.key("a/b").array(|list| {
            list.object(|_| {});
            list.array(|_| {});
            list.integer(-5);
            list.raw(|out| write_scaled(out, 60_000_000, 2));
            list.optional_string(None);
            list.optional_string(Some("x/y"));
        });
        answer.key("t").boolean(true);
        answer.key("f").boolean(false);
        answer.key("o").object(|inner| inner.key("s").string(""));
        answer.key("e").array(|_| {});
    });
    let expected = r#"{"a/b":[{},[],-5,60.00,null,"x/y"],"t":true,"f":false,"o":{"s":""},"e":[]}"#;
    assert_eq!(String::from_utf8_lossy(&out), expected);

    out.clear();
    JsonWriter::escaping_slashes(&mut out).array(|list| list.string("http://x"));
    assert_eq!(String::from_utf8_lossy(&out), r#"["http:\/\/x"]"#);
}

proptest! {
    #![proptest_config(seeded::config())]

    #[test]
    fn every_body_is_answered(bytes: Vec<u8>, jsonlike in "[\\[\\]{}:,\"0-9.eE+\\\\u-]{0,60}") {
        let _ = (parse(&bytes), parse(jsonlike.as_bytes()), parse_unique(jsonlike.as_bytes()));
    }

    #[test]
    fn every_text_survives_a_round_trip(text: String) {
        let mut out = Vec::new();
        write_string(&mut out, &text);
        prop_assert_eq!(parse(&out), Ok(Value::String(text.clone())));
        out.clear();
        write_string_escaping_slashes(&mut out, &text);
        prop_assert_eq!(parse(&out), Ok(Value::String(text)));
    }
}
