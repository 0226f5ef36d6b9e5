//! Writes the prices of an import, many with one statement, and keeps count.

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_store::{PriceImport, StoreError};

use crate::change_log::{Log, MAX_LISTED_KEYS};
use crate::database::Database;
use crate::error;
use crate::prices::import::UNSAID;
use crate::prices::put;
use crate::prices::read::{self, PriceRow};
use crate::read::Rows;

/// Rows of one INSERT.
const ROWS_OF_STATEMENT: usize = 64;
/// Bytes that are hashed at a time.
const DIGEST_BYTES: usize = 64 * 1024;

pub(crate) struct Sink<'a> {
    database: &'a Database,
    log: &'a mut Log,
    change: u64,
    since_change: i64,
    at: i64,
    pending: Vec<PriceRow>,
    many: String,
    one: String,
    digest: Vec<u8>,
    count: PriceImport,
    touched: Touched,
}

/// The prices that were written or removed, as long as they are few.
#[derive(Default)]
pub(crate) struct Touched {
    rows: Vec<PriceRow>,
    many: bool,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(database: &'a Database, log: &'a mut Log, change: u64, at: Instant) -> Self {
        Self {
            database,
            log,
            change,
            since_change: i64::try_from(change).unwrap_or(i64::MAX),
            at: at.micros(),
            pending: Vec::with_capacity(ROWS_OF_STATEMENT),
            many: insert(ROWS_OF_STATEMENT),
            one: insert(1),
            digest: Vec::with_capacity(DIGEST_BYTES + 64),
            count: PriceImport::default(),
            touched: Touched::default(),
        }
    }

    pub(crate) fn insert(&mut self, row: &PriceRow) -> Result<(), StoreError> {
        self.count.inserted += 1;
        self.write(row)
    }

    /// Replaces a price by another with its key.
    pub(crate) fn update(&mut self, old: &PriceRow, new: &PriceRow) -> Result<(), StoreError> {
        self.count.updated += 1;
        self.take_away(old)?;
        self.write(new)
    }

    pub(crate) fn remove(&mut self, old: &PriceRow) -> Result<(), StoreError> {
        self.count.removed += 1;
        self.record(b'r', old);
        self.take_away(old)
    }

    pub(crate) fn unchanged(&mut self) {
        self.count.unchanged += 1;
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(PriceImport, Touched), StoreError> {
        let mut statement = self.database.prepare(&self.one)?;
        for row in &self.pending {
            bind(&mut statement, self.since_change, std::slice::from_ref(row))
                .and_then(|()| statement.raw_execute())
                .map_err(error::writing)?;
        }
        self.log.bulk(&self.digest);
        Ok((self.count, std::mem::take(&mut self.touched)))
    }

    fn write(&mut self, row: &PriceRow) -> Result<(), StoreError> {
        let mut row = *row;
        if row.changed_at == UNSAID {
            row.changed_at = self.at;
        }
        self.record(b'w', &row);
        self.pending.push(row);
        if self.pending.len() == ROWS_OF_STATEMENT {
            let mut statement = self.database.prepare(&self.many)?;
            bind(&mut statement, self.since_change, &self.pending)
                .and_then(|()| statement.raw_execute())
                .map_err(error::writing)?;
            self.pending.clear();
        }
        Ok(())
    }

    fn take_away(&self, old: &PriceRow) -> Result<(), StoreError> {
        put::retire(self.database, self.change, old)?;
        put::delete(self.database, old)
    }

    fn record(&mut self, what: u8, row: &PriceRow) {
        self.touched.add(row);
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
    }
}

impl Touched {
    /// Tells the change log which keys were touched, or that there were many.
    pub(crate) fn tell(&self, rows: &Rows<'_>, log: &mut Log) -> Result<(), StoreError> {
        if self.many {
            log.touch_many(Kind::Price);
            return Ok(());
        }
        for row in &self.rows {
            log.touch(Kind::Price, read::key(rows.database, row)?);
        }
        Ok(())
    }

    fn add(&mut self, row: &PriceRow) {
        if self.rows.len() < MAX_LISTED_KEYS {
            self.rows.push(*row);
        } else {
            self.many = true;
        }
    }
}

/// Parameter 1 is the change, then come five for each row.
fn insert(rows: usize) -> String {
    let row = |index: usize| {
        let first = index * 5 + 2;
        let marks: Vec<String> = (first..first + 5).map(|number| format!("?{number}")).collect();
        format!("({}, ?1)", marks.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO price (product_id, list_id, shape_id, amount, changed_at, since_change) \
         VALUES {}",
        rows.join(", ")
    )
}

fn bind(
    statement: &mut rusqlite::Statement<'_>,
    since_change: i64,
    rows: &[PriceRow],
) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(1, since_change)?;
    let mut place = 2;
    for row in rows {
        statement.raw_bind_parameter(place, row.product)?;
        statement.raw_bind_parameter(place + 1, row.list)?;
        statement.raw_bind_parameter(place + 2, row.shape)?;
        statement.raw_bind_parameter(place + 3, row.amount)?;
        statement.raw_bind_parameter(place + 4, row.changed_at)?;
        place += 5;
    }
    Ok(())
}
