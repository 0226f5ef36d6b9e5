//! What is stored of a lead, readable and sealed.

use kontor_dialect_companeo::Config;
use kontor_leads::config::{ConfigSecret, LeadConfig};
use kontor_leads::vault::LeadVault;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::lead::Lead;
use kontor_model::lead_delivery::DeliveryState;
use kontor_model::record::Cell;
use serde_json::json;

use crate::support::{Brief, NOW, Office, call_of, lead};

const SEAL_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn stored(office: &Office, number: i64) -> Lead {
    match office.row(Kind::Lead, &[Cell::Int(number)]) {
        Some(Record::Lead(lead)) => lead,
        other => panic!("no lead: {other:?}"),
    }
}

fn sealing() -> Config {
    let seal_key = Some(ConfigSecret::new(SEAL_KEY));
    Config { leads: LeadConfig { seal_key, ..LeadConfig::default() }, ..Config::default() }
}

#[test]
fn a_lead_has_its_answers_and_the_version_they_were_checked_against() {
    let office = Office::open();
    let version = office.app.book().change();
    let mut sent = lead(" Wayne.Hotte@test.fr ", "+33 130926784");
    sent["data"]["comment"] = json!("");
    assert_eq!(office.send(&call_of(&json!([sent]))).brief(), "200");
    let lead = stored(&office, 17_410_391);
    assert_eq!(
        (lead.email.as_str(), lead.phone.as_deref()),
        ("Wayne.Hotte@test.fr", Some("+33 130926784"))
    );
    assert_eq!(lead.phone_key.as_deref(), Some("130926784"));
    assert_eq!(lead.created_at.to_string(), NOW);
    assert_eq!(lead.questionnaire_version.map(i64::cast_unsigned), Some(version));
    assert_eq!(
        lead.answers.as_deref(),
        Some(
            r#"{"30148":"25638","25533":"75001","email":"Wayne.Hotte@test.fr","phone":"+33 130926784","companyName":"HOTTE INC.","segment":"1","firstname":"Wayne","lastname":"Hotte"}"#
        )
    );
    let Some(Record::Delivery(delivery)) = office.row(Kind::Delivery, &[Cell::Int(17_410_391)])
    else {
        panic!("no delivery");
    };
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Pending, 0));
    assert_eq!(office.rows(Kind::DeliveryTurn).len(), 1);
}

#[test]
fn a_lead_never_takes_the_number_of_another() {
    let office = Office::open();
    let taken = Lead { number: 17_410_391, ..stored(&office, 17_400_001) };
    office.put("demo42", vec![Record::Lead(taken.clone())]);
    let answer = office.send(&call_of(&json!([lead("a@test.fr", "0130926784")])));
    assert_eq!(answer.ids(0).0, "17410392");
    assert_eq!(stored(&office, 17_410_391), taken);
}

#[test]
fn a_person_never_takes_the_number_of_another() {
    let office = Office::open();
    let other = Lead {
        number: 1,
        contact_number: 8_301_644,
        email: "other@test.fr".to_owned(),
        ..stored(&office, 17_400_001)
    };
    office.put("demo42", vec![Record::Lead(other)]);
    let answer = office.send(&call_of(&json!([lead("a@test.fr", "0130926784")])));
    assert_eq!(answer.ids(0).1, 8_301_645);
}

#[test]
fn sealed_leads_are_found_and_not_read() {
    let office = Office::open().again(NOW, sealing());
    let sent = lead("Zaphod.Beeble@test.fr", "0130926784");
    let answer = office.send(&call_of(&json!([sent])));
    assert_eq!(answer.ids(0), ("17410391".to_owned(), 8_301_644));
    // Duplicates of sealed leads and of those that were stored readable before.
    for (email, phone) in [
        ("zaphod.beeble@TEST.fr", "0130926785"),
        ("x@test.fr", "+33 130926784"),
        ("deja.vu@test.fr", "0130926786"),
        ("y@test.fr", "0144556677"),
    ] {
        let answer = office.send(&call_of(&json!([lead(email, phone)])));
        assert_eq!(answer.brief(), "400 0:16", "{email}");
    }
    let later = office.again("2016-06-01T00:00:00Z", sealing());
    let known = later.send(&call_of(&json!([
        lead("ZAPHOD.beeble@test.fr", "0130926787"),
        lead("Ancien@test.fr", "0130926788")
    ])));
    assert_eq!((known.ids(0).1, known.ids(1).1), (8_301_644, 8_300_900));
    let sealed = stored(&office, 17_410_391);
    let vault = LeadVault::new(Some(SEAL_KEY)).expect("a vault");
    assert_eq!(vault.open(sealed).expect("a lead").email, "Zaphod.Beeble@test.fr");
    drop(later);
    for entry in std::fs::read_dir(office.directory()).expect("a directory") {
        let path = entry.expect("a file").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("a file").to_ascii_lowercase();
            for secret in [&b"zaphod"[..], b"0130926784", b"130926784"] {
                assert!(
                    !bytes.windows(secret.len()).any(|part| part == secret),
                    "{}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn a_seal_key_must_be_one() {
    let office = Office::open();
    let mut config = sealing();
    config.leads.seal_key = Some(ConfigSecret::new("short"));
    let refused = kontor_dialect_companeo::dialect(office.app.clone(), config);
    let error = refused.err().expect("an error").to_string();
    assert!(error.starts_with("leads.seal_key: "), "{error}");
}
