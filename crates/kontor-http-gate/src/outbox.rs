//! Answers to pipelined requests, which go out together.
//!
//! Between two requests that came together there is no need for two packets. The HTTP library can
//! hold answers back by itself, but then loses them when the connection closes while bytes of a
//! request are left over (a body that was too large, a request behind one that closes).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::AsyncWrite;

/// Most bytes held back; longer answers go out at once.
const MOST_HELD: usize = 16 << 10;

/// What is held back.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    held: BytesMut,
}

impl Outbox {
    /// Takes these bytes over, when there is room.
    pub(crate) fn hold(&mut self, bytes: &[u8]) -> Option<usize> {
        if self.held.len() + bytes.len() > MOST_HELD {
            return None;
        }
        self.held.extend_from_slice(bytes);
        Some(bytes.len())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Writes what is held, and tells `wrote` how many bytes went out.
    pub(crate) fn poll_send<W: AsyncWrite + Unpin>(
        &mut self,
        io: &mut W,
        cx: &mut Context<'_>,
        mut wrote: impl FnMut(usize),
    ) -> Poll<io::Result<()>> {
        while !self.held.is_empty() {
            let written = ready!(Pin::new(&mut *io).poll_write(cx, &self.held))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.held.advance(written);
            wrote(written);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_as_much_as_it_may_and_not_a_byte_more() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.hold(&[b'a'; MOST_HELD - 1]), Some(MOST_HELD - 1));
        assert_eq!(outbox.hold(b"b"), Some(1));
        assert_eq!(outbox.hold(b"c"), None);
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let (mut sent, mut wrote) = (Vec::new(), 0);
        let all = outbox.poll_send(&mut sent, &mut cx, |bytes| wrote += bytes);
        assert!(all.is_ready() && outbox.is_empty());
        assert_eq!((sent.len(), wrote, sent.last()), (MOST_HELD, MOST_HELD, Some(&b'b')));
    }
}
