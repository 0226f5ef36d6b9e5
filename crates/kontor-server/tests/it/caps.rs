//! Caps of connections, of requests in flight and of requests per second.

use std::num::NonZeroU32;

use kontor_server::RateLimit;

use crate::support::{config, get, read_to_end, receive, send, start};

#[tokio::test]
async fn connections_are_taken_to_the_limit_and_not_one_more() {
    for per_address in [true, false] {
        let mut config = config();
        if per_address {
            config.limits.connections_per_address = 2;
        } else {
            config.limits.connections = 2;
        }
        let server = start(config);
        let mut open = Vec::new();
        for _ in 0..2 {
            let mut stream = server.connect().await;
            send(&mut stream, get("/echo", "")).await;
            assert_eq!(receive(&mut stream).await.status, 200);
            open.push(stream);
        }
        let mut third = server.connect().await;
        assert_eq!(read_to_end(&mut third).await, b"");

        let mut first = open.remove(0);
        send(&mut first, get("/echo", "Connection: close\r\n")).await;
        assert_eq!(receive(&mut first).await.status, 200);
        assert_eq!(read_to_end(&mut first).await, b"");
        drop(first);
        // The place is free when the server has noticed the end as well, a moment later.
        loop {
            let mut again = server.connect().await;
            let _ = tokio::io::AsyncWriteExt::write_all(
                &mut again,
                get("/echo", "Connection: close\r\n").as_bytes(),
            )
            .await;
            let answer = read_to_end(&mut again).await;
            if answer.starts_with(b"HTTP/1.1 200") {
                break;
            }
        }
    }
}

#[tokio::test]
async fn requests_in_flight_are_taken_to_the_limit_and_not_one_more() {
    let mut config = config();
    config.limits.requests_in_flight = 2;
    config.limits.retry_after_s = 7;
    let server = start(config);
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut stream = server.connect().await;
        send(&mut stream, get("/echo/wait", "")).await;
        server.someone_waits().await;
        waiting.push(stream);
    }
    let mut third = server.connect().await;
    send(&mut third, get("/echo", "")).await;
    let refused = receive(&mut third).await;
    assert_eq!((refused.status, refused.text()), (503, "echo: overloaded"));
    assert_eq!(refused.header("retry-after"), Some("7"));
    refused.assert_common();
    server.gate.add_permits(2);
    for stream in &mut waiting {
        assert_eq!(receive(stream).await.status, 200);
    }
    send(&mut third, get("/echo", "")).await;
    assert_eq!(receive(&mut third).await.status, 200, "the refused connection goes on");
}

#[tokio::test]
async fn an_address_has_its_burst_and_not_one_more() {
    let mut config = config();
    // One more per second would be free soon; so slow is not possible, but 40 s later is.
    config.rate_limit = Some(RateLimit { per_second: NonZeroU32::MIN, burst: burst(3) });
    let server = start(config);
    let mut stream = server.connect().await;
    for _ in 0..3 {
        send(&mut stream, get("/echo", "")).await;
        assert_eq!(receive(&mut stream).await.status, 200);
    }
    send(&mut stream, get("/echo", "")).await;
    let refused = receive(&mut stream).await;
    assert_eq!((refused.status, refused.text()), (429, "echo: too many"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    refused.assert_common();
    assert_eq!(server.get("/healthz", "").await.status, 200, "only protocols are limited");
}

fn burst(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap()
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_refused() {
    let mut config = config();
    config.limits.answer_ms = 100;
    let server = start(config);
    let answer = server.get("/echo/wait", "").await;
    assert_eq!((answer.status, answer.text()), (503, "echo: overloaded"));
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn what_was_begun_is_answered_by_its_outcome_however_long_it_takes() {
    let mut config = config();
    config.limits.answer_ms = 100;
    let server = start(config);
    let mut begun = server.connect().await;
    send(&mut begun, get("/echo/begun", "")).await;
    server.someone_waits().await;
    // It came later, so the time of the first is over when this one's is.
    assert_eq!(server.get("/echo/wait", "").await.status, 503);
    server.gate.add_permits(1);
    assert_eq!(receive(&mut begun).await.status, 200);
}

#[tokio::test]
async fn one_address_does_not_take_all_places() {
    let mut config = config();
    config.limits.requests_in_flight = 20;
    let server = start(config);
    let mut waiting = Vec::new();
    for _ in 0..16 {
        let mut stream = server.connect().await;
        send(&mut stream, get("/echo/wait", "")).await;
        server.someone_waits().await;
        waiting.push(stream);
    }
    let refused = server.get("/echo/wait", "").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    server.someone_waits().await;
    assert_eq!(server.get("/echo", "").await.status, 200, "what is ready at once is answered");
    let there = tokio::net::TcpSocket::new_v4().unwrap();
    there.bind(([127, 0, 0, 2], 0).into()).unwrap();
    let mut there = there.connect(server.address).await.unwrap();
    send(&mut there, get("/echo/wait", "")).await;
    server.someone_waits().await;
    server.gate.add_permits(17);
    for stream in waiting.iter_mut().chain([&mut there]) {
        assert_eq!(receive(stream).await.status, 200);
    }
}
