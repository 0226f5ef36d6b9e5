//! `Idempotency-Key` (companeo.md 7).

use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::State;
use kontor_model::record::Cell;
use serde_json::json;

use crate::support::{Brief, Key, Office, call_of, contact, lead, token};

#[test]
fn the_same_key_and_body_get_the_first_answer() {
    let office = Office::open();
    let call = call_of(&json!([lead("a@test.fr", "0130926784"), lead("b@test.fr", "0130926785")]))
        .key("k");
    let first = office.send(&call);
    assert_eq!(first.brief(), "200");
    for _ in 0..2 {
        assert_eq!(office.send(&call).text, first.text);
    }
    // Also from a server that was started anew.
    assert_eq!(office.at("2016-01-29T11:24:28.873Z").send(&call).text, first.text);
    assert_eq!(office.rows(Kind::Lead).len(), 4);
}

#[test]
fn a_key_stands_for_one_body() {
    let office = Office::open();
    let call = |email: &str| call_of(&json!([lead(email, "0130926784")])).key("k");
    assert_eq!(office.send(&call("a@test.fr")).brief(), "200");
    assert_eq!(office.send(&call("b@test.fr")).brief(), "400 18");
    let mut spaced = call("a@test.fr");
    spaced.0.body = kontor_wire::http::Body::Read(
        format!("{} ", json!([lead("a@test.fr", "0130926784")])).into(),
    );
    assert_eq!(office.send(&spaced).brief(), "400 18", "the same JSON in other bytes");
    assert_eq!(office.send(&call_of(&json!([7])).key("k")).brief(), "400 18");
}

#[test]
fn keys_belong_to_a_partner() {
    let office = Office::open();
    let ours = call_of(&json!([lead("a@test.fr", "0130926784")])).key("k");
    let theirs = call_of(&json!([contact("7214", "a@test.fr", "0130926784")])).key("k");
    assert_eq!(office.send(&ours).brief(), "200");
    assert_eq!(office.send(&theirs.bearer(&token(32))).brief(), "200");
    let other_key = call_of(&json!([lead("a@test.fr", "0130926784")])).key("K");
    assert_eq!(office.send(&other_key).brief(), "400 0:16");
}

#[test]
fn a_failed_call_leaves_its_key_free() {
    let office = Office::open();
    let bad = call_of(&json!([lead("deja.vu@test.fr", "0130926784")])).key("k");
    let good = call_of(&json!([lead("a@test.fr", "0130926784")])).key("k");
    assert_eq!(office.send(&bad).brief(), "400 0:16");
    assert_eq!(office.send(&good).brief(), "200");
    assert_eq!(office.send(&bad).brief(), "400 18");
}

#[test]
fn keys_are_remembered_for_a_day() {
    let office = Office::open();
    let call = call_of(&json!([lead("a@test.fr", "0130926784")])).key("k");
    let first = office.send(&call);
    let last = office.at("2016-01-29T11:24:28.873999Z");
    assert_eq!(last.send(&call).text, first.text);
    let over = office.at("2016-01-29T11:24:28.874Z");
    assert_eq!(over.send(&call).brief(), "400 0:16");
    let other = call_of(&json!([lead("b@test.fr", "0130926785")])).key("k");
    assert_eq!(over.send(&other).brief(), "200");
    assert_eq!(over.send(&call).brief(), "400 18");
}

#[test]
fn a_repeated_call_is_not_checked_again() {
    let office = Office::open();
    let call = call_of(&json!([lead("a@test.fr", "0130926784")])).key("k");
    let first = office.send(&call);
    let Some(Record::Category(mut category)) = office.row(Kind::Category, &[Cell::text("1463")])
    else {
        panic!("no category");
    };
    category.state = State::Disabled;
    office.put("demo42", vec![Record::Category(category)]);
    assert_eq!(office.send(&call).text, first.text);
    assert_eq!(office.send(&call.clone().key("k")).brief(), "400 18", "the header twice");
}

#[test]
fn the_same_call_at_the_same_time_is_one() {
    let office = Office::open();
    let call = call_of(&json!([lead("a@test.fr", "0130926784")])).key("k");
    let answers = office.send_all(&vec![call; 8]);
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    assert_eq!(answers[0].brief(), "200");
    assert_eq!(office.rows(Kind::Lead).len(), 3);
}
