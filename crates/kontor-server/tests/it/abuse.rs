//! S-08: requests that are wrong as raw bytes.

use crate::support::{config, read_to_end, receive, send, start};

struct Case {
    what: &'static str,
    request: String,
    status: u16,
}

fn case(what: &'static str, status: u16, request: impl Into<String>) -> Case {
    Case { what, request: request.into(), status }
}

/// A `POST` with these header lines, followed by these bytes.
fn post(headers: &str, body: &str) -> String {
    format!("POST /echo HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}")
}

fn with_headers(headers: &str) -> String {
    format!("GET /echo HTTP/1.1\r\n{headers}\r\n")
}

fn hosts() -> Vec<Case> {
    vec![
        case("one host", 200, with_headers("Host: a\r\n")),
        case("a host with a port", 200, with_headers("Host: [::1]:8080\r\n")),
        case("no host", 400, with_headers("")),
        case("two hosts", 400, with_headers("Host: a\r\nHost: b\r\n")),
        case("the same host twice", 400, with_headers("Host: a\r\nhost: a\r\n")),
        case("an empty host", 400, with_headers("Host: \r\n")),
        case("a host with a blank", 400, with_headers("Host: a b\r\n")),
        case("a list of hosts", 400, with_headers("Host: a, b\r\n")),
        case("a host with a user", 400, with_headers("Host: u@a\r\n")),
        case("a host with a path", 400, with_headers("Host: a/b\r\n")),
        case("two hosts in HTTP/1.0", 400, "GET /echo HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        case("no host in HTTP/1.0", 200, "GET /echo HTTP/1.0\r\n\r\n"),
    ]
}

fn codings() -> Vec<Case> {
    let chunked = "3\r\nabc\r\n0\r\n\r\n";
    let coding = "Transfer-Encoding: chunked\r\n";
    let mut cases: Vec<Case> = [
        ("chunked", 200, coding),
        ("chunked in capitals", 200, "Transfer-Encoding: CHUNKED \r\n"),
        ("length, then coding", 400, "Content-Length: 13\r\nTransfer-Encoding: chunked\r\n"),
        ("coding, then length", 400, "Transfer-Encoding: chunked\r\nContent-Length: 13\r\n"),
        ("length 0 and coding", 400, "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
        ("gzip, chunked", 400, "Transfer-Encoding: gzip, chunked\r\n"),
        ("chunked, identity", 400, "Transfer-Encoding: chunked, identity\r\n"),
        ("identity", 400, "Transfer-Encoding: identity\r\n"),
        ("xchunked", 400, "Transfer-Encoding: xchunked\r\n"),
        ("chunked with a parameter", 400, "Transfer-Encoding: chunked;q=1\r\n"),
        ("an empty coding", 400, "Transfer-Encoding:\r\n"),
        ("a blank before the colon", 400, "Transfer-Encoding : chunked\r\n"),
        ("a vertical tab before the coding", 400, "Transfer-Encoding: \x0bchunked\r\n"),
        ("a folded coding", 400, "Transfer-Encoding:\r\n chunked\r\n"),
    ]
    .map(|(what, status, headers)| case(what, status, post(headers, chunked)))
    .into();
    let twice = post(&coding.repeat(2), chunked);
    cases.push(case("chunked twice", 400, twice));
    let other = format!("Transfer-Encoding: identity\r\n{coding}");
    cases.push(case("two codings", 400, post(&other, chunked)));
    let old = format!("POST /echo HTTP/1.0\r\n{coding}\r\n{chunked}");
    cases.push(case("chunked in HTTP/1.0", 400, old));
    cases
}

fn lengths() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("a length", 200, "3"),
        ("a list of lengths", 400, "3, 3"),
        ("a signed length", 400, "+3"),
        ("a negative length", 400, "-3"),
        ("a hexadecimal length", 400, "0x3"),
        ("an empty length", 400, ""),
        ("a length with a blank", 400, "3 3"),
        ("a length beyond 64 bits", 400, "18446744073709551616"),
        ("a length of nearly 64 bits", 400, "18446744073709551615"),
    ]
    .map(|(what, status, value)| {
        case(what, status, post(&format!("Content-Length: {value}\r\n"), "abc"))
    })
    .into();
    let same = "Content-Length: 3\r\nContent-Length: 3\r\n";
    cases.push(case("the same length twice", 200, post(same, "abc")));
    let other = "Content-Length: 3\r\nContent-Length: 4\r\n";
    cases.push(case("two lengths", 400, post(other, "abcd")));
    cases
}

fn chunks() -> Vec<Case> {
    [
        ("a chunk size that is none", 400, "x\r\nabc\r\n0\r\n\r\n"),
        ("a negative chunk size", 400, "-3\r\nabc\r\n0\r\n\r\n"),
        ("a chunk size beyond 64 bits", 400, "10000000000000003\r\nabc\r\n0\r\n\r\n"),
        ("a chunk longer than said", 400, "3\r\nabcd\r\n0\r\n\r\n"),
        ("a chunk size with a bare line feed", 400, "3\nabc\n0\n\n"),
        ("an extension with a bare line feed", 400, "3;a\nabc\r\n0\r\n\r\n"),
        ("a trailer with a bare line feed", 400, "3\r\nabc\r\n0\r\na: b\n\r\n"),
        ("a chunk extension", 200, "3;a=b\r\nabc\r\n0\r\n\r\n"),
        ("a trailer", 200, "3\r\nabc\r\n0\r\nHost: b\r\nContent-Length: 9\r\n\r\n"),
    ]
    .map(|(what, status, body)| case(what, status, post("Transfer-Encoding: chunked\r\n", body)))
    .into()
}

