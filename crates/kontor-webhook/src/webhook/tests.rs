//! Against real receivers on loopback.

use std::sync::Mutex;
use std::time::Duration;

use kontor_leads::config::ConfigSecret;
use kontor_model::Instant;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::signature::SigningKey;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

type Seen = Arc<Mutex<Vec<String>>>;

fn config(url: &str) -> WebhookConfig {
    WebhookConfig {
        url: url.to_owned(),
        secret: ConfigSecret::new(SECRET),
        previous_secret: None,
        allow_private: true,
        at_once: 8,
        timeout_seconds: 20,
        retry_seconds: vec![5],
    }
}

fn parcel() -> Parcel {
    Parcel {
        id: "lead_demo42_7".to_owned(),
        body: r#"{"type":"lead.accepted"}"#.into(),
        at: Instant::from_micros(1_453_980_268_874_000),
    }
}

/// Reads a request and answers it; an empty answer is none.
async fn receive<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, answer: &str, seen: &Seen) {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while !request.ends_with(b"}") {
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&part[..read]),
        }
    }
    seen.lock().expect("requests").push(String::from_utf8(request).expect("UTF-8"));
    if answer.is_empty() {
        // Keeps the connection and says nothing until the other side gives up.
        let _ = stream.read(&mut part).await;
    } else {
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

/// A receiver that answers every request like this; its port and what it saw.
async fn receiver(answer: &'static str) -> (u16, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let seen = Seen::default();
    let shared = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            receive(stream, answer, &shared).await;
        }
    });
    (port, seen)
}

async fn bring(config: &WebhookConfig) -> Receipt {
    let receiver = Webhook::receiver(config).expect("good settings");
    receiver.courier.bring(&parcel()).await
}

#[tokio::test]
async fn a_parcel_is_signed_as_the_standard_says() {
    let (port, seen) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut config = config(&format!("http://127.0.0.1:{port}/leads?x=1"));
    config.previous_secret = Some(ConfigSecret::new(OLD_SECRET));
    assert_eq!(bring(&config).await, Receipt::Taken);
    let request = seen.lock().expect("requests")[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    assert_eq!(body.as_bytes(), parcel().body);
    let keys = [SECRET, OLD_SECRET].map(|key| SigningKey::parse(key).expect("a key"));
    let signature = signatures(&keys, "lead_demo42_7", 1_453_980_268, body.as_bytes());
    for line in [
        "POST /leads?x=1 HTTP/1.1".to_owned(),
        format!("host: 127.0.0.1:{port}"),
        "content-type: application/json".to_owned(),
        "webhook-id: lead_demo42_7".to_owned(),
        "webhook-timestamp: 1453980268".to_owned(),
        format!("webhook-signature: {signature}"),
        format!("content-length: {}", body.len()),
    ] {
        assert!(head.lines().any(|found| found == line), "{line} is not in {head}");
    }
}

#[tokio::test]
async fn answers() {
    let failed = |reason: &str| Receipt::Failed(reason.to_owned());
    let later = |reason: &str, seconds| Receipt::Later { reason: reason.to_owned(), seconds };
    for (answer, expected) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Receipt::Taken),
        ("HTTP/1.1 202 Accepted\r\n\r\nwhatever", Receipt::Taken),
        ("HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1/\r\n\r\n", failed("answered 301")),
        ("HTTP/1.1 400 Bad\r\n\r\nsecret words", failed("answered 400")),
        ("HTTP/1.1 410 Gone\r\n\r\n", Receipt::Gone),
        ("HTTP/1.1 500 Oops\r\n\r\n", failed("answered 500")),
        ("HTTP/1.1 429 Slow\r\nretry-after: 120\r\n\r\n", later("answered 429", 120)),
        (
            "HTTP/1.1 503 Busy\r\nRetry-After: Thu, 28 Jan 2016 11:25:28 GMT\r\n\r\n",
            later("answered 503", 60),
        ),
        ("HTTP/1.1 503 Busy\r\nretry-after: soon\r\n\r\n", failed("answered 503")),
        ("HTTP/1.1 500 Oops\r\nretry-after: 120\r\n\r\n", failed("answered 500")),
        ("nonsense\r\n\r\n", failed("the connection broke off")),
    ] {
        let (port, _) = receiver(answer).await;
        assert_eq!(bring(&config(&format!("http://127.0.0.1:{port}/"))).await, expected);
    }
}

#[tokio::test]
async fn nobody_there() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let failed = bring(&config(&format!("http://127.0.0.1:{port}/"))).await;
    assert_eq!(failed, Receipt::Failed("the receiver cannot be reached".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_says_nothing_is_left_in_time() {
    let (port, seen) = receiver("").await;
    let config =
        WebhookConfig { timeout_seconds: 3, ..config(&format!("http://127.0.0.1:{port}/")) };
    let begun = tokio::time::Instant::now();
    assert_eq!(bring(&config).await, Receipt::Failed("no answer in time".to_owned()));
    assert!(begun.elapsed() >= Duration::from_secs(3));
    drop(seen);
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    let (port, seen) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"] {
        let private =
            WebhookConfig { allow_private: false, ..config(&format!("https://{host}:{port}/")) };
        let refused = bring(&private).await;
        let expected = "the receiver has a private address, which is not allowed";
        assert_eq!(refused, Receipt::Failed(expected.to_owned()), "{host}");
    }
    assert!(seen.lock().expect("requests").is_empty());
}

/// A receiver behind TLS, and the authorities that know it.
async fn tls_receiver(name: &str) -> (u16, RootCertStore) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("an authority");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                receive(stream, "HTTP/1.1 204 No Content\r\n\r\n", &Seen::default()).await;
            }
        }
    });
    (port, roots)
}

#[tokio::test]
async fn certificates_are_checked() {
    let (port, roots) = tls_receiver("localhost").await;
    let https = config(&format!("https://localhost:{port}/"));
    let trusting = Webhook::trusting(&https, roots.clone()).expect("good settings");
    assert_eq!(trusting.courier.bring(&parcel()).await, Receipt::Taken);
    let refused = Receipt::Failed("the receiver's certificate or TLS is not accepted".to_owned());
    assert_eq!(bring(&https).await, refused, "an authority nobody knows");
    let other_name = config(&format!("https://127.0.0.1:{port}/"));
    let other_name = Webhook::trusting(&other_name, roots).expect("good settings");
    assert_eq!(other_name.courier.bring(&parcel()).await, refused, "another name");
}
