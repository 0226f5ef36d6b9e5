//! What a staged job put and removed, of all kinds but prices. It stands in a temporary table of the
//! connection that stages, which SQLite moves to disk when it grows and which ends with it.

use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::{OF_PRODUCTS, StoreError};
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::read::damaged;
use crate::seen::short_digest;
use crate::staging::cells;

const TABLE: &str = "CREATE TEMP TABLE staged (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    what INTEGER NOT NULL,
    number INTEGER,
    sku TEXT,
    row BLOB NOT NULL,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX temp.staged_by_number ON staged (kind, number) WHERE number IS NOT NULL;
CREATE INDEX temp.staged_by_sku ON staged (kind, sku) WHERE sku IS NOT NULL;";

const COLUMNS: &str = "seq, kind, what, number, row";

/// What is to be done to a row of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Nothing: it was put exactly as it is.
    Keep = 0,
    Insert = 1,
    Update = 2,
    Remove = 3,
}

/// A row that was put or removed.
#[derive(Debug)]
pub(crate) struct StagedRow {
    /// Its place in the order of the job.
    pub(crate) seq: i64,
    pub(crate) kind: Kind,
    pub(crate) what: What,
    /// The number that a new product or list will have, if nobody adds another one before.
    pub(crate) number: Option<u32>,
    /// All cells; those of the key for a row that is removed.
    pub(crate) cells: Row,
}

/// The table.
#[derive(Clone, Copy)]
pub(crate) struct StagedRows<'a> {
    database: &'a Database,
}

impl<'a> StagedRows<'a> {
    /// Makes the table on a connection that has none.
    pub(crate) fn create(database: &'a Database) -> Result<Self, StoreError> {
        database.connection.execute_batch(TABLE).map_err(error::writing)?;
        Ok(Self { database })
    }

    /// The table that was made on this connection.
    pub(crate) fn of(database: &'a Database) -> Self {
        Self { database }
    }

