//! Deliveries: attempts, closed receivers, retries, erased leads, a receiver that is gone.

use std::collections::{BTreeMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use kontor_leads::admin;
use kontor_leads::outbox::{Courier, DELAYS, Outbox, Parcel, Receipt, Receiver};
use kontor_leads::retention::forget_old_deliveries;
use kontor_model::Clock;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::lead_delivery::{Delivery, DeliveryState};
use kontor_model::record::Cell;
use serde_json::{Value, json};

use crate::support::{Office, demo42};

/// Remembers parcels, and receives them as it was told.
#[derive(Default)]
struct Porter {
    parcels: Mutex<Vec<Parcel>>,
    /// What is said to the next parcels, the last first; then everything is taken.
    receipts: Mutex<Vec<Receipt>>,
}

impl Courier for Porter {
    fn bring<'a>(
        &'a self,
        parcel: &'a Parcel,
    ) -> Pin<Box<dyn Future<Output = Receipt> + Send + 'a>> {
        self.parcels.lock().expect("parcels").push(parcel.clone());
        let receipt = self.receipts.lock().expect("receipts").pop();
        Box::pin(async { receipt.unwrap_or(Receipt::Taken) })
    }
}

impl Porter {
    fn saying(receipts: impl IntoIterator<Item = Receipt>) -> Arc<Self> {
        let receipts = receipts.into_iter().collect();
        Arc::new(Self { receipts: Mutex::new(receipts), ..Self::default() })
    }

    fn ids(&self) -> Vec<String> {
        self.parcels.lock().expect("parcels").iter().map(|parcel| parcel.id.clone()).collect()
    }
}

fn failed() -> Receipt {
    Receipt::Failed("answered 500".to_owned())
}

fn outbox(office: &Office, porter: &Arc<Porter>) -> Arc<Outbox> {
    at(office, porter, "https://crm.example/")
}

fn at(office: &Office, porter: &Arc<Porter>, address: &str) -> Arc<Outbox> {
    let courier = Arc::clone(porter) as Arc<dyn Courier>;
    Outbox::new(Arc::clone(&office.app), office.vault.clone(), receivers(courier, address), 0)
}

fn receivers(courier: Arc<dyn Courier>, address: &str) -> BTreeMap<String, Receiver> {
    let delays = Arc::new(DELAYS);
    let receiver = Receiver { courier, address: address.to_owned(), at_once: 2, delays };
    BTreeMap::from([("demo42".to_owned(), receiver)])
}

fn deliver(office: &Office, outbox: &Arc<Outbox>) -> usize {
    office.runtime.block_on(outbox.deliver_due("demo42")).expect("a delivery")
}

fn delivery(office: &Office, lead: i64) -> Delivery {
    match office.row(Kind::Delivery, &[Cell::Int(lead)]) {
        Some(Record::Delivery(delivery)) => delivery,
        other => panic!("no delivery: {other:?}"),
    }
}

#[test]
fn a_lead_is_delivered_once_when_all_goes_well() {
    for office in [Office::open(), Office::sealed()] {
        let lead = office.lead("Wayne@test.fr", "0130926784");
        let porter = Porter::saying([]);
        let outbox = outbox(&office, &porter);
        assert_eq!((deliver(&office, &outbox), deliver(&office, &outbox)), (1, 0));
        let parcels = porter.parcels.lock().expect("parcels");
        assert_eq!(parcels[0].id, "lead_demo42_17410391");
        let body: Value = serde_json::from_slice(&parcels[0].body).expect("JSON");
        assert_eq!(body["type"], "lead.accepted");
        assert_eq!(body["timestamp"], "2016-01-28T11:24:28.874Z");
        assert_eq!(body["data"]["lead"], lead);
        assert_eq!(body["data"]["contact"], 8_301_644);
        assert_eq!(body["data"]["email"], "Wayne@test.fr");
        assert_eq!(body["data"]["answers"]["segment"], json!("1"));
        let delivery = delivery(&office, lead);
        assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Delivered, 1));
        assert!(office.rows(Kind::DeliveryTurn).is_empty());
    }
}

