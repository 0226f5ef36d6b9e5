//! The gate's place between the socket and the HTTP library.
//!
//! Bytes go straight into the library's buffer and are judged there; only what may not be shown
//! yet (the beginning of a head, or heads beyond [`MAX_PIPELINED`]) is held back in a buffer of
//! our own.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::framing::Framing;
use crate::head::{self, Head};
use crate::limits::HeadLimits;
use crate::outbox::Outbox;
use crate::stand_in::{REFUSED, REFUSED_HEAD};
use crate::watch::Watch;

/// Most heads shown to the HTTP library at once. It makes the answers to all of them before it
/// asks the socket whether the client reads, so this bounds what one connection can pile up.
const MAX_PIPELINED: usize = 16;

/// Most bytes read and thrown away after an answer that did not wait for its request's end.
const MAX_LINGER: usize = 1 << 20;

/// A connection whose HTTP/1 heads are judged while they are read.
pub struct Gate<I> {
    io: I,
    watch: Arc<dyn Watch>,
    limits: HeadLimits,
    state: State,
    /// Bytes read but not shown yet.
    held: BytesMut,
    /// How many of the held bytes may be shown.
    approved: usize,
    /// How many of the held bytes are known to be an unfinished head.
    known: usize,
    /// Whether the held bytes begin with a head whose target is to be percent-encoded.
    is_odd: bool,
    /// Heads shown to the HTTP library, stand-ins included.
    heads: u64,
    /// Answers that wait for those to the next requests.
    outbox: Outbox,
    /// Bytes thrown away while lingering; `None` before the shutdown.
    lingered: Option<usize>,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Before the first head of the connection.
    Fresh,
    /// Before another head.
    Head,
    Body(Framing),
    /// HTTP/2: everything passes.
    Open,
    /// After a head that may not pass, with what is shown in its place; then nothing more is.
    Refused(&'static [u8]),
    /// A body broke its framing.
    Broken,
}

impl<I> Gate<I> {
    /// A gate before a connection that has sent nothing yet.
    pub fn new(io: I, watch: Arc<dyn Watch>, limits: HeadLimits) -> Self {
        Self {
            io,
            watch,
            limits,
            state: State::Fresh,
            held: BytesMut::new(),
            approved: 0,
            known: 0,
            is_odd: false,
            heads: 0,
            outbox: Outbox::default(),
            lingered: None,
        }
    }

    /// Judges `bytes` and says how many of them may be shown.
    fn admit(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        let mut heads = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match &mut self.state {
                State::Fresh | State::Head => {
                    if heads == MAX_PIPELINED {
                        break;
                    }
                    heads += 1;
                    match self.admit_head(rest) {
                        Some(taken) => at += taken,
                        None => break,
                    }
                }
                State::Body(framing) => {
                    match framing.follow(rest) {
                        Ok(taken) => at += taken,
                        Err(_) => self.state = State::Broken,
                    }
                    if self.state == State::Body(Framing::None) {
                        self.state = State::Head;
                    }
                }
                State::Open => return bytes.len(),
                State::Refused(_) | State::Broken => break,
            }
        }
        at
    }

    /// Judges the head at the beginning of `bytes` and says how long it is when it may pass.
    fn admit_head(&mut self, bytes: &[u8]) -> Option<usize> {
        // A head that comes in drops is parsed when it begins and when it may be whole, not at
        // every drop.
        let judged = if self.known == 0 || head::may_end(bytes, self.known) {
            head::judge(bytes, &self.limits)
        } else {
            head::judge_partial(bytes, &self.limits)
        };
        self.known = 0;
        match judged {
            Head::Partial => {
                self.known = bytes.len();
                self.watch.head_began();
                None
            }
            Head::Whole { bytes, framing } => {
                self.watch.head_ended();
                self.heads += 1;
                self.state = match framing {
                    Framing::None => State::Head,
                    Framing::Sized(_) | Framing::Chunked(_) => State::Body(framing),
                };
                Some(bytes)
            }
            Head::Http2 if self.state == State::Fresh => {
                self.watch.head_ended();
                self.state = State::Open;
                Some(0)
            }
            Head::Http2 => self.refuse(StatusCode::BAD_REQUEST, bytes),
            Head::Odd => {
                self.is_odd = true;
                None
            }
            Head::Refused(status) => self.refuse(status, bytes),
        }
    }

    fn refuse(&mut self, status: StatusCode, bytes: &[u8]) -> Option<usize> {
        self.watch.head_ended();
        self.watch.refused(status);
        self.heads += 1;
        let is_head = bytes.starts_with(b"HEAD ");
        self.state = State::Refused(if is_head { REFUSED_HEAD } else { REFUSED });
        None
    }

