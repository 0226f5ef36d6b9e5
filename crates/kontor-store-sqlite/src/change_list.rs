//! Who changed what and when, for people.

use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::instant::Instant;
use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;
use kontor_store::{ChangeNumber, LogPlace, StoreError, Touched};
use rusqlite::params;

use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::prices;
use crate::read::Rows;
use crate::store::SqliteStore;

/// Entries of the change log that are read at a time.
const PAGE: usize = 256;

/// Which changes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangesWanted {
    pub supplier: SupplierId,
    /// Changes of this product, its prices and its other rows.
    pub product: Option<ProductId>,
    /// At most so many, the newest.
    pub limit: usize,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    pub number: ChangeNumber,
    pub at: Instant,
    /// Who made it: an account, or a command.
    pub actor: String,
    /// Rows that it wrote or removed, by kind. Of a product the product counts, and of prices each pair
    /// of product and list. `None`: an entry of an earlier version does not say.
    pub touched: Option<BTreeMap<Kind, u64>>,
}

impl SqliteStore {
    /// The newest changes of a supplier first. Costs what the changes cost that it looks at.
    pub fn changes(&self, wanted: ChangesWanted) -> Result<Vec<ChangeLine>, StoreError> {
        self.with_reader(|database| newest(database, wanted))
    }

    /// The number of a product of a supplier.
    pub fn product_id(
        &self,
        supplier: SupplierId,
        sku: &str,
    ) -> Result<Option<ProductId>, StoreError> {
        self.with_reader(|database| {
            let product = prices::read::product(&Rows { database, supplier }, sku)?;
            Ok(product.map(|product| ProductId(product.id)))
        })
    }
}

fn newest(database: &Database, wanted: ChangesWanted) -> Result<Vec<ChangeLine>, StoreError> {
    let mut statement = database.prepare(
        "SELECT number, at, actor FROM change WHERE supplier_id = ?1 ORDER BY number DESC",
    )?;
    let mut rows = statement.query(params![wanted.supplier.0]).map_err(error::reading)?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next().map_err(error::reading)? {
        if lines.len() >= wanted.limit {
            break;
        }
        let number = ChangeNumber(row.get(0).map_err(error::reading)?);
        let at = Instant::from_micros(row.get(1).map_err(error::reading)?);
        let (touched, is_wanted) = match touched_by(database, number, wanted.product) {
            // Entries are forgotten by policy; that there was a change is not.
            Err(StoreError::TooOld { .. }) => (None, wanted.product.is_none()),
            other => other?,
        };
        if is_wanted {
            let actor = row.get(2).map_err(error::reading)?;
            lines.push(ChangeLine { number, at, actor, touched });
        }
    }
    Ok(lines)
}

/// What a change touched, and whether the product is among it.
fn touched_by(
    database: &Database,
    change: ChangeNumber,
    product: Option<ProductId>,
) -> Result<(Option<BTreeMap<Kind, u64>>, bool), StoreError> {
    let mut counts = Some(BTreeMap::new());
    let mut is_wanted = product.is_none();
    let mut from = Some(LogPlace::after(ChangeNumber(change.0.saturating_sub(1))));
    while let Some(place) = from.filter(|place| place.change <= change) {
        let page = change_log::page(database, place, PAGE)?;
        from = page.next;
        for entry in page.entries.into_iter().filter(|entry| entry.change == change) {
            is_wanted |= product.is_some_and(|id| is_of(&entry.touched, id));
            let (kind, count) = match &entry.touched {
                Touched::Rows { kind, keys } => (*kind, keys.len()),
                Touched::Products { kind, ids } => (*kind, ids.len()),
                Touched::Prices { places } => (Kind::Price, places.len()),
                Touched::Anything => {
                    counts = None;
                    continue;
                }
            };
            if let Some(counts) = &mut counts {
                *counts.entry(kind).or_default() += count as u64;
            }
        }
        // A page reaches into later changes, which are not asked for.
        from = from.filter(|next| next.change == change);
    }
    Ok((counts, is_wanted))
}

fn is_of(touched: &Touched, product: ProductId) -> bool {
    match touched {
        Touched::Products { ids, .. } => ids.binary_search(&product).is_ok(),
        Touched::Prices { places } => {
            let place = places.partition_point(|(id, _)| *id < product);
            places.get(place).is_some_and(|(id, _)| *id == product)
        }
        Touched::Anything => true,
        Touched::Rows { .. } => false,
    }
}