#[test]
fn failures_are_attempted_again_later_with_the_same_id_and_body() {
    let office = Office::open();
    let lead = office.lead("a@test.fr", "0130926784");
    let porter = Porter::saying([failed(), failed()]);
    let outbox = outbox(&office, &porter);
    assert_eq!(deliver(&office, &outbox), 1);
    let waiting = delivery(&office, lead);
    assert_eq!(
        (waiting.state, waiting.failure.as_deref()),
        (DeliveryState::Pending, Some("answered 500"))
    );
    office.clock.forward(4);
    assert_eq!(deliver(&office, &outbox), 0);
    office.clock.forward(2);
    assert_eq!(deliver(&office, &outbox), 1);
    office.clock.forward(DELAYS[1] * 11 / 10 + 1);
    assert_eq!(deliver(&office, &outbox), 1);
    let parcels = porter.parcels.lock().expect("parcels");
    assert!(parcels.iter().all(|p| p.id == parcels[0].id && p.body == parcels[0].body));
    assert!(parcels[0].at < parcels[1].at);
    assert_eq!(delivery(&office, lead).state, DeliveryState::Delivered);
}

#[test]
fn after_ten_attempts_it_is_dead_until_somebody_retries() {
    let office = Office::open();
    let lead = office.lead("a@test.fr", "0130926784");
    let porter = Porter::saying(std::iter::repeat_n(failed(), 10));
    let outbox = outbox(&office, &porter);
    let mut attempts = 0;
    for _ in 0..20 {
        attempts += deliver(&office, &outbox);
        office.clock.forward(100_000);
    }
    assert_eq!((attempts, delivery(&office, lead).state), (10, DeliveryState::Dead));
    let retried = admin::retry_dead(office.store(), &demo42(), office.clock.now());
    assert_eq!(retried.expect("a retry"), 1);
    assert_eq!(deliver(&office, &outbox), 1);
    assert_eq!(delivery(&office, lead).state, DeliveryState::Delivered);
    // One lead may be sent again whatever became of it, also one that came by a file.
    for lead in [lead, 17_400_001] {
        admin::retry(office.store(), &demo42(), office.clock.now(), lead).expect("a retry");
    }
    assert_eq!(deliver(&office, &outbox), 2);
    assert!(admin::retry(office.store(), &demo42(), office.clock.now(), 1).is_err());
    assert_eq!(porter.ids().len(), 13);
}

#[test]
fn a_receiver_that_is_gone_gets_nothing_until_it_is_opened() {
    let office = Office::open();
    for (place, phone) in ["0130926784", "0130926785", "0130926786"].iter().enumerate() {
        office.lead(&format!("a{place}@test.fr"), phone);
    }
    let porter = Porter::saying([Receipt::Gone, Receipt::Gone]);
    let outbox = outbox(&office, &porter);
    assert!(deliver(&office, &outbox) > 0);
    let sent = porter.ids().len();
    assert!(sent <= 2, "at most what was under way");
    office.clock.forward(100_000);
    assert_eq!(deliver(&office, &outbox), 0);
    let open = office.rows(Kind::DeliveryTurn).len();
    assert!(open >= 1, "what was not taken waits");
    // Another address is another receiver.
    let moved = Porter::saying([]);
    assert_eq!(deliver(&office, &at(&office, &moved, "https://new.example/")), open);
    assert_eq!(moved.ids().len(), open);
    admin::retry(office.store(), &demo42(), office.clock.now(), 17_400_001).expect("a retry");
    assert_eq!(deliver(&office, &outbox), 1);
}

#[test]
fn a_receiver_that_asks_for_time_is_left_alone_as_long() {
    let office = Office::open();
    let leads: Vec<i64> = (0..5)
        .map(|place| office.lead(&format!("a{place}@test.fr"), &format!("013092678{place}")))
        .collect();
    let later = |seconds| Receipt::Later { reason: "answered 429".to_owned(), seconds };
    // The first is told two minutes; a shorter time does not end them.
    let porter = Porter::saying([later(60), later(120)]);
    let outbox = outbox(&office, &porter);
    assert!(deliver(&office, &outbox) >= 1);
    let sent = porter.ids().len();
    assert!((1..=2).contains(&sent), "at most what was under way, not the whole queue: {sent}");
    office.lead("new@test.fr", "0130926799");
    office.clock.forward(119);
    assert_eq!(deliver(&office, &outbox), 0, "new leads wait, too");
    office.clock.forward(1);
    deliver(&office, &outbox);
    assert!(leads.iter().all(|lead| delivery(&office, *lead).state == DeliveryState::Delivered));
}

