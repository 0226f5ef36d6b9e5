//! A CSV file as a header and rows.

mod header;
mod split;

pub(crate) use header::{Header, HeaderFault};
pub(crate) use split::Rows;
