//! S-12: secrets never reach logs or metrics, at any level and in whatever request they come.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use crate::http::Client;
use crate::lead_intake::Receiver;
use crate::process::{self, Server, kontor};

/// Secrets of the demo, and canaries that stand where secrets stand.
const SECRETS: [&str; 15] = [
    "12abcd34",
    "canary-password",
    "T-CONSINCO-DEMO",
    "canary-bearer",
    "tok-restigo-demo",
    "canary-token",
    "demo42-a",
    "pw-123456",
    "integra#1",
    "kontor-demo-secret-not-for-production",
    "hk9lFb6q6q9F9BB4QjHDGidp-9LTuUbFPCROupSo3Lk",
    "wayne.hotte@canary.example",
    "Canary Corp",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
];

const JWT: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOjIyLCJleHAiOjI1MjQ2MDgwMDAsImlzcyI6IklqSXlYMHhRTnpWZk1Ua2kifQ.hk9lFb6q6q9F9BB4QjHDGidp-9LTuUbFPCROupSo3Lk";

#[test]
fn no_secret_reaches_a_log_or_a_metric() {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let log = directory.path().join("log");
    let receiver = Receiver::start(1);
    let server = start_with_trace(directory.path(), &log, &receiver);
    let mut client = Client::connect(server.address).unwrap();
    for (method, path, headers, body) in requests() {
        client.send(method, path, &headers, &body).unwrap();
    }
    receiver.wait_until_taken(&HashSet::from([17_410_391]));
    let metrics = client.get("/metrics", "").unwrap();
    assert_eq!(metrics.status, 200);
    drop(server);
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("/ProductQueryFR"), "requests are logged:\n{log}");
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} in the log");
        assert!(!metrics.body.contains(secret), "{secret} in the metrics");
    }
    no_clear_secret_on_disk(&directory.path().join("data"));
}

fn requests() -> Vec<(&'static str, &'static str, String, String)> {
    let none = String::new;
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let lead = r#"[{"categoryId":1463,"data":{"30148":25638,"25533":"75001","email":"wayne.hotte@canary.example","companyName":"Canary Corp","segment":1,"firstname":"W","lastname":"H","phone":"0130926784"}}]"#;
    let secomp_xml = "<PRODUCTREQUEST><CUSTOMER><LOGIN>_RQ123456</LOGIN><PASSWORD>canary-password</PASSWORD></CUSTOMER><ITEM_LIST/></PRODUCTREQUEST>";
    vec![
        (
            "GET",
            "/ProductQueryFR?userid=_RQ123456&password=12abcd34&product_id=11045680",
            none(),
            none(),
        ),
        ("GET", "/ProductQueryFR?userid=_RQ123456&password=canary-password&x=%00", none(), none()),
        ("POST", "/ProductQueryFR?password=canary-password", none(), secomp_xml.to_owned()),
        (
            "GET",
            "/api/v2/sm_products/product-price?number_company=1",
            bearer("T-CONSINCO-DEMO"),
            none(),
        ),
        (
            "GET",
            "/api/v2/sm_products/product-price?token=canary-bearer",
            bearer("canary-bearer"),
            none(),
        ),
        (
            "POST",
            "/api/v1/auth/login",
            none(),
            r#"{"company":"demo","username":"integra","password":"integra#1"}"#.to_owned(),
        ),
        (
            "GET",
            "/api/departments/thirdParty/items?token=canary-token",
            "token: tok-restigo-demo\r\n".to_owned(),
            none(),
        ),
        ("GET", "/api/departments/thirdParty/items", "token: canary-token\r\n".to_owned(), none()),
        (
            "GET",
            "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=x",
            "WCToken: 8001%2Cdemo42-a\r\n".to_owned(),
            none(),
        ),
        (
            "POST",
            "/wcs/resources/store/10201/loginidentity",
            none(),
            r#"{"logonId":"buyer123456","logonPassword":"pw-123456"}"#.to_owned(),
        ),
        ("POST", "/api/v1/partners/create_rfq", bearer(JWT), lead.to_owned()),
        (
            "POST",
            "/api/v1/partners/create_rfq",
            bearer("canary-bearer"),
            "not json canary-password".to_owned(),
        ),
        ("GET", "/nothing?password=canary-password", none(), none()),
    ]
}

/// A server that logs everything it can.
fn start_with_trace(directory: &Path, log: &Path, receiver: &Receiver) -> Server {
    let config = directory.join("kontor.toml");
    fs::write(&config, format!("[log]\nlevel = \"trace\"\n{}", receiver.config())).unwrap();
    let mut serve =
        kontor(&["serve", "--demo", "--clock", process::CLOCK, "--listen", "127.0.0.1:0"]);
    serve.arg("--config").arg(&config).arg("--data").arg(directory.join("data"));
    process::start_logging(&mut serve, Stdio::from(File::create(log).unwrap())).unwrap()
}

/// Passwords and tokens are stored as digests only; the key of web tokens cannot be.
fn no_clear_secret_on_disk(data: &Path) {
    let clear =
        ["12abcd34", "T-CONSINCO-DEMO", "tok-restigo-demo", "demo42-a", "pw-123456", "integra#1"];
    for entry in fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for secret in clear {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
}
