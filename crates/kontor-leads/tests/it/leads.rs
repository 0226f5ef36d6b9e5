//! Leads after they were accepted: lists, CSV, erasure, retention.

use std::ops::Range;

use kontor_app::write::{WriteError, write_to};
use kontor_leads::admin::{self, LeadFilter, LeadsError};
use kontor_leads::vault::{LeadVault, VaultError};
use kontor_model::Clock;
use kontor_model::Instant;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::lead::Lead;
use kontor_model::lead_delivery::DeliveryState;
use kontor_store::LogPlace;

use crate::support::{Office, demo42};

fn numbers(office: &Office, filter: &LeadFilter) -> Vec<i64> {
    let mut numbers = Vec::new();
    admin::list(office.store(), &demo42(), filter, &mut |line| numbers.push(line.lead.number))
        .expect("a list");
    numbers
}

fn csv(office: &Office, filter: &LeadFilter) -> Result<String, LeadsError> {
    let mut out = Vec::new();
    admin::export_csv(office.store(), &demo42(), &office.vault, filter, &mut out)?;
    Ok(String::from_utf8(out).expect("UTF-8"))
}

#[test]
fn lists_are_filtered() {
    let office = Office::open();
    let number = office.lead("a@test.fr", "0130926784");
    assert_eq!(numbers(&office, &LeadFilter::default()), [17_400_001, 17_400_002, number]);
    let filter = |state| LeadFilter { state, ..LeadFilter::default() };
    assert_eq!(numbers(&office, &filter(Some(DeliveryState::Pending))), [number]);
    assert!(numbers(&office, &filter(Some(DeliveryState::Dead))).is_empty());
    let since = LeadFilter {
        since: Some("2016-01-10T09:00:00Z".parse().expect("an instant")),
        ..LeadFilter::default()
    };
    assert_eq!(numbers(&office, &since), [17_400_001, number]);
    let category = LeadFilter { category: Some("1500".to_owned()), ..LeadFilter::default() };
    assert!(numbers(&office, &category).is_empty());
    let nobody = admin::list(office.store(), &"x".parse().expect("a code"), &since, &mut |_| {});
    assert!(matches!(nobody, Err(LeadsError::UnknownSupplier(code)) if code.0 == "x"));
}

#[test]
fn csv_has_a_column_for_each_question() {
    for office in [Office::open(), Office::sealed()] {
        office.lead("a@test.fr", "+33 130926784");
        let text = csv(&office, &LeadFilter::default()).expect("a CSV");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "lead,contact,category,partner,created_at,state,attempts,email,phone,answer_30148,answer_25533,answer_email,answer_phone,answer_companyName,answer_segment,answer_firstname,answer_lastname"
        );
        assert_eq!(
            lines[1],
            "17400001,8301000,1463,22,2016-01-10T09:00:00Z,,,deja.vu@test.fr,01 44 55 66 77,,,,,,,,"
        );
        assert_eq!(
            lines[3],
            "17410391,8301644,1463,22,2016-01-28T11:24:28.874Z,pending,0,a@test.fr,+33 130926784,25638,75001,a@test.fr,+33 130926784,'=HOTTE,1,Wayne,Hotte"
        );
        assert_eq!(lines.len(), 4);
    }
}

#[test]
fn sealed_leads_need_their_key() {
    let office = Office::sealed();
    let number = office.lead("a@test.fr", "0130926784");
    let shown = admin::show(office.store(), &demo42(), &office.vault, number).expect("a lead");
    assert_eq!(shown.lead.email, "a@test.fr");
    let keyless = LeadVault::default();
    let refused = admin::show(office.store(), &demo42(), &keyless, number);
    assert!(matches!(refused, Err(LeadsError::Sealed(n, VaultError::NoKey)) if n == number));
    let unknown = admin::show(office.store(), &demo42(), &keyless, 1);
    assert!(matches!(unknown, Err(LeadsError::UnknownLead(1))));
    let mut out = Vec::new();
    let filter = LeadFilter::default();
    let csv = admin::export_csv(office.store(), &demo42(), &keyless, &filter, &mut out);
    assert!(matches!(csv, Err(LeadsError::Sealed(n, VaultError::NoKey)) if n == number));
}

/// A lead as it is stored, sealed by this vault.
fn stored(vault: &LeadVault, number: i64) -> Record {
    let lead = Lead {
        number,
        category: "1463".parse().expect("a code"),
        partner: "22".parse().expect("a code"),
        contact_number: number,
        email: format!("reader{number}@test.fr"),
        phone: None,
        phone_key: None,
        created_at: Instant::from_micros(0),
        answers: None,
        questionnaire_version: None,
    };
    Record::Lead(vault.seal(lead).expect("a lead"))
}

