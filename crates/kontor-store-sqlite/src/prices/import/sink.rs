//! Writes the prices of an import, many with one statement, and keeps count.

use kontor_store::{PriceImport, StoreError};

use crate::change_log::Log;
use crate::database::Database;
use crate::error;
use crate::pending;
use crate::prices::import::UNSAID;
use crate::prices::import::difference::{
    self, INSERT as INSERTED, REMOVE as REMOVED, UPDATE as UPDATED,
};
use crate::prices::import::target::{Target, Why};
use crate::prices::put;
use crate::prices::read::PriceRow;
use crate::state::StateChange;
use crate::state::names::Names;
use crate::write::Tx;

/// Rows of one INSERT.
const ROWS_OF_STATEMENT: usize = 64;
/// Bytes that are hashed at a time.
const DIGEST_BYTES: usize = 64 * 1024;

/// A statement that fails need not undo its rows before that, since the whole job is undone: with
/// OR FAIL it keeps no copies of the pages it changes.
const INSERT: &str = "INSERT OR FAIL INTO price \
     (since_change, product_id, list_id, shape_id, amount, changed_at)";
/// A price takes the place of the one with its product, list and shape.
const REPLACE: &str = "INSERT OR REPLACE INTO price \
     (since_change, product_id, list_id, shape_id, amount, changed_at)";
const RETIRE: &str = "INSERT OR FAIL INTO price_history \
     (to_change, product_id, list_id, shape_id, amount, changed_at, from_change)";

pub(crate) struct Sink<'a, 'd> {
    database: &'a Database,
    log: &'a mut Log<'d>,
    state: &'a mut StateChange,
    names: Names<'a>,
    change: u64,
    at: i64,
    inserted: Batch<5>,
    replaced: Batch<5>,
    retired: Batch<6>,
    digest: Vec<u8>,
    count: PriceImport,
    /// Prices of another import stand beside the table; those of this product were settled.
    others_pending: bool,
    settled: Option<u32>,
}

/// Rows that wait for a statement. Their first column, the change, is the same in all.
struct Batch<const WIDTH: usize> {
    many: String,
    one: String,
    rows: Vec<[i64; WIDTH]>,
}

impl<'a, 'd> Sink<'a, 'd> {
    /// For the prices of a job.
    pub(crate) fn of(tx: &'a mut Tx<'d>) -> Result<Self, StoreError> {
        let Tx { rows, change, at, log, state, .. } = tx;
        let (database, change, at) = (rows.database, *change, *at);
        Ok(Self {
            database,
            log,
            state,
            names: Names::new(database),
            change,
            at: at.micros(),
            inserted: Batch::new(INSERT),
            replaced: Batch::new(REPLACE),
            retired: Batch::new(RETIRE),
            digest: Vec::with_capacity(DIGEST_BYTES + 64),
            count: PriceImport::default(),
            others_pending: pending::is_on(database)?,
            settled: None,
        })
    }

    /// Only prices that stand in the table are written.
    fn settle(&mut self, product: u32) -> Result<(), StoreError> {
        if self.others_pending && self.settled != Some(product) {
            pending::settle_product(self.database, product)?;
            self.settled = Some(product);
        }
        Ok(())
    }

    /// Writes what is left. Returns the counts of what was written; who has the lines knows how many
    /// were the same.
    pub(crate) fn finish(mut self) -> Result<PriceImport, StoreError> {
        self.inserted.finish(self.database, self.change)?;
        self.replaced.finish(self.database, self.change)?;
        self.retired.finish(self.database, self.change)?;
        self.log.bulk(&self.digest);
        Ok(self.count)
    }

    /// The cells of a price that is written, which the log is told.
    fn cells(&mut self, row: &PriceRow) -> Result<[i64; 5], StoreError> {
        let said = row.changed_at != UNSAID;
        let row = PriceRow { changed_at: if said { row.changed_at } else { self.at }, ..*row };
        self.record(b'w', &row)?;
        self.state.put_price(&self.names.parts(&row)?, &row);
        Ok([row.product.into(), row.list.into(), row.shape.into(), row.amount, row.changed_at])
    }

