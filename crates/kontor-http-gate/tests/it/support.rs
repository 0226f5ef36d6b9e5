//! A client in memory, read through the gate without a runtime.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::StatusCode;
use kontor_http_gate::{Gate, HeadLimits, Watch};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const LIMITS: HeadLimits = HeadLimits { uri_bytes: 32, headers: 4, header_bytes: 256 };

/// A connection whose client has sent everything it will send.
pub(crate) struct Client {
    gate: Gate<Socket>,
    watch: Arc<Record>,
    received: Arc<Mutex<Vec<u8>>>,
}

/// What the HTTP library saw.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) shown: String,
    pub(crate) shown_bytes: usize,
    pub(crate) refused: Option<StatusCode>,
    pub(crate) end: End,
}

/// How reading ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    Waits,
    Error,
}

impl Client {
    /// One that sends these bytes in pieces of a size.
    pub(crate) fn sends(stream: impl AsRef<[u8]>, piece: usize) -> Self {
        let received = Arc::default();
        let pieces = stream.as_ref().chunks(piece).map(<[u8]>::to_vec).collect();
        let socket = Socket { pieces, received: Arc::clone(&received) };
        let watch: Arc<Record> = Arc::default();
        let gate = Gate::new(socket, Arc::clone(&watch) as Arc<dyn Watch>, LIMITS);
        Self { gate, watch, received }
    }

    /// Reads as the HTTP library does, until nothing more comes.
    pub(crate) fn read(&mut self) -> Seen {
        let mut cx = Context::from_waker(Waker::noop());
        let mut shown = Vec::new();
        let end = loop {
            let mut room = [0; 64];
            let mut buffer = ReadBuf::new(&mut room);
            match Pin::new(&mut self.gate).poll_read(&mut cx, &mut buffer) {
                Poll::Pending => break End::Waits,
                Poll::Ready(Err(_)) => break End::Error,
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => break End::Closed,
                Poll::Ready(Ok(())) => shown.extend_from_slice(buffer.filled()),
            }
        };
        let refused = StatusCode::from_u16(self.watch.refused.load(Relaxed)).ok();
        let shown_bytes = shown.len();
        Seen { shown: String::from_utf8_lossy(&shown).into_owned(), shown_bytes, refused, end }
    }

    /// The service takes up a request.
    pub(crate) fn begin_request(&self) {
        self.watch.requests.fetch_add(1, Relaxed);
    }

    /// The library writes an answer.
    pub(crate) fn answer(&mut self, answer: &str) {
        let mut cx = Context::from_waker(Waker::noop());
        let written = Pin::new(&mut self.gate).poll_write(&mut cx, answer.as_bytes());
        assert!(matches!(written, Poll::Ready(Ok(bytes)) if bytes == answer.len()));
        assert!(Pin::new(&mut self.gate).poll_flush(&mut cx).is_ready());
    }

    pub(crate) fn received(&self) -> String {
        String::from_utf8(self.received.lock().expect("no panic").clone()).expect("a text")
    }
}

struct Socket {
    pieces: VecDeque<Vec<u8>>,
    received: Arc<Mutex<Vec<u8>>>,
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(mut piece) = self.pieces.pop_front() {
            let rest = piece.split_off(piece.len().min(buffer.remaining()));
            buffer.put_slice(&piece);
            if !rest.is_empty() {
                self.pieces.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.received.lock().expect("no panic").extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[derive(Default)]
struct Record {
    refused: AtomicU16,
    requests: AtomicU64,
}

impl Watch for Record {
    fn head_began(&self) {}

    fn head_ended(&self) {}

    fn refused(&self, status: StatusCode) {
        self.refused.store(status.as_u16(), Relaxed);
    }

    fn stuck(&self) {}

    fn unstuck(&self) {}

    fn wrote(&self, _: usize) {}

    fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }

    fn begin_linger(&self) -> bool {
        false
    }
}