fn request_lines() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        ("CONNECT", 400, "CONNECT a:443 HTTP/1.1"),
        ("CONNECT with a path", 400, "CONNECT /echo HTTP/1.1"),
        ("OPTIONS *", 404, "OPTIONS * HTTP/1.1"),
        ("GET *", 400, "GET * HTTP/1.1"),
        ("a target without a slash", 400, "GET echo HTTP/1.1"),
        ("a target of another scheme", 400, "GET ftp://a/echo HTTP/1.1"),
        ("no target", 400, "GET  HTTP/1.1"),
        ("a blank in the target", 400, "GET /echo b HTTP/1.1"),
        ("a control character in the target", 400, "GET /ec\x01ho HTTP/1.1"),
        ("HTTP/1.2", 400, "GET /echo HTTP/1.2"),
        ("HTTP/2.0 as text", 400, "GET /echo HTTP/2.0"),
        ("http in small letters", 400, "GET /echo http/1.1"),
        ("a method that is none", 400, "GE(T /echo HTTP/1.1"),
        ("a blank before the method", 400, " GET /echo HTTP/1.1"),
        ("an unknown method", 200, "BREW /echo HTTP/1.1"),
        ("empty lines before", 200, "\r\n\r\nGET /echo HTTP/1.1"),
    ]
    .map(|(what, status, line)| case(what, status, format!("{line}\r\nHost: a\r\n\r\n")))
    .into();
    cases.push(case("HTTP/0.9", 400, "GET /echo\r\n\r\n"));
    cases.push(case("not HTTP at all", 400, "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03"));
    cases
}

fn header_lines() -> Vec<Case> {
    let upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk";
    [
        ("a header without a colon", 400, "X"),
        ("a header without a name", 400, ": x"),
        ("a blank before the colon of a header", 400, "X : y"),
        ("a folded header", 400, "X: y\r\n z"),
        ("a zero byte in a header", 400, "X: y\0z"),
        ("a bare carriage return in a header", 400, "X: y\rz: w"),
        ("a byte beyond ASCII in a header's name", 400, "X\u{e9}: y"),
        ("bytes beyond ASCII in a header's value", 200, "X: \u{5de}\u{5d7}"),
        ("an upgrade to HTTP/2", 200, upgrade),
    ]
    .map(|(what, status, line)| case(what, status, with_headers(&format!("Host: a\r\n{line}\r\n"))))
    .into()
}

fn sizes() -> Vec<Case> {
    let target = |length: usize| {
        format!("GET /echo?{} HTTP/1.1\r\nHost: a\r\n\r\n", "q".repeat(length - "/echo?".len()))
    };
    let headers =
        |count: usize| with_headers(&format!("Host: a\r\n{}", "X: y\r\n".repeat(count - 1)));
    // What counts as header lines is everything but the method and the target.
    let header_bytes = |length: usize| {
        let around = "  HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n".len();
        with_headers(&format!("Host: a\r\nX: {}\r\n", "y".repeat(length - around)))
    };
    vec![
        case("a target at the limit", 200, target(65_534)),
        case("a target one above the limit", 414, target(65_535)),
        case("a target far above the limit", 414, target(500_000)),
        case("a target without an end", 414, format!("GET /{}", "a".repeat(200_000))),
        case("headers at the limit", 200, headers(100)),
        case("one header above the limit", 431, headers(101)),
        case("header bytes at the limit", 200, header_bytes(32 << 10)),
        case("one header byte above the limit", 431, header_bytes((32 << 10) + 1)),
        case("header bytes far above the limit", 431, header_bytes(300_000)),
    ]
}

#[tokio::test]
async fn wrong_requests_are_refused_and_end_their_connection() {
    let server = start(config());
    let tables =
        [hosts(), codings(), lengths(), chunks(), request_lines(), header_lines(), sizes()];
    for case in tables.into_iter().flatten() {
        let mut stream = server.connect().await;
        send(&mut stream, &case.request).await;
        let answer = receive(&mut stream).await;
        assert_eq!(answer.status, case.status, "{}: {answer:?}", case.what);
        answer.assert_common();
        if matches!(case.status, 400 | 414 | 431) {
            // A second request hidden behind the first one must not be answered.
            let hidden = "GET /echo/hidden HTTP/1.1\r\nHost: a\r\n\r\n";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, hidden.as_bytes()).await;
            assert_eq!(answer.header("connection"), Some("close"), "{}", case.what);
            assert_eq!(read_to_end(&mut stream).await, b"", "{}", case.what);
        }
    }
}

#[tokio::test]
async fn a_refused_request_behind_good_ones_does_not_harm_them() {
    let server = start(config());
    let mut stream = server.connect().await;
    let good = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    send(&mut stream, format!("{good}{good}GET /echo HTTP/1.1\r\n\r\n{good}")).await;
    for status in [200, 200, 400] {
        let answer = receive(&mut stream).await;
        assert_eq!(answer.status, status);
        answer.assert_common();
    }
    assert_eq!(read_to_end(&mut stream).await, b"");
}

#[tokio::test]
async fn a_refused_head_request_has_no_body() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, "HEAD /echo HTTP/1.1\r\n\r\n").await;
    let answer = String::from_utf8(read_to_end(&mut stream).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}
