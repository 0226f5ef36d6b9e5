//! What every answer has: ids, `Cache-Control`, `HEAD`, gzip, paths, HTTP/1.0, pipelining.

use std::collections::HashSet;
use std::io::Read;

use crate::support::{config, get, read_to_end, receive, receive_head, send, start};

#[tokio::test]
async fn a_dialect_answers_with_path_and_query() {
    let server = start(config());
    for (target, answer) in [
        ("/echo", "GET /echo /echo None 0"),
        ("/echo/", "GET /echo /echo/ None 0"),
        ("/echo/a%20b/?q=%20", "GET /echo/a b /echo/a%20b/ Some(\"q=%20\") 0"),
        ("/%65cho?", "GET /echo /%65cho Some(\"\") 0"),
        ("/echo/%FF", "GET /echo/\u{FFFD} /echo/%FF None 0"),
        ("/echo/%zz%2F%", "GET /echo/%zz%2F% /echo/%zz%2F% None 0"),
        ("http://elsewhere/echo?x", "GET /echo /echo Some(\"x\") 0"),
    ] {
        let answer_ = server.get(target, "").await;
        assert_eq!((answer_.status, answer_.text()), (200, answer), "{target}");
        answer_.assert_common();
    }
}

#[tokio::test]
async fn bytes_that_no_target_may_hold_are_taken_as_if_encoded() {
    let server = start(config());
    let mut request =
        b"GET /echo/<b>?a=\"<x>`{}|\\^&b=\xE9&c=%22 HTTP/1.1\r\nHost: a\r\n\r\n".to_vec();
    let expected = "GET /echo/<b> /echo/%3Cb%3E \
        Some(\"a=%22%3Cx%3E%60%7B%7D%7C%5C%5E&b=%E9&c=%22\") 0";
    let answer = server.ask(&request).await;
    assert_eq!((answer.status, answer.text()), (200, expected));
    // The same in the midst of others, in pieces of every kind.
    request.splice(0..0, get("/echo/1", "").into_bytes());
    request.extend(get("/echo/2", "").bytes());
    for piece in [1, 9, 40, 60, 1_000] {
        let mut stream = server.connect().await;
        stream.set_nodelay(true).unwrap();
        for piece in request.chunks(piece) {
            send(&mut stream, piece).await;
        }
        for expected in ["GET /echo/1 /echo/1 None 0", expected, "GET /echo/2 /echo/2 None 0"] {
            assert_eq!(receive(&mut stream).await.text(), expected, "in pieces of {piece}");
        }
    }
}

#[tokio::test]
async fn a_path_nobody_owns_is_not_found() {
    let server = start(config());
    for target in ["/", "/nothing?a=b", "/echoes", "/metrics/x", "//"] {
        let answer = server.get(target, "").await;
        assert_eq!((answer.status, answer.text()), (404, "not found"), "{target}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=UTF-8"));
        answer.assert_common();
    }
}

#[tokio::test]
async fn request_ids_are_fresh() {
    let server = start(config());
    let mut stream = server.connect().await;
    let mut ids = HashSet::new();
    for _ in 0..50 {
        send(&mut stream, get("/echo", "")).await;
        let answer = receive(&mut stream).await;
        assert!(ids.insert(answer.header("x-request-id").unwrap().to_owned()));
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = start(config());
    for target in ["/echo", "/echo/error", "/nothing", "/echo/size/5000", "/healthz"] {
        let asked = server.get(target, "").await;
        let mut stream = server.connect().await;
        send(&mut stream, format!("HEAD {target} HTTP/1.1\r\nHost: kontor\r\n\r\n")).await;
        let head = receive_head(&mut stream).await;
        assert_eq!(head.status, asked.status, "{target}");
        let comparable = |headers: &[(String, String)]| {
            let mut headers = headers.to_vec();
            headers.retain(|(name, _)| name != "x-request-id" && name != "date");
            headers
        };
        let length = |answer: &crate::support::Received| {
            answer.header("content-length").unwrap().parse::<usize>().unwrap()
        };
        if target == "/echo" {
            assert_eq!(length(&head), asked.body.len() + 1, "HEAD is one letter longer than GET");
        } else {
            assert_eq!(comparable(&head.headers), comparable(&asked.headers), "{target}");
        }
        // The next answer follows at once: there was no body.
        send(&mut stream, get("/echo", "Connection: close\r\n")).await;
        assert!(read_to_end(&mut stream).await.starts_with(b"HTTP/1.1 200 OK\r\n"), "{target}");
    }
}

#[tokio::test]
async fn an_answer_without_content_has_no_length() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo/none", "")).await;
    let answer = receive(&mut stream).await;
    assert_eq!((answer.status, answer.header("content-length")), (204, None));
    answer.assert_common();
    send(&mut stream, get("/echo", "")).await;
    assert_eq!(receive(&mut stream).await.status, 200);
}

