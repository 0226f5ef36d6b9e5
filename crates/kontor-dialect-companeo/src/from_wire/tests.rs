use http::HeaderValue;

use super::*;

fn read_key(values: &[&[u8]]) -> Result<Option<RepeatKey>, Malformed> {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(wire::KEY_HEADER, HeaderValue::from_bytes(value).expect("a header"));
    }
    key(&headers, b"body")
}

#[test]
fn keys_are_visible_ascii() {
    assert_eq!(read_key(&[]), Ok(None));
    for good in ["k", "k-0001", "!~\"\\", &"x".repeat(255)] {
        assert_eq!(read_key(&[good.as_bytes()]), Ok(Some(RepeatKey::new(good, b"body"))));
    }
    let too_long = "x".repeat(256);
    for bad in [&b""[..], b"a b", b"a\tb", "é".as_bytes(), b"\xFF", too_long.as_bytes()] {
        assert_eq!(read_key(&[bad]), Err(Malformed), "{bad:?}");
    }
    assert_eq!(read_key(&[b"k", b"k"]), Err(Malformed));
    assert_ne!(RepeatKey::new("k", b"a"), RepeatKey::new("k", b"b"));
}

#[test]
fn requests_that_cannot_be_read() {
    let too_deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let too_many = format!("[{}1]", "1,".repeat(100));
    for body in [
        "", " ", "{}", "[]", "null", "1", "\"x\"", "[1,]", "[1", "[NaN]", "[01]", "[1]//",
        "[1] [2]", "['x']", &too_deep, &too_many,
    ] {
        assert!(inputs(body.as_bytes()).is_err(), "{body}");
    }
    assert!(inputs(b"[\"\xFF\"]").is_err());
    assert!(inputs(&b"[1]"[..]).is_ok());
    assert!(inputs(b"\xEF\xBB\xBF[1]").is_ok());
    assert_eq!(
        inputs(format!("[{}1]", "1,".repeat(99)).as_bytes()).map(|i| i.leads.len()),
        Ok(100)
    );
}

#[test]
fn inputs_that_cannot_be_read() {
    for input in [
        "7",
        "null",
        "\"x\"",
        "[]",
        "{}",
        r#"{"categoryId":1463}"#,
        r#"{"data":{}}"#,
        r#"{"categoryId":1463,"data":null}"#,
        r#"{"categoryId":1463,"data":[]}"#,
        r#"{"categoryId":1463,"data":"x"}"#,
        r#"{"categoryId":null,"data":{}}"#,
        r#"{"categoryId":true,"data":{}}"#,
        r#"{"categoryId":[1463],"data":{}}"#,
        r#"{"categoryId":{"a":1},"data":{}}"#,
        r#"{"categoryId":1463.0,"data":{}}"#,
        r#"{"categoryId":1e3,"data":{}}"#,
        r#"{"CategoryId":1463,"data":{}}"#,
        r#"{"categoryId":1463,"data":{},"data":1}"#,
    ] {
        let read = inputs(format!("[{input}]").as_bytes()).expect(input);
        assert_eq!((read.leads, read.categories), (vec![None], vec![None]), "{input}");
    }
}

#[test]
fn categories_come_back_as_they_were_sent() {
    let long = "123456789012345678901234567890";
    for (sent, code, echo) in [
        ("1463", "1463", WireId::Number("1463".to_owned())),
        ("-1", "-1", WireId::Number("-1".to_owned())),
        ("-0", "-0", WireId::Number("-0".to_owned())),
        (long, long, WireId::Number(long.to_owned())),
        ("\"1463\"", "1463", WireId::Number("1463".to_owned())),
        ("\"01463\"", "01463", WireId::Text("01463".to_owned())),
        ("\"-1\"", "-1", WireId::Text("-1".to_owned())),
        ("\" 1463\"", " 1463", WireId::Text(" 1463".to_owned())),
        ("\"\"", "", WireId::Text(String::new())),
    ] {
        let body = format!(r#"[{{"data":{{}},"categoryId":{sent},"more":1}}]"#);
        let read = inputs(body.as_bytes()).expect(sent);
        assert_eq!(read.categories, [Some(echo)], "{sent}");
        assert_eq!(read.leads[0].as_ref().map(|lead| &*lead.category), Some(code), "{sent}");
    }
}

#[test]
fn answers() {
    let body = br#"[{"categoryId":1,"data":{"z":null,"a":"x","b":75001,"c":-0,"d":1.0,"e":1e3,"f":true,"g":{"x":1},"h":[1,"",[null]],"a":"y"}}]"#;
    let read = inputs(body).expect("inputs");
    let text = |text: &str| Given::Text(text.to_owned());
    let expected = [
        ("z", Given::Nothing),
        ("a", text("y")),
        ("b", text("75001")),
        ("c", text("-0")),
        ("d", Given::Other),
        ("e", Given::Other),
        ("f", Given::Other),
        ("g", Given::Other),
        ("h", Given::List(vec![text("1"), text(""), Given::List(vec![Given::Nothing])])),
    ];
    let expected = expected.map(|(id, given)| (id.to_owned(), given));
    assert_eq!(read.leads[0].as_ref().expect("a lead").answers, expected);
}
