//! Lists: their numbers and names, and which there are.

use super::*;

#[test]
fn a_new_list_is_empty_and_gets_the_next_number() {
    let scene = Scene::new();
    let create =
        |name: &str| Call::new("POST", "/pricings").json(&format!("{{\"name\":\"{name}\"}}"));
    scene.check(
        &create(" a \\\"b\\\" \\\\ / \\n😀 "),
        201,
        "{\"pricing_id\":5545,\"pricing_name\":\"a \\\"b\\\" \\\\ / \\n😀\"}",
    );
    let taken = r#"{"message":"The name has already been taken.","errors":{"name":["The name has already been taken."]}}"#;
    scene.check(&create("a \\\"b\\\" \\\\ / \\n😀"), 422, taken);
    scene.check(&create("בתי קפה"), 422, taken);
    // Compared exactly; a refused call uses no number up.
    scene.check(
        &create("A \\\"b\\\" \\\\ / \\n😀"),
        201,
        "{\"pricing_id\":5546,\"pricing_name\":\"A \\\"b\\\" \\\\ / \\n😀\"}",
    );
    scene.check(
        &Call::new("GET", "/pricings?pricing_name=a+%22B"),
        200,
        "[{\"pricing_id\":5545,\"pricing_name\":\"a \\\"b\\\" \\\\ / \\n😀\",\"clients\":[],\"catalog_items\":[]},\
          {\"pricing_id\":5546,\"pricing_name\":\"A \\\"b\\\" \\\\ / \\n😀\",\"clients\":[],\"catalog_items\":[]}]",
    );
    // The other supplier has its own numbers and names.
    scene.check(
        &create("בתי קפה").token(MINI),
        201,
        "{\"pricing_id\":701,\"pricing_name\":\"בתי קפה\"}",
    );
}

#[test]
fn names_of_255_characters_pass_and_of_256_do_not() {
    let scene = Scene::new();
    let longest = "ש".repeat(255);
    let call = Call::new("POST", "/pricings").json(&format!("{{\"name\":\"  {longest}\"}}"));
    scene.check(&call, 201, &format!("{{\"pricing_id\":5545,\"pricing_name\":\"{longest}\"}}"));
    let call = Call::new("POST", "/pricings").json(&format!("{{\"name\":\"{longest}!\"}}"));
    let text = "The name field must not be greater than 255 characters.";
    let body = format!("{{\"message\":\"{text}\",\"errors\":{{\"name\":[\"{text}\"]}}}}");
    scene.check(&call, 422, &body);
}

#[test]
fn lists_without_a_number_are_not_theirs() {
    let scene = Scene::new();
    // Two lists of segments are called so; the catalogue lets names of lists repeat.
    scene.check(
        &Call::new("POST", "/pricings").json(r#"{"name":"ATACADO"}"#),
        201,
        r#"{"pricing_id":5545,"pricing_name":"ATACADO"}"#,
    );
    let response = scene.answer(&Call::new("POST", "/pricings").json(r#"{"name":"ATACADO"}"#));
    assert_eq!(response.status, 422);
    scene.check(
        &Call::new("GET", "/pricings?pricing_name=ATACADO"),
        200,
        r#"[{"pricing_id":5545,"pricing_name":"ATACADO","clients":[],"catalog_items":[]}]"#,
    );
}

#[test]
fn imported_numbers_and_codes_are_not_given_out_again() {
    let scene = Scene::new();
    let list = |code: &str, number: Option<i64>| {
        Record::PriceList(PriceList {
            code: code.parse().expect("a code"),
            number,
            name: None,
            currency: None,
            time_zone: None,
        })
    };
    scene.put("demo42", vec![list("X", Some(5545)), list("R-5546", None), list("R-5546-2", None)]);
    scene.check(
        &Call::new("POST", "/pricings").json(r#"{"name":"n"}"#),
        201,
        r#"{"pricing_id":5546,"pricing_name":"n"}"#,
    );
    let answer = scene.answer(&Call::new("GET", "/pricings"));
    let text = answer.text;
    assert!(text.contains(r#"{"pricing_id":5545,"pricing_name":null,"clients":[]"#), "{text}");
}

#[test]
fn filters_and_null_names() {
    let scene = Scene::new();
    scene.check(&Call::new("GET", "/items?item_name=nothing"), 200, "[]");
    scene.check(&Call::new("GET", "/pricings?pricing_name=nothing"), 200, "[]");
    scene.check(
        &Call::new("GET", "/items?item_name=hdmi+5"),
        200,
        "[{\"item_id\":436,\"item_name\":\"כבל HDMI 5 מ'\"}]",
    );
    let all = scene.answer(&Call::new("GET", "/items"));
    let blank = scene.answer(&Call::new("GET", "/items?item_name=%20"));
    assert_eq!(all.text, blank.text);
    let head = scene.answer(&Call::new("HEAD", "/items"));
    assert_eq!((head.status, head.text), (all.status, all.text), "the server drops the body");
}
