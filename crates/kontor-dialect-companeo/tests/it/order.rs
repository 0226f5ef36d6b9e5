//! The order of the checks (companeo.md 1), and the form of what they say.

use http::Method;
use serde_json::json;

use crate::support::{Brief, CREATE, Call, Key, Office, call_of, lead, token};

const MALFORMED: &str = r#"{"success":false,"data":[],"message":"partner_error_detected","errors":[{"code":18,"data":[],"message":"partner_error_malformed_request"}]}"#;
const NOT_FOUND: &str = r#"{"success":false,"data":[],"message":"not_found","errors":[]}"#;
const UNKNOWN: &str = r#"{"success":false,"data":[],"message":"partner_error_authenticate","errors":[{"code":1,"data":[],"message":"partner_error_authenticate"}]}"#;

#[test]
fn paths_are_compared_exactly() {
    let office = Office::open();
    for path in ["/api/v1/partners/", "/api/v1/partners/x", "/api/v1/partners/create_rfq/x"] {
        assert!(office.dialect.owns(path), "{path}");
    }
    for path in
        ["/", "/api/v1/partners", "/api/v1/partner/create_rfq", "/API/v1/partners/create_rfq"]
    {
        assert!(!office.dialect.owns(path), "{path}");
    }
    for path in
        ["/api/v1/partners/create", "/api/v1/partners/Create_rfq", "/api/v1/partners/create_rfq/x"]
    {
        for method in [Method::POST, Method::GET, Method::HEAD] {
            let answer = office.send(&Call::new(method, path, b"[]").too_large());
            assert_eq!((answer.status, &*answer.text), (404, NOT_FOUND), "{path}");
            assert_eq!(answer.headers["content-type"], "application/json");
        }
    }
    let encoded = Call::post("/api/v1/partners/create%5Frfq", "[]").bearer(&token(22));
    assert_eq!(office.send(&encoded).text, MALFORMED);
}

#[test]
fn one_check_after_the_other() {
    let office = Office::open();
    let post = |body: &str| Call::post(CREATE, body);
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = office.send(&Call::new(method, CREATE, b"[").too_large());
        assert_eq!((answer.status, &*answer.text), (405, MALFORMED));
        assert_eq!(answer.headers["allow"], "POST");
        assert!(!answer.headers.contains_key("www-authenticate"));
    }
    let answer = office.send(&post("[").key("a b").too_large());
    assert_eq!((answer.status, &*answer.text), (401, UNKNOWN));
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    let answer = office.send(&post("[").bearer(&token(22)).key("a b").too_large());
    assert_eq!((answer.status, &*answer.text), (413, MALFORMED));
    let answer = office.send(&post("[]").bearer(&token(22)).undecodable());
    assert_eq!((answer.status, &*answer.text), (400, MALFORMED));
    let answer = office.send(&post("[").bearer(&token(22)).key("a b"));
    assert_eq!((answer.status, &*answer.text), (400, MALFORMED));
    let answer = office.send(&post("[").bearer(&token(22)));
    assert_eq!((answer.status, &*answer.text), (400, MALFORMED));
    assert!(!answer.headers.contains_key("allow"));
}

#[test]
fn any_content_type_is_json() {
    let office = Office::open();
    for (place, kind) in
        ["text/plain", "application/x-www-form-urlencoded", "image/png"].iter().enumerate()
    {
        let call =
            call_of(&json!([lead(&format!("a{place}@test.fr"), &format!("013092678{place}"))]));
        assert_eq!(office.send(&call.header("content-type", kind)).brief(), "200");
    }
}

#[test]
fn a_bad_input_refuses_all() {
    let office = Office::open();
    let good = lead("a@test.fr", "0130926784");
    let mut bad = lead("b@test.fr", "0130926785");
    bad["data"]["segment"] = json!("9");
    for inputs in [
        json!([good, bad]),
        json!([bad, good]),
        json!([good, 7]),
        json!([good, lead("deja.vu@test.fr", "0130926786")]),
    ] {
        let answer = office.send(&call_of(&inputs));
        assert_eq!(answer.status, 400, "{inputs}");
        assert_eq!(answer.json()["data"], json!([]));
        assert_eq!(answer.json()["errors"].as_object().map(serde_json::Map::len), Some(1));
    }
    let answer = office.send(&call_of(&json!([good])));
    assert_eq!(answer.ids(0), ("17410391".to_owned(), 8_301_644));
}

#[test]
fn a_hundred_inputs_are_the_most() {
    let office = Office::open();
    let inputs = |count: usize| {
        let all = (0..count).map(|n| lead(&format!("a{n}@test.fr"), &format!("01309{n:05}")));
        call_of(&all.collect())
    };
    assert_eq!(office.send(&inputs(101)).brief(), "400 18");
    let answer = office.send(&inputs(100));
    assert_eq!(answer.brief(), "200");
    assert_eq!(answer.ids(99), ("17410490".to_owned(), 8_301_743));
}
