//! TLS, and its certificate exchanged while the server runs.

use kontor_server::{Server, ServerError};
use std::sync::Arc;

use crate::support::{
    Echo, TestOps, certificate, config, get, in_time, presented, receive, send, start,
};

#[tokio::test]
async fn requests_are_answered_over_tls() {
    let files = certificate("plain");
    let mut config = config();
    config.tls = Some(files.config());
    let server = start(config);
    let mut stream = files.connect(&server, &[b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    for _ in 0..3 {
        send(&mut stream, get("/echo", "")).await;
        receive(&mut stream).await.assert_common();
    }
    send(&mut stream, get("/echo/size/3000000", "")).await;
    assert_eq!(receive(&mut stream).await.body.len(), 3_000_000);
}

#[tokio::test]
async fn plain_http_on_a_tls_address_ends() {
    let files = certificate("not-plain");
    let mut config = config();
    config.tls = Some(files.config());
    let server = start(config);
    let mut stream = server.connect().await;
    send(&mut stream, get("/echo", "")).await;
    let answer = crate::support::read_to_end(&mut stream).await;
    assert!(!answer.starts_with(b"HTTP"), "{}", answer.escape_ascii());
}

#[tokio::test]
async fn a_new_certificate_is_used_when_told() {
    let mut files = certificate("told");
    let mut config = config();
    config.tls = Some(files.config());
    let server = start(config);
    let tls = server.tls.clone().unwrap();
    let old = files.certificate();
    let mut stream = files.connect(&server, &[]).await;
    assert_eq!(presented(&stream), old);

    files.renew();
    tls.reload().unwrap();
    let fresh = files.connect(&server, &[]).await;
    assert_eq!(presented(&fresh), files.certificate());
    assert_ne!(files.certificate(), old);
    send(&mut stream, get("/echo", "")).await;
    assert_eq!(receive(&mut stream).await.status, 200, "open connections go on");

    files.spoil();
    let error = tls.reload().unwrap_err();
    assert!(error.to_string().contains("told"), "{error} names the file");
    let still = files.connect(&server, &[]).await;
    assert_eq!(presented(&still), files.certificate(), "the last good one stays");
}

#[tokio::test]
async fn a_new_certificate_is_used_when_its_files_change() {
    let mut files = certificate("changed");
    let mut config = config();
    let mut tls = files.config();
    tls.check_ms = 20;
    config.tls = Some(tls);
    let server = start(config);
    let first = files.connect(&server, &[]).await;
    assert_eq!(presented(&first), files.certificate());
    let old = files.certificate();
    files.renew();
    in_time(async {
        loop {
            // Between the two files the pair does not fit, and the old one stays in use.
            let stream = files.connect_trusting(&server, &old).await;
            if presented(&stream) == files.certificate() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_certificate_is_used_after_sighup() {
    let mut files = certificate("hangup");
    let mut config = config();
    config.tls = Some(files.config());
    let server = start(config);
    // A server that answers listens for the signal, which would end the process otherwise.
    let old = files.certificate();
    assert_eq!(presented(&files.connect(&server, &[]).await), old);
    files.renew();
    let process = std::process::id().to_string();
    let sent = std::process::Command::new("sh").args(["-c", "kill -HUP $0", &process]).status();
    assert!(sent.unwrap().success());
    in_time(async {
        while presented(&files.connect_trusting(&server, &old).await) != files.certificate() {}
    })
    .await;
}

#[tokio::test]
async fn a_server_without_a_usable_certificate_does_not_start() {
    let mut files = certificate("spoiled");
    files.spoil();
    let mut config = config();
    config.tls = Some(files.config());
    let echo = Arc::new(Echo::default());
    let result = Server::bind(config, vec![echo], Arc::new(TestOps { is_ready: true }));
    let error = result.err().unwrap();
    assert!(matches!(error, ServerError::Tls(_)), "{error:?}");
}
