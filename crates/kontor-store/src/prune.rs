//! Forgetting what is old, so that data does not grow for ever.

use kontor_model::instant::Instant;

use crate::change::ChangeNumber;

/// What may be forgotten, and how far it was already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prune {
    /// What changes before this instant touched; `None` keeps all of it. The changes themselves,
    /// with their chain of hashes, stay.
    pub entries_before: Option<Instant>,
    /// Rows that were superseded or removed before this instant; `None` keeps all of them. Of a
    /// price that is gone its last row stays: partners are told when it went.
    pub history_before: Option<Instant>,
    /// Prices of products up to this number were looked through; 0 to begin with.
    pub after_product: u32,
}

/// From which change on the past is complete. What is asked of the time before is too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Horizon {
    /// What was touched is known of all changes after this one.
    pub entries: ChangeNumber,
    /// Superseded rows are there of all states from this change on.
    pub history: ChangeNumber,
}