    /// After judging: puts the stand-in of a refused head in the place of everything not shown.
    fn stand_in(&mut self, approved: usize) {
        if let State::Refused(stand_in) = self.state {
            self.held.truncate(approved);
            self.held.extend_from_slice(stand_in);
            self.approved = self.held.len();
        } else {
            self.approved = approved;
        }
    }
}

impl<I: AsyncRead + Unpin> Gate<I> {
    /// Reads straight into the library's buffer; what may not be shown yet moves to ours. Returns
    /// whether there is something to show, which at the end of the stream is nothing.
    fn read_through(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<bool>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buffer))?;
        let news = buffer.filled().get(before..).unwrap_or_default();
        if news.is_empty() {
            return Poll::Ready(Ok(true));
        }
        let approved = self.admit(news);
        self.held.extend_from_slice(news.get(approved..).unwrap_or_default());
        buffer.set_filled(before + approved);
        self.stand_in(0);
        Poll::Ready(Ok(approved > 0))
    }

    /// Reads more of an unfinished head. Returns whether the stream goes on.
    fn read_on(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut room = [MaybeUninit::uninit(); 2_048];
        let mut buffer = ReadBuf::uninit(&mut room);
        ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer))?;
        self.held.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(!buffer.filled().is_empty()))
    }

    /// Throws away what the client still sends, so that closing does not reset the connection
    /// before the client has read its answer.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut room = [MaybeUninit::uninit(); 4_096];
        loop {
            let mut buffer = ReadBuf::uninit(&mut room);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer))?;
            let lingered = self.lingered.get_or_insert(0);
            *lingered += buffer.filled().len();
            if buffer.filled().is_empty() || *lingered > MAX_LINGER {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncRead for Gate<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        loop {
            if gate.approved > 0 {
                let shown = gate.approved.min(buffer.remaining());
                buffer.put_slice(&gate.held.split_to(shown));
                gate.approved -= shown;
                return Poll::Ready(Ok(()));
            }
            // Whoever waits for more requests has answered those that came.
            ready!(gate.poll_send(cx))?;
            match gate.state {
                // The stand-in asked for the connection to be closed after its answer.
                State::Refused(_) => return Poll::Pending,
                State::Broken => return Poll::Ready(Err(io::ErrorKind::InvalidData.into())),
                State::Fresh | State::Head | State::Body(_) | State::Open => {}
            }
            if gate.held.is_empty() {
                if ready!(gate.read_through(cx, buffer))? {
                    return Poll::Ready(Ok(()));
                }
            } else if gate.known == gate.held.len() {
                if !ready!(gate.read_on(cx))? {
                    return Poll::Ready(Ok(()));
                }
                gate.judge_held();
            } else {
                gate.judge_held();
            }
        }
    }
}

impl<I: AsyncWrite + AsyncRead + Unpin> AsyncWrite for Gate<I> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        if gate.has_more_to_answer()
            && let Some(held) = gate.outbox.hold(bytes)
        {
            return Poll::Ready(Ok(held));
        }
        ready!(gate.poll_send(cx))?;
        let written = Pin::new(&mut gate.io).poll_write(cx, bytes);
        gate.note_write(&written);
        written
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        if gate.has_more_to_answer() {
            return Poll::Ready(Ok(()));
        }
        ready!(gate.poll_send(cx))?;
        let flushed = Pin::new(&mut gate.io).poll_flush(cx);
        if flushed.is_pending() {
            gate.watch.stuck();
        } else {
            gate.watch.unstuck();
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        if gate.lingered.is_none() {
            ready!(gate.poll_send(cx))?;
            ready!(Pin::new(&mut gate.io).poll_shutdown(cx))?;
            if !gate.watch.begin_linger() {
                return Poll::Ready(Ok(()));
            }
            gate.lingered = Some(0);
        }
        // However lingering ends, the answer is out and the connection is over.
        gate.linger(cx).map(|_| Ok(()))
    }
}

impl<I: AsyncWrite + Unpin> Gate<I> {
    /// Sends the answers that were held back.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.outbox.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let sent = self.outbox.poll_send(&mut self.io, cx, |bytes| self.watch.wrote(bytes));
        match sent {
            Poll::Pending => self.watch.stuck(),
            Poll::Ready(_) => self.watch.unstuck(),
        }
        sent
    }
}

impl<I> Gate<I> {
    /// Whether requests were shown that nobody has taken up yet. Their answers will follow.
    fn has_more_to_answer(&self) -> bool {
        self.state != State::Open && self.heads > self.watch.requests()
    }

    fn judge_held(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        if std::mem::take(&mut self.is_odd)
            && let Some(encoded) = head::encoded(&held)
        {
            held = BytesMut::from(&encoded[..]);
        }
        let approved = self.admit(&held);
        self.held = held;
        self.stand_in(approved);
    }

    fn note_write(&self, written: &Poll<io::Result<usize>>) {
        match written {
            Poll::Ready(Ok(bytes)) => self.watch.wrote(*bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.watch.stuck(),
        }
    }
}
