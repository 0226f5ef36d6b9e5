//! Answers on their way out.
//!
//! A body is handed to the HTTP library piece by piece, as the client takes it, and what waits is
//! counted: for the connection, for the address and in total. Over HTTP/2 a client can ask for many
//! answers and take none of them, without the socket ever being stuck.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use hyper::body::{Body, Frame, SizeHint};
use kontor_wire::pieces::{Broken, Pieces};
use tokio::time::timeout;

use crate::caps::{AddressBudget, Share};
use crate::config::Limits;
use crate::watch::{Busy, Waiting, Watch};

/// Most bytes handed to the HTTP library at a time.
const PIECE: usize = 64 << 10;
/// Answers up to this size are always sent: a few bytes more than allowed do no harm, and writes, of
/// which nobody may be told that nothing was done, have short ones.
const SMALL: usize = 16 << 10;

/// The room for answers that wait.
pub(crate) struct AnswerRoom {
    budget: Arc<AddressBudget>,
    most_of_address: usize,
    most_of_connection: usize,
}

/// The part of the room that an answer takes; given back when dropped.
#[derive(Debug, Default)]
pub(crate) struct Hold(Option<Arc<Held>>);

/// Shared by a body and the pieces of it that the HTTP library has and the client has not.
#[derive(Debug)]
struct Held {
    share: Mutex<Share>,
    /// Whether the room is for what is made next as soon as it is not for what was made before.
    goes_on: bool,
    /// Only for connections that can have several answers waiting.
    waiting: Option<Waiting>,
}

/// A body that is being sent.
#[derive(Debug)]
pub(crate) struct Sent {
    rest: Bytes,
    /// What is made when that has gone.
    more: Option<Pieces>,
    held: Option<Arc<Held>>,
    /// The request is being answered as long as something is made.
    busy: Option<Busy>,
}

/// A piece of a body. What goes to the socket is given back at once.
#[derive(Debug)]
pub(crate) struct Piece {
    bytes: Bytes,
    held: Option<Arc<Held>>,
}

impl AnswerRoom {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            budget: Arc::new(AddressBudget::new(limits.answer_bytes_in_flight)),
            most_of_address: limits.answer_bytes_of_address(),
            most_of_connection: limits.answer_bytes_of_connection(),
        }
    }

    /// Waits until the answers before on this connection were taken, as far as they must. Returns
    /// whether another answer may be made.
    pub(crate) async fn turn(&self, watch: &Watch, client: IpAddr, longest: Duration) -> bool {
        let most = self.most_of_connection;
        if watch.waiting_bytes() >= most {
            let taken = watch.waiting_below(most);
            if timeout(longest, taken).await.is_err() {
                return false;
            }
        }
        self.budget.has_room(client, self.most_of_address)
    }

    /// Room for an answer of so many bytes. `None`: there is none, and it need not be sent.
    pub(crate) fn hold(
        &self,
        watch: &Arc<Watch>,
        client: IpAddr,
        bytes: usize,
        is_h2: bool,
    ) -> Option<Hold> {
        if bytes == 0 || (!is_h2 && bytes <= SMALL) {
            return Some(Hold::default());
        }
        let waiting = watch.waiting_bytes();
        // One answer may be longer than what else may wait.
        let is_too_much = is_h2 && waiting > 0 && waiting + bytes > self.most_of_connection;
        let mut share = self.budget.share(client, self.most_of_address);
        if bytes <= SMALL {
            share.grow_beyond(bytes);
        } else if is_too_much || !share.grow(bytes) {
            return None;
        }
        Some(Hold::of(share, watch, bytes, is_h2))
    }

    /// Room for an answer that must be sent.
    pub(crate) fn hold_anyway(
        &self,
        watch: &Arc<Watch>,
        client: IpAddr,
        bytes: usize,
        is_h2: bool,
    ) -> Hold {
        let mut share = self.budget.share(client, self.most_of_address);
        share.grow_beyond(bytes);
        Hold::of(share, watch, bytes, is_h2)
    }
}

impl Hold {
    fn of(share: Share, watch: &Arc<Watch>, bytes: usize, is_h2: bool) -> Self {
        let waiting = is_h2.then(|| watch.answer_waits(bytes));
        Self(Some(Arc::new(Held { share: Mutex::new(share), goes_on: false, waiting })))
    }

    /// The body of an answer that holds this, and which may be shorter than it was.
    pub(crate) fn send(self, was: usize, body: Bytes) -> Sent {
        let held = self.0.filter(|_| !body.is_empty());
        if let Some(held) = &held {
            held.give_back(was.saturating_sub(body.len()));
        }
        Sent { rest: body, more: None, held, busy: None }
    }

    /// The body of an answer that goes on: it holds this to its end.
    pub(crate) fn send_on(self, first: Bytes, more: Pieces) -> Sent {
        let held = self.0.and_then(Arc::into_inner).map(|held| Held { goes_on: true, ..held });
        Sent { rest: first, more: Some(more), held: held.map(Arc::new), busy: None }
    }
}

