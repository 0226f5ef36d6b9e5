use super::*;
use serde_json::json;

/// Options, a list of options, a pattern, and questions with and without names for their faults.
const QUESTIONS: &str = r#"[
    {"id": "one", "label": "One", "mandatory": true, "kind": "single", "options": [{"id": "1", "label": "a"}, {"id": "CREA", "label": "b"}]},
    {"id": "some", "label": "Some", "mandatory": false, "kind": "multiple", "options": [{"id": "901", "label": "a"}, {"id": "902", "label": "b"}]},
    {"id": "free", "label": "Free", "mandatory": true, "kind": "text", "pattern": "/^[a-z]+$/"},
    {"id": "25533", "label": "Zip", "mandatory": false, "kind": "text", "pattern": "/^[0-9]{5}$/", "reports_as": "zip_code"},
    {"id": "email", "label": "Mail", "mandatory": true, "kind": "text", "pattern": "/@/", "reports_as": "email"},
    {"id": "phone", "label": "Phone", "mandatory": false, "kind": "text", "reports_as": "phone"}
]"#;

fn given(value: &Value) -> Given {
    match value {
        Value::Null => Given::Nothing,
        Value::String(text) => Given::Text(text.clone()),
        Value::Number(number) => Given::Text(number.to_string()),
        Value::Array(list) => Given::List(list.iter().map(given).collect()),
        Value::Bool(_) | Value::Object(_) => Given::Other,
    }
}

fn check(data: &Value) -> Result<Answers, Findings> {
    let data = data.as_object().expect("an object");
    let data: Vec<_> = data.iter().map(|(id, value)| (id.clone(), given(value))).collect();
    Questionnaire::read(QUESTIONS).expect("a good questionnaire").check(&data)
}

/// Good answers with one replaced.
fn with(id: &str, answer: Value) -> Result<Answers, Findings> {
    let mut data = json!({"one": 1, "free": "abc", "email": "a@b"});
    data[id] = answer;
    check(&data)
}

#[test]
fn accepted_answers_come_in_the_order_of_the_questions() {
    let answers = check(&json!({
        "phone": " 01 ", "email": "\u{a0}a@b\u{3000}", "free": "\tabc\n", "some": [902, "901", null], "one": ["CREA", ""]
    }))
    .expect("good answers");
    assert_eq!(answers.email, "a@b");
    assert_eq!(answers.phone.as_deref(), Some("01"));
    assert_eq!(
        answers.to_json().to_string(),
        r#"{"one":"CREA","some":["902","901"],"free":"abc","email":"a@b","phone":"01"}"#
    );
}

#[test]
fn empty_answers_to_optional_questions_are_ignored() {
    for empty in [json!(null), json!(""), json!(" \u{2003}\t"), json!([]), json!([null, "", [" "]])]
    {
        for id in ["some", "25533", "phone"] {
            let answers = with(id, empty.clone()).expect("good answers");
            assert!(!answers.to_json().to_string().contains(id), "{id} {empty}");
        }
        let findings = with("one", empty.clone()).expect_err("an empty mandatory answer");
        assert_eq!(findings, Findings { empty: vec!["one".into()], ..Findings::default() });
        let findings = with("email", empty).expect_err("an empty mandatory answer");
        assert_eq!(findings.named, [(ReportsAs::Email, "email".into())]);
    }
}

#[test]
fn wrong_answers_to_options() {
    for wrong in [
        json!("2"),
        json!("01"),
        json!("crea"),
        json!(true),
        json!({}),
        json!([1, 1]),
        json!([1, "CREA"]),
        json!([[1]]),
        json!(["2"]),
        json!([true, 1]),
    ] {
        let findings = with("one", wrong.clone()).expect_err("a wrong answer");
        assert_eq!(
            findings,
            Findings { wrong: vec!["one".into()], ..Findings::default() },
            "{wrong}"
        );
    }
    for wrong in
        [json!(900), json!([901, 900]), json!([901, true]), json!([[901]]), json!({"a": 1})]
    {
        let findings = with("some", wrong.clone()).expect_err("a wrong answer");
        assert_eq!(findings.wrong, ["some".into()], "{wrong}");
    }
    for good in [json!(901), json!("901"), json!([901, 902]), json!([901, [], ""])] {
        assert!(with("some", good.clone()).is_ok(), "{good}");
    }
}

#[test]
fn wrong_free_answers() {
    for wrong in [json!("ABC"), json!(["abc"]), json!(true), json!({}), json!("a b"), json!(12)] {
        let findings = with("free", wrong.clone()).expect_err("a wrong answer");
        assert_eq!(findings.wrong, ["free".into()], "{wrong}");
    }
    for wrong in [json!("7500"), json!(["75001"]), json!(false)] {
        let findings = with("25533", wrong.clone()).expect_err("a wrong answer");
        assert_eq!(findings.named, [(ReportsAs::ZipCode, "25533".into())], "{wrong}");
        assert!(findings.wrong.is_empty());
    }
    assert!(with("25533", json!(75001)).is_ok());
}

#[test]
fn everything_wrong_is_found_at_once() {
    let findings = check(&json!({"x": 1, "Email": "a@b", "free": "", "some": 7, "007": null}))
        .expect_err("faults");
    assert_eq!(
        findings,
        Findings {
            missing: vec!["one".into()],
            unknown: vec!["x".into(), "Email".into(), "007".into()],
            empty: vec!["free".into()],
            wrong: vec!["some".into()],
            named: vec![(ReportsAs::Email, "email".into())],
        }
    );
}
