//! Forgetting what was kept long enough, by policy. What was kept of leads is forgotten where leads are.

use kontor_model::instant::Instant;
use kontor_store::{Prune, StoreError};

use crate::app::App;

const DAY_SECONDS: i64 = 24 * 3600;

/// For how many days things are kept; 0 keeps them for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Rows that were superseded or removed.
    pub history_days: u32,
    /// What each change touched. The changes themselves stay.
    pub change_entries_days: u32,
}

impl App {
    /// Forgets what was kept long enough, in slices between which others write. Ends early when
    /// `go_on` says no.
    pub fn forget_old(
        &self,
        retention: &Retention,
        go_on: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let mut prune = Some(Prune {
            entries_before: oldest_kept(now, retention.change_entries_days),
            history_before: oldest_kept(now, retention.history_days),
            after_product: 0,
        });
        while let Some(slice) = prune.filter(|_| go_on()) {
            prune = self.store.prune(&slice)?;
        }
        Ok(())
    }
}

/// What is older than this is forgotten.
pub fn oldest_kept(now: Instant, days: u32) -> Option<Instant> {
    (days > 0).then(|| now.plus_seconds(-DAY_SECONDS.saturating_mul(i64::from(days))))
}
