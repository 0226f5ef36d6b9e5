//! One article over HTTP, against a constant body of the same size from the same server on one
//! thread. `cargo bench -p kontor-dialect-secomp`
//!
//! Both are asked in turn, round by round, over the same keep-alive connections; the figure is the
//! median of the ratios of the rounds.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up is none"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use kontor_app::{App, AppConfig, LoginLimits};
use kontor_exchange::demo::Demo;
use kontor_exchange::{FolderSource, ImportOptions};
use kontor_model::{FixedClock, Instant};
use kontor_server::{Ops, Readiness, Server, ServerConfig};
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Answer, Dialect, Refusal, Request, Response};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS: usize = 32;
const PASSES: usize = 1_000;
const ROUNDS: usize = 9;
const ARTICLE: &str = "/ProductQueryFR?userid=_RQ123456&password=12abcd34&product_id=11045680";

/// Answers every request with the same body.
struct Constant(Vec<u8>);

impl Dialect for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn owns(&self, path: &str) -> bool {
        path == "/constant"
    }

    fn max_body(&self) -> usize {
        0
    }

    fn answer<'a>(&'a self, _request: &'a Request) -> Answer<'a> {
        let response =
            Response::new(http::StatusCode::OK, "text/xml; charset=UTF-8", self.0.clone());
        Box::pin(std::future::ready(response))
    }

    fn refuse(&self, _refusal: Refusal, _request: &Request) -> Response {
        Response::empty(http::StatusCode::SERVICE_UNAVAILABLE)
    }
}

struct NoOps;

impl Ops for NoOps {
    fn readiness(&self) -> Readiness {
        Readiness::default()
    }

    fn metrics(&self, _out: &mut String) {}
}

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let app = app(directory.path());
    let alone = alone(Arc::clone(&app));
    let address = serve(app);
    let size = body(&mut connect(address), ARTICLE);
    let constant = format!("/constant?{}", "x".repeat(ARTICLE.len() - "/constant?".len()));
    assert_eq!(size, body(&mut connect(address), &constant));
    let mut connections: Vec<TcpStream> = (0..CONNECTIONS).map(|_| connect(address)).collect();
    let mut rounds: Vec<(u128, u128)> = (0..=ROUNDS)
        .map(|_| (round(&mut connections, ARTICLE), round(&mut connections, &constant)))
        .skip(1)
        .collect();
    rounds.sort_unstable_by_key(|(article, constant)| constant * 1000 / article);
    let (article, constant) = rounds[ROUNDS / 2];
    println!("body of {size} bytes, {CONNECTIONS} keep-alive connections, one server thread");
    println!("constant body   {constant:>6} ns a request");
    println!("one article     {article:>6} ns a request");
    println!("ratio           {:>6} %", constant * 100 / article);
    println!("answer alone    {alone:>6} ns, without a server");
}

/// Nanoseconds for an answer that nobody sends.
fn alone(app: Arc<App>) -> u128 {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let secomp = dialect(app);
        let request = request();
        // The first one has the password checked.
        secomp.answer(&request).await;
        let mut runs = Vec::new();
        for _ in 0..ROUNDS {
            let started = Stopwatch::now();
            for _ in 0..PASSES * CONNECTIONS {
                std::hint::black_box(secomp.answer(&request).await);
            }
            runs.push(started.elapsed().as_nanos() / (PASSES * CONNECTIONS) as u128);
        }
        runs.sort_unstable();
        runs[ROUNDS / 2]
    })
}

fn dialect(app: Arc<App>) -> Arc<dyn Dialect> {
    kontor_dialect_secomp::dialect(app, kontor_dialect_secomp::Config::default()).unwrap()
}

/// Nanoseconds for a request.
fn round(connections: &mut [TcpStream], path: &str) -> u128 {
    let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n");
    let mut buffer = [0; 4096];
    let started = Stopwatch::now();
    for _ in 0..PASSES {
        for connection in &mut *connections {
            connection.write_all(request.as_bytes()).unwrap();
        }
        for connection in &mut *connections {
            // An answer of this size comes in one piece.
            assert!(connection.read(&mut buffer).unwrap() > 0);
        }
    }
    started.elapsed().as_nanos() / (PASSES * connections.len()) as u128
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Length of an answer's body.
fn body(connection: &mut TcpStream, path: &str) -> usize {
    write!(connection, "GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n").unwrap();
    let mut buffer = [0; 4096];
    let length = connection.read(&mut buffer).unwrap();
    let answer = &buffer[..length];
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    length - head - 4
}

fn app(directory: &std::path::Path) -> Arc<App> {
    let store = SqliteStore::open(directory, &OpenOptions::default()).unwrap();
    let now: Instant = "2016-01-28T11:24:28.874Z".parse().unwrap();
    let mut options = ImportOptions::new(now);
    options.prepare = Arc::new(kontor_app::prepare::prepare);
    let source: Arc<dyn FolderSource> = Arc::new(Demo);
    let report = kontor_exchange::import_folder(&store, source, options).unwrap();
    assert!(report.is_clean());
    let store: Arc<dyn Store> = Arc::new(store);
    let clock = Arc::new(FixedClock(now));
    App::open(AppConfig { store, clock, login_limits: LoginLimits::default() }).unwrap()
}

/// Serves on a thread of its own, for as long as the program runs.
fn serve(app: Arc<App>) -> SocketAddr {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let secomp = dialect(app);
            // The same bytes, so that only making them differs.
            let sample = secomp.answer(&request()).await.body.to_vec();
            let constant = Arc::new(Constant(sample));
            let config = ServerConfig::on("127.0.0.1:0".parse().unwrap());
            let server = Server::bind(config, vec![secomp, constant], Arc::new(NoOps)).unwrap();
            send.send(server.local_addr()).unwrap();
            server.run(std::future::pending()).await;
        });
    });
    receive.recv().unwrap()
}

fn request() -> Request {
    let (path, query) = ARTICLE.split_once('?').unwrap();
    Request {
        method: http::Method::GET,
        path: path.to_owned(),
        raw_path: path.to_owned(),
        raw_query: Some(query.to_owned()),
        version: http::Version::HTTP_11,
        headers: http::HeaderMap::new(),
        body: kontor_wire::http::Body::Read(Vec::new().into()),
        peer: [127, 0, 0, 1].into(),
        tls: false,
        deadline: kontor_wire::deadline::Deadline::default(),
    }
}
