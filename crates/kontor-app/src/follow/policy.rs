//! How the book follows.

use kontor_pricing::FoldPolicy;

/// How the book follows. Parameters, so that small tests cross the thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowPolicy {
    /// Entries of the change log that are read at a time; one takes some 100 KiB at the most.
    pub page_entries: usize,
    pub fold: FoldPolicy,
}

impl Default for FollowPolicy {
    fn default() -> Self {
        Self { page_entries: 64, fold: FoldPolicy::default() }
    }
}
