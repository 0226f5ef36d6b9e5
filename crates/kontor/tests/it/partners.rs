//! `kontor partner`, beside a running server and without one.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cli::{demo_folder, run, scratch, stderr, stdout};
use crate::http::Client;
use crate::process::{self, Server, kontor};

/// Later than every overlap of a key that is given out by the clock of this machine.
const LONG_AFTER: &str = "2100-01-01T00:00:00Z";
const EXPIRES: &str = "2100-01-02T00:00:00Z";

/// A data directory whose partners are looked after by commands.
struct Partners(PathBuf);

impl Partners {
    fn imported(data: PathBuf) -> Self {
        let output = run(&["import", demo_folder().to_str().unwrap()], &data);
        assert!(output.status.success(), "{}", stdout(&output));
        Self(data)
    }

    /// What a command prints.
    fn told(&self, arguments: &[&str]) -> String {
        let output = run(&with_supplier(arguments), &self.0);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).trim_end().to_owned()
    }

    /// Why a command is refused. It prints nothing else.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = run(&with_supplier(arguments), &self.0);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        stderr(&output)
    }

    fn token(&self, partner: &str) -> String {
        self.token_until(partner, EXPIRES)
    }

    fn token_until(&self, partner: &str, expires: &str) -> String {
        self.told(&["token", partner, "--expires", expires])
    }

    fn serve(&self, clock: &str) -> Server {
        let mut serve: Command =
            kontor(&["serve", "--demo", "--clock", clock, "--listen", "127.0.0.1:0"]);
        process::start(serve.arg("--data").arg(&self.0)).unwrap()
    }
}

fn with_supplier<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["partner", "--supplier", "demo42"], arguments].concat()
}

/// Whether the server comes to answer a call of this token with this code; 18: let in, as an empty
/// call is malformed. It follows what another process writes, so it is asked until it has.
fn comes_to_answer(server: &Server, token: &str, code: u8) -> bool {
    let mut client = Client::connect(server.address).unwrap();
    let headers = format!("Authorization: Bearer {token}\r\n");
    let wanted = format!("\"code\":{code},");
    (0..1000).any(|_| {
        let answer = client.send("POST", "/api/v1/partners/create_rfq", &headers, "[]").unwrap();
        answer.body.contains(&wanted)
    })
}

/// Sends one lead of a category; the answer.
fn send(server: &Server, token: &str, category: u16, person: &str) -> Value {
    let mut client = Client::connect(server.address).unwrap();
    let headers = format!("Authorization: Bearer {token}\r\n");
    let body = format!(
        r#"[{{"categoryId":{category},"data":{{"30148":25638,"25533":"75001","email":"{person}@test.fr","companyName":"A","segment":1,"firstname":"A","lastname":"B","phone":"0199000001"}}}}]"#
    );
    let answer = client.send("POST", "/api/v1/partners/create_rfq", &headers, &body).unwrap();
    serde_json::from_str(&answer.body).unwrap()
}

#[test]
fn a_partner_is_added_and_let_in_beside_a_running_server() {
    let scratch = scratch();
    let partners = Partners::imported(scratch.path().join("data"));
    let server = partners.serve(process::CLOCK);
    let added = partners.told(&["add", "41", "--name", "ACME", "--number", "7"]);
    assert!(added.contains("grant 41"), "{added}");
    let token = partners.token("41");
    assert!(comes_to_answer(&server, &token, 18));
    assert_eq!(send(&server, &token, 1463, "early")["errors"]["input_0"][0]["code"], 19);
    partners.told(&["grant", "41", "1463", "1500"]);
    // The token of a partner that is added after the grant: when it is known, the grant is.
    partners.told(&["add", "42", "--name", "MARK"]);
    assert!(comes_to_answer(&server, &partners.token("42"), 18));
    assert_eq!(send(&server, &token, 1463, "acme")["success"], true);
    partners.told(&["disable", "41"]);
    assert!(comes_to_answer(&server, &token, 2));
    partners.told(&["enable", "41"]);
    assert!(comes_to_answer(&server, &token, 18));
}