    /// Copies a price to the history, unless it was written by this very change.
    fn retire(&mut self, old: &PriceRow) -> Result<(), StoreError> {
        let parts = self.names.parts(old)?;
        self.state.removed_price(&parts, old);
        if u64::try_from(old.since_change) == Ok(self.change) {
            return Ok(());
        }
        self.state.retired_price(parts.shape, old, self.at);
        let cells = [
            old.product.into(),
            old.list.into(),
            old.shape.into(),
            old.amount,
            old.changed_at,
            old.since_change,
        ];
        self.retired.push(cells, self.database, self.change)
    }

    fn record(&mut self, what: u8, row: &PriceRow) -> Result<(), StoreError> {
        self.log.touch_price_in_order(row.product, row.list)?;
        self.digest.push(what);
        self.digest.extend_from_slice(&row.product.to_le_bytes());
        self.digest.extend_from_slice(&row.list.to_le_bytes());
        self.digest.extend_from_slice(&row.shape.to_le_bytes());
        self.digest.extend_from_slice(&row.amount.to_le_bytes());
        self.digest.extend_from_slice(&row.changed_at.to_le_bytes());
        if self.digest.len() >= DIGEST_BYTES {
            self.log.bulk(&self.digest);
            self.digest.clear();
        }
        Ok(())
    }
}

impl Target for Sink<'_, '_> {
    fn insert(&mut self, row: &PriceRow, why: Why) -> Result<(), StoreError> {
        difference::count(&mut self.count, INSERTED, why);
        self.settle(row.product)?;
        let cells = self.cells(row)?;
        self.inserted.push(cells, self.database, self.change)
    }

    fn update(&mut self, old: &PriceRow, new: &PriceRow, why: Why) -> Result<(), StoreError> {
        difference::count(&mut self.count, UPDATED, why);
        self.settle(old.product)?;
        self.retire(old)?;
        let cells = self.cells(new)?;
        if old.shape == new.shape {
            return self.replaced.push(cells, self.database, self.change);
        }
        put::delete(self.database, old)?;
        self.inserted.push(cells, self.database, self.change)
    }

    fn remove(&mut self, old: &PriceRow, why: Why) -> Result<(), StoreError> {
        difference::count(&mut self.count, REMOVED, why);
        self.settle(old.product)?;
        self.record(b'r', old)?;
        self.retire(old)?;
        put::delete(self.database, old)
    }
}

impl<const WIDTH: usize> Batch<WIDTH> {
    fn new(insert: &str) -> Self {
        Self {
            many: Self::statement(insert, ROWS_OF_STATEMENT),
            one: Self::statement(insert, 1),
            rows: Vec::with_capacity(ROWS_OF_STATEMENT),
        }
    }

    fn push(
        &mut self,
        row: [i64; WIDTH],
        database: &Database,
        change: u64,
    ) -> Result<(), StoreError> {
        self.rows.push(row);
        if self.rows.len() == ROWS_OF_STATEMENT {
            execute(database, &self.many, change, &self.rows)?;
            self.rows.clear();
        }
        Ok(())
    }

    fn finish(&mut self, database: &Database, change: u64) -> Result<(), StoreError> {
        for row in self.rows.drain(..) {
            execute(database, &self.one, change, &[row])?;
        }
        Ok(())
    }

    /// Parameter 1 is the change, then come the other cells of each row.
    fn statement(insert: &str, rows: usize) -> String {
        let row = |index: usize| {
            let first = index * WIDTH + 2;
            let marks: Vec<String> =
                (first..first + WIDTH).map(|mark| format!("?{mark}")).collect();
            format!("(?1, {})", marks.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("{insert} VALUES {}", rows.join(", "))
    }
}

fn execute<const WIDTH: usize>(
    database: &Database,
    sql: &str,
    change: u64,
    rows: &[[i64; WIDTH]],
) -> Result<(), StoreError> {
    let mut statement = database.prepare(sql)?;
    statement.raw_bind_parameter(1, change).map_err(error::writing)?;
    for (index, cell) in rows.iter().flatten().enumerate() {
        statement.raw_bind_parameter(index + 2, cell).map_err(error::writing)?;
    }
    statement.raw_execute().map(drop).map_err(error::writing)
}