#[test]
fn time_that_is_asked_for_does_not_open_a_closed_receiver_and_a_retry_does() {
    let office = Office::open();
    office.lead("a@test.fr", "0130926784");
    office.lead("b@test.fr", "0130926785");
    let later = Receipt::Later { reason: "answered 503".to_owned(), seconds: 60 };
    // Both are under way at the same time.
    let porter = Porter::saying([later.clone(), Receipt::Gone]);
    let outbox = outbox(&office, &porter);
    deliver(&office, &outbox);
    office.clock.forward(100_000);
    let closed = office.rows(Kind::ClosedReceiver);
    let for_good =
        |row: &Record| matches!(row, Record::ClosedReceiver(row) if row.opens_at.is_none());
    assert!(closed.iter().all(for_good), "{closed:?}");
    assert_eq!(deliver(&office, &outbox), 0);
    admin::retry_dead(office.store(), &demo42(), office.clock.now()).expect("a retry");
    porter.receipts.lock().expect("receipts").clear();
    assert_eq!(deliver(&office, &outbox), 2);
    let third = office.lead("c@test.fr", "0130926786");
    porter.receipts.lock().expect("receipts").push(later);
    assert_eq!((deliver(&office, &outbox), deliver(&office, &outbox)), (1, 0));
    admin::retry(office.store(), &demo42(), office.clock.now(), third).expect("a retry");
    assert_eq!(deliver(&office, &outbox), 1, "a retry does not wait");
}

#[test]
fn erased_leads_are_not_delivered() {
    let office = Office::open();
    office.lead("a@test.fr", "0130926784");
    admin::erase(office.store(), &demo42(), &office.vault, "a@test.fr", office.clock.now())
        .expect("an erasure");
    let porter = Porter::saying([]);
    assert_eq!(deliver(&office, &outbox(&office, &porter)), 0);
    // A lead that was taken away by a file leaves its place; the outbox clears it.
    let lead = office.lead("b@test.fr", "0130926785");
    let removed = office.app.write_blocking(demo42(), "test".to_owned(), move |tx| {
        tx.remove(Kind::Lead, &[Cell::Int(lead)])?;
        Ok::<_, kontor_app::WriteError<()>>(())
    });
    removed.expect("a removal");
    assert_eq!(deliver(&office, &outbox(&office, &porter)), 1);
    assert!(porter.ids().is_empty());
    assert!(office.rows(Kind::Delivery).is_empty());
    assert!(office.rows(Kind::DeliveryTurn).is_empty());
}

#[test]
fn leads_that_cannot_be_opened_fail_without_a_parcel() {
    let office = Office::sealed();
    let lead = office.lead("a@test.fr", "0130926784");
    let porter = Porter::saying([]);
    let courier = Arc::clone(&porter) as Arc<dyn Courier>;
    let receivers = receivers(courier, "https://x.example/");
    let keyless = kontor_leads::vault::LeadVault::default();
    let outbox = Outbox::new(Arc::clone(&office.app), keyless, receivers, 0);
    assert_eq!(deliver(&office, &outbox), 1);
    assert!(porter.ids().is_empty());
    assert_eq!(delivery(&office, lead).state, DeliveryState::Pending);
}

#[test]
fn every_lead_arrives_when_half_of_the_attempts_fail() {
    let office = Office::open();
    let numbers: HashSet<String> = (0..60)
        .map(|n| office.lead(&format!("a{n}@test.fr"), &format!("01309{n:05}")))
        .map(|number| format!("lead_demo42_{number}"))
        .collect();
    let half = (0..200).map(|n| if n % 2 == 0 { failed() } else { Receipt::Taken });
    let porter = Porter::saying(half);
    let outbox = outbox(&office, &porter);
    while !office.rows(Kind::DeliveryTurn).is_empty() {
        deliver(&office, &outbox);
        office.clock.forward(100_000);
    }
    assert_eq!(porter.ids().into_iter().collect::<HashSet<_>>(), numbers);
    let mut delivered = office.rows(Kind::Delivery).into_iter();
    let is_delivered = |record| {
        matches!(record, Record::Delivery(Delivery { state: DeliveryState::Delivered, .. }))
    };
    assert!(delivered.all(is_delivered));
}

