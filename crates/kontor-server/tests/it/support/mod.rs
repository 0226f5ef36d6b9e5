//! A server on a free port with a small dialect, and clients that send exactly the bytes they are
//! told to.

mod certificate;
mod log;

pub(crate) use certificate::{certificate, presented};
pub(crate) use log::log;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use http::StatusCode;
use kontor_server::{Ops, Pace, Readiness, Server, ServerConfig, TlsReload};
use kontor_wire::http::{Answer, Body, Credentials, Dialect, Refusal, Request, Response};
use kontor_wire::pieces::{Broken, Made, Pieces};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// No test waits longer than this for anything: then it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Longest body of the test dialect.
pub(crate) const MAX_BODY: usize = 1_000;

/// A dialect that says what it was asked.
pub(crate) struct Echo {
    /// `/echo/wait` is answered when there is a permit, and so is `/echo/begun`, which has begun to
    /// change something.
    pub(crate) gate: Arc<Semaphore>,
    /// Gets a permit when a request for one of them has come in.
    pub(crate) waiting: Arc<Semaphore>,
    /// Pieces of answers that were made while they were sent.
    pub(crate) made: Arc<AtomicUsize>,
}

/// Sends how far the application is.
pub(crate) struct TestOps {
    pub(crate) is_ready: bool,
}

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) ops_address: Option<SocketAddr>,
    pub(crate) tls: Option<TlsReload>,
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) waiting: Arc<Semaphore>,
    pub(crate) made: Arc<AtomicUsize>,
    stop: Option<oneshot::Sender<()>>,
    pub(crate) server: JoinHandle<()>,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Default for Echo {
    fn default() -> Self {
        Self {
            gate: Arc::new(Semaphore::new(0)),
            waiting: Arc::new(Semaphore::new(0)),
            made: Arc::default(),
        }
    }
}

impl Dialect for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn owns(&self, path: &str) -> bool {
        assert!(path != "/panic-owns", "owns");
        path == "/echo" || path.starts_with("/echo/")
    }

    fn max_body(&self) -> usize {
        MAX_BODY
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        assert!(request.path != "/echo/panic-now", "answer");
        Box::pin(async move {
            assert!(!request.path.ends_with("/panic"), "future");
            if request.path == "/echo/begun" {
                assert!(request.deadline.begin(), "it has only just come in");
            }
            if ["/echo/wait", "/echo/begun"].contains(&request.path.as_str()) {
                self.waiting.add_permits(1);
                self.gate.acquire().await.unwrap().forget();
            }
            if let Some(count) = request.path.strip_prefix("/echo/pieces/") {
                return in_pieces(count.parse().unwrap(), Arc::clone(&self.made));
            }
            echo(request)
        })
    }

    fn refuse(&self, refusal: Refusal, request: &Request) -> Response {
        assert!(request.raw_query.as_deref() != Some("panic-refuse"), "refuse");
        let (status, text) = match refusal {
            Refusal::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "echo: too many"),
            Refusal::Overloaded { .. } => (StatusCode::SERVICE_UNAVAILABLE, "echo: overloaded"),
            Refusal::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "echo: internal"),
        };
        Response::new(status, "text/plain", text)
    }
}

fn echo(request: &Request) -> Response {
    let refused = |status, text: &'static str| Response::new(status, "text/plain", text);
    let body = match &request.body {
        Body::Read(body) => body,
        Body::TooLarge => return refused(StatusCode::PAYLOAD_TOO_LARGE, "echo: too large"),
        Body::Undecodable => return refused(StatusCode::BAD_REQUEST, "echo: undecodable"),
    };
    if let Some(size) = request.path.strip_prefix("/echo/size/") {
        let size = size.parse().unwrap();
        return Response::new(StatusCode::OK, "text/plain", vec![b'x'; size]);
    }
    if let Some(size) = request.path.strip_prefix("/echo/tagged/") {
        let is_known = request.header("if-none-match") == Some("\"t\"");
        let body = vec![b'x'; size.parse().unwrap()];
        let response = if is_known {
            Response::empty(StatusCode::NOT_MODIFIED)
        } else {
            Response::new(StatusCode::OK, "text/plain", body)
        };
        return response.with_header(http::header::ETAG, "\"t\"");
    }
    match request.path.as_str() {
        "/echo/peer" => Response::new(StatusCode::OK, "text/plain", request.peer.to_string()),
        "/echo/caller" => caller(),
        "/echo/none" => Response::empty(StatusCode::NO_CONTENT),
        "/echo/error" => Response::new(StatusCode::BAD_REQUEST, "text/plain", "an error"),
        "/echo/body" => Response::new(StatusCode::OK, "text/plain", body.clone()),
        _ => {
            let text = format!(
                "{} {} {} {:?} {}",
                request.method,
                request.path,
                request.raw_path,
                request.raw_query,
                body.len()
            );
            Response::new(StatusCode::OK, "text/plain", text)
        }
    }
}

