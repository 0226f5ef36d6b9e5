//! Bodies that are made while they are sent.
//!
//! A long answer is made in pieces, each when the one before it has gone to the client. So no more
//! of it is in memory than a piece, and no thread waits for a client that takes its time. Whatever can
//! be wrong with a request is found before the first piece: its status cannot be changed any more.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;

/// An answer is made in pieces of about so many bytes; one that is shorter is made whole. Writers
/// look after every result, row or item, so a piece is longer by one of these at most.
pub const PIECE_BYTES: usize = 256 << 10;

/// The rest of a body could not be made. The connection ends, so that the client sees that a part is
/// missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the rest of the answer could not be made")]
pub struct Broken;

/// A piece, and what is left when it was made; `None`: nothing.
pub struct Made<S> {
    pub bytes: Bytes,
    pub left: Option<S>,
}

/// A piece that is being made.
pub type Making<S> = Pin<Box<dyn Future<Output = Result<Made<S>, Broken>> + Send>>;

/// What follows the first piece of a body.
pub struct Pieces(Box<dyn Source>);

trait Source: Send {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>>;
}

/// Pieces that are made from what is left of something.
struct Unfolding<S, F> {
    make: F,
    state: State<S>,
}

enum State<S> {
    Left(S),
    Making(Making<S>),
    Ended,
}

impl Pieces {
    /// Pieces that `make` makes, each from what the one before it left.
    pub fn new<S, F>(left: S, make: F) -> Self
    where
        S: Send + 'static,
        F: FnMut(S) -> Making<S> + Send + 'static,
    {
        Self(Box::new(Unfolding { make, state: State::Left(left) }))
    }

    /// The next piece, which is made now. After the last one or a broken one there is none.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        self.0.poll_next(cx)
    }

    /// The next piece, which is made now.
    pub async fn next(&mut self) -> Option<Result<Bytes, Broken>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pieces")
    }
}

impl<S, F> Source for Unfolding<S, F>
where
    S: Send,
    F: FnMut(S) -> Making<S> + Send,
{
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        let mut making = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => return Poll::Ready(None),
            State::Left(left) => (self.make)(left),
            State::Making(making) => making,
        };
        let Poll::Ready(made) = making.as_mut().poll(cx) else {
            self.state = State::Making(making);
            return Poll::Pending;
        };
        Poll::Ready(Some(made.map(|made| {
            self.state = made.left.map_or(State::Ended, State::Left);
            made.bytes
        })))
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::task::Waker;

    use super::*;

    fn next(pieces: &mut Pieces) -> Poll<Option<Result<Bytes, Broken>>> {
        pieces.poll_next(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_piece_is_made_when_it_is_asked_for() {
        let mut pieces = Pieces::new(3_u8, |left| {
            let made = Made { bytes: vec![left].into(), left: (left > 1).then(|| left - 1) };
            Box::pin(ready(Ok(made)))
        });
        for expected in [3, 2, 1] {
            let bytes = Bytes::copy_from_slice(&[expected]);
            assert_eq!(next(&mut pieces), Poll::Ready(Some(Ok(bytes))));
        }
        for _ in 0..2 {
            assert_eq!(next(&mut pieces), Poll::Ready(None), "and none after the last");
        }
    }

    #[test]
    fn a_broken_piece_is_the_last() {
        let mut pieces = Pieces::new((), |()| Box::pin(ready(Err(Broken))));
        assert_eq!(next(&mut pieces), Poll::Ready(Some(Err(Broken))));
        assert_eq!(next(&mut pieces), Poll::Ready(None));
    }

    #[test]
    fn a_piece_that_takes_long_is_waited_for() {
        let mut pieces = Pieces::new((), |()| Box::pin(pending()));
        assert!(next(&mut pieces).is_pending() && next(&mut pieces).is_pending());
    }
}
