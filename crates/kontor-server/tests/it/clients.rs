//! Whose request it is: proxies that are trusted, and what logs and metrics say of a caller.

use crate::support::{config, get, log, receive, send, start};

const FORWARDED: &str = "X-Forwarded-For: 198.51.100.1, 203.0.113.7\r\n";

#[tokio::test]
async fn only_a_trusted_proxy_says_whose_request_it_passes_on() {
    let server = start(config());
    assert_eq!(server.get("/echo/peer", FORWARDED).await.text(), "127.0.0.1");
    let mut trusting = config();
    trusting.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    trusting.limits.connections_per_address = 1;
    let server = start(trusting);
    assert_eq!(server.get("/echo/peer", FORWARDED).await.text(), "203.0.113.7");
    assert_eq!(server.get("/echo/peer", "").await.text(), "127.0.0.1");
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut stream = server.connect().await;
        send(&mut stream, get("/echo", "")).await;
        assert_eq!(receive(&mut stream).await.status, 200, "a proxy has many connections");
        open.push(stream);
    }
}

#[tokio::test]
async fn limits_count_for_the_client_behind_the_proxy() {
    let mut config = config();
    config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let one = std::num::NonZeroU32::MIN;
    config.rate_limit = Some(kontor_server::RateLimit { per_second: one, burst: one });
    let server = start(config);
    let from = |host: u8| format!("X-Forwarded-For: 203.0.113.{host}\r\n");
    assert_eq!(server.get("/echo", &from(1)).await.status, 200);
    assert_eq!(server.get("/echo", &from(1)).await.status, 429);
    assert_eq!(server.get("/echo", &from(2)).await.status, 200);
}

#[tokio::test]
async fn who_asked_is_in_the_log_and_in_the_metrics() {
    let server = start(config());
    assert_eq!(server.get("/echo/caller?secret", "").await.status, 200);
    let text = log().text();
    let line = text.lines().find(|line| line.contains("/echo/caller")).expect("a line");
    for part in [
        r#""own_status":"17""#,
        r#""supplier":"acme""#,
        r#""account":"abelard""#,
        r#""login":"failed""#,
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let metrics = server.get("/metrics", "").await;
    for series in [
        "kontor_logins_failed_total{dialect=\"echo\"} 1",
        "kontor_caller_answers_total{dialect=\"echo\",supplier=\"acme\",account=\"abelard\",status=\"17\"} 1",
    ] {
        assert!(metrics.text().contains(series), "{series}: {}", metrics.text());
    }
}
