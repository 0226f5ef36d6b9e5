//! The change log: what a job touches, the numbered change it becomes, and the chain of hashes that
//! shows when the log was tampered with or torn.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use kontor_store::state::StateRoot;
use kontor_store::touched_codec::{self, KEYS_OF_ENTRY, PLACES_OF_ENTRY};
use kontor_store::{StoreError, Touched};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::database::Database;
use crate::error;
use crate::read::damaged;

pub(crate) mod listed;
mod pages;

pub(crate) use pages::page;

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
pub(crate) struct Log<'a> {
    database: &'a Database,
    /// The number the change gets.
    change: u64,
    digest: Sha256,
    rows: BTreeMap<Kind, BTreeSet<Row>>,
    products: BTreeMap<Kind, BTreeSet<ProductId>>,
    prices: BTreeSet<Place>,
    /// Prices of an import, which come in order and may be very many: they are written as they come.
    imported: Vec<Place>,
    /// Entries that were written.
    entries: u32,
    /// Where entries stand that were written before the change had its number.
    listing: Option<i64>,
}

/// A product and a list between which a price was touched.
type Place = (ProductId, PriceListId);

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

impl<'a> Log<'a> {
    pub(crate) fn new(database: &'a Database, change: u64) -> Self {
        Self {
            database,
            change,
            digest: Sha256::new(),
            rows: BTreeMap::new(),
            products: BTreeMap::new(),
            prices: BTreeSet::new(),
            imported: Vec::new(),
            entries: 0,
            listing: None,
        }
    }

    /// Goes on with a list of entries that was written before. Nothing was written before that.
    pub(crate) fn go_on_with(&mut self, listing: i64, entries: u32) {
        self.listing = Some(listing);
        self.entries = entries;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries == 0
            && self.rows.is_empty()
            && self.products.is_empty()
            && self.prices.is_empty()
            && self.imported.is_empty()
    }

    /// A row that was written.
    pub(crate) fn wrote(&mut self, kind: Kind, row: &[Cell]) {
        self.digest.update(b"w");
        self.digest.update(digest_of(kind, row));
    }

    /// A row that was removed.
    pub(crate) fn removed(&mut self, kind: Kind, key: &[Cell]) {
        self.digest.update(b"r");
        self.digest.update(digest_of(kind, key));
    }

    /// Bytes that stand for rows which were written or removed.
    pub(crate) fn bulk(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
    }

    /// A row that was touched, of a kind whose rows belong to no product.
    pub(crate) fn touch_row(&mut self, kind: Kind, key: Row) {
        self.rows.entry(kind).or_default().insert(key);
    }

    /// A product of which a row of this kind was touched.
    pub(crate) fn touch_product(&mut self, kind: Kind, id: u32) {
        self.products.entry(kind).or_default().insert(ProductId(id));
    }

    /// A price that was touched.
    pub(crate) fn touch_price(&mut self, product: u32, list: u32) {
        self.prices.insert((ProductId(product), PriceListId(list)));
    }

    /// The same for many that come in the order of products and lists.
    pub(crate) fn touch_price_in_order(
        &mut self,
        product: u32,
        list: u32,
    ) -> Result<(), StoreError> {
        let place = (ProductId(product), PriceListId(list));
        match self.imported.last() {
            Some(before) if *before == place => return Ok(()),
            Some(before) if *before > place => self.write_imported()?,
            _ => {}
        }
        self.imported.push(place);
        if self.imported.len() == PLACES_OF_ENTRY { self.write_imported() } else { Ok(()) }
    }

    fn write_imported(&mut self) -> Result<(), StoreError> {
        let places = std::mem::take(&mut self.imported);
        if places.is_empty() {
            return Ok(());
        }
        self.write_entry(&Touched::Prices { places })
    }

    fn write_entry(&mut self, touched: &Touched) -> Result<(), StoreError> {
        match self.listing {
            Some(listing) => listed::write(self.database, listing, self.entries, touched)?,
            None => self.write_own_entry(touched)?,
        }
        self.entries += 1;
        Ok(())
    }

    fn write_own_entry(&self, touched: &Touched) -> Result<(), StoreError> {
        let Some((kind, bytes)) = touched_codec::encode(touched) else { return Ok(()) };
        let mut insert = self.database.prepare(
            "INSERT INTO change_touched (change, position, kind, touched) VALUES (?1, ?2, ?3, ?4)",
        )?;
        insert
            .execute(params![self.change, self.entries, kind, bytes])
            .map(drop)
            .map_err(error::writing)
    }

    fn write_entries(&mut self) -> Result<(), StoreError> {
        self.write_imported()?;
        for (kind, rows) in std::mem::take(&mut self.rows) {
            for keys in parts(rows, KEYS_OF_ENTRY) {
                self.write_entry(&Touched::Rows { kind, keys })?;
            }
        }
        for (kind, products) in std::mem::take(&mut self.products) {
            for ids in parts(products, PLACES_OF_ENTRY) {
                self.write_entry(&Touched::Products { kind, ids })?;
            }
        }
        for places in parts(std::mem::take(&mut self.prices), PLACES_OF_ENTRY) {
            self.write_entry(&Touched::Prices { places })?;
        }
        Ok(())
    }

    /// Writes the change that follows `head` and leaves this state, which is not known as long as the
    /// sums are not those of all rows. Returns the new head.
    pub(crate) fn append(
        mut self,
        head: &Head,
        author: &Author<'_>,
        state: Option<StateRoot>,
    ) -> Result<Head, StoreError> {
        self.write_entries()?;
        let digest: Hash = self.digest.finalize().into();
        let next = head.next(author, &digest, state.as_ref());
        let formula = if state.is_some() { FORMULA_WITH_STATE } else { FORMULA_OF_ROWS };
        let mut insert = self.database.prepare(
            "INSERT INTO change (number, supplier_id, at, actor, digest, previous_hash, hash, \
             formula, state, listing) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
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
                state,
                self.listing
            ])
            .map_err(error::writing)?;
        Ok(next)
    }
}

/// The items in parts of at most so many.
fn parts<T>(items: BTreeSet<T>, most: usize) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let part: Vec<T> = items.by_ref().take(most).collect();
        (!part.is_empty()).then_some(part)
    })
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

/// The state that the newest change left, when it came after this one and says it.
pub(crate) fn state_of_head(
    database: &Database,
    after: u64,
) -> Result<Option<StateRoot>, StoreError> {
    let sql = "SELECT state FROM change WHERE number > ?1 ORDER BY number DESC LIMIT 1";
    let mut statement = database.prepare(sql)?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let found = statement.query_row([after], |row| row.get(0)).optional();
    Ok(found.map_err(error::reading)?.flatten())
}

/// The hash of a change, when it is in the log.
pub(crate) fn hash_of(database: &Database, number: u64) -> Result<Option<Hash>, StoreError> {
    let mut statement = database.prepare("SELECT hash FROM change WHERE number = ?1")?;
    statement.query_row([number], |row| row.get(0)).optional().map_err(error::reading)
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
