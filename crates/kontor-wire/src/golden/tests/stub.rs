//! A server that answers what the tests of the runner ask for.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A running server; it ends when it is dropped.
pub(super) struct Stub {
    pub(super) address: SocketAddr,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stub {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = listener.local_addr().expect("bound");
        let ends = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ends);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if seen.load(Ordering::SeqCst) {
                    return;
                }
                answer(&mut stream.expect("accepted"));
            }
        });
        Self { address, ends, thread: Some(thread) }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it ends.
        let woken = TcpStream::connect(self.address);
        assert!(woken.is_ok(), "the listener lives as long as the thread");
        self.thread.take().map(JoinHandle::join);
    }
}

fn answer(stream: &mut TcpStream) {
    let mut received = Vec::new();
    let head_end = loop {
        if let Some(at) = find(&received, b"\r\n\r\n") {
            break at + 4;
        }
        if !read_more(stream, &mut received) {
            return;
        }
    };
    let head = String::from_utf8_lossy(&received[..head_end]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    if path != "/early" {
        read_body(stream, &head, head_end, &mut received);
    }
    let is_head = head.starts_with("HEAD ");
    stream.write_all(&answer_bytes(&path, is_head, &received)).expect("the runner reads");
    stream.shutdown(Shutdown::Write).expect("still connected");
    // Reads the rest, because closing with unread bytes could take the answer back.
    while read_more(stream, &mut received) {}
}

fn read_body(stream: &mut TcpStream, head: &str, head_end: usize, received: &mut Vec<u8>) {
    let head = head.to_ascii_lowercase();
    if head.contains("transfer-encoding") {
        while !received.ends_with(b"0\r\n\r\n") {
            assert!(read_more(stream, received), "the last chunk is missing");
        }
    } else if let Some((_, rest)) = head.split_once("content-length: ") {
        let length: usize = rest.lines().next().unwrap_or_default().parse().expect("a number");
        while received.len() < head_end + length {
            assert!(read_more(stream, received), "the body is too short");
        }
    }
}

fn read_more(stream: &mut TcpStream, received: &mut Vec<u8>) -> bool {
    let mut piece = [0; 4096];
    let length = stream.read(&mut piece).unwrap_or(0);
    received.extend_from_slice(&piece[..length]);
    length > 0
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The whole answer to a path; `/raw` sends the request back.
fn answer_bytes(path: &str, is_head: bool, received: &[u8]) -> Vec<u8> {
    let json: &[u8] = br#"{"a":60.00,"b":"xyz"}"#;
    let sized = |headers: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), if is_head { b"" } else { body }].concat()
    };
    match path.split('?').next().unwrap_or_default() {
        "/list" => sized("", br#"[1,{"a":[]}]"#),
        "/json" => sized("Content-Type: Application/JSON ;charset=UTF-8\r\nAllow: POST, get\r\n", json),
        "/xml" => sized("X: 1\r\nX: 2\r\n", "<a><t>12:34</t><b>é</b></a>".as_bytes()),
        "/gzip" => sized("Content-Encoding: gzip\r\n", &gzip(b"hello")),
        "/raw" => sized("", received),
        "/early" => b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/continue" => [b"HTTP/1.1 100 Continue\r\n\r\n", &*sized("", b"ok")].concat(),
        "/chunked" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".to_vec(),
        "/unsized" => b"HTTP/1.0 200 OK\r\n\r\nto the end".to_vec(),
        "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort".to_vec(),
        "/body-of-204" => b"HTTP/1.1 204 No Content\r\n\r\nx".to_vec(),
        "/bad-header" => b"HTTP/1.1 200 OK\r\nbad header\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/bad-status" => b"HTTP/2 200 OK\r\n\r\n".to_vec(),
        "/nothing" => Vec::new(),
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).expect("memory");
    encoder.finish().expect("memory")
}
