//! Panics cost one answer and nothing else.

use crate::support::{config, get, receive, send, start};

#[tokio::test]
async fn a_panic_is_answered_in_the_protocols_own_words() {
    let server = start(config());
    let mut stream = server.connect().await;
    for (target, text) in [
        ("/echo/panic", "echo: internal"),
        ("/echo/panic-now", "echo: internal"),
        ("/echo/panic?panic-refuse", "internal server error"),
    ] {
        send(&mut stream, get(target, "")).await;
        let answer = receive(&mut stream).await;
        assert_eq!((answer.status, answer.text()), (500, text), "{target}");
        answer.assert_common();
    }
    send(&mut stream, get("/echo", "")).await;
    assert_eq!(receive(&mut stream).await.status, 200, "the connection goes on");
    let metrics = server.get("/metrics", "").await;
    assert!(metrics.text().contains("\nkontor_panics_total 4\n"), "{}", metrics.text());
}

#[tokio::test]
async fn a_panic_while_routing_is_answered() {
    let server = start(config());
    let answer = server.get("/panic-owns", "").await;
    assert_eq!((answer.status, answer.text()), (500, "internal server error"));
    answer.assert_common();
    assert_eq!(server.get("/echo", "").await.status, 200);
}
