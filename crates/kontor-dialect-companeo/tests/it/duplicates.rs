//! Duplicates (companeo.md 6).

use std::collections::BTreeMap;

use kontor_dialect_companeo::{Config, Overrides};
use serde_json::json;

use crate::support::{Brief, NOW, Office, call_of, contact, lead, token};

fn brief(office: &Office, email: &str, phone: &str) -> String {
    office.send(&call_of(&json!([lead(email, phone)]))).brief()
}

#[test]
fn thirty_days_are_720_hours_and_included() {
    // The lead of deja.vu came on 2016-01-10T09:00:00Z.
    for (now, expected) in [
        ("2016-01-10T09:00:00Z", "400 0:16"),
        ("2016-01-28T11:24:28.874Z", "400 0:16"),
        ("2016-02-09T08:59:59.999999Z", "400 0:16"),
        ("2016-02-09T09:00:00Z", "400 0:16"),
        ("2016-02-09T09:00:00.000001Z", "200"),
        ("2016-02-09T09:00:00.001Z", "200"),
    ] {
        let office = Office::open().at(now);
        assert_eq!(brief(&office, "DEJA.vu@test.fr", "0130926784"), expected, "{now}");
        let office = Office::open().at(now);
        assert_eq!(brief(&office, "x@test.fr", "+33144556677"), expected, "{now}");
    }
}

#[test]
fn phones_are_equal_by_their_last_nine_digits() {
    for (phone, expected) in [
        ("0144556677", "400 0:16"),
        ("01 44 55 66 77", "400 0:16"),
        ("+33.1.44.55.66.77", "400 0:16"),
        ("0033 144556677", "400 0:16"),
        ("00262144556677", "400 0:16"),
        ("0144556678", "200"),
        ("0244556677", "200"),
    ] {
        assert_eq!(brief(&Office::open(), "x@test.fr", phone), expected, "{phone}");
    }
}

#[test]
fn another_category_is_another_lead() {
    let office = Office::open();
    let other = json!([contact("7214", "deja.vu@test.fr", "0144556677")]);
    let answer = office.send(&call_of(&other).bearer(&token(32)));
    // The person keeps the number.
    assert_eq!((answer.brief().as_str(), answer.ids(0).1), ("200", 8_301_000));
}

#[test]
fn earlier_inputs_of_a_call_count_when_they_are_good() {
    let office = Office::open();
    let (a, b) = (lead("a@test.fr", "0130926784"), lead("A@TEST.FR", "0130926785"));
    let same_phone = lead("c@test.fr", "+33 130926784");
    let mut wrong = a.clone();
    wrong["data"]["segment"] = json!(9);
    let brief = |inputs| office.send(&call_of(&inputs)).brief();
    assert_eq!(brief(json!([a, b])), "400 1:16");
    assert_eq!(brief(json!([a, same_phone])), "400 1:16");
    assert_eq!(brief(json!([a, a, a])), "400 1:16 2:16");
    assert_eq!(brief(json!([wrong, a])), "400 0:9");
    assert_eq!(brief(json!([a, wrong, b])), "400 1:9 2:16");
    // The first is a duplicate itself, so the second repeats nothing that is good.
    let (known, like_known) =
        (lead("deja.vu@test.fr", "0130926786"), lead("d@test.fr", "0130926786"));
    assert_eq!(brief(json!([known, like_known])), "400 0:16");
    assert_eq!(brief(json!([a, lead("d@test.fr", "0130926787")])), "200");
}

#[test]
fn the_window_is_a_setting() {
    let with = |days, own| Config {
        duplicate_days: days,
        suppliers: BTreeMap::from([("demo42".to_owned(), Overrides { duplicate_days: own })]),
        ..Config::default()
    };
    let repeated =
        json!([lead("deja.vu@test.fr", "0144556677"), lead("deja.vu@test.fr", "0144556677")]);
    let brief = |config, now| {
        let office = Office::open().again(now, config);
        office.send(&call_of(&repeated)).brief()
    };
    assert_eq!(brief(with(0, None), NOW), "200");
    assert_eq!(brief(with(30, Some(0)), NOW), "200");
    assert_eq!(brief(with(0, Some(30)), NOW), "400 0:16 1:16");
    assert_eq!(brief(with(17, None), NOW), "400 1:16");
    assert_eq!(brief(with(365, None), "2017-01-09T09:00:00Z"), "400 0:16 1:16");
    assert_eq!(brief(with(365, None), "2017-01-09T09:00:00.000001Z"), "400 1:16");
}

#[test]
fn of_calls_at_the_same_time_one_is_first() {
    let office = Office::open();
    let calls: Vec<_> =
        (0..8).map(|n| call_of(&json!([lead("a@test.fr", &format!("013092678{n}"))]))).collect();
    let mut briefs: Vec<_> =
        office.send_all(&calls).iter().map(crate::support::Answer::brief).collect();
    briefs.sort();
    assert_eq!(briefs[0], "200");
    assert_eq!(briefs[1..], ["400 0:16"; 7].map(str::to_owned));
}

#[test]
fn numbers_rise_by_one_also_at_the_same_time() {
    let office = Office::open();
    let calls: Vec<_> = (0..8)
        .map(|n| call_of(&json!([lead(&format!("a{n}@test.fr"), &format!("013092678{n}"))])))
        .collect();
    let mut ids: Vec<_> = office.send_all(&calls).iter().map(|answer| answer.ids(0)).collect();
    ids.sort();
    let leads: Vec<_> = ids.iter().map(|(lead, _)| lead.clone()).collect();
    assert_eq!(leads, (17_410_391..17_410_399).map(|n| n.to_string()).collect::<Vec<_>>());
    let contacts: Vec<_> = ids.iter().map(|(_, contact)| *contact).collect();
    assert_eq!(contacts, (8_301_644..8_301_652).collect::<Vec<_>>());
}
