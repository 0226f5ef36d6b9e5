//! Codes 17, 19, 5, 3, 4 (companeo.md 5): the first that applies.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::State;
use kontor_model::record::Cell;
use serde_json::{Value, json};

use crate::support::{Brief, Office, call_of, contact, token};

fn change(
    office: &Office,
    code: &str,
    change: impl Fn(&mut kontor_model::questionnaire::Category),
) {
    let Some(Record::Category(mut category)) = office.row(Kind::Category, &[Cell::text(code)])
    else {
        panic!("no category {code}");
    };
    change(&mut category);
    office.put("demo42", vec![Record::Category(category)]);
}

fn send(office: &Office, partner: u32, category: &str) -> Value {
    let call = call_of(&json!([contact(category, "a@test.fr", "0130926784")]));
    office.send(&call.bearer(&token(partner))).json()["errors"]["input_0"][0].clone()
}

#[test]
fn each_has_its_code_and_names_the_category() {
    let office = Office::open();
    for (partner, category, code, message) in [
        (22, "9999", 17, "partner_error_category_id_unknown"),
        (32, "9999", 17, "partner_error_category_id_unknown"),
        (22, "7214", 19, "partner_error_not_allowed_categories"),
        (32, "1600", 19, "partner_error_not_allowed_categories"),
        (32, "1701", 19, "partner_error_not_allowed_categories"),
        (22, "1600", 5, "partner_error_categ"),
        (22, "1701", 3, "partner_error_qcp"),
        (22, "1702", 4, "partner_error_language"),
    ] {
        let id: u32 = category.parse().expect("a number");
        let expected = json!({"code": code, "data": [id], "message": message});
        assert_eq!(send(&office, partner, category), expected);
    }
}

#[test]
fn off_comes_before_no_questionnaire_before_language() {
    let office = Office::open();
    change(&office, "1702", |category| category.questions = None);
    assert_eq!(send(&office, 22, "1702")["code"], 3);
    change(&office, "1702", |category| category.state = State::Disabled);
    assert_eq!(send(&office, 22, "1702")["code"], 5);
}

#[test]
fn without_language_there_is_nothing_to_compare() {
    let office = Office::open();
    change(&office, "1702", |category| category.language = None);
    assert_eq!(send(&office, 22, "1702"), Value::Null);
    let office = Office::open();
    change(&office, "1702", |category| category.language = Some("FR".to_owned()));
    assert_eq!(send(&office, 22, "1702"), Value::Null);
}

#[test]
fn a_new_questionnaire_counts_at_once() {
    let office = Office::open();
    let good = json!([contact("1702", "a@test.fr", "0130926784")]);
    change(&office, "1702", |category| category.language = None);
    assert_eq!(office.send(&call_of(&good)).brief(), "200");
    change(&office, "1702", |category| {
        let questions = category.questions.take().expect("questions");
        category.questions = Some(questions.replacen(
            '[',
            r#"[{"id": "new", "label": "New", "mandatory": true, "kind": "text"},"#,
            1,
        ));
    });
    let again = json!([contact("1702", "b@test.fr", "0130926785")]);
    assert_eq!(office.send(&call_of(&again)).brief(), "400 0:6");
}

#[test]
fn wrong_and_duplicate_is_wrong() {
    let office = Office::open();
    let mut wrong = crate::support::lead("deja.vu@test.fr", "0130926784");
    wrong["data"]["segment"] = json!(9);
    assert_eq!(office.send(&call_of(&json!([wrong]))).brief(), "400 0:9");
}
