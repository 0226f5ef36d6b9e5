//! What is asked of a scan: which rows, and which page of them.

use std::net::IpAddr;
use std::num::NonZeroU32;

use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;

/// Which rows are wanted; all conditions apply together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub supplier: SupplierId,
    pub entity: i64,
    pub segment: i64,
    /// The packing has this GTIN, compared as a number.
    pub gtin: Option<Box<str>>,
    /// The product has this sequence number.
    pub sequence: Option<i32>,
    /// The packing is in this sales table.
    pub table: Option<Box<str>>,
    /// The row changed at or after this instant.
    pub changed_since: Option<Instant>,
}

/// Which page is wanted, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Name of the reader: pages of one scan are asked for under one name.
    pub reader: Box<str>,
    pub peer: IpAddr,
    /// Pages count from 1.
    pub number: NonZeroU32,
    /// Rows of a page.
    pub size: NonZeroU32,
}

impl PageRequest {
    pub(super) fn page(&self) -> u64 {
        u64::from(self.number.get())
    }

    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.size.get()).unwrap_or(usize::MAX)
    }
}

impl Selection {
    /// Whether so few products are meant that they are looked up instead of scanned.
    pub fn is_narrow(&self) -> bool {
        self.gtin.is_some() || self.sequence.is_some()
    }
}
