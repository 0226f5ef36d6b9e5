//! What a client sends besides method and path is in no log, at any level.

use crate::support::{config, get, in_time, log, read_to_end, send, start};

const CANARY: &str = "c4n4ry";
const CLOSE: &str = "Connection: close\r\n";

#[tokio::test]
async fn query_headers_and_body_are_never_logged() {
    let server = start(config());
    for request in [
        format!(
            "POST /echo/secret?password={CANARY} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {CANARY}\r\nX-{CANARY}: 1\r\nContent-Length: 6\r\n\r\n{CANARY}"
        ),
        format!(
            "GET http://u:{CANARY}@a/echo/secret?{CANARY} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        ),
        format!(
            "{CANARY} /nothing/secret?{CANARY}#{CANARY} HTTP/1.1\r\nHost: {CANARY}\r\nConnection: close\r\n\r\n"
        ),
        format!("GET /echo/secret/panic?{CANARY} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        format!("GET /echo/secret?{CANARY} HTTP/1.1\r\nX: {CANARY}\r\n\r\n"),
        format!(
            "GET /echo/secret?{CANARY} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {CANARY}\r\n\r\n"
        ),
        format!(
            "POST /echo/secret HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n"
        ),
        format!("{CANARY}\r\n\r\n"),
        // What was meant for the query is in the path.
        get(&format!("/echo/misplaced%3fpassword={CANARY}"), CLOSE),
        get(&format!("/echo/misplaced;password={CANARY}"), CLOSE),
        get(&format!("/echo/misplaced%253Fpassword%253D{CANARY}"), CLOSE),
    ] {
        let mut stream = server.connect().await;
        send(&mut stream, request).await;
        assert!(read_to_end(&mut stream).await.starts_with(b"HTTP/1.1 "));
    }
    let (mut client, connection) = h2::client::handshake(server.connect().await).await.unwrap();
    let connection = tokio::spawn(connection);
    let target = format!("http://a/echo/secret?{CANARY}");
    let request = http::Request::get(target).header("token", CANARY).body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    assert_eq!(in_time(answer).await.unwrap().status(), 200);
    drop(client);
    in_time(connection).await.unwrap().unwrap();

    let text = log().text();
    assert!(!text.contains(CANARY), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("/secret")).collect();
    assert_eq!(lines.len(), 6, "{lines:?}");
    let first: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(first["target"], "kontor::request");
    let fields = first["fields"].as_object().unwrap();
    let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["bytes", "dialect", "id", "method", "micros", "path", "peer", "status"]);
    assert_eq!((&fields["path"], &fields["method"]), (&"/echo/secret".into(), &"POST".into()));
}
