//! What operators ask: health, readiness, metrics, and who may ask.

use kontor_server::OpsAccess;

use crate::support::{TestOps, config, start, start_with};

#[tokio::test]
async fn health_readiness_and_metrics_are_told_on_this_machine() {
    let server = start(config());
    let health = server.get("/healthz", "").await;
    assert_eq!((health.status, health.text()), (200, "ok"));
    health.assert_common();
    let ready = server.get("/readyz", "").await;
    assert_eq!((ready.status, ready.text()), (200, "{\"ready\":true,\"change_number\":42}"));
    assert_eq!(ready.header("content-type"), Some("application/json"));
    let post = server.ask("POST /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn a_server_that_is_not_ready_says_so() {
    let server = start_with(config(), TestOps { is_ready: false });
    let ready = server.get("/readyz", "").await;
    assert_eq!((ready.status, ready.text()), (503, "{\"ready\":false,\"change_number\":42}"));
}

#[tokio::test]
async fn metrics_count_by_dialect_and_status() {
    let server = start(config());
    server.get("/echo", "").await;
    server.get("/echo", "").await;
    server.get("/echo/error", "").await;
    server.get("/nothing", "").await;
    server.ask("GET /echo HTTP/1.1\r\n\r\n").await;
    let metrics = server.get("/metrics", "").await;
    for line in [
        "kontor_requests_total{dialect=\"echo\",status=\"200\"} 2",
        "kontor_requests_total{dialect=\"echo\",status=\"400\"} 1",
        "kontor_requests_total{dialect=\"none\",status=\"404\"} 1",
        "kontor_requests_total{dialect=\"none\",status=\"400\"} 1",
        "kontor_requests_refused_total{reason=\"gate\"} 1",
        "kontor_request_seconds_count{dialect=\"echo\"} 3",
        "kontor_request_seconds_bucket{dialect=\"echo\",le=\"30\"} 3",
        "kontor_connections_total 6",
        "# TYPE kontor_connections_open gauge",
        "kontor_book_entries 7",
        "# TYPE kontor_requests_total counter",
        "# TYPE kontor_request_seconds histogram",
    ] {
        let found = metrics.text().lines().any(|found| found == line);
        assert!(found, "{line} is missing in\n{}", metrics.text());
    }
}

#[tokio::test]
async fn who_may_ask_is_configured() {
    for (access, headers, status) in [
        (OpsAccess::Loopback, "", 200),
        (OpsAccess::Loopback, "X-Forwarded-For: 192.0.2.1\r\n", 404),
        (OpsAccess::Loopback, "Forwarded: for=192.0.2.1\r\n", 404),
        (OpsAccess::Everyone, "X-Forwarded-For: 192.0.2.1\r\n", 200),
        (OpsAccess::Nobody, "", 404),
    ] {
        let mut config = config();
        config.ops_access = access;
        let server = start(config);
        for path in ["/healthz", "/readyz", "/metrics"] {
            let answer = server.get(path, headers).await;
            assert_eq!(answer.status, status, "{access:?} {headers} {path}");
            if status == 404 {
                assert_eq!(answer.text(), "not found");
            }
        }
    }
}

#[tokio::test]
async fn an_address_for_operators_serves_nothing_else_and_nobody_else_serves_them() {
    let mut config = config();
    config.ops_listen = Some(([127, 0, 0, 1], 0).into());
    let mut server = start(config);
    assert_eq!(server.get("/healthz", "").await.status, 404);
    assert_eq!(server.get("/echo", "").await.status, 200);
    server.address = server.ops_address.unwrap();
    assert_eq!(server.get("/healthz", "X-Forwarded-For: 192.0.2.1\r\n").await.status, 200);
    assert_eq!(server.get("/echo", "").await.status, 404);
}