/// Bytes of a piece of `/echo/pieces/COUNT`.
pub(crate) const PIECE: usize = 100_000;

/// What the pieces of `/echo/pieces/COUNT` are together.
pub(crate) fn pieces(count: u8) -> Vec<u8> {
    (0..count).flat_map(|number| vec![b'a' + number; PIECE]).collect()
}

/// An answer whose pieces are made while it is sent; of more than 20 the 21st breaks.
fn in_pieces(count: u8, made: Arc<AtomicUsize>) -> Response {
    let rest = Pieces::new(1, move |number: u8| {
        let made = Arc::clone(&made);
        Box::pin(async move {
            tokio::task::yield_now().await;
            made.fetch_add(1, SeqCst);
            if number == 20 {
                return Err(Broken);
            }
            let left = (number + 1 < count).then_some(number + 1);
            Ok(Made { bytes: vec![b'a' + number; PIECE].into(), left })
        })
    });
    let first = vec![b'a'; PIECE];
    let response = Response::new(StatusCode::OK, "text/plain", first).with_rest(Some(rest));
    response.with_header(http::header::ETAG, "\"t\"")
}

/// An answer to an account whose login failed.
fn caller() -> Response {
    let mut response = Response::new(StatusCode::OK, "text/plain", "no").with_own_status("17");
    response.note.supplier = Some("acme".into());
    response.note.account = Some("abelard".into());
    response.note.credentials = Credentials::Wrong;
    response
}

impl Ops for TestOps {
    fn readiness(&self) -> Readiness {
        Readiness { is_ready: self.is_ready, change_number: 42, details: Vec::new() }
    }

    fn metrics(&self, out: &mut String) {
        out.push_str("kontor_book_entries 7\n");
    }
}

/// A configuration on a free port whose deadlines are far away.
pub(crate) fn config() -> ServerConfig {
    let mut config = ServerConfig::on(([127, 0, 0, 1], 0).into());
    config.limits.drain_ms = 10_000;
    config
}

/// A pace that gives up after this many milliseconds without a byte.
pub(crate) fn pace(grace_ms: u64) -> Pace {
    Pace { grace_ms, min_bytes_per_second: 1_000_000, total_ms: 60_000 }
}

pub(crate) fn start(config: ServerConfig) -> Running {
    start_with(config, TestOps { is_ready: true })
}

pub(crate) fn start_with(config: ServerConfig, ops: TestOps) -> Running {
    log();
    let echo = Echo::default();
    let (gate, waiting) = (Arc::clone(&echo.gate), Arc::clone(&echo.waiting));
    let made = Arc::clone(&echo.made);
    let server = Server::bind(config, vec![Arc::new(echo)], Arc::new(ops)).unwrap();
    let (address, ops_address, tls) = (server.local_addr(), server.ops_addr(), server.tls());
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    Running { address, ops_address, tls, gate, waiting, made, stop: Some(stop), server }
}

impl Running {
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes on a connection of their own and reads one answer.
    pub(crate) async fn ask(&self, request: impl AsRef<[u8]>) -> Received {
        let mut stream = self.connect().await;
        send(&mut stream, request).await;
        receive(&mut stream).await
    }

    /// `GET` with a few header lines, each with its line end.
    pub(crate) async fn get(&self, target: &str, headers: &str) -> Received {
        self.ask(get(target, headers)).await
    }

    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until a request for `/echo/wait` has come in.
    pub(crate) async fn someone_waits(&self) {
        in_time(self.waiting.acquire()).await.unwrap().forget();
    }
}

pub(crate) fn get(target: &str, headers: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: kontor\r\n{headers}\r\n")
}

pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("in time")
}

pub(crate) async fn send(stream: &mut (impl AsyncWrite + Unpin), bytes: impl AsRef<[u8]>) {
    stream.write_all(bytes.as_ref()).await.unwrap();
    stream.flush().await.unwrap();
}

/// Reads one answer; its length must be told.
pub(crate) async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> Received {
    let mut received = receive_head(stream).await;
    let length = received.header("content-length").map_or(0, |length| length.parse().unwrap());
    received.body = vec![0; length];
    in_time(stream.read_exact(&mut received.body)).await.unwrap();
    received
}

/// Reads the head of an answer and not one byte more.
pub(crate) async fn receive_head(stream: &mut (impl AsyncRead + Unpin)) -> Received {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(in_time(stream.read_u8()).await.expect("an answer"));
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Received { status, headers, body: Vec::new() }
}

/// Reads until the server closes the connection; a reset counts as closing.
pub(crate) async fn read_to_end(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut all = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        match in_time(stream.read(&mut piece)).await {
            Ok(0) | Err(_) => return all,
            Ok(length) => all.extend_from_slice(&piece[..length]),
        }
    }
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} is there twice");
        value
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// What every answer carries, whatever it says.
    pub(crate) fn assert_common(&self) -> &Self {
        let id = self.header("x-request-id").expect("a request id");
        assert_eq!(id.len(), 20, "{id}");
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        self
    }
}
