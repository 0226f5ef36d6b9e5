//! The gate over a connection in memory: what the HTTP library is shown of what a client sends.

#[cfg(test)]
mod support;

use http::StatusCode;
use proptest::prelude::*;

use crate::support::{Client, End};

const GET: &str = "GET /a?b=c HTTP/1.1\r\nHost: here\r\n\r\n";
const SIZED: &str = "POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nGET /";
const CHUNKED: &str = "POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n\
                       4;x=y\r\nGET \r\n0\r\nTrailer: z\r\n\r\n";
const OLD: &str = "GET / HTTP/1.0\r\n\r\n";
const STAND_IN: &str = "GET * HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n";

/// Heads that may not pass, and why.
const REFUSED: [(&str, StatusCode); 7] = [
    ("GET / HTTP/1.1\r\n\r\n", StatusCode::BAD_REQUEST),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", StatusCode::BAD_REQUEST),
    (
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        StatusCode::BAD_REQUEST,
    ),
    (
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        StatusCode::BAD_REQUEST,
    ),
    ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", StatusCode::BAD_REQUEST),
    (
        "GET /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx HTTP/1.1\r\nHost: a\r\n\r\n",
        StatusCode::URI_TOO_LONG,
    ),
    (
        "GET / HTTP/1.1\r\nHost: a\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n\r\n",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    ),
];

#[test]
fn good_requests_pass_as_they_are() {
    let stream = [GET, SIZED, CHUNKED, OLD].concat();
    for piece in 1..=stream.len() {
        let seen = Client::sends(&stream, piece).read();
        assert_eq!((seen.shown, seen.end), (stream.clone(), End::Closed), "pieces of {piece}");
    }
}

#[test]
fn a_head_that_may_not_pass_is_replaced_and_nothing_after_it_is_read() {
    for (head, status) in REFUSED {
        let stream = [SIZED, head, GET].concat();
        for piece in 1..=stream.len() {
            let seen = Client::sends(&stream, piece).read();
            assert_eq!(seen.shown, [SIZED, STAND_IN].concat(), "{head} in pieces of {piece}");
            assert_eq!((seen.refused, seen.end), (Some(status), End::Waits));
        }
    }
    let seen = Client::sends("HEAD / HTTP/1.1\r\n\r\n", 99).read();
    assert_eq!(seen.shown, STAND_IN.replace("GET", "HEAD"), "its answer has no body");
}

#[test]
fn a_body_that_breaks_its_framing_ends_the_connection() {
    let stream = CHUNKED.replace("4;x=y", "4 x");
    for piece in 1..=stream.len() {
        let seen = Client::sends(&stream, piece).read();
        assert_eq!((seen.refused, seen.end), (None, End::Error), "pieces of {piece}");
    }
}

#[test]
fn a_target_that_belongs_encoded_is() {
    let seen = Client::sends("GET /{a}?q=\"b\" HTTP/1.1\r\nHost: a\r\n\r\n", 7).read();
    assert_eq!(seen.shown, "GET /%7Ba%7D?q=%22b%22 HTTP/1.1\r\nHost: a\r\n\r\n");
}

#[test]
fn answers_to_requests_that_came_together_leave_together() {
    let mut client = Client::sends(GET.repeat(2), 999);
    client.read();
    client.begin_request();
    client.answer("one");
    assert_eq!(client.received(), "", "the second request is still to be answered");
    client.begin_request();
    client.answer("two");
    assert_eq!(client.received(), "onetwo");
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn how_a_stream_is_cut_does_not_matter(
        requests in proptest::collection::vec(
            proptest::sample::select(vec![GET, SIZED, CHUNKED, OLD]), 0..6
        ),
        refused in proptest::sample::select(REFUSED.to_vec()),
        piece in 1_usize..200,
    ) {
        let stream = requests.concat() + refused.0;
        let seen = Client::sends(&stream, piece).read();
        prop_assert_eq!(seen.shown, requests.concat() + STAND_IN);
        prop_assert_eq!(seen.refused, Some(refused.1));
    }

    /// Whatever comes: it ends, and nothing is shown that did not come, stand-ins aside.
    #[test]
    fn no_bytes_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        piece in 1_usize..50,
        begin in proptest::sample::select(vec!["", GET, "POST / HTTP/1.1\r\nHost: a\r\n"]),
    ) {
        let stream = [begin.as_bytes(), &bytes[..]].concat();
        let seen = Client::sends(&stream, piece).read();
        prop_assert!(seen.shown_bytes <= stream.len() + STAND_IN.len() + 2 * bytes.len());
    }
}