/// Takes parcels and never comes back.
#[derive(Default)]
struct Lost(AtomicUsize);

impl Courier for Lost {
    fn bring<'a>(&'a self, _: &'a Parcel) -> Pin<Box<dyn Future<Output = Receipt> + Send + 'a>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_receiver_that_hangs_holds_up_no_intake() {
    let office = Office::open();
    office.lead("first@test.fr", "0130926784");
    let lost = Arc::new(Lost::default());
    let courier = Arc::clone(&lost) as Arc<dyn Courier>;
    let receivers = receivers(courier, "https://crm.example/");
    let outbox = Outbox::new(Arc::clone(&office.app), office.vault.clone(), receivers, 0);
    let (stop, told) = tokio::sync::watch::channel(false);
    std::thread::scope(|scope| {
        let delivering = scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(outbox.run(told));
        });
        while lost.0.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        for n in 0..100 {
            office.lead(&format!("a{n}@test.fr"), &format!("01309{n:05}"));
        }
        stop.send(true).expect("an outbox that runs");
        delivering.join().expect("an outbox that stops");
    });
    assert!(lost.0.load(Ordering::SeqCst) <= 2, "no more are under way than may be");
    assert_eq!(office.rows(Kind::DeliveryTurn).len(), 101, "all wait for the next start");
}

#[test]
fn the_server_tidies_up() {
    let office = Office::open();
    office.submit(&[("a@test.fr", "0130926784")], Some("k")).expect("a lead");
    office.clock.forward(40 * 24 * 3600);
    let outbox = Outbox::new(Arc::clone(&office.app), office.vault.clone(), BTreeMap::new(), 30);
    office.runtime.block_on(outbox.tidy()).expect("a tidying");
    assert!(office.rows(Kind::SubmissionKey).is_empty());
    assert!(office.rows(Kind::Lead).is_empty());
}

/// Takes every parcel but those of some leads, with which something else happens.
struct Moody {
    taken: Porter,
    odd: HashSet<String>,
    what: fn() -> Receipt,
}

impl Courier for Moody {
    fn bring<'a>(
        &'a self,
        parcel: &'a Parcel,
    ) -> Pin<Box<dyn Future<Output = Receipt> + Send + 'a>> {
        let taking = self.taken.bring(parcel);
        if self.odd.contains(&parcel.id) {
            return Box::pin(async { (self.what)() });
        }
        taking
    }
}

fn id_of(lead: i64) -> String {
    format!("lead_demo42_{lead}")
}

#[test]
fn a_panic_in_an_attempt_is_a_failed_attempt_and_the_others_go_on() {
    let office = Office::open();
    let leads: Vec<i64> =
        (0..6).map(|n| office.lead(&format!("a{n}@test.fr"), &format!("01309{n:05}"))).collect();
    let odd = HashSet::from([id_of(leads[0]), id_of(leads[3])]);
    let moody = Moody { taken: Porter::default(), odd, what: || panic!("a fault of a courier") };
    let receivers = receivers(Arc::new(moody), "https://crm.example/");
    let outbox = Outbox::new(Arc::clone(&office.app), office.vault.clone(), receivers, 0);
    assert_eq!(deliver(&office, &outbox), 6);
    for (place, lead) in leads.iter().enumerate() {
        let delivery = delivery(&office, *lead);
        if [0, 3].contains(&place) {
            assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Pending, 1));
            assert_eq!(delivery.failure.as_deref(), Some("a bug in Kontor"));
            assert!(delivery.due > Some(office.clock.now()), "it comes again later");
        } else {
            assert_eq!(delivery.state, DeliveryState::Delivered);
        }
    }
}

