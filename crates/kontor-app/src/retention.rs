//! Forgetting what was kept long enough, by policy. Leads have a policy of their own
//! ([`leads::retain`](crate::leads::retain)).

use kontor_model::instant::Instant;
use kontor_store::{Prune, StoreError};

use crate::app::App;
use crate::leads;

const DAY_SECONDS: i64 = 24 * 3600;

/// For how many days things are kept; 0 keeps them for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Rows that were superseded or removed.
    pub history_days: u32,
    /// Deliveries of leads that ended.
    pub deliveries_days: u32,
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
        let Some(oldest) = oldest_kept(now, retention.deliveries_days) else { return Ok(()) };
        let book = self.book();
        for supplier in book.tenants().filter_map(|tenant| tenant.supplier()) {
            if go_on() {
                leads::forget_deliveries(&*self.store, &supplier.code, now, oldest)?;
            }
        }
        Ok(())
    }
}

/// What is older than this is forgotten.
pub(crate) fn oldest_kept(now: Instant, days: u32) -> Option<Instant> {
    (days > 0).then(|| now.plus_seconds(-DAY_SECONDS.saturating_mul(i64::from(days))))
}
