//! Tokens (companeo.md 2): whose they are, and when they count.

use kontor_app::access::json_web_token::issue;
use kontor_model::account::Secret;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::State;
use kontor_model::questionnaire::{Category, Grant, Partner};
use kontor_model::record::Cell;
use serde_json::json;

use crate::support::{Brief, KEY, Office, call_of, contact, lead, token};

fn partner(office: &Office, code: &str) -> Partner {
    match office.row(Kind::Partner, &[Cell::text(code)]) {
        Some(Record::Partner(partner)) => partner,
        other => panic!("no partner: {other:?}"),
    }
}

fn brief(office: &Office, token: &str) -> String {
    office.send(&call_of(&json!([7])).bearer(token)).brief()
}

#[test]
fn known_unknown_and_disabled_partners() {
    let office = Office::open();
    assert_eq!(brief(&office, &token(22)), "400 0:18");
    assert_eq!(brief(&office, &token(32)), "400 0:18");
    assert_eq!(brief(&office, &token(23)), "401 2");
    assert_eq!(brief(&office, &token(99)), "401 1");
    let disabled = office.send(&call_of(&json!([7])).bearer(&token(23)));
    assert_eq!(disabled.json()["message"], "partner_error_account_disabled");
    // A token of a disabled partner that is not good says nothing about the partner.
    let forged = issue("other", "23", 2_524_608_000, Some("IjIzX09GRl8xIg")).expect("a token");
    assert_eq!(brief(&office, &forged), "401 1");
    let expired = issue(KEY, "23", 1_453_000_000, Some("IjIzX09GRl8xIg")).expect("a token");
    assert_eq!(brief(&office, &expired), "401 1");
}

#[test]
fn the_issuer_counts_where_one_is_stored() {
    let office = Office::open();
    let with = |partner: &str, issuer: Option<&str>| {
        issue(KEY, partner, 2_524_608_000, issuer).expect("a token")
    };
    assert_eq!(brief(&office, &with("22", None)), "401 1");
    assert_eq!(brief(&office, &with("22", Some("x"))), "401 1");
    assert_eq!(brief(&office, &with("22", Some("ijIyX0xQNzVfMTki"))), "401 1");
    assert_eq!(brief(&office, &with("32", None)), "400 0:18");
    assert_eq!(brief(&office, &with("32", Some("anybody"))), "400 0:18");
}

#[test]
fn authorization_headers() {
    let office = Office::open();
    let call = |value: &str| {
        let mut call = call_of(&json!([7]));
        call.0.headers.remove("authorization");
        office.send(&call.header("authorization", value)).brief()
    };
    assert_eq!(call(&format!("bEARER   {}", token(22))), "400 0:18");
    for bad in [
        token(22),
        format!("Basic {}", token(22)),
        "Bearer".to_owned(),
        format!("Bearer {} x", token(22)),
    ] {
        assert_eq!(call(&bad), "401 1", "{bad}");
    }
}

#[test]
fn both_keys_count_during_a_rotation() {
    let office = Office::open();
    let mut rotated = partner(&office, "22");
    rotated.previous_secret = rotated.secret.replace(Secret::from("new".to_owned()));
    rotated.previous_until = Some("2016-02-01T00:00:00Z".parse().expect("an instant"));
    office.put("demo42", vec![Record::Partner(rotated.clone())]);
    let new = issue("new", "22", 2_524_608_000, Some("IjIyX0xQNzVfMTki")).expect("a token");
    assert_eq!(brief(&office, &new), "400 0:18");
    assert_eq!(brief(&office, &token(22)), "400 0:18");
    let last = office.at("2016-01-31T23:59:59.999999Z");
    assert_eq!(brief(&last, &token(22)), "400 0:18");
    let over = office.at("2016-02-01T00:00:00Z");
    assert_eq!(brief(&over, &token(22)), "401 1");
    assert_eq!(brief(&over, &new), "400 0:18");
    rotated.previous_until = None;
    office.put("demo42", vec![Record::Partner(rotated)]);
    assert_eq!(brief(&office.at("2017-01-01T00:00:00Z"), &token(22)), "400 0:18");
}