#[tokio::test]
async fn gzip_only_when_asked_and_from_1024_bytes_on() {
    let server = start(config());
    for (size, header, is_zipped) in [
        (1_023, "Accept-Encoding: gzip\r\n", false),
        (1_024, "Accept-Encoding: gzip\r\n", true),
        (1_024, "Accept-Encoding: *\r\n", true),
        (1_024, "Accept-Encoding: gzip;q=0, *\r\n", false),
        (1_024, "Accept-Encoding: br\r\n", false),
        (1_024, "", false),
        (600_000, "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n", true),
    ] {
        let answer = server.get(&format!("/echo/size/{size}"), header).await;
        let encoding = is_zipped.then_some("gzip");
        assert_eq!(answer.header("content-encoding"), encoding, "{size} {header}");
        let may_be_zipped = (size >= 1_024).then_some("Accept-Encoding");
        assert_eq!(answer.header("vary"), may_be_zipped, "{size} {header}");
        let mut body = Vec::new();
        if is_zipped {
            flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut body).unwrap();
            assert!(answer.body.len() < size);
        } else {
            body.clone_from(&answer.body);
        }
        assert_eq!(body, vec![b'x'; size], "{size} {header}");
    }
}

#[tokio::test]
async fn http_1_0_works_without_host_and_with_keep_alive() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").await;
    assert_eq!(receive(&mut stream).await.status, 200);
    send(&mut stream, "POST /echo HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc").await;
    let answer = receive(&mut stream).await;
    assert_eq!((answer.status, answer.text()), (200, "POST /echo /echo None 3"));
    assert_eq!(read_to_end(&mut stream).await, b"", "without keep-alive it is closed");
}

#[tokio::test]
async fn a_client_that_ended_its_side_still_gets_its_answer() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo/wait", "")).await;
    tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
    server.someone_waits().await;
    server.gate.add_permits(1);
    assert!(read_to_end(&mut stream).await.starts_with(b"HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = start(config());
    let mut stream = server.connect().await;
    let mut all = Vec::new();
    // More than the gate shows at once, with bodies of both framings between them.
    for index in 0..100 {
        all.extend(get(&format!("/echo/{index}"), "").bytes());
        all.extend(b"POST /echo/sized HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /");
        all.extend(b"POST /echo/chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        all.extend(b"5\r\nGET /\r\n1\r\nx\r\n0\r\nTrailer: a\r\n\r\n");
    }
    send(&mut stream, all).await;
    for index in 0..100 {
        let expected = format!("GET /echo/{index} /echo/{index} None 0");
        assert_eq!(receive(&mut stream).await.text(), expected);
        let sized = receive(&mut stream).await;
        assert_eq!(sized.text(), "POST /echo/sized /echo/sized None 5");
        let chunked = receive(&mut stream).await;
        assert_eq!(chunked.text(), "POST /echo/chunked /echo/chunked None 6");
    }
}

#[tokio::test]
async fn an_answer_that_closes_goes_out_before_a_request_behind_it_is_forgotten() {
    let server = start(config());
    let old = "GET /echo/old HTTP/1.0\r\n\r\n".to_owned();
    for first in [get("/echo/1", "Connection: close\r\n"), old] {
        let mut stream = server.connect().await;
        send(&mut stream, first + &get("/echo/2", "")).await;
        let answer = receive(&mut stream).await;
        assert!(answer.text().starts_with("GET /echo/"));
        assert_eq!(read_to_end(&mut stream).await, b"");
    }
}

#[tokio::test]
async fn an_answer_does_not_wait_for_a_slow_one_behind_it() {
    let server = start(config());
    let mut stream = server.connect().await;
    let all = get("/echo/1", "") + &get("/echo/2", "") + &get("/echo/wait", "");
    send(&mut stream, all).await;
    for expected in ["GET /echo/1 /echo/1 None 0", "GET /echo/2 /echo/2 None 0"] {
        assert_eq!(receive(&mut stream).await.text(), expected);
    }
    server.gate.add_permits(1);
    assert_eq!(receive(&mut stream).await.status, 200);
}

#[tokio::test]
async fn requests_in_pieces_of_every_size_are_the_same_requests() {
    let server = start(config());
    let mut all = get("/echo/1", "X-Filler: abcdefgh\r\n").into_bytes();
    all.extend(b"POST /echo/2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    all.extend(b"3\r\nabc\r\n0\r\n\r\n");
    all.extend(get("/echo/3", "Connection: close\r\n").bytes());
    for piece in [1, 2, 3, 5, 7, 50, 100] {
        let mut stream = server.connect().await;
        stream.set_nodelay(true).unwrap();
        for piece in all.chunks(piece) {
            send(&mut stream, piece).await;
        }
        for expected in ["GET /echo/1", "POST /echo/2", "GET /echo/3"] {
            let answer = receive(&mut stream).await;
            assert!(answer.text().starts_with(expected), "{}", answer.text());
        }
        assert_eq!(read_to_end(&mut stream).await, b"");
    }
}

#[tokio::test]
async fn an_entity_tag_belongs_to_one_coding() {
    let server = start(config());
    let gzip = "Accept-Encoding: gzip\r\n";
    for (size, accept, tag) in
        [(2_000, "", "\"t\""), (2_000, gzip, "\"t-gzip\""), (10, gzip, "\"t\"")]
    {
        let target = format!("/echo/tagged/{size}");
        let answer = server.get(&target, accept).await;
        assert_eq!((answer.status, answer.header("etag")), (200, Some(tag)), "{size} {accept}");
        let named = format!("{accept}If-None-Match: {tag}\r\n");
        let again = server.get(&target, &named).await;
        assert_eq!((again.status, again.header("etag")), (304, Some(tag)), "{size} {accept}");
        assert_eq!((again.body.len(), again.header("vary")), (0, Some("Accept-Encoding")));
    }
}
