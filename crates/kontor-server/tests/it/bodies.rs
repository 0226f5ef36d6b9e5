//! Bodies: both framings, at the limit and one above, `Expect`, and the room for all of them.

use std::fmt::Write;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    MAX_BODY, config, get, in_time, read_to_end, receive, receive_head, send, start,
};

fn sized(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn chunked(path: &str, body: &str, chunk: usize) -> String {
    let mut request =
        format!("POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for chunk in body.as_bytes().chunks(chunk) {
        let chunk = std::str::from_utf8(chunk).unwrap();
        write!(request, "{:x}\r\n{chunk}\r\n", chunk.len()).unwrap();
    }
    request + "0\r\n\r\n"
}

#[tokio::test]
async fn a_body_is_read_at_its_limit_and_refused_one_above() {
    let server = start(config());
    let (fits, too_long) = ("x".repeat(MAX_BODY), "x".repeat(MAX_BODY + 1));
    let far_too_long = "x".repeat(MAX_BODY + 10_000);
    for (request, status) in [
        (sized("/echo/body", &fits), 200),
        (chunked("/echo/body", &fits, 7), 200),
        (chunked("/echo/body", &fits, MAX_BODY), 200),
        (sized("/echo/body", &too_long), 413),
        (chunked("/echo/body", &too_long, 7), 413),
        (chunked("/echo/body", &too_long, MAX_BODY + 1), 413),
        // What follows the byte too many is not read; the answer goes out nevertheless.
        (chunked("/echo/body", &far_too_long, 7), 413),
        (chunked("/echo/body", &far_too_long, 900), 413),
        (sized("/echo/body", &far_too_long), 413),
    ] {
        let mut stream = server.connect().await;
        send(&mut stream, request).await;
        let answer = receive(&mut stream).await;
        assert_eq!(answer.status, status);
        answer.assert_common();
        if status == 200 {
            assert_eq!(answer.text(), fits);
            send(&mut stream, get("/echo", "")).await;
            assert_eq!(receive(&mut stream).await.status, 200, "the connection goes on");
        } else {
            assert_eq!(answer.text(), "echo: too large");
            assert_eq!(answer.header("connection"), Some("close"));
            assert_eq!(read_to_end(&mut stream).await, b"");
        }
    }
}

#[tokio::test]
async fn a_client_that_sends_all_of_a_long_body_is_not_reset() {
    let server = start(config());
    let body = "x".repeat(900_000);
    for request in [sized("/echo", &body), chunked("/echo", &body, 10_000)] {
        let (begin, rest) = request.split_at(20_000);
        let mut stream = server.connect().await;
        send(&mut stream, begin).await;
        assert_eq!(receive(&mut stream).await.status, 413);
        for piece in rest.as_bytes().chunks(10_000) {
            send(&mut stream, piece).await;
        }
        stream.shutdown().await.unwrap();
        let mut after = Vec::new();
        in_time(stream.read_to_end(&mut after)).await.expect("an end, not a reset");
        assert_eq!(after, b"");
    }
}

#[tokio::test]
async fn bodies_are_read_on_every_method() {
    let server = start(config());
    for method in ["GET", "DELETE", "PUT", "PATCH", "OPTIONS", "BREW"] {
        let request = sized("/echo", "abc").replace("POST", method);
        let answer = server.ask(request).await;
        assert_eq!(answer.text(), format!("{method} /echo /echo None 3"));
    }
}

#[tokio::test]
async fn a_body_is_asked_for_when_the_client_waits_and_only_if_it_is_wanted() {
    let server = start(config());
    let head = |length: usize| {
        format!(
            "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let mut stream = server.connect().await;
    send(&mut stream, head(MAX_BODY)).await;
    assert_eq!(receive_head(&mut stream).await.status, 100);
    send(&mut stream, "x".repeat(MAX_BODY)).await;
    assert_eq!(receive(&mut stream).await.status, 200);

    let mut stream = server.connect().await;
    send(&mut stream, head(MAX_BODY + 1)).await;
    assert_eq!(receive(&mut stream).await.status, 413);
    assert_eq!(read_to_end(&mut stream).await, b"");
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_request() {
    let server = start(config());
    for request in [
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ] {
        let mut stream = server.connect().await;
        send(&mut stream, request).await;
        stream.shutdown().await.unwrap();
        assert_eq!(receive(&mut stream).await.status, 400, "{request}");
        assert_eq!(read_to_end(&mut stream).await, b"");
    }
}

#[tokio::test]
async fn a_stray_body_is_read_so_that_the_connection_goes_on() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, sized("/nothing", &"x".repeat(64 << 10))).await;
    assert_eq!(receive(&mut stream).await.status, 404);
    send(&mut stream, sized("/nothing", &"x".repeat((64 << 10) + 1))).await;
    let answer = receive(&mut stream).await;
    assert_eq!((answer.status, answer.header("connection")), (404, Some("close")));
    assert_eq!(read_to_end(&mut stream).await, b"");
}

#[tokio::test]
async fn all_bodies_together_have_a_limit() {
    let mut config = config();
    config.limits.body_bytes_in_flight = 1_000;
    let server = start(config);
    let mut waiting = server.connect().await;
    send(&mut waiting, sized("/echo/wait", &"x".repeat(400))).await;
    server.someone_waits().await;
    // 400 bytes are held: 600 more fit, 601 do not.
    assert_eq!(server.ask(sized("/echo", &"x".repeat(600))).await.status, 200);
    let refused = server.ask(sized("/echo", &"x".repeat(601))).await;
    assert_eq!((refused.status, refused.text()), (503, "echo: overloaded"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    server.gate.add_permits(1);
    assert_eq!(receive(&mut waiting).await.status, 200);
    assert_eq!(server.ask(sized("/echo", &"x".repeat(601))).await.status, 200);
}

fn coded(path: &str, coding: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_gzip_body_is_decoded_to_its_limit_and_refused_one_above() {
    let server = start(config());
    let fits = server.ask(coded("/echo/body", "gzip", &gzip(&[b'x'; MAX_BODY]))).await;
    assert_eq!((fits.status, fits.body), (200, vec![b'x'; MAX_BODY]));
    for bomb in [gzip(&[b'x'; MAX_BODY + 1]), gzip(&vec![b'x'; 1_000_000])] {
        assert!(bomb.len() < 1_100);
        let answer = server.ask(coded("/echo/body", "gzip", &bomb)).await;
        assert_eq!((answer.status, answer.text()), (413, "echo: too large"));
    }
    let broken = server.ask(coded("/echo/body", "gzip", b"no gzip")).await;
    assert_eq!(
        (broken.status, broken.text()),
        (400, "echo: undecodable"),
        "in the dialect's words"
    );
    assert_eq!(broken.header("connection"), None, "it was read, so the connection goes on");
}

#[tokio::test]
async fn another_coding_is_refused_and_gzip_named() {
    let server = start(config());
    for coding in ["br", "deflate", "gzip, gzip"] {
        let answer = server.ask(coded("/echo/body", coding, b"abc")).await;
        assert_eq!((answer.status, answer.header("accept-encoding")), (415, Some("gzip")));
        assert_eq!(answer.assert_common().body, b"");
    }
    let answer = server.ask(coded("/echo/body", "br", b"")).await;
    assert_eq!(answer.status, 200, "nothing is not coded");
}
