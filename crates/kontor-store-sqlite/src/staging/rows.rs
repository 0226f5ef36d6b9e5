//! What a staged job put and removed, of all kinds but prices. It stands in a temporary table of the
//! connection that stages, which SQLite moves to disk when it grows and which ends with it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::StoreError;
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
    owner TEXT,
    row BLOB NOT NULL,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX temp.staged_by_number ON staged (kind, number) WHERE number IS NOT NULL;
CREATE INDEX temp.staged_by_owner ON staged (kind, owner) WHERE owner IS NOT NULL;";

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
            "INSERT INTO temp.staged (kind, key, what, number, owner, row) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (kind, key) DO NOTHING",
        )?;
        let digest = short_digest(kind, key);
        let added = statement
            .execute(params![
                kind.name(),
                digest,
                what as i64,
                number,
                owner(kind, key),
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

    /// Those of one kind whose keys begin with `prefix`. They cost what the rows of one owner cost, not
    /// what all cost: a job that asks so for each of its rows stays linear.
    pub(crate) fn each_changed_below(
        self,
        kind: Kind,
        prefix: &[Cell],
        visit: &mut dyn FnMut(StagedRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(owner) = owner(kind, prefix) else {
            return self.each_changed_of(kind, &mut |row| {
                if row.key().starts_with(prefix) { visit(row) } else { Ok(()) }
            });
        };
        self.each(&changed_of_owner(), params![kind.name(), owner], &mut |row| {
            if row.key().starts_with(prefix) { visit(row) } else { Ok(()) }
        })
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
            "SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 AND owner = ?2 AND owner IS NOT NULL"
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

/// What a row belongs to: the first column of its key, where it has more of them or where changes list
/// the product instead of the row.
fn owner(kind: Kind, key: &[Cell]) -> Option<Cow<'_, str>> {
    let has_several = kind.columns().iter().filter(|column| column.key).count() > 1;
    let is_of_product = kind != Kind::Product && kind.is_of_product();
    if !has_several && !is_of_product {
        return None;
    }
    match key.first()? {
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Int(number) => Some(Cow::Owned(number.to_string())),
        Cell::Null => None,
    }
}

fn changed_of_owner() -> String {
    format!(
        "SELECT {COLUMNS} FROM temp.staged WHERE kind = ?1 AND owner = ?2 AND owner IS NOT NULL \
         AND what <> 0 ORDER BY seq"
    )
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::scratch::Scratch;

    /// Keys of the rows below a prefix.
    fn below(rows: StagedRows<'_>, kind: Kind, prefix: &[Cell]) -> Vec<Row> {
        let mut keys = Vec::new();
        rows.each_changed_below(kind, prefix, &mut |row| {
            keys.push(row.key());
            Ok(())
        })
        .unwrap();
        keys
    }

    #[test]
    fn rows_below_a_prefix_are_found_by_what_they_belong_to() {
        let dir = Scratch::new("staged-rows");
        let database = Database::writer(&dir.path().join("rows"), Duration::ZERO).unwrap();
        let rows = StagedRows::create(&database).unwrap();
        let identifier =
            |sku: &str, value: &str| [sku, "sequence_number", value, ""].map(Cell::text).to_vec();
        let add = |kind, key: &[Cell], what| rows.add(kind, key, what, None, key).unwrap();
        for (sku, value, what) in [
            ("A", "1", What::Insert),
            ("A", "2", What::Remove),
            ("A", "3", What::Keep),
            ("B", "1", What::Insert),
        ] {
            add(Kind::Identifier, &identifier(sku, value), what);
        }
        add(Kind::Contact, &[Cell::text("c"), Cell::Int(1)], What::Insert);
        for entity in [1, 2, 12] {
            add(Kind::Segment, &[Cell::Int(entity), Cell::Int(1)], What::Insert);
        }
        let of_a = [identifier("A", "1"), identifier("A", "2")];
        assert_eq!(below(rows, Kind::Identifier, &[Cell::text("A")]), of_a);
        assert_eq!(below(rows, Kind::Identifier, &of_a[1][..3]), of_a[1..]);
        assert_eq!(below(rows, Kind::Identifier, &[Cell::text("C")]), [] as [Row; 0]);
        assert_eq!(below(rows, Kind::Identifier, &[]).len(), 3);
        assert_eq!(below(rows, Kind::Segment, &[Cell::Int(1)]), [[Cell::Int(1), Cell::Int(1)]]);
        let mut plan =
            database.prepare(&format!("EXPLAIN QUERY PLAN {}", changed_of_owner())).unwrap();
        let steps =
            plan.query_map(params!["identifiers", "A"], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(
            steps.iter().any(|step| step.contains("staged_by_owner (kind=? AND owner=?)")),
            "{steps:?}"
        );
    }
}