    pub(crate) fn find(self, kind: Kind, key: &[Cell]) -> Result<Option<StagedRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 AND key = ?2");
        self.one(&sql, params![kind.name(), short_digest(kind, key)])
    }

    /// The new product or list with this number.
    pub(crate) fn numbered(self, kind: Kind, number: u32) -> Result<Option<StagedRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 AND number = ?2 AND number IS NOT NULL"
        );
        self.one(&sql, params![kind.name(), number])
    }

    /// Adds a row; `false` when one with its key is there already.
    pub(crate) fn add(
        self,
        kind: Kind,
        key: &[Cell],
        what: What,
        number: Option<u32>,
        row: &[Cell],
    ) -> Result<bool, StoreError> {
        let mut statement = self.database.prepare(
            "INSERT INTO temp.staged (kind, key, what, number, sku, row) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (kind, key) DO NOTHING",
        )?;
        let digest = short_digest(kind, key);
        let added = statement
            .execute(params![
                kind.name(),
                digest,
                what as i64,
                number,
                sku(kind, key),
                cells::encode(row)
            ])
            .map_err(error::writing)?;
        Ok(added == 1)
    }

    /// Puts something else in the place of a row.
    pub(crate) fn change(self, seq: i64, what: What, row: &[Cell]) -> Result<(), StoreError> {
        let mut statement =
            self.database.prepare("UPDATE temp.staged SET what = ?2, row = ?3 WHERE seq = ?1")?;
        let changed = statement.execute(params![seq, what as i64, cells::encode(row)]);
        changed.map(drop).map_err(error::writing)
    }

    /// Makes a row that was to be kept one that is put.
    pub(crate) fn put_again(self, seq: i64) -> Result<(), StoreError> {
        let mut statement =
            self.database.prepare("UPDATE temp.staged SET what = 2 WHERE seq = ?1 AND what = 0")?;
        statement.execute([seq]).map(drop).map_err(error::writing)
    }

    pub(crate) fn forget(self, seq: i64) -> Result<(), StoreError> {
        let mut statement = self.database.prepare("DELETE FROM temp.staged WHERE seq = ?1")?;
        statement.execute([seq]).map(drop).map_err(error::writing)
    }

    /// The rows with which something is to be done, in the order of the job.
    pub(crate) fn each_changed(
        self,
        visit: &mut dyn FnMut(StagedRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM temp.staged WHERE what <> 0 ORDER BY seq");
        self.each(&sql, [], visit)
    }

    /// Those of one kind.
    pub(crate) fn each_changed_of(
        self,
        kind: Kind,
        visit: &mut dyn FnMut(StagedRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 AND what <> 0 ORDER BY seq");
        self.each(&sql, [kind.name()], visit)
    }

    /// All rows of a kind, in the order of the job.
    pub(crate) fn each_of(
        self,
        kind: Kind,
        visit: &mut dyn FnMut(StagedRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 ORDER BY seq");
        self.each(&sql, [kind.name()], visit)
    }

    /// The rows of a kind, other than products, that belong to a product.
    pub(crate) fn of_product(self, kind: Kind, sku: &str) -> Result<Vec<StagedRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 AND sku = ?2 AND sku IS NOT NULL"
        );
        let mut rows = Vec::new();
        self.each(&sql, params![kind.name(), sku], &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// How many rows of each kind were put as they are.
    pub(crate) fn kept(self) -> Result<BTreeMap<Kind, u64>, StoreError> {
        let mut statement = self
            .database
            .prepare("SELECT kind, count(*) FROM temp.staged WHERE what = 0 GROUP BY kind")?;
        let mut rows = statement.query([]).map_err(error::reading)?;
        let mut counts = BTreeMap::new();
        while let Some(row) = rows.next().map_err(error::reading)? {
            let kind = kind_of(row.get_ref(0).and_then(|name| Ok(name.as_str()?)))?;
            counts.insert(kind, row.get(1).map_err(error::reading)?);
        }
        Ok(counts)
    }

    /// Whether anything is to be done.
    pub(crate) fn is_unchanged(self) -> Result<bool, StoreError> {
        let mut statement = self
            .database
            .prepare("SELECT NOT EXISTS (SELECT 1 FROM temp.staged WHERE what <> 0)")?;
        statement.query_row([], |row| row.get(0)).map_err(error::reading)
    }

    fn one(
        self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Option<StagedRow>, StoreError> {
        let mut statement = self.database.prepare(sql)?;
        let found = statement.query_row(parameters, |row| Ok(staged(row))).optional();
        found.map_err(error::reading)?.transpose()
    }

    fn each(
        self,
        sql: &str,
        parameters: impl rusqlite::Params,
        visit: &mut dyn FnMut(StagedRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.database.prepare(sql)?;
        let mut rows = statement.query(parameters).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            visit(staged(row)?)?;
        }
        Ok(())
    }
}

impl StagedRow {
    /// The cells of its key.
    pub(crate) fn key(&self) -> Row {
        if self.what == What::Remove {
            return self.cells.clone();
        }
        let columns = self.kind.columns().iter().zip(&self.cells);
        columns.filter(|(column, _)| column.key).map(|(_, cell)| cell.clone()).collect()
    }
}

/// The product that a row belongs to, where changes list the product instead of the row.
fn sku(kind: Kind, key: &[Cell]) -> Option<&str> {
    match key.first() {
        Some(Cell::Text(sku)) if kind != Kind::Product && OF_PRODUCTS.contains(&kind) => Some(sku),
        _ => None,
    }
}

fn staged(row: &rusqlite::Row<'_>) -> Result<StagedRow, StoreError> {
    let what: i64 = row.get(2).map_err(error::reading)?;
    let bytes = row.get_ref(4).and_then(|bytes| Ok(bytes.as_blob()?)).map_err(error::reading)?;
    Ok(StagedRow {
        seq: row.get(0).map_err(error::reading)?,
        kind: kind_of(row.get_ref(1).and_then(|name| Ok(name.as_str()?)))?,
        what: match what {
            0 => What::Keep,
            1 => What::Insert,
            2 => What::Update,
            _ => What::Remove,
        },
        number: row.get(3).map_err(error::reading)?,
        cells: cells::decode(bytes)?,
    })
}

fn kind_of(name: rusqlite::Result<&str>) -> Result<Kind, StoreError> {
    let name = name.map_err(error::reading)?;
    Kind::from_name(name).ok_or_else(|| damaged("a staged row is of an unknown kind"))
}
