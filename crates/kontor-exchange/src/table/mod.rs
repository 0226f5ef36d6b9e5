//! A CSV file as a header and rows.

mod foreign;
mod header;
mod split;

pub(crate) use foreign::NOT_UTF8;
pub(crate) use header::{Header, HeaderFault, REMOVE};
pub(crate) use split::Rows;
