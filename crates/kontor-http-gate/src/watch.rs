//! What the gate reports to and asks.

use http::StatusCode;

/// A record of one connection, kept by whoever closes connections that make no progress.
pub trait Watch: Send + Sync {
    /// A part of a head came which is not whole yet. Told again with each further part.
    fn head_began(&self);

    /// A head is whole, and passes or is refused.
    fn head_ended(&self);

    /// A head is refused with this status, which is the answer to the stand-in
    /// ([`is_refused`](crate::is_refused)). Nothing more of the connection is read.
    fn refused(&self, status: StatusCode);

    /// The client does not take what is written.
    fn stuck(&self);

    /// Everything that was written has gone out.
    fn unstuck(&self);

    /// So many bytes have gone out.
    fn wrote(&self, bytes: usize);

    /// Requests that the service has taken up so far. While heads were shown beyond these, answers
    /// wait to leave together.
    fn requests(&self) -> u64;

    /// The connection was shut down. Whether what the client still sends is to be read and thrown away
    /// before it closes, so that the client sees its answer and not a reset.
    fn begin_linger(&self) -> bool;
}
