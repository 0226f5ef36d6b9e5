//! Listing suppliers, and removing one while a server runs.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::{demo_folder, run, scratch, stderr, stdout};
use crate::http::Client;
use crate::process::{self, DEMO_TOKEN};

/// Questions that only the removed supplier can answer: method, path, headers, body.
fn questions() -> Vec<(&'static str, &'static str, String, &'static str)> {
    let no_headers = String::new;
    vec![
        (
            "GET",
            "/ProductQueryFR?userid=_RQ123456&password=12abcd34&product_id=11045680",
            no_headers(),
            "",
        ),
        (
            "GET",
            "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=11.04.5680",
            no_headers(),
            "",
        ),
        (
            "GET",
            "/api/v2/sm_products/product-price?number_company=1",
            "Authorization: Bearer T-CONSINCO-DEMO\r\n".to_owned(),
            "",
        ),
        (
            "GET",
            "/api/departments/thirdParty/pricings",
            "token: tok-restigo-demo\r\n".to_owned(),
            "",
        ),
        (
            "POST",
            "/api/v1/partners/create_rfq",
            format!("Authorization: Bearer {DEMO_TOKEN}\r\n"),
            r#"[{"categoryId":1463,"data":{}}]"#,
        ),
    ]
}

/// One that the other supplier answers.
const OF_OTHER: (&str, &str) =
    ("/api/departments/thirdParty/pricings", "token: tok-restigo-mini\r\n");

fn answers(client: &mut Client) -> Vec<(u16, String)> {
    let all = questions();
    all.iter()
        .map(|(method, path, headers, body)| {
            let answer = client.send(method, path, headers, body).unwrap();
            (answer.status, answer.body)
        })
        .collect()
}

fn listed(data: &Path) -> Vec<Value> {
    let list = run(&["supplier", "list", "--json"], data);
    assert!(list.status.success(), "{}", stderr(&list));
    serde_json::from_str::<Value>(&stdout(&list)).unwrap().as_array().unwrap().clone()
}

fn doctor(data: &Path) {
    let doctor = run(&["doctor"], data);
    assert!(doctor.status.success(), "{}{}", stdout(&doctor), stderr(&doctor));
}

#[test]
fn suppliers_are_listed_with_what_they_have() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    assert!(run(&["import", demo_folder().to_str().unwrap()], &data).status.success());
    let list = listed(&data);
    let codes: Vec<&Value> = list.iter().map(|supplier| &supplier["supplier"]).collect();
    assert_eq!(codes, ["demo42", "wcs-mini"]);
    let first = &list[0];
    let lines = |file| fs::read_to_string(demo_folder().join("demo42").join(file)).unwrap();
    let rows = |file| json!(lines(file).lines().filter(|line| !line.is_empty()).count() - 1);
    assert_eq!(first["products"], rows("products.csv"));
    assert_eq!(first["prices"], rows("prices.csv"));
    assert_eq!(first["accounts"], rows("accounts.csv"));
    assert_eq!(first["leads"], rows("leads.csv"));
    let protocols = json!(["companeo", "consinco", "restigo", "secomp", "websphere"]);
    assert_eq!(first["protocols"], protocols);
    assert!(list[1]["protocols"].as_array().unwrap().contains(&json!("websphere")));
    let table = stdout(&run(&["supplier", "list"], &data));
    assert!(table.contains("demo42") && table.contains("time zone"), "{table}");
}

#[test]
fn a_removed_supplier_is_answered_like_one_that_never_was() {
    let scratch = scratch();
    let (data, other) = (scratch.path().join("data"), scratch.path().join("other"));
    let server = process::demo_on(&data).unwrap();
    let mini = demo_folder().join("wcs-mini");
    assert!(run(&["import", mini.to_str().unwrap()], &other).status.success());
    let never = process::demo_on(&other).unwrap();
    let (mut client, mut unknown) =
        (Client::connect(server.address).unwrap(), Client::connect(never.address).unwrap());
    let (before, expected) = (answers(&mut client), answers(&mut unknown));
    for ((before, expected), (_, path, ..)) in before.iter().zip(&expected).zip(questions()) {
        assert_ne!(before, expected, "{path} does not tell whether the supplier is there");
    }
    let of_other = client.get(OF_OTHER.0, OF_OTHER.1).unwrap();
    assert_eq!(of_other.status, 200);

    let asked = run(&["supplier", "remove", "demo42"], &data);
    assert_eq!(asked.status.code(), Some(2), "nobody confirmed it");
    let told = stdout(&asked);
    assert!(told.contains("products ") && told.contains("--yes"), "{told}");
    assert!(answers(&mut client) == before, "nothing is removed yet");

    let removed = run(&["supplier", "remove", "demo42", "--yes", "--json"], &data);
    assert!(removed.status.success(), "{}", stderr(&removed));
    let removed: Value = serde_json::from_str(&stdout(&removed)).unwrap();
    assert_eq!((&removed["supplier"], &removed["removed"]), (&json!("demo42"), &json!(true)));
    assert!(removed["rows"]["products"].as_u64() > Some(0), "{removed}");
    assert_eq!(answers(&mut client), expected);
    let after = client.get(OF_OTHER.0, OF_OTHER.1).unwrap();
    assert_eq!((after.status, &after.body), (200, &of_other.body), "others are untouched");
    assert_eq!(listed(&data).len(), 1);
    for secret in ["deja.vu@test.fr", "ancien@test.fr"] {
        assert!(!crate::cli::is_on_disk(&data, secret), "{secret} is still in a file");
    }
    doctor(&data);
    drop(server);
    doctor(&data);

    let again = run(&["supplier", "remove", "demo42", "--yes"], &data);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("there is no supplier demo42"), "{}", stderr(&again));
    let whole = run(&["import", demo_folder().to_str().unwrap()], &data);
    assert!(whole.status.success(), "its tokens and logins are free: {}", stdout(&whole));
    let server = process::demo_on(&data).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    let back = answers(&mut client);
    assert_eq!(back[0], before[0]);
}
