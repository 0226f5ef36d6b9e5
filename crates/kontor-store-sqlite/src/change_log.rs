//! The change log: what a job touches, the numbered change it becomes, and the chain of hashes that
//! shows when the log was tampered with or torn.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use kontor_store::state::StateRoot;
use kontor_store::{Change, ChangeNumber, StoreError, Touched};
use rusqlite::{OptionalExtension, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::database::Database;
use crate::error;
use crate::read::damaged;

/// So many rows of a kind are listed in one change; above, the change only names the kind.
pub(crate) const MAX_LISTED_KEYS: usize = 1_000;

/// How the hash of a change is made: from the hash before, who, when and the digest of the rows; and
/// from these and the state that the change leaves.
const FORMULA_OF_ROWS: i64 = 1;
const FORMULA_WITH_STATE: i64 = 2;

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// The newest change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) number: u64,
    pub(crate) hash: Hash,
}

/// What one job touched.
pub(crate) struct Log {
    digest: Sha256,
    touched: BTreeMap<Kind, Keys>,
}

enum Keys {
    Listed(BTreeSet<Row>),
    Many,
}

/// Whose change it is.
pub(crate) struct Author<'a> {
    pub(crate) supplier: SupplierId,
    pub(crate) at: Instant,
    pub(crate) actor: &'a str,
}

impl Head {
    /// Before the first change.
    pub(crate) const NONE: Self = Self { number: 0, hash: [0; 32] };

