//! Documents go out to partners day by day, and come in from suppliers.
//!
//! Documents are not part of the price book: they are read from the store, line by line. How they
//! are written down for a partner is the business of the dialects.

mod deliver;
mod receive;

pub use deliver::IssuedLine;
pub use receive::{DocumentFault, Received, ReceivedDocument, ReceivedLine};
