//! Commands about partners, and the tokens they give out.

use std::net::{IpAddr, Ipv4Addr};

use kontor_app::access::partner_admin::{self, NewPartner, PartnerError};
use kontor_app::access::partner_asker::PartnerDenied;
use kontor_model::Clock;
use kontor_model::customer::State;

use kontor_testkit::office::{Office, demo42};

fn keys(office: &Office, code: &str) -> usize {
    let list = partner_admin::list(office.store(), &demo42()).expect("a list");
    let listed = list.iter().find(|listed| listed.partner.code.as_str() == code);
    listed.expect("the partner").keys(office.clock.now())
}

fn admitted(office: &Office, token: &str) -> Result<String, PartnerDenied> {
    office.app.catch_up().expect("changes");
    let asker = office.app.by_web_token(Some(token), IpAddr::V4(Ipv4Addr::LOCALHOST));
    asker.map(|asker| asker.partner.code.to_string())
}

fn new(code: &str) -> NewPartner {
    NewPartner {
        code: code.to_owned(),
        name: "NEW".to_owned(),
        number: 3,
        language: Some("fr".to_owned()),
    }
}

#[test]
fn a_partner_is_added_granted_rotated_and_disabled() {
    let office = Office::open();
    let (store, now) = (office.store(), office.clock.now());
    partner_admin::add(store, &demo42(), now, &new("41")).expect("a partner");
    partner_admin::grant(store, &demo42(), now, "41", &["1463"], true).expect("a grant");
    let expires = now.plus_seconds(3600);
    let token = partner_admin::token(store, &demo42(), now, "41", expires).expect("a token");
    assert_eq!(admitted(&office, &token), Ok("41".to_owned()));
    let overlap = now.plus_seconds(60);
    partner_admin::rotate(store, &demo42(), now, "41", overlap).expect("a rotation");
    let newer = partner_admin::token(store, &demo42(), now, "41", expires).expect("a token");
    assert_ne!(token, newer);
    assert_eq!(keys(&office, "41"), 2);
    assert_eq!(admitted(&office, &token), Ok("41".to_owned()));
    assert_eq!(admitted(&office, &newer), Ok("41".to_owned()));
    office.clock.set(overlap.plus_seconds(-1));
    assert_eq!(admitted(&office, &token), Ok("41".to_owned()));
    office.clock.set(overlap);
    assert_eq!(keys(&office, "41"), 1);
    assert_eq!(admitted(&office, &token), Err(PartnerDenied::Unknown));
    assert_eq!(admitted(&office, &newer), Ok("41".to_owned()));
    partner_admin::set_state(store, &demo42(), now, "41", State::Disabled).expect("a change");
    assert_eq!(admitted(&office, &newer), Err(PartnerDenied::Disabled));
    partner_admin::set_state(store, &demo42(), now, "41", State::Active).expect("a change");
    assert_eq!(admitted(&office, &newer), Ok("41".to_owned()));
    office.clock.set(expires);
    assert_eq!(admitted(&office, &newer), Err(PartnerDenied::Unknown));
}

#[test]
fn lists_name_grants() {
    let office = Office::open();
    let (store, now) = (office.store(), office.clock.now());
    partner_admin::grant(store, &demo42(), now, "32", &["1463"], true).expect("a grant");
    partner_admin::grant(store, &demo42(), now, "32", &["1500"], false).expect("a grant");
    let list = partner_admin::list(store, &demo42()).expect("a list");
    let granted: Vec<_> = list
        .iter()
        .map(|listed| {
            let granted: Vec<_> = listed.granted.iter().map(ToString::to_string).collect();
            format!("{} {}", listed.partner.code, granted.join(","))
        })
        .collect();
    assert_eq!(granted, ["22 1463,1500,1600,1701,1702", "23 ", "32 1463,7214"]);
}

#[test]
fn what_cannot_be_is_refused() {
    let office = Office::open();
    let (store, now) = (office.store(), office.clock.now());
    let message = |result: Result<(), PartnerError>| result.expect_err("a refusal").to_string();
    assert_eq!(
        message(partner_admin::add(store, &demo42(), now, &new("22"))),
        "there is a partner 22 already"
    );
    assert!(
        message(partner_admin::add(store, &demo42(), now, &new("022"))).contains("leading zero")
    );
    let nobody = "nobody".parse().expect("a code");
    assert_eq!(
        message(partner_admin::add(store, &nobody, now, &new("41"))),
        "there is no supplier nobody"
    );
    assert_eq!(
        message(partner_admin::grant(store, &demo42(), now, "41", &["1463"], true)),
        "there is no partner 41"
    );
    assert_eq!(
        message(partner_admin::grant(store, &demo42(), now, "32", &["1463", "9999"], true)),
        "there is no category 9999"
    );
    let granted = |code: &str| {
        let list = partner_admin::list(store, &demo42()).expect("a list");
        list.into_iter()
            .find(|listed| listed.partner.code.as_str() == code)
            .map(|l| l.granted.len())
    };
    assert_eq!(granted("32"), Some(2), "of none when one is unknown");
    assert!(
        message(partner_admin::grant(store, &demo42(), now, "22", &[" x"], true)).contains("blank")
    );
    assert_eq!(
        message(partner_admin::rotate(store, &demo42(), now, "41", now)),
        "there is no partner 41"
    );
    let late = partner_admin::token(store, &demo42(), now, "22", now);
    assert!(matches!(late, Err(PartnerError::Expired)));
}
