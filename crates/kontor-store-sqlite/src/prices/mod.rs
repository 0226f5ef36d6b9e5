//! Prices. They do not stand in a table of their columns: a narrow table in the order of products
//! holds amounts, and everything else about a price is a shape that many prices share.

pub(crate) mod import;
pub(crate) mod put;
pub(crate) mod read;
pub(crate) mod rebased;
pub(crate) mod rezoned;
pub(crate) mod shape;
pub(crate) mod zones;
