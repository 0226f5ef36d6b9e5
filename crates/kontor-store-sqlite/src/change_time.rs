//! The time of a change: that of the clock when its job begins, and never before the change before it.
//!
//! Who polls by date remembers the time of the newest change it saw. If the clock went back, a change
//! dated by it would lie before that time and never be asked for.

use kontor_model::clock::Clock;
use kontor_model::instant::Instant;
use kontor_store::StoreError;
use rusqlite::OptionalExtension;
use tracing::warn;

use crate::change_log::Head;
use crate::database::Database;
use crate::error;

/// A clock that is so far behind the newest change is told; less is what clocks of several machines
/// differ by.
const TOLD_BEHIND_MICROS: i64 = 60_000_000;

/// The time of the change after `head`.
pub(crate) fn of_next(
    database: &Database,
    head: &Head,
    clock: &dyn Clock,
) -> Result<Instant, StoreError> {
    let now = clock.now();
    let mut statement = database.prepare("SELECT at FROM change WHERE number = ?1")?;
    let newest = statement
        .query_row([head.number], |row| row.get(0).map(Instant::from_micros))
        .optional()
        .map_err(error::reading)?;
    let Some(newest) = newest.filter(|newest| *newest > now) else {
        return Ok(now);
    };
    if newest.micros().saturating_sub(now.micros()) > TOLD_BEHIND_MICROS {
        warn!(%now, %newest, "the clock is behind the newest change, whose time the next one gets");
    }
    Ok(newest)
}