#[test]
fn a_partner_without_key_lets_nobody_in() {
    let office = Office::open();
    for key in [None, Some(Secret::from(String::new()))] {
        let mut open = partner(&office, "32");
        (open.secret, open.previous_secret) = (key.clone(), key);
        office.put("demo42", vec![Record::Partner(open)]);
        let token = issue("", "32", 2_524_608_000, None).expect("a token");
        assert_eq!(brief(&office, &token), "401 1");
    }
}

#[test]
fn the_key_tells_the_supplier() {
    let office = Office::open();
    let category = Category {
        code: "1463".parse().expect("a code"),
        name: None,
        state: State::Active,
        language: Some("EN".to_owned()),
        questions: match office.row(Kind::Category, &[Cell::text("7214")]) {
            Some(Record::Category(category)) => category.questions,
            other => panic!("no category: {other:?}"),
        },
    };
    let foreign = Partner {
        code: "22".parse().expect("a code"),
        name: None,
        state: State::Active,
        language: Some("en".to_owned()),
        issuer: None,
        secret: Some(Secret::from("foreign".to_owned())),
        previous_secret: None,
        previous_until: None,
    };
    let grant = Grant { partner: foreign.code.clone(), category: category.code.clone() };
    let rows = vec![Record::Category(category), Record::Partner(foreign), Record::Grant(grant)];
    office.put("wcs-mini", rows);
    let token_of_mini = issue("foreign", "22", 2_524_608_000, None).expect("a token");
    // What is good at one supplier is not at the other, and neither sees the other's leads.
    let mini = office.send(
        &call_of(&json!([contact("1463", "deja.vu@test.fr", "0144556677")])).bearer(&token_of_mini),
    );
    assert_eq!((mini.brief(), mini.ids(0)), ("200".to_owned(), ("1".to_owned(), 1)));
    let ours = office.send(&call_of(&json!([lead("a@test.fr", "0130926784")])));
    assert_eq!(ours.ids(0), ("17410391".to_owned(), 8_301_644));
    let other = office.send(
        &call_of(&json!([contact("7214", "b@test.fr", "0130926785")])).bearer(&token_of_mini),
    );
    assert_eq!(other.brief(), "400 0:17");
}

#[test]
fn failed_logins_are_limited_and_good_ones_are_not() {
    let office = Office::open().limited(2);
    assert_eq!(brief(&office, "x"), "401 1");
    assert_eq!(brief(&office, &token(99)), "401 1");
    let answer = office.send(&call_of(&json!([7])).bearer("x"));
    assert_eq!(answer.status, 429);
    assert_eq!(
        answer.text,
        r#"{"success":false,"data":[],"message":"too_many_requests","errors":[]}"#
    );
    let seconds: u64 =
        answer.headers["retry-after"].to_str().ok().and_then(|s| s.parse().ok()).expect("seconds");
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert_eq!(brief(&office, &token(22)), "400 0:18");
}

#[test]
fn bad_tokens_count_for_the_partner_they_name_wherever_they_come_from() {
    let office = Office::open().limited(2);
    let (good, other) = (token(22), token(99));
    let (signed, _) = good.rsplit_once('.').expect("a signature");
    let (_, signature) = other.rsplit_once('.').expect("a signature");
    let forged = format!("{signed}.{signature}");
    let statuses = [1, 2, 3].map(|host| {
        let mut call = call_of(&json!([7])).bearer(&forged);
        call.0.peer = [127, 0, 0, host].into();
        office.send(&call).status
    });
    assert_eq!(statuses, [401, 401, 429]);
    assert_eq!(brief(&office, &good), "400 0:18", "a good token is never refused for bad ones");
}
