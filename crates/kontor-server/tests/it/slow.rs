//! S-01: nine kinds of slow clients. Each is closed in time, and meanwhile another client is served.
//!
//! The deadlines are short and the tests wait for the closing itself. A deadline that did not work
//! would leave the connection open until the test's patience ends.

use kontor_server::{Pace, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{
    Running, certificate, config, get, in_time, pace, read_to_end, receive, send, start,
};

/// A deadline no slow client of these tests may be closed by, because another one applies.
const FAR: u64 = 3_600_000;
/// Long enough for a request on a busy machine.
const SHORT: u64 = 400;

/// All deadlines are far away; each test makes its own one short.
fn patient() -> ServerConfig {
    let mut config = config();
    let limits = &mut config.limits;
    limits.tls_handshake_ms = FAR;
    limits.first_byte_ms = FAR;
    limits.head_ms = FAR;
    limits.idle_ms = FAR;
    limits.connection_age_ms = 2 * FAR;
    limits.body = pace(FAR);
    limits.write = pace(FAR);
    limits.h2_ping_ms = FAR;
    limits.drain_ms = SHORT;
    config
}

/// Serves another client while the slow one waits, and checks that both happen.
async fn meanwhile<T>(server: &Running, slow: impl Future<Output = T>) -> T {
    let others = async {
        for _ in 0..20 {
            assert_eq!(server.get("/echo", "Connection: close\r\n").await.status, 200);
        }
    };
    tokio::join!(slow, others).0
}

/// Sends one byte after the other until the server has closed the connection.
async fn drip(stream: &mut TcpStream, bytes: impl Iterator<Item = u8>) {
    let (mut reader, mut writer) = stream.split();
    let dripping = async {
        for byte in bytes {
            if writer.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("all bytes were taken");
    };
    let mut answer = Vec::new();
    in_time(async {
        tokio::select! {
            () = dripping => {}
            _ = reader.read_to_end(&mut answer) => {}
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_says_nothing() {
    let mut config = patient();
    config.limits.first_byte_ms = SHORT;
    let server = start(config);
    let mut stream = server.connect().await;
    assert_eq!(meanwhile(&server, read_to_end(&mut stream)).await, b"");
}

#[tokio::test]
async fn headers_that_drip() {
    let mut config = patient();
    config.limits.head_ms = SHORT;
    // Dripping for ever would otherwise meet the limit of sizes.
    config.limits.header_bytes = 1 << 20;
    let server = start(config);
    let mut stream = server.connect().await;
    let head = b"GET /echo HTTP/1.1\r\nHost: a\r\n".iter().copied();
    let dripped = head.chain(std::iter::repeat(b"X: y\r\n".iter().copied()).flatten());
    meanwhile(&server, drip(&mut stream, dripped)).await;
}

#[tokio::test]
async fn headers_that_never_end() {
    let mut config = patient();
    config.limits.head_ms = SHORT;
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, "GET /echo HTTP/1.1\r\nHost: a\r\nX-Half: ").await;
    assert_eq!(meanwhile(&server, read_to_end(&mut stream)).await, b"");
}

#[tokio::test]
async fn headers_that_never_end_after_a_good_request() {
    let mut config = patient();
    config.limits.head_ms = SHORT;
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, format!("{}GET /ec", get("/echo", ""))).await;
    assert_eq!(receive(&mut stream).await.status, 200);
    assert_eq!(meanwhile(&server, read_to_end(&mut stream)).await, b"");
}

#[tokio::test]
async fn a_body_that_never_comes() {
    let mut config = patient();
    config.limits.body = pace(SHORT);
    let server = start(config);
    for framing in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
        let mut stream = server.connect().await;
        send(&mut stream, format!("POST /echo HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n")).await;
        let answer = meanwhile(&server, receive(&mut stream)).await;
        assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
        answer.assert_common();
        assert_eq!(read_to_end(&mut stream).await, b"");
    }
}

#[tokio::test]
async fn a_body_that_drips() {
    let mut config = patient();
    // A byte now and then earns no more time.
    config.limits.body = Pace { grace_ms: SHORT, min_bytes_per_second: 1 << 30, total_ms: FAR };
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, "POST /stray HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n").await;
    meanwhile(&server, drip(&mut stream, std::iter::repeat_n(b'x', 50_000))).await;
}

#[tokio::test]
async fn a_body_at_a_good_rate_that_takes_too_long() {
    let mut config = patient();
    config.limits.body = Pace { grace_ms: FAR, min_bytes_per_second: 1, total_ms: SHORT };
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nabc").await;
    assert_eq!(receive(&mut stream).await.status, 408);
}

#[tokio::test]
async fn a_kept_alive_connection_that_is_idle() {
    let mut config = patient();
    config.limits.idle_ms = SHORT;
    let server = start(config);
    let mut stream = server.connect().await;
    for _ in 0..3 {
        send(&mut stream, get("/echo", "")).await;
        assert_eq!(receive(&mut stream).await.status, 200);
    }
    assert_eq!(meanwhile(&server, read_to_end(&mut stream)).await, b"");
}

#[tokio::test]
async fn an_http_2_connection_that_is_idle() {
    let mut config = patient();
    config.limits.idle_ms = SHORT;
    let server = start(config);
    let (mut client, connection) = h2::client::handshake(server.connect().await).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://a/echo").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    assert_eq!(in_time(answer).await.unwrap().status(), 200);
    in_time(meanwhile(&server, connection)).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_http_2_connection_that_answers_no_ping() {
    let mut config = patient();
    config.limits.h2_ping_ms = SHORT;
    let server = start(config);
    let mut stream = server.connect().await;
    // The preface, empty settings, and then nothing: neither settings nor pings are acknowledged.
    send(&mut stream, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    meanwhile(&server, read_to_end(&mut stream)).await;
}

#[tokio::test]
async fn a_client_that_never_reads_a_large_answer() {
    let mut config = patient();
    config.limits.write = pace(SHORT);
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo/size/50000000", "")).await;
    // The server closes with the answer half sent. Reading would be taking, so wait for the
    // closing to show when writing.
    let closed = async {
        while stream.write_all(b"\r\n").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    in_time(meanwhile(&server, closed)).await;
    let received = read_to_end(&mut stream).await;
    assert!(received.len() < 50_000_000, "{}", received.len());
}

#[tokio::test]
async fn a_client_that_never_reads_the_answers_to_pipelined_requests() {
    let mut config = patient();
    config.limits.write = pace(SHORT);
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo", "")).await;
    assert_eq!(receive(&mut stream).await.status, 200);
    let requests = get("/echo/size/1000000", "").repeat(1_000);
    let closed = async { while stream.write_all(requests.as_bytes()).await.is_ok() {} };
    in_time(closed).await;
    // The server made 16 answers, and before them a few that the operating system took; it had
    // room to read more than a hundred requests.
    let metrics = server.get("/metrics", "").await;
    let line = "kontor_requests_total{dialect=\"echo\",status=\"200\"} ";
    let answered = metrics.text().lines().find_map(|text| text.strip_prefix(line)).unwrap();
    assert!(answered.parse::<usize>().unwrap() <= 48, "{answered}");
}

#[tokio::test]
async fn an_http_2_client_that_opens_no_window() {
    let mut config = patient();
    config.limits.idle_ms = SHORT;
    let server = start(config);
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(0);
    let stream = server.connect().await;
    let (mut client, connection) = builder.handshake::<_, bytes::Bytes>(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://a/echo/size/100000").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    assert_eq!(in_time(answer).await.unwrap().status(), 200);
    let _ = in_time(meanwhile(&server, connection)).await.unwrap();
}

#[tokio::test]
async fn a_tls_handshake_that_never_ends() {
    let mut config = patient();
    config.limits.tls_handshake_ms = SHORT;
    let files = certificate("slow");
    config.tls = Some(files.config());
    let server = start(config);
    for begun in [&b""[..], b"\x16\x03\x01\x02\0\x01"] {
        let mut stream = server.connect().await;
        send(&mut stream, begun).await;
        let others = async { assert_eq!(files.get(&server, "/echo").await.status, 200) };
        let (closed, ()) = tokio::join!(read_to_end(&mut stream), others);
        assert_eq!(closed, b"");
    }
}

#[tokio::test]
async fn a_client_that_goes_on_sending_after_its_refusal() {
    let server = start(patient());
    let mut stream = server.connect().await;
    send(&mut stream, "GET /echo HTTP/1.1\r\n\r\n").await;
    let (mut reader, mut writer) = stream.split();
    assert_eq!(receive(&mut reader).await.status, 400);
    let sending = async { while writer.write_all(&[b'x'; 4_096]).await.is_ok() {} };
    let closing = async { while reader.read_u8().await.is_ok() {} };
    in_time(async { tokio::join!(sending, closing) }).await;
}

#[tokio::test]
async fn an_old_connection_takes_no_further_request() {
    let mut config = patient();
    config.limits.connection_age_ms = SHORT;
    config.limits.drain_ms = FAR;
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo/wait", "")).await;
    server.someone_waits().await;
    let mut other = server.connect().await;
    assert_eq!(read_to_end(&mut other).await, b"", "an old connection without a request ends");
    server.gate.add_permits(1);
    assert_eq!(receive(&mut stream).await.status, 200, "one with a request finishes it");
    assert_eq!(read_to_end(&mut stream).await, b"");
}
