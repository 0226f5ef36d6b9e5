//! The sums of the state digest in the database: kept up by every change, compared with what stands.
//!
//! The sums of rows that were there before sums were kept are missing at first. They are the same
//! whatever is written meanwhile, so they are computed in one view of a reader and added later.

pub(crate) mod names;
pub(crate) mod proof;

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::StoreError;
use kontor_store::state::{
    self, CHANGE_TIMES, OF_HISTORY, PAST_PRICES, PastPrice, PastRow, PriceParts, RowDigest,
    SUM_BYTES, StateRoot, Sum, Sums, TimedDigest, TimedSum,
};
use rusqlite::params;

use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::prices::read::PriceRow;
use crate::read::damaged;

/// What a job adds to the sums.
#[derive(Default)]
pub(crate) struct StateChange(Sums);

impl StateChange {
    pub(crate) fn put(&mut self, kind: Kind, supplier: &str, row: &[Cell]) {
        if state::is_of_state(kind) {
            self.0.of_mut(kind.name()).add(&state::row_digest(kind, supplier, row));
        }
    }

    pub(crate) fn removed(&mut self, kind: Kind, supplier: &str, row: &[Cell]) {
        if state::is_of_state(kind) {
            self.0.of_mut(kind.name()).subtract(&state::row_digest(kind, supplier, row));
        }
    }

    pub(crate) fn put_price(&mut self, parts: &PriceParts, row: &PriceRow) {
        let digest = state::price_digest(parts, row.amount).at(row.changed_at);
        self.0.of_mut(Kind::Price.name()).add(&digest);
    }

    pub(crate) fn removed_price(&mut self, parts: &PriceParts, row: &PriceRow) {
        let digest = state::price_digest(parts, row.amount).at(row.changed_at);
        self.0.of_mut(Kind::Price.name()).subtract(&digest);
    }

    /// A price went into the history at this time, that of the change.
    pub(crate) fn retired_price(&mut self, shape: [u8; 12], row: &PriceRow, ended_at: i64) {
        self.0.of_mut(PAST_PRICES).add(&past_digest(shape, row).at(ended_at));
    }

    /// A price of the history was forgotten.
    pub(crate) fn forgot_price(&mut self, shape: [u8; 12], row: &PriceRow, ended_at: i64) {
        self.0.of_mut(PAST_PRICES).subtract(&past_digest(shape, row).at(ended_at));
    }

    /// Prices that were summed up before the time of the change was known.
    pub(crate) fn add_prices(&mut self, prices: &PriceSums, at: i64) {
        self.0.of_mut(Kind::Price.name()).merge(&prices.prices.at(at));
        self.0.of_mut(PAST_PRICES).merge(&prices.past.at(at));
    }

    pub(crate) fn put_change_time(&mut self, digest: &RowDigest) {
        self.0.of_mut(CHANGE_TIMES).add(digest);
    }

    pub(crate) fn forgot_change_time(&mut self, digest: &RowDigest) {
        self.0.of_mut(CHANGE_TIMES).subtract(digest);
    }

    /// A row of another kind went into the history.
    pub(crate) fn retired(&mut self, past: &PastRow<'_>) {
        self.0.of_mut(&history_name(past.kind)).add(&state::past_row_digest(past));
    }

    /// A row of the history was forgotten.
    pub(crate) fn forgot(&mut self, past: &PastRow<'_>) {
        self.0.of_mut(&history_name(past.kind)).subtract(&state::past_row_digest(past));
    }

    /// Brings the stored sums up to date. Returns what the change says of the state it leaves.
    pub(crate) fn record(&self, database: &Database) -> Result<Option<StateRoot>, StoreError> {
        let mut sums = read(database)?;
        add(database, &mut sums, &self.0)?;
        Ok(since(database)?.map(|_| sums.root()))
    }
}

/// What prices of a change add to the sums, computed before the number and time of the change are known.
#[derive(Debug, Clone, Default)]
pub(crate) struct PriceSums {
    prices: TimedSum,
    past: TimedSum,
}

impl PriceSums {
    /// A price is written, with the time of the change unless it says another one.
    pub(crate) fn put(&mut self, parts: &PriceParts, amount: i64, changed_at: Option<i64>) {
        let digest = state::price_digest(parts, amount);
        match changed_at {
            Some(changed_at) => self.prices.known().add(&digest.at(changed_at)),
            None => self.prices.add(&digest),
        }
    }

    /// A price that earlier changes wrote goes into the history.
    pub(crate) fn retired(&mut self, parts: &PriceParts, row: &PriceRow) {
        let digest = state::price_digest(parts, row.amount).at(row.changed_at);
        self.prices.known().subtract(&digest);
        self.past.add(&past_digest(parts.shape, row));
    }

