//! Whole cases against the stub.

use super::stub::Stub;
use crate::golden::{CLOCK, Case, Running, Start, State, run_all, run_case};

fn problems(compare: &str, steps: &str) -> Vec<String> {
    let text = format!("# title: t\n# why: FACT f\n# compare: {compare}\n{steps}");
    let case = Case::parse("stub/case", &text).expect("readable");
    run_case(&case, Stub::start().address)
}

#[track_caller]
fn passes(compare: &str, steps: &str) {
    assert_eq!(problems(compare, steps), [""; 0]);
}

#[track_caller]
fn fails(compare: &str, steps: &str, problem: &str) {
    let found = problems(compare, steps).join("\n");
    assert!(found.contains(problem), "{problem:?} is not in {found:?}");
}

#[test]
fn compares_json() {
    passes("json", ">>>\nGET /json\n<<<\n200\n\n{ \"a\": 60.00, \"b\":\"x{ANY}\" }\n");
    passes("json\n# keys: any", ">>>\nGET /json\n<<<\n200\n\n{\"b\":\"xyz\",\"a\":60.00}\n");
    for (expected, problem) in [
        (r#"{"a":60.0,"b":"{ANY}"}"#, "$.a: 60.00; expected 60.0"),
        (r#"{"a":"60.00","b":"xyz"}"#, "$.a: 60.00; expected \"60.00\""),
        (r#"{"b":"{ANY}","a":60.00}"#, "$: key order is a, b; expected b, a"),
        (r#"{"a":60.00,"b":"xyz{ANY}"}"#, "$.b: \"xyz\""),
        (r#"{"a":60.00,"b":"xyz","c":null}"#, "$: missing key \"c\""),
        (r#"{"a":60.00}"#, "$: extra key \"b\" = \"xyz\""),
        (r#"{"a":[60.00],"b":"xyz"}"#, "$.a: 60.00; expected [60.00]"),
        ("[1]", "expected [1]"),
        ("{", "the expected body is not valid JSON"),
    ] {
        fails("json", &format!(">>>\nGET /json\n<<<\n200\n\n{expected}\n"), problem);
    }
    fails("json", ">>>\nGET /xml\n<<<\n200\n\n1\n", "the body is not valid JSON");
}

#[test]
fn compares_lists_by_element() {
    passes("json\n# keys: any", ">>>\nGET /list\n<<<\n200\n\n[1,{\"a\":[]}]\n");
    for (expected, problem) in [
        ("[1]", "$: 2 elements, expected 1"),
        (r#"[{"a":[]},1]"#, "$[0]: 1; expected {\"a\":[]}"),
        (r#"[1,{"a":[true]}]"#, "$[1].a: 0 elements, expected 1"),
        (r#"[2,{"a":[]}]"#, "$[0]: 1; expected 2"),
    ] {
        fails("json", &format!(">>>\nGET /list\n<<<\n200\n\n{expected}\n"), problem);
    }
}

#[test]
fn compares_bytes() {
    passes("bytes", ">>>\nGET /xml\n<<<\n200\nX: 2\n\n<a><t>{ANY}</t><b>{U+00E9}</b></a>\n");
    fails(
        "bytes",
        ">>>\nGET /xml\n<<<\n200\n\n<a>{ANY}</a>\n",
        "the body differs from character 4",
    );
    fails(
        "bytes",
        ">>>\nGET /xml\n<<<\n200\n\n<a><t>{ANY}</t><b>é</b></a>\n\n",
        "the body differs",
    );
    fails("bytes", ">>>\nPOST /raw\n\n%hex\nFF\n<<<\n200\n\nx\n", "the body is not UTF-8");
}

#[test]
fn compares_status_and_headers() {
    passes(
        "status",
        ">>>\nGET /json\n<<<\n200\ncontent-type: application/json;  charset=utf-8\nAllow: GET,POST\nContent-Length: {ANY:n}\nX: {ABSENT}\n",
    );
    fails("status", ">>>\nGET /json\n<<<\n404\n", "status 200, expected 404");
    fails(
        "status",
        ">>>\nGET /json\n<<<\n200\nAllow: GET\n",
        "header Allow: POST, get; expected GET",
    );
    fails("status", ">>>\nGET /json\n<<<\n200\nX: 1\n", "header X: (absent); expected 1");
    fails(
        "status",
        ">>>\nGET /json\n<<<\n200\nAllow: {ABSENT}\n",
        "header Allow: POST, get; expected none",
    );
    fails("status", ">>>\nGET /xml\n<<<\n200\nX: 3\n", "header X: 1; expected 3");
}

#[test]
fn sends_exactly_what_is_written() {
    let step = ">>>\nDELETE /raw?{HOST}\nX-Odd: a;b\n\n%hex\nC3A9 0a\n<<<\n200\n\n\
        DELETE /raw?{HOST} HTTP/1.1\r\nHost: {HOST}\r\nX-Odd: a;b\r\nConnection: close\r\n\
        Content-Length: 3\r\n\r\né\n\n";
    passes("bytes", &step.replace('\r', "{U+000D}"));
}

#[test]
fn adds_what_a_request_needs() {
    let sent = |request: &str, expected: &str| {
        let expected = expected.replace('\r', "{U+000D}");
        passes("bytes", &format!(">>>\n{request}\n<<<\n200\n\n{expected}\n"));
    };
    sent("GET /raw", "GET /raw HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
    sent(
        "GET /raw HTTP/1.0\nHost: {NONE}\nConnection: x",
        "GET /raw HTTP/1.0\r\nConnection: x\r\n\r\n",
    );
    sent(
        "PUT /raw",
        "PUT /raw HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
    sent(
        "GET /raw\n\né",
        "GET /raw HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 2\r\n\r\né",
    );
    sent(
        "POST /raw\nTransfer-Encoding: chunked\n\n{REPEAT:9:a:END}",
        "POST /raw HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
         7\r\naaaaaaa\r\n2\r\naa\r\n0\r\n\r\n",
    );
}

#[test]
fn steps_remember_and_end_at_the_first_failure() {
    passes(
        "json",
        ">>>\nGET /json\n<<<\n200\n\n{\"a\":60.00,\"b\":\"{ANY:t}\"}\n>>>\nGET /raw\nX: {=t}\nHost: {NONE}\nConnection: {NONE}\n\
         <<< bytes\n200\n\nGET /raw HTTP/1.1{U+000D}\nX: xyz{U+000D}\n{U+000D}\n\n",
    );
    let found = problems(
        "status",
        ">>>\nGET /json\n<<<\n200\n>>>\nGET /json\n<<<\n500\n>>>\nGET /nothing\n<<<\n200\n",
    );
    assert_eq!(found, ["step 2 of 3: GET /json", "status 200, expected 500"]);
}

#[test]
fn unpacks_gzip_that_was_asked_for() {
    passes(
        "bytes",
        ">>>\nGET /gzip\nAccept-Encoding: gzip\n<<<\n200\nContent-Encoding: gzip\n\nhello\n",
    );
    fails(
        "bytes",
        ">>>\nGET /gzip\n<<<\n200\n\nhello\n",
        "although the request had no Accept-Encoding",
    );
}

#[test]
fn reads_every_kind_of_answer() {
    passes("bytes", ">>>\nGET /chunked\n<<<\n200\n\nabcde\n");
    passes("bytes", ">>>\nGET /unsized\n<<<\n200\n\nto the end\n");
    passes("bytes", ">>>\nGET /continue\n<<<\n200\n\nok\n");
    passes("status", ">>>\nHEAD /json\n<<<\n200\nContent-Length: 21\n");
    passes("status", ">>>\nPOST /early\n\n{REPEAT:3000000:x:END}\n<<<\n413\n");
    fails("status", ">>>\nHEAD /chunked\n<<<\n200\n", "bytes after the headers of a HEAD answer");
    fails("status", ">>>\nGET /body-of-204\n<<<\n204\n", "a body of 1 bytes after the headers");
    fails("status", ">>>\nGET /short\n<<<\n200\n", "connection closed after 5 of 9 body bytes");
    fails("status", ">>>\nGET /bad-header\n<<<\n200\n", "bad header line \"bad header\"");
    fails("status", ">>>\nGET /bad-status\n<<<\n200\n", "bad status line");
    fails("status", ">>>\nGET /nothing\n<<<\n200\n", "connection closed before an answer");
    fails("status", ">>>\nPOST /raw\n\n%hex\nF\n<<<\n200\n", "a %hex body with other characters");
}

#[test]
fn speaks_to_loopback_only() {
    let case =
        Case::parse("n", "# title: t\n# why: FACT f\n>>>\nGET /\n<<<\n200\n").expect("readable");
    let found = run_case(&case, ([192, 0, 2, 1], 80).into());
    assert_eq!(found, ["refused: 192.0.2.1:80 is not a loopback address"]);
}

#[test]
fn cases_share_a_server_unless_they_write_or_have_their_own_clock() {
    let own_clock = "2016-03-27T01:00:00.000Z";
    let case = |name: &str, keys: &str, status: u16| {
        let text = format!(
            "# title: {name}\n# why: FACT f\n# compare: status\n{keys}>>>\nGET /json\n<<<\n{status}\n"
        );
        Case::parse(name, &text).expect("readable")
    };
    let cases = [
        case("one", "", 200),
        case("two", "# state: writes\n", 200),
        case("three", "", 404),
        case("four", &format!("# clock: {own_clock}\n"), 200),
        case("five", "# state: writes\n", 200),
    ];
    let mut starts = Vec::new();
    let report = run_all(&cases, |start: Start<'_>| {
        starts.push((start.clock.to_owned(), start.state));
        if starts.len() == 4 {
            return Err("no room".to_owned());
        }
        let stub = Stub::start();
        Ok(Running { address: stub.address, guard: Box::new(stub) })
    });
    let started = |clock: &str, state| (clock.to_owned(), state);
    let expected = [
        started(CLOCK, State::Reads),
        started(CLOCK, State::Writes),
        started(own_clock, State::Reads),
        started(CLOCK, State::Writes),
    ];
    assert_eq!(starts, expected);
    assert_eq!(
        report.to_string(),
        "FAIL three: three\n  FACT f\n    step 1 of 1: GET /json\n    status 200, expected 404\n\
         FAIL five: five\n  FACT f\n    cannot start the server: no room\n3 passed, 2 failed"
    );
}