#[test]
fn another_seal_key_is_noticed_wherever_its_leads_stand() {
    let office = Office::sealed();
    let another =
        LeadVault::new(Some("QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=")).expect("a vault");
    let put = |vault: &LeadVault, numbers: Range<i64>| {
        let leads: Vec<Record> = numbers.map(|number| stored(vault, number)).collect();
        let (store, now) = (office.store(), office.clock.now());
        let put = write_to(store, demo42(), "test".to_owned(), now, move |tx| {
            leads.iter().try_for_each(|lead| tx.put(lead).map(drop))?;
            Ok::<_, WriteError<()>>(())
        });
        put.expect("stored leads");
    };
    let closed = |vault: &LeadVault| {
        let closed = vault.cannot_open(&office.app).expect("a look");
        closed.map(|closed| (closed.lead, closed.error))
    };
    // Leads that nobody sealed stand before and after those that somebody did.
    put(&LeadVault::default(), 1..10_002);
    put(&office.vault, 10_002..10_003);
    put(&LeadVault::default(), 30_000_000..30_000_001);
    assert_eq!(closed(&office.vault), None);
    assert_eq!(closed(&another), Some((10_002, VaultError::WrongKey)));
    assert_eq!(closed(&LeadVault::default()), Some((10_002, VaultError::NoKey)));
    // One in a hundred is of another key, and so is the newest.
    put(&office.vault, 20_000..29_900);
    put(&another, 29_900..30_000);
    assert!(matches!(closed(&office.vault), Some((29_900..30_000, VaultError::WrongKey))));
    assert!(matches!(closed(&another), Some((10_002..29_900, VaultError::WrongKey))));
    put(&another, 30_000_001..30_000_002);
    assert_eq!(closed(&office.vault), Some((30_000_001, VaultError::WrongKey)));
    let email = "nobody@test.fr";
    let erased = admin::erase(office.store(), &demo42(), &another, email, office.clock.now());
    assert!(matches!(erased, Err(LeadsError::Unsearchable(10_002, VaultError::WrongKey))));
}

#[test]
fn erasing_forgets_a_person_and_nobody_else() {
    for office in [Office::open(), Office::sealed()] {
        office.lead("Zaphod@test.fr", "0130926784");
        let other = office.lead("b@test.fr", "0130926785");
        let erase = |email: &str| {
            admin::erase(office.store(), &demo42(), &office.vault, email, office.clock.now())
                .expect("an erasure")
        };
        assert_eq!(erase("zaphod@TEST.fr"), 1);
        assert_eq!(erase("zaphod@test.fr"), 0);
        assert_eq!(erase("deja.vu@test.fr"), 1);
        assert_eq!(numbers(&office, &LeadFilter::default()), [17_400_002, other]);
        assert_eq!(office.rows(Kind::Delivery).len(), 1);
        assert_eq!(office.rows(Kind::DeliveryTurn).len(), 1);
        // Nothing knows the person any more: neither as a duplicate nor by number.
        let again = office.submit(&[("zaphod@test.fr", "0130926784")], None).expect("a lead");
        assert_eq!(again[0].contact, 8_301_646);
    }
}

#[test]
fn what_is_forgotten_is_in_no_file() {
    let office = Office::open();
    office.lead("zaphod@test.fr", "0130926784");
    office.lead("kept@test.fr", "0130926785");
    assert!(office.is_on_disk("zaphod@test.fr"));
    admin::erase(office.store(), &demo42(), &office.vault, "zaphod@test.fr", office.clock.now())
        .expect("an erasure");
    assert!(!office.is_on_disk("zaphod@test.fr"), "while the server runs");
    assert!(office.is_on_disk("kept@test.fr"));
    office.clock.forward(31 * 24 * 3600);
    let retained = admin::retain(office.store(), &demo42(), office.clock.now(), 30);
    assert_eq!(retained.expect("a retention"), 3);
    assert!(!office.is_on_disk("kept@test.fr") && !office.is_on_disk("deja.vu@test.fr"));
}

#[test]
fn retention_removes_what_is_older() {
    let office = Office::open();
    let number = office.lead("a@test.fr", "0130926784");
    let retain = |days| {
        admin::retain(office.store(), &demo42(), office.clock.now(), days).expect("a retention")
    };
    assert_eq!(retain(0), 0);
    assert_eq!(retain(30), 1);
    assert_eq!(numbers(&office, &LeadFilter::default()), [17_400_001, number]);
    office.clock.forward(30 * 24 * 3600);
    assert_eq!(retain(30), 1, "exactly thirty days old is kept");
    assert_eq!(numbers(&office, &LeadFilter::default()), [number]);
    office.clock.forward(1);
    assert_eq!(retain(30), 1);
    assert!(office.rows(Kind::Delivery).is_empty());
    assert!(office.rows(Kind::DeliveryTurn).is_empty());
}

#[test]
fn expired_keys_are_forgotten() {
    let office = Office::open();
    office.submit(&[("a@test.fr", "0130926784")], Some("k")).expect("a lead");
    let forget =
        || admin::forget_keys(office.store(), &demo42(), office.clock.now()).expect("a tidying");
    office.clock.forward(24 * 3600 - 1);
    assert_eq!(forget(), 0);
    assert_eq!(office.rows(Kind::SubmissionKey).len(), 1);
    office.clock.forward(1);
    assert_eq!(forget(), 1);
    assert!(office.rows(Kind::SubmissionKey).is_empty());
}

#[test]
fn history_keeps_no_person() {
    let office = Office::open();
    let number = office.lead("zaphod@test.fr", "0130926784");
    admin::erase(office.store(), &demo42(), &office.vault, "zaphod@test.fr", office.clock.now())
        .expect("an erasure");
    assert!(matches!(
        admin::show(office.store(), &demo42(), &office.vault, number),
        Err(LeadsError::UnknownLead(_))
    ));
    let mut log = String::new();
    let read = office.store().read_book(&mut |book| {
        log = format!("{:?}", book.changes(LogPlace::default(), 1000)?);
        Ok(())
    });
    read.expect("changes");
    assert!(log.contains(&number.to_string()) && !log.contains("zaphod"), "{log}");
}