    /// What is left when what the other was told is taken back.
    #[must_use]
    pub(crate) fn without(&self, other: &Self) -> Self {
        Self { prices: self.prices.without(&other.prices), past: self.past.without(&other.past) }
    }
}

/// What is proven on its own, since a change of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What stands, and the history of prices, from which removed prices are told.
    State,
    /// The histories of other kinds.
    History,
}

impl Part {
    /// The part that a sum belongs to.
    pub(crate) fn of(name: &str) -> Self {
        if name.ends_with(OF_HISTORY) && name != PAST_PRICES { Self::History } else { Self::State }
    }

    fn table(self) -> &'static str {
        match self {
            Self::State => "state_proof",
            Self::History => "history_proof",
        }
    }
}

/// The name of the sum over the history of a kind.
pub(crate) fn history_name(kind: Kind) -> String {
    format!("{}{OF_HISTORY}", kind.name())
}

/// The digest of a price of the history.
fn past_digest(shape: [u8; 12], row: &PriceRow) -> TimedDigest {
    state::past_price_digest(&PastPrice {
        product: row.product,
        list: row.list,
        shape,
        amount: row.amount,
        changed_at: row.changed_at,
    })
}

/// The stored sums.
pub(crate) fn read(database: &Database) -> Result<Sums, StoreError> {
    let mut sums = Sums::default();
    let mut statement = database.prepare("SELECT kind, rows, sums FROM state_sum")?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let kind: String = row.get(0).map_err(error::reading)?;
        let count = row.get(1).map_err(error::reading)?;
        let bytes: [u8; SUM_BYTES] = row
            .get(2)
            .map_err(|_| damaged(format_args!("the sum of {kind} is none; put back a copy")))?;
        *sums.of_mut(&kind) = Sum::from_bytes(count, &bytes);
    }
    Ok(sums)
}

/// Since which change the sums are those of all rows that stand.
pub(crate) fn since(database: &Database) -> Result<Option<u64>, StoreError> {
    since_of(database, Part::State)
}

/// The same of a part.
pub(crate) fn since_of(database: &Database, part: Part) -> Result<Option<u64>, StoreError> {
    let mut statement =
        database.prepare(&format!("SELECT since FROM {} WHERE id = 1", part.table()))?;
    statement.query_row([], |row| row.get(0)).map_err(error::reading)
}

/// Compares the stored sums with what the newest change says of the state it left.
pub(crate) fn check_head(database: &Database) -> Result<(), StoreError> {
    database.in_view(|| {
        // Changes of before the sums were whole say nothing, or what an earlier formula made.
        let since = since(database)?.unwrap_or(u64::MAX);
        let Some(said) = change_log::state_of_head(database, since)? else { return Ok(()) };
        if read(database)?.root() == said {
            return Ok(());
        }
        Err(damaged(
            "the sums of what stands are not those of the newest change. Put back a copy that is \
             whole",
        ))
    })
}

/// Adds the sums of the rows of a part that were there before, unless somebody did. `since` is the
/// change at which they were computed.
pub(crate) fn complete(
    database: &Database,
    part: Part,
    before: &Sums,
    since: u64,
) -> Result<(), StoreError> {
    let execute = |sql: &str| database.connection.execute_batch(sql).map_err(error::writing);
    execute("BEGIN IMMEDIATE")?;
    let work = || {
        if since_of(database, part)?.is_some() {
            return Ok(());
        }
        let mut of_part = Sums::default();
        for (name, sum) in before.iter().filter(|(name, _)| Part::of(name) == part) {
            of_part.of_mut(name).merge(sum);
        }
        add(database, &mut read(database)?, &of_part)?;
        let sql = format!("UPDATE {} SET since = ?1 WHERE id = 1", part.table());
        let mut statement = database.prepare(&sql)?;
        statement.execute([since]).map(drop).map_err(error::writing)
    };
    let done = work();
    execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn add(database: &Database, sums: &mut Sums, change: &Sums) -> Result<(), StoreError> {
    let mut statement = database
        .prepare("INSERT OR REPLACE INTO state_sum (kind, rows, sums) VALUES (?1, ?2, ?3)")?;
    for (kind, added) in change.iter().filter(|(_, added)| **added != Sum::default()) {
        let sum = sums.of_mut(kind);
        sum.merge(added);
        statement.execute(params![kind, sum.rows, sum.to_bytes()]).map_err(error::writing)?;
    }
    Ok(())
}