    /// The head after a change with this digest; a change of the second formula also says what state
    /// it leaves.
    fn next(&self, author: &Author<'_>, digest: &Hash, state: Option<&StateRoot>) -> Self {
        let number = self.number + 1;
        let mut hash = Sha256::new();
        hash.update(self.hash);
        hash.update(number.to_le_bytes());
        hash.update(author.supplier.0.to_le_bytes());
        hash.update(author.at.micros().to_le_bytes());
        hash.update(length(author.actor.len()));
        hash.update(author.actor.as_bytes());
        hash.update(digest);
        if let Some(state) = state {
            hash.update(FORMULA_WITH_STATE.to_le_bytes());
            hash.update(state);
        }
        Self { number, hash: hash.finalize().into() }
    }
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { digest: Sha256::new(), touched: BTreeMap::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    /// A row that was written.
    pub(crate) fn wrote(&mut self, kind: Kind, key: Row, row: &[Cell]) {
        self.digest.update(b"w");
        self.digest.update(digest_of(kind, row));
        self.touch(kind, key);
    }

    /// A row that was removed.
    pub(crate) fn removed(&mut self, kind: Kind, key: Row) {
        self.digest.update(b"r");
        self.digest.update(digest_of(kind, &key));
        self.touch(kind, key);
    }

    /// Bytes that stand for rows which were written or removed.
    pub(crate) fn bulk(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
    }

    /// A key that was touched by rows told to [`Log::bulk`].
    pub(crate) fn touch(&mut self, kind: Kind, key: Row) {
        let keys = self.touched.entry(kind).or_insert_with(|| Keys::Listed(BTreeSet::new()));
        if let Keys::Listed(listed) = keys {
            listed.insert(key);
            if listed.len() > MAX_LISTED_KEYS {
                *keys = Keys::Many;
            }
        }
    }

    pub(crate) fn touch_many(&mut self, kind: Kind) {
        self.touched.insert(kind, Keys::Many);
    }

    /// Writes the change that follows `head` and leaves this state, which is not known as long as the
    /// sums are not those of all rows. Returns the new head.
    pub(crate) fn append(
        self,
        database: &Database,
        head: &Head,
        author: &Author<'_>,
        state: Option<StateRoot>,
    ) -> Result<Head, StoreError> {
        let digest: Hash = self.digest.finalize().into();
        let next = head.next(author, &digest, state.as_ref());
        let formula = if state.is_some() { FORMULA_WITH_STATE } else { FORMULA_OF_ROWS };
        let mut insert = database.prepare(
            "INSERT INTO change (number, supplier_id, at, actor, digest, previous_hash, hash, \
             formula, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        insert
            .execute(params![
                next.number,
                author.supplier.0,
                author.at.micros(),
                author.actor,
                digest,
                head.hash,
                next.hash,
                formula,
                state
            ])
            .map_err(error::writing)?;
        let mut entry = database.prepare(
            "INSERT INTO change_entry (change, position, kind, key) VALUES (?1, ?2, ?3, ?4)",
        )?;
        let mut position = 0;
        for (kind, keys) in self.touched {
            let keys: Vec<Option<String>> = match keys {
                Keys::Listed(rows) => rows.iter().map(|row| Some(to_json(row))).collect(),
                Keys::Many => vec![None],
            };
            for key in keys {
                entry
                    .execute(params![next.number, position, kind.name(), key])
                    .map_err(error::writing)?;
                position += 1;
            }
        }
        Ok(next)
    }
}

/// The newest change in the log.
pub(crate) fn head(database: &Database) -> Result<Head, StoreError> {
    let mut statement =
        database.prepare("SELECT number, hash FROM change ORDER BY number DESC LIMIT 1")?;
    let head = statement
        .query_row([], |row| Ok(Head { number: row.get(0)?, hash: row.get(1)? }))
        .optional()
        .map_err(error::reading)?;
    Ok(head.unwrap_or(Head::NONE))
}

/// The state that the newest change left, as far as it says.
pub(crate) fn state_of_head(database: &Database) -> Result<Option<StateRoot>, StoreError> {
    let sql = "SELECT state FROM change ORDER BY number DESC LIMIT 1";
    let mut statement = database.prepare(sql)?;
    let found = statement.query_row([], |row| row.get(0)).optional();
    Ok(found.map_err(error::reading)?.flatten())
}

/// The hash of a change, when it is in the log.
pub(crate) fn hash_of(database: &Database, number: u64) -> Result<Option<Hash>, StoreError> {
    let mut statement = database.prepare("SELECT hash FROM change WHERE number = ?1")?;
    statement.query_row([number], |row| row.get(0)).optional().map_err(error::reading)
}

/// The changes after a number, in order, at most `limit`.
pub(crate) fn after(
    database: &Database,
    number: ChangeNumber,
    limit: usize,
) -> Result<Vec<Change>, StoreError> {
    let mut statement = database.prepare(
        "SELECT number, supplier_id FROM change WHERE number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let heads = statement
        .query_map(params![number.0, limit], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(error::reading)?;
    let heads: Vec<(u64, u32)> = heads.collect::<Result<_, _>>().map_err(error::reading)?;
    let change = |(number, supplier)| {
        Ok(Change {
            number: ChangeNumber(number),
            supplier: SupplierId(supplier),
            touched: touched(database, number)?,
        })
    };
    heads.into_iter().map(change).collect()
}

/// Recomputes the chain from the change after `from` to the newest. Returns how many were checked.
pub(crate) fn verify(database: &Database, from: u64) -> Result<u64, StoreError> {
    let mut expected = if from == 0 {
        Head::NONE
    } else {
        let hash = hash_of(database, from)?
            .ok_or_else(|| damaged(format_args!("change {from} is missing in the log")))?;
        Head { number: from, hash }
    };
    let mut statement = database.prepare(
        "SELECT number, supplier_id, at, actor, digest, previous_hash, hash, formula, state \
         FROM change WHERE number > ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([from]).map_err(error::reading)?;
    let mut checked = 0;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let number: u64 = row.get(0).map_err(error::reading)?;
        let next = linked(row, &expected).map_err(error::reading)?;
        expected = next.filter(|next| next.number == number).ok_or_else(|| {
            damaged(format_args!(
                "change {number} does not follow from change {} before it",
                expected.number
            ))
        })?;
        checked += 1;
    }
    Ok(checked)
}

/// The head that a row of the log makes, when it is what must follow.
fn linked(row: &rusqlite::Row<'_>, before: &Head) -> rusqlite::Result<Option<Head>> {
    let actor: String = row.get(3)?;
    let author = Author {
        supplier: SupplierId(row.get(1)?),
        at: Instant::from_micros(row.get(2)?),
        actor: &actor,
    };
    let (digest, previous, hash): (Hash, Hash, Hash) = (row.get(4)?, row.get(5)?, row.get(6)?);
    let (formula, state): (i64, Option<StateRoot>) = (row.get(7)?, row.get(8)?);
    let expected = if state.is_some() { FORMULA_WITH_STATE } else { FORMULA_OF_ROWS };
    let next = before.next(&author, &digest, state.as_ref());
    Ok((formula == expected && previous == before.hash && hash == next.hash).then_some(next))
}

fn touched(database: &Database, number: u64) -> Result<Vec<Touched>, StoreError> {
    let mut statement = database
        .prepare("SELECT kind, key FROM change_entry WHERE change = ?1 ORDER BY position")?;
    let entries = statement
        .query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(error::reading)?;
    let entries: Vec<(String, Option<String>)> =
        entries.collect::<Result<_, _>>().map_err(error::reading)?;
    let entry = |(kind, key): (String, Option<String>)| {
        let kind = Kind::from_name(&kind)
            .ok_or_else(|| damaged(format_args!("change {number} names an unknown kind")))?;
        Ok(match key {
            None => Touched::Many { kind },
            Some(key) => Touched::Row {
                kind,
                key: from_json(&key)
                    .ok_or_else(|| damaged(format_args!("change {number} has a broken key")))?,
            },
        })
    };
    entries.into_iter().map(entry).collect()
}

pub(crate) fn digest_of(kind: Kind, row: &[Cell]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(kind.name().as_bytes());
    for cell in row {
        match cell {
            Cell::Null => hash.update([0]),
            Cell::Int(number) => {
                hash.update([1]);
                hash.update(number.to_le_bytes());
            }
            Cell::Text(text) => {
                hash.update([2]);
                hash.update(length(text.len()));
                hash.update(text.as_bytes());
            }
        }
    }
    hash.finalize().into()
}

fn length(bytes: usize) -> [u8; 8] {
    u64::try_from(bytes).unwrap_or(u64::MAX).to_le_bytes()
}

fn to_json(key: &[Cell]) -> String {
    let value = |cell: &Cell| match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) => Value::from(*number),
        Cell::Text(text) => Value::from(text.as_str()),
    };
    Value::Array(key.iter().map(value).collect()).to_string()
}

fn from_json(text: &str) -> Option<Row> {
    let cell = |value: &Value| match value {
        Value::Null => Some(Cell::Null),
        Value::Number(number) => number.as_i64().map(Cell::Int),
        Value::String(text) => Some(Cell::Text(text.clone())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let value: Value = serde_json::from_str(text).ok()?;
    value.as_array()?.iter().map(cell).collect()
}