#[test]
fn tokens_of_the_key_before_count_within_the_overlap_alone() {
    let scratch = scratch();
    let partners = Partners::imported(scratch.path().join("data"));
    let first = partners.token("22");
    let rotated = partners.told(&["rotate", "22"]);
    assert!(rotated.contains("token 22"), "{rotated}");
    let second = partners.token("22");
    assert_ne!(first, second);
    let within = partners.serve(process::CLOCK);
    assert!(comes_to_answer(&within, &first, 18) && comes_to_answer(&within, &second, 18));
    drop(within);
    let after = partners.serve(LONG_AFTER);
    assert!(comes_to_answer(&after, &first, 1) && comes_to_answer(&after, &second, 18));
    drop(after);
    partners.told(&["rotate", "22"]);
    let within = partners.serve(process::CLOCK);
    assert!(comes_to_answer(&within, &first, 1), "two keys live at a time");
    assert!(comes_to_answer(&within, &second, 18));
    drop(within);
    let expired = partners.serve(EXPIRES);
    assert!(comes_to_answer(&expired, &partners.token_until("22", "2100-01-03T00:00:00Z"), 18));
    assert!(comes_to_answer(&expired, &partners.token("22"), 1), "at its end a token is over");
}

#[test]
fn tokens_have_the_documented_form() {
    let scratch = scratch();
    let partners = Partners::imported(scratch.path().join("data"));
    // The documented token itself: partner 22 of the demo has its issuer and its key.
    let documented = partners.token_until("22", "2050-01-01T00:00:00Z");
    assert_eq!(documented, process::DEMO_TOKEN);
    partners.told(&["add", "41", "--name", "ACME", "--number", "7", "--language", "fr"]);
    assert_eq!(claims(&partners.token("41"))["iss"], "IjQxX0FDTUVfNyI");
    assert_eq!(claims(&partners.token("41"))["sub"], 41);
}

fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[test]
fn lists_show_grants_and_no_secret() {
    let scratch = scratch();
    let partners = Partners::imported(scratch.path().join("data"));
    partners.told(&["add", "41", "--name", "ACME", "--language", "fr"]);
    partners.told(&["grant", "41", "1463", "1500"]);
    partners.told(&["grant", "41", "1463", "--revoke"]);
    partners.told(&["rotate", "41"]);
    partners.told(&["disable", "41"]);
    let list: Value = serde_json::from_str(&partners.told(&["list", "--json"])).unwrap();
    let row = &list.as_array().unwrap()[3];
    let expected = r#""partner":"41","name":"ACME","state":"disabled","language":"fr","categories":["1500"],"keys":2,"key_before_until":""#;
    assert!(row.to_string().contains(expected), "{row}");
    let table = partners.told(&["list"]);
    assert!(table.contains("ACME") && table.contains("1463, 1500, 1600, 1701, 1702"), "{table}");
    let token = partners.token("22");
    for shown in [table, list.to_string()] {
        assert!(!shown.contains("kontor-demo-secret") && !shown.contains(&token), "{shown}");
    }
    stored_nowhere(&partners.0, &token);
}

fn stored_nowhere(data: &Path, token: &str) {
    let signature = token.rsplit('.').next().unwrap();
    for entry in std::fs::read_dir(data).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(signature.len()).any(|part| part == signature.as_bytes()));
    }
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let scratch = scratch();
    let partners = Partners::imported(scratch.path().join("data"));
    let long = "x".repeat(101);
    for (arguments, expected) in [
        (&["add", "22", "--name", "X"][..], "there is a partner 22 already"),
        (&["add", "022", "--name", "X"], "\"022\" is not 1 to 18 digits"),
        (&["add", "1234567890123456789", "--name", "X"], "is not 1 to 18 digits"),
        (&["add", "41", "--name", ""], "the name \"\""),
        (&["add", "41", "--name", &long], "is not 1 to 100 characters"),
        (&["add", "41", "--name", "X", "--number", "4294967296"], "--number"),
        (&["add", "41", "--name", "X", "--language", "français"], "the language"),
        (&["grant", "32", "1463", "9999"], "there is no category 9999"),
        (&["grant", "32"], "CATEGORY"),
        (&["grant", "41", "1463"], "there is no partner 41"),
        (&["token", "41"], "there is no partner 41"),
        (&["token", "22", "--days", "0"], "1..=36500"),
        (&["token", "22", "--days", "36501"], "1..=36500"),
        (&["token", "22", "--expires", "2016-01-28T11:24:28Z"], "must expire later than now"),
        (&["token", "22", "--expires", "tomorrow"], "2016-01-28T11:24:28.874Z"),
        (&["rotate", "41"], "there is no partner 41"),
        (&["disable", "41"], "there is no partner 41"),
    ] {
        let told = partners.refused(arguments);
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
    assert_eq!(partners.told(&["list", "--json"]).matches("\"1463\"").count(), 1, "none granted");
    let nowhere = scratch.path().join("none");
    let output = run(&with_supplier(&["list"]), &nowhere);
    assert!(stderr(&output).contains("there is no data in") && !nowhere.exists());
}
