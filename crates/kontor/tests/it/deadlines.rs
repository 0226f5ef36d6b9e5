//! 503 promises that nothing was done: what waited too long for its turn is never carried out.

use std::path::Path;
use std::sync::mpsc;

use kontor_store::{Order, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::cli::scratch;
use crate::http::{Answer, Client};
use crate::process::{self, CLOCK, DEMO_TOKEN, Server, kontor};

const TOKEN: &str = "token: tok-restigo-demo\r\n";
const ITEMS: &str = "/api/departments/thirdParty/pricings/items";
const LIST: &str = "/api/departments/thirdParty/pricings?pricing_id=123";
const LEADS: &str = "/api/v1/partners/create_rfq";

/// A server whose answers may take 300 ms, on data that a test can reach.
fn serve(data: &Path) -> Server {
    let config = data.with_extension("toml");
    std::fs::write(&config, "[data]\nnot_ready_after_s = 1\n[server.limits]\nanswer_ms = 300\n")
        .unwrap();
    let mut command = kontor(&["serve", "--demo", "--clock", CLOCK, "--listen", "127.0.0.1:0"]);
    process::start(command.arg("--data").arg(data).arg("--config").arg(config)).unwrap()
}

/// What `ask` returns while another process, as it were, writes to the same data.
fn while_somebody_writes<T>(data: &Path, ask: impl FnOnce() -> T) -> T {
    let store = SqliteStore::open(data, &OpenOptions::default()).unwrap();
    let (holds, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let order = Order {
        supplier: "demo42".parse().unwrap(),
        actor: "other".to_owned(),
        clock: std::sync::Arc::new(kontor_model::FixedClock(CLOCK.parse().unwrap())),
        job: Box::new(move |_| {
            holds.send(()).unwrap();
            // An error means that the test is over.
            let _ = released.recv();
            Ok(())
        }),
    };
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| store.write(order));
        held.recv().unwrap();
        let answer = ask();
        release.send(()).unwrap();
        writing.join().unwrap().unwrap();
        answer
    })
}

fn set_price(client: &mut Client, amount: u32) -> Answer {
    let body = format!(
        r#"{{"pricing_id":123,"customer_number":"123","items":[{{"catalog_number":"0101","price_after_discount":{amount}}}]}}"#
    );
    let headers = format!("{TOKEN}Content-Type: application/json\r\n");
    client.send("POST", ITEMS, &headers, &body).unwrap()
}

fn shows_price(client: &mut Client, amount: u32) -> bool {
    let answer = client.get(LIST, TOKEN).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body.contains(&format!(r#""price_after_discount":{amount}"#))
}

fn send_lead(client: &mut Client) -> Answer {
    let body = r#"[{"categoryId":1463,"data":{"30148":25638,"25533":"75001","email":"late@test.fr",
        "companyName":"HOTTE INC.","segment":1,"firstname":"Wayne","lastname":"Hotte",
        "phone":"0130926799"}}]"#;
    let headers =
        format!("Authorization: Bearer {DEMO_TOKEN}\r\nContent-Type: application/json\r\n");
    client.send("POST", LEADS, &headers, body).unwrap()
}

#[test]
fn a_price_that_was_answered_503_is_not_set_later() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let server = serve(&data);
    let mut client = Client::connect(server.address).unwrap();
    assert_eq!(set_price(&mut client, 7001).status, 201);
    let late = while_somebody_writes(&data, || set_price(&mut client, 7002));
    assert_eq!((late.status, late.body.as_str()), (503, r#"{"message":"Service Unavailable"}"#));
    // Writes have their turns in order: after this one the one before would have been done.
    let other = r#"{"name":"Later"}"#;
    let headers = format!("{TOKEN}Content-Type: application/json\r\n");
    let path = "/api/departments/thirdParty/pricings";
    assert_eq!(client.send("POST", path, &headers, other).unwrap().status, 201);
    assert!(shows_price(&mut client, 7001));
}

#[test]
fn a_lead_that_was_answered_503_may_be_sent_again() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let server = serve(&data);
    let mut client = Client::connect(server.address).unwrap();
    let late = while_somebody_writes(&data, || send_lead(&mut client));
    assert_eq!(late.status, 503);
    assert!(late.body.contains("service_unavailable"), "{}", late.body);
    let again = send_lead(&mut client);
    assert_eq!(again.status, 200, "it is no duplicate: {}", again.body);
}

/// Asks until the server says that it is ready, or that it is not; what it said last.
fn ask_until(client: &mut Client, status: u16) -> String {
    loop {
        let answer = client.get("/readyz", "").unwrap();
        if answer.status == status {
            return answer.body;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_server_that_cannot_write_is_not_ready_until_it_can() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let server = serve(&data);
    let mut client = Client::connect(server.address).unwrap();
    let ready = ask_until(&mut client, 200);
    assert!(ready.contains(r#""writable":true,"changes_behind":0,"seconds_behind":0"#), "{ready}");
    let told = while_somebody_writes(&data, || {
        assert_eq!(set_price(&mut client, 7003).status, 503);
        ask_until(&mut client, 503)
    });
    assert!(told.contains("another process has kept the data from being written"), "{told}");
    ask_until(&mut client, 200);
    assert_eq!(set_price(&mut client, 7004).status, 201);
}

#[test]
fn a_server_whose_data_was_taken_away_acknowledges_nothing_until_it_is_back() {
    let scratch = scratch();
    let (data, away) = (scratch.path().join("data"), scratch.path().join("away"));
    let server = serve(&data);
    let mut client = Client::connect(server.address).unwrap();
    assert_eq!(set_price(&mut client, 7005).status, 201);
    std::fs::rename(&data, &away).unwrap();
    assert_eq!(set_price(&mut client, 7006).status, 503);
    let told = client.get("/readyz", "").unwrap();
    assert_eq!(told.status, 503, "at once");
    assert!(told.body.contains(r#""writable":false"#), "{}", told.body);
    std::fs::rename(&away, &data).unwrap();
    ask_until(&mut client, 200);
    assert!(shows_price(&mut client, 7005));
    assert_eq!(set_price(&mut client, 7007).status, 201);
}
