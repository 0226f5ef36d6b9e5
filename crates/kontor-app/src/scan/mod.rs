//! Paging through all package prices of a market.
//!
//! A row is a product in a packing that has a base price now: its sequence number and the base
//! units of the packing put it in order. What a row costs is read from the book when it is
//! shown ([`Offer`]); which rows there are is kept in an index for each market that is asked for, and
//! where readers are in bookmarks. Nothing here is stored: after a restart scans go on by counting.

mod bookmarks;
mod index;
mod indexes;
pub mod market;
mod offer;
mod price_scans;
mod request;
mod row;
#[cfg(test)]
mod tests;

pub use offer::{Offer, Offers};
pub use price_scans::{PriceScans, ScanLimits, ScanPage};
pub use request::{PageRequest, Selection};
pub use row::{Row, RowKey};