impl Held {
    /// Gives back what is not needed any more, which is no progress of the client.
    fn give_back(&self, bytes: usize) {
        if self.goes_on {
            return;
        }
        self.share.lock().unwrap_or_else(PoisonError::into_inner).shrink(bytes);
        if let Some(waiting) = &self.waiting {
            waiting.fewer(bytes);
        }
    }

    /// Gives back what goes to the client.
    fn taken(&self, bytes: usize) {
        if let Some(waiting) = &self.waiting {
            waiting.took(bytes);
        }
        self.give_back(bytes);
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        if let Some(held) = &self.held {
            held.taken(count);
        }
        self.bytes.advance(count);
    }
}

impl Sent {
    /// Keeps the request as one that is being answered, as long as something of the answer is made.
    pub(crate) fn keep_busy(&mut self, busy: Busy) {
        self.busy = self.more.is_some().then_some(busy);
    }

    /// Has the next bytes made. For them the client has as much time as for an answer of their own.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Broken>>> {
        let Some(more) = &mut self.more else { return Poll::Ready(None) };
        let waiting = self.held.as_ref().and_then(|held| held.waiting.as_ref());
        let made = more.poll_next(cx);
        if let Some(waiting) = waiting {
            waiting.goes_on();
        }
        let made = ready!(made);
        if !matches!(made, Some(Ok(_))) {
            (self.more, self.held, self.busy) = (None, None, None);
        }
        Poll::Ready(made.map(|made| made.map(|bytes| self.rest = bytes)))
    }
}

impl Body for Sent {
    type Data = Piece;
    type Error = Broken;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, Self::Error>>> {
        let sent = self.get_mut();
        while sent.rest.is_empty() {
            match ready!(sent.poll_more(cx)) {
                None => return Poll::Ready(None),
                Some(Ok(())) => {}
                Some(Err(broken)) => return Poll::Ready(Some(Err(broken))),
            }
        }
        let bytes = sent.rest.split_to(sent.rest.len().min(PIECE));
        let is_last = sent.rest.is_empty() && sent.more.is_none();
        let held = if is_last { sent.held.take() } else { sent.held.clone() };
        Poll::Ready(Some(Ok(Frame::data(Piece { bytes, held }))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.more.is_none()
    }

    /// How much is made is not known before.
    fn size_hint(&self) -> SizeHint {
        match self.more {
            None => SizeHint::with_exact(self.rest.len() as u64),
            Some(_) => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(bytes: usize) -> AnswerRoom {
        AnswerRoom::new(&Limits { answer_bytes_in_flight: bytes, ..Limits::default() })
    }

    fn watch() -> Arc<Watch> {
        Arc::new(Watch::new([127, 0, 0, 1].into(), false, false))
    }

    fn next(sent: &mut Sent) -> Option<Piece> {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        match Pin::new(sent).poll_frame(&mut cx) {
            Poll::Ready(Some(Ok(frame))) => frame.into_data().ok(),
            Poll::Ready(_) | Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn what_waits_is_counted_until_it_is_taken() {
        let (room, watch) = (room(64 << 20), watch());
        let bytes = 2 * PIECE + 5;
        let hold = room.hold(&watch, watch.peer, bytes, true).unwrap();
        assert_eq!(watch.waiting_bytes(), bytes);
        let mut sent = hold.send(bytes, vec![0; bytes - 1].into());
        assert_eq!(watch.waiting_bytes(), bytes - 1);
        let mut piece = next(&mut sent).unwrap();
        assert_eq!((piece.remaining(), watch.waiting_bytes()), (PIECE, bytes - 1));
        piece.advance(PIECE);
        assert_eq!(watch.waiting_bytes(), PIECE + 4);
        let second = next(&mut sent).unwrap();
        let mut last = next(&mut sent).unwrap();
        assert!(next(&mut sent).is_none());
        last.advance(3);
        assert_eq!((last.remaining(), watch.waiting_bytes()), (1, PIECE + 1));
        drop((sent, piece, second));
        assert_eq!(watch.waiting_bytes(), PIECE + 1, "a piece holds what the answer holds");
        drop(last);
        assert_eq!(watch.waiting_bytes(), 0);
    }

    #[tokio::test]
    async fn a_connection_and_an_address_have_as_much_as_they_may() {
        let (room, watch) = (room(64 << 20), watch());
        let hold = |bytes, is_h2| room.hold(&watch, watch.peer, bytes, is_h2);
        let of_connection = 8 << 20;
        let first = hold(of_connection - SMALL - 1, true).unwrap();
        let second = hold(SMALL + 1, true).unwrap();
        assert!(hold(SMALL + 1, true).is_none(), "one byte more");
        assert!(hold(SMALL, true).is_some(), "small ones are always sent");
        assert!(!room.turn(&watch, watch.peer, Duration::ZERO).await);
        drop((first, second));
        assert!(room.turn(&watch, watch.peer, Duration::ZERO).await);
        let whole = hold(16 << 20, false).unwrap();
        assert!(hold(SMALL + 1, false).is_none(), "the address has a quarter");
        assert!(room.hold(&watch, [127, 0, 0, 2].into(), SMALL + 1, false).is_some());
        let anyway = room.hold_anyway(&watch, watch.peer, SMALL + 1, false);
        drop((whole, anyway));
        assert!(hold(SMALL + 1, false).is_some());
    }
}
