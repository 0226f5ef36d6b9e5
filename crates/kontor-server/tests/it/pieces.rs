//! Answers that are made while they are sent.

use std::io::Read;
use std::sync::atomic::Ordering::SeqCst;

use bytes::Bytes;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

use crate::support::{
    PIECE, Received, config, get, in_time, pace, pieces, read_to_end, receive, receive_head, send,
    start,
};

/// Reads an answer in chunks. `false`: its last chunk did not come.
async fn receive_chunks(stream: &mut (impl AsyncRead + Unpin)) -> (Received, bool) {
    let mut received = receive_head(stream).await;
    assert_eq!(received.header("transfer-encoding"), Some("chunked"));
    assert_eq!(received.header("content-length"), None);
    let mut stream = BufReader::with_capacity(1, stream);
    loop {
        let mut line = String::new();
        in_time(stream.read_line(&mut line)).await.expect("a length");
        let Ok(length) = usize::from_str_radix(line.trim_end(), 16) else {
            return (received, false);
        };
        let mut chunk = vec![0; length + 2];
        in_time(stream.read_exact(&mut chunk)).await.expect("a chunk");
        received.body.extend_from_slice(&chunk[..length]);
        if length == 0 {
            return (received, true);
        }
    }
}

#[tokio::test]
async fn pieces_are_sent_in_their_order_and_the_connection_goes_on() {
    let server = start(config());
    let mut stream = server.connect().await;
    for count in [2, 7] {
        send(&mut stream, get(&format!("/echo/pieces/{count}"), "")).await;
        let (answer, is_whole) = receive_chunks(&mut stream).await;
        assert!(is_whole && answer.body == pieces(count), "{count}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("etag"), Some("\"t\""));
        answer.assert_common();
    }
    send(&mut stream, get("/echo", "")).await;
    assert_eq!(receive(&mut stream).await.text(), "GET /echo /echo None 0");
}

#[tokio::test]
async fn a_client_without_chunks_reads_to_the_end() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, "GET /echo/pieces/3 HTTP/1.0\r\n\r\n").await;
    let head = receive_head(&mut stream).await;
    assert_eq!((head.header("transfer-encoding"), head.header("content-length")), (None, None));
    assert!(read_to_end(&mut stream).await == pieces(3));
}

#[tokio::test]
async fn head_makes_no_piece() {
    let server = start(config());
    let mut stream = server.connect().await;
    for headers in ["", "Accept-Encoding: gzip\r\n"] {
        let get = get("/echo/pieces/3", headers);
        send(&mut stream, get.replacen("GET", "HEAD", 1)).await;
        let head = receive_head(&mut stream).await;
        let zipped = headers.len() > 1;
        assert_eq!((head.status, head.header("content-length")), (200, None));
        assert_eq!(head.header("content-encoding"), zipped.then_some("gzip"));
        assert_eq!(head.header("etag"), Some(if zipped { "\"t-gzip\"" } else { "\"t\"" }));
        head.assert_common();
    }
    assert_eq!(server.made.load(SeqCst), 0);
}

#[tokio::test]
async fn pieces_are_compressed_when_asked() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo/pieces/9", "Accept-Encoding: gzip\r\n")).await;
    let (answer, is_whole) = receive_chunks(&mut stream).await;
    assert!(is_whole);
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    assert_eq!(answer.header("etag"), Some("\"t-gzip\""));
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&*answer.body).read_to_end(&mut plain).unwrap();
    assert!(plain == pieces(9));
}

/// The client must see that a part is missing.
#[tokio::test]
async fn a_piece_that_breaks_ends_the_connection() {
    let server = start(config());
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo/pieces/30", "")).await;
    let (answer, is_whole) = receive_chunks(&mut stream).await;
    assert!(!is_whole && pieces(20).starts_with(&answer.body));
    assert!(read_to_end(&mut stream).await.is_empty());
    let (mut client, connection) = h2::client::handshake(server.connect().await).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("http://a/echo/pieces/30").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    let mut body = in_time(answer).await.unwrap().into_body();
    let mut length = 0;
    let error = loop {
        match in_time(body.data()).await {
            Some(Ok(data)) => length += data.len(),
            Some(Err(error)) => break error,
            None => panic!("it looks whole"),
        }
        let used = body.flow_control().used_capacity();
        body.flow_control().release_capacity(used).unwrap();
    };
    assert!(error.is_reset() && length <= 20 * PIECE, "{error}");
}

/// What nobody takes is not made.
#[tokio::test]
async fn a_client_that_takes_nothing_has_no_more_made() {
    let mut config = config();
    config.limits.write = pace(300);
    let server = start(config);
    let mut builder = h2::client::Builder::new();
    let stream = server.connect().await;
    let (mut client, connection) =
        builder.initial_window_size(0).handshake::<_, Bytes>(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://a/echo/pieces/20").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    let answer = in_time(answer).await.unwrap();
    assert_eq!(answer.status(), 200);
    // It is closed, as one that takes nothing of any other answer.
    let _ = in_time(connection).await.unwrap();
    assert!(server.made.load(SeqCst) <= 1, "{}", server.made.load(SeqCst));
}

#[tokio::test]
async fn a_client_that_stops_in_the_midst_is_closed() {
    let mut config = config();
    config.limits.write = pace(300);
    let server = start(config);
    let (mut client, connection) = h2::client::handshake(server.connect().await).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://a/echo/pieces/20").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    let mut body = in_time(answer).await.unwrap().into_body();
    let mut length = 0;
    while length < 3 * PIECE {
        length += in_time(body.data()).await.expect("more").expect("a part").len();
        let used = body.flow_control().used_capacity();
        body.flow_control().release_capacity(used).unwrap();
    }
    let _ = in_time(connection).await.unwrap();
    assert!((2..6).contains(&server.made.load(SeqCst)), "{}", server.made.load(SeqCst));
}

#[tokio::test]
async fn many_answers_in_pieces_share_the_room() {
    let mut config = config();
    config.limits.answer_bytes_in_flight = 16 << 20;
    config.limits.answer_ms = 100;
    config.limits.h2_streams = 100;
    let server = start(config);
    let mut builder = h2::client::Builder::new();
    let stream = server.connect().await;
    let (mut client, connection) =
        builder.initial_window_size(0).handshake::<_, Bytes>(stream).await.unwrap();
    tokio::spawn(connection);
    let mut statuses = Vec::new();
    let mut unread = Vec::new();
    for _ in 0..9 {
        client = in_time(client.ready()).await.unwrap();
        let request = http::Request::get("http://a/echo/pieces/20").body(()).unwrap();
        let (answer, _) = client.send_request(request, true).unwrap();
        let (parts, body) = in_time(answer).await.unwrap().into_parts();
        statuses.push(parts.status.as_u16());
        unread.push(body);
    }
    // The connection has 2 MiB, and each answer holds a quarter of one.
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 503]);
}
