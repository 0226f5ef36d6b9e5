//! HTTP/2, without TLS by prior knowledge and over TLS by agreement.

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::support::{MAX_BODY, certificate, config, in_time, start};

async fn connect<I>(stream: I) -> SendRequest<Bytes>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Sends a request and reads its answer.
async fn ask(client: &mut SendRequest<Bytes>, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let (parts, body) = request.into_parts();
    *client = in_time(client.clone().ready()).await.unwrap();
    let request = Request::from_parts(parts, ());
    let (answer, mut sender) = client.send_request(request, body.is_empty()).unwrap();
    if !body.is_empty() {
        // The server may have answered and stopped reading already.
        let _ = sender.send_data(body.into(), true);
    }
    let (parts, mut stream) = in_time(answer).await.unwrap().into_parts();
    let mut body = Vec::new();
    while let Some(data) = in_time(stream.data()).await {
        let data = data.unwrap();
        body.extend_from_slice(&data);
        stream.flow_control().release_capacity(data.len()).unwrap();
    }
    Response::from_parts(parts, body)
}

fn get(target: &str) -> Request<Vec<u8>> {
    Request::get(format!("http://kontor{target}")).body(Vec::new()).unwrap()
}

#[tokio::test]
async fn requests_are_answered_as_in_http_1() {
    let server = start(config());
    let mut client = connect(server.connect().await).await;
    let answer = ask(&mut client, get("/echo/a%20b/?q")).await;
    assert_eq!(answer.body(), b"GET /echo/a b /echo/a%20b/ Some(\"q\") 0");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["x-request-id"].len(), 20);
    assert_eq!(ask(&mut client, get("/nothing")).await.status(), 404);
    assert_eq!(ask(&mut client, get("/echo/size/200000")).await.body().len(), 200_000);

    let head = Request::head("http://kontor/echo/size/77").body(Vec::new()).unwrap();
    let answer = ask(&mut client, head).await;
    assert_eq!(answer.headers()["content-length"], "77");
    assert_eq!(answer.body(), b"");

    for (length, status) in [(MAX_BODY, 200), (MAX_BODY + 1, 413)] {
        let post = Request::post("http://kontor/echo/body").body(vec![b'x'; length]).unwrap();
        assert_eq!(ask(&mut client, post).await.status(), status);
    }
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let server = start(config());
    let mut client = connect(server.connect().await).await;
    let host = Request::get("http://kontor/echo").header("host", "a").header("host", "b");
    assert_eq!(ask(&mut client, host.body(Vec::new()).unwrap()).await.status(), 400);
    let connect = Request::connect("kontor:443").body(Vec::new()).unwrap();
    assert_eq!(ask(&mut client, connect).await.status(), 400);
    let mut many = Request::get("http://kontor/echo");
    for _ in 0..101 {
        many = many.header("x", "y");
    }
    let answer = ask(&mut client, many.body(Vec::new()).unwrap()).await;
    assert_eq!(answer.status(), 431);
    let long = Request::get("http://kontor/echo").header("x", "y".repeat(33 << 10));
    assert_eq!(ask(&mut client, long.body(Vec::new()).unwrap()).await.status(), 431);
}

#[tokio::test]
async fn streams_are_taken_to_the_limit() {
    let mut config = config();
    config.limits.h2_streams = 2;
    let server = start(config);
    let mut client = connect(server.connect().await).await;
    assert_eq!(ask(&mut client, get("/echo")).await.status(), 200);
    assert_eq!(client.current_max_send_streams(), 2);
}

#[tokio::test]
async fn tls_agrees_on_http_2() {
    let files = certificate("http2");
    let mut config = config();
    config.tls = Some(files.config());
    let server = start(config);
    let stream = files.connect(&server, &[b"h2", b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let mut client = connect(stream).await;
    assert_eq!(ask(&mut client, get("/echo")).await.status(), 200);
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_an_answer_is_closed() {
    let mut config = config();
    config.limits.write =
        kontor_server::Pace { grace_ms: 200, min_bytes_per_second: 1_000_000, total_ms: 60_000 };
    let server = start(config);
    for size in [1, 1_000_000] {
        let stream = server.connect().await;
        let (client, connection) =
            h2::client::Builder::new().initial_window_size(0).handshake(stream).await.unwrap();
        let connection = tokio::spawn(connection);
        let mut client: SendRequest<Bytes> = in_time(client.ready()).await.unwrap();
        let (parts, _) = get(&format!("/echo/size/{size}")).into_parts();
        let (answer, _) = client.send_request(Request::from_parts(parts, ()), true).unwrap();
        let answer = in_time(answer).await.unwrap();
        assert_eq!(answer.status(), 200);
        let _ = in_time(connection).await.unwrap();
    }
    let mut client = connect(server.connect().await).await;
    for _ in 0..20 {
        assert_eq!(ask(&mut client, get("/echo/size/200000")).await.body().len(), 200_000);
    }
}

#[tokio::test]
async fn answers_that_nobody_takes_have_a_limit() {
    let mut config = config();
    config.limits.answer_bytes_in_flight = 16 << 20;
    config.limits.answer_ms = 100;
    let server = start(config);
    let stream = server.connect().await;
    let builder = &mut h2::client::Builder::new();
    let (mut client, connection) =
        builder.initial_window_size(0).handshake::<_, Bytes>(stream).await.unwrap();
    tokio::spawn(connection);
    let mut statuses = Vec::new();
    let mut unread = Vec::new();
    for _ in 0..4 {
        client = in_time(client.ready()).await.unwrap();
        let (parts, _) = get("/echo/size/1000000").into_parts();
        let (answer, _) = client.send_request(Request::from_parts(parts, ()), true).unwrap();
        let (parts, body) = in_time(answer).await.unwrap().into_parts();
        statuses.push(parts.status.as_u16());
        unread.push(body);
    }
    // The connection has 2 MiB: two answers fit, another does not.
    assert_eq!(statuses, [200, 200, 503, 503]);
    assert_eq!(server.get("/echo/size/1000000", "").await.status, 200, "others are answered");
}