/// Holds the first parcel for ever and takes the others.
#[derive(Default)]
struct HoldsTheFirst {
    came: AtomicUsize,
    taken: AtomicUsize,
}

impl Courier for HoldsTheFirst {
    fn bring<'a>(&'a self, _: &'a Parcel) -> Pin<Box<dyn Future<Output = Receipt> + Send + 'a>> {
        if self.came.fetch_add(1, Ordering::SeqCst) == 0 {
            return Box::pin(std::future::pending());
        }
        self.taken.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Receipt::Taken })
    }
}

#[test]
fn a_receiver_that_hangs_on_one_lead_gets_the_others() {
    let office = Office::open();
    office.lead("first@test.fr", "0130926784");
    let slow = Arc::new(HoldsTheFirst::default());
    let receivers = receivers(Arc::clone(&slow) as Arc<dyn Courier>, "https://crm.example/");
    let outbox = Outbox::new(Arc::clone(&office.app), office.vault.clone(), receivers, 0);
    let (stop, told) = tokio::sync::watch::channel(false);
    std::thread::scope(|scope| {
        let delivering = scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(outbox.run(told));
        });
        while slow.came.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        for n in 0..20 {
            office.lead(&format!("a{n}@test.fr"), &format!("01309{n:05}"));
        }
        while slow.taken.load(Ordering::SeqCst) < 20 {
            std::thread::yield_now();
        }
        stop.send(true).expect("an outbox that runs");
        delivering.join().expect("an outbox that stops");
    });
    assert_eq!(slow.came.load(Ordering::SeqCst), 21, "nobody gets a lead twice meanwhile");
}

#[test]
fn deliveries_that_ended_are_forgotten_when_they_were_kept_long_enough() {
    let office = Office::open();
    let done = office.lead("a@test.fr", "0130926784");
    let porter = Porter::saying([]);
    deliver(&office, &outbox(&office, &porter));
    let waiting = office.lead("b@test.fr", "0130926785");
    let before = office.store().last_change().expect("a store");
    let has_delivery = |lead| office.row(Kind::Delivery, &[Cell::Int(lead)]).is_some();
    let forget = || forget_old_deliveries(&office.app, 90, &|| true).expect("to forget");
    office.clock.forward(90 * 24 * 3600);
    forget();
    assert!(has_delivery(done), "it was kept for 90 days and not longer");
    office.clock.forward(1);
    forget();
    assert!(!has_delivery(done) && has_delivery(waiting));
    assert!(office.row(Kind::Lead, &[Cell::Int(done)]).is_some());
    assert_eq!(office.store().last_change().expect("a store"), before, "no change of the data");
    admin::retry(office.store(), &demo42(), office.clock.now(), done).expect("a retry");
    assert_eq!(deliver(&office, &outbox(&office, &porter)), 2);
}

#[test]
fn a_book_that_is_behind_what_is_known_is_loaded_anew() {
    let office = Office::open();
    let other = office.another_store();
    let put = |next: i64| {
        let job = move |tx: &mut dyn kontor_store::WriteTx| {
            let Some(Record::Category(category)) = tx.get(Kind::Category, &[Cell::text("1463")])?
            else {
                panic!("no category");
            };
            let code = format!("9{next}").parse().expect("a code");
            let category = kontor_model::questionnaire::Category { code, ..category };
            tx.put(&Record::Category(category))?;
            Ok::<_, kontor_app::WriteError<()>>(())
        };
        let at = office.clock.now();
        kontor_app::write::write_to(&*other, demo42(), "other".to_owned(), at, job)
    };
    for next in 0..3 {
        put(next).expect("a write");
    }
    let all = kontor_store::Prune {
        entries_before: Some(office.clock.now().plus_seconds(1)),
        ..Default::default()
    };
    assert_eq!(other.prune(&all).expect("a slice"), None);
    let shown = office.app.catch_up().expect("a book");
    assert_eq!(shown, other.last_change().expect("a store"));
    assert_eq!(office.app.reloads(), 1);
    let book = office.app.book();
    let tenant = book.supplier("demo42").expect("demo42");
    assert!(tenant.get(Kind::Category, &[Cell::text("92")]).is_some());
}
