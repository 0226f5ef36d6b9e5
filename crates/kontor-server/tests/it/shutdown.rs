//! A shutdown finishes the answers in flight and takes nothing new.

use tokio::net::TcpStream;

use crate::support::{config, get, in_time, read_to_end, receive, send, start};

#[tokio::test]
async fn answers_in_flight_are_finished() {
    let mut server = start(config());
    let mut silent = server.connect().await;
    let mut idle = server.connect().await;
    send(&mut idle, get("/echo", "")).await;
    assert_eq!(receive(&mut idle).await.status, 200);
    let mut busy = server.connect().await;
    send(&mut busy, get("/echo/wait", "")).await;
    server.someone_waits().await;

    server.stop();
    assert_eq!(read_to_end(&mut silent).await, b"", "a silent connection ends");
    assert_eq!(read_to_end(&mut idle).await, b"", "an idle connection ends");
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody new is let in");
    assert!(!server.server.is_finished(), "the server waits for the answer");
    server.gate.add_permits(1);
    let answer = receive(&mut busy).await;
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert_eq!(read_to_end(&mut busy).await, b"");
    in_time(&mut server.server).await.unwrap();
}

#[tokio::test]
async fn an_answer_beyond_the_drain_deadline_is_cut_off() {
    let mut config = config();
    config.limits.drain_ms = 100;
    let mut server = start(config);
    let mut busy = server.connect().await;
    send(&mut busy, get("/echo/wait", "")).await;
    server.someone_waits().await;
    server.stop();
    assert_eq!(read_to_end(&mut busy).await, b"");
    in_time(&mut server.server).await.unwrap();
}

#[tokio::test]
async fn an_http_2_answer_in_flight_is_finished() {
    let mut server = start(config());
    let (mut client, connection) = h2::client::handshake(server.connect().await).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://a/echo/wait").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    server.someone_waits().await;
    server.stop();
    server.gate.add_permits(1);
    assert_eq!(in_time(answer).await.unwrap().status(), 200);
    in_time(connection).await.unwrap().unwrap();
    in_time(&mut server.server).await.unwrap();
}
