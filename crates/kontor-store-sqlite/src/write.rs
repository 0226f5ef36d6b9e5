//! Writing rows of one supplier inside the transaction of a job.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::counter::Counter;
use kontor_model::currency::Currency;
use kontor_model::document::{Document, DocumentLine};
use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::{SupplierCode, SupplierId};
use kontor_model::uom::Uom;
use kontor_store::state::PastRow;
use kontor_store::{
    Abort, MisreadPrices, PriceFault, PriceImport, PriceOrder, PriceRows, Put, ReadTx, StoreError,
    TakenToken, Visit, WriteTx, ZoneOverlap,
};
use rusqlite::{OptionalExtension, ToSql, params};

use crate::cell::Bound;
use crate::change_log::Log;
use crate::database::Database;
use crate::error;
use crate::other_changes;
use crate::prices;
use crate::prices::read::PriceRow;
use crate::prices::rebased::Rebased;
use crate::prices::rezoned::{MAX_TOLD, Rezoned};
use crate::read::{Rows, Stored};
use crate::reference;
use crate::removal;
use crate::seen::Seen;
use crate::sessions;
use crate::state::StateChange;
use crate::table::table;
use crate::tokens::NewTokens;

/// The transaction of one job.
pub(crate) struct Tx<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) code: SupplierCode,
    pub(crate) at: Instant,
    /// Whether the supplier comes with this very change.
    pub(crate) is_first: bool,
    /// The number the change gets when the job changes something.
    pub(crate) change: u64,
    pub(crate) log: Log<'a>,
    /// The product whose rows were written last: rows of a product come together.
    last_product: Option<(String, u32)>,
    /// Rows were written that are no change.
    pub(crate) wrote_aside: bool,
    /// What the job adds to the sums of the state digest.
    pub(crate) state: StateChange,
    pub(crate) seen: Seen<'a>,
    tokens: NewTokens,
    pub(crate) rebased: Rebased,
    rezoned: Rezoned,
    /// An import failed: nothing of the job may be kept, whatever it says.
    pub(crate) spoilt: bool,
}

impl<'a> Tx<'a> {
    pub(crate) fn begin(
        database: &'a Database,
        code: SupplierCode,
        at: Instant,
        change: u64,
    ) -> Result<Self, StoreError> {
        let supplier = supplier_id(database, code.as_str())?.unwrap_or(SupplierId(0));
        Ok(Self {
            rows: Rows { database, supplier },
            code,
            at,
            is_first: supplier.0 == 0,
            change,
            log: Log::new(database, change),
            last_product: None,
            wrote_aside: false,
            state: StateChange::default(),
            seen: Seen::new(database),
            tokens: NewTokens::default(),
            rebased: Rebased::default(),
            rezoned: Rezoned::default(),
            spoilt: false,
        })
    }

    fn put_row(&mut self, record: &Record) -> Result<Put, Abort> {
        let (kind, row, key) = (record.kind(), record.to_row(), record.key());
        self.seen.put(kind, &key)?;
        let old = self.rows.find(kind, &key)?;
        let put = match &old {
            Some(old) if old.row == row => return Ok(Put::Unchanged),
            Some(old) => {
                self.retire(kind, &key, old)?;
                self.update(kind, &key, &row)?;
                self.state.removed(kind, self.code.as_str(), &old.row);
                Put::Updated
            }
            None => {
                self.insert(kind, &row)?;
                Put::Inserted
            }
        };
        self.tokens.put(record, old.as_ref().map_or(&[], |old| &old.row));
        if kind.is_bookkeeping() {
            self.wrote_aside = true;
        } else {
            self.log.wrote(kind, &row);
            self.touch(kind, key)?;
            let before = old.as_ref().map(|old| old.row.as_slice());
            other_changes::note(self, kind, before, Some(record))?;
        }
        self.state.put(kind, self.code.as_str(), &row);
        Ok(put)
    }

    fn insert(&self, kind: Kind, row: &[Cell]) -> Result<(), StoreError> {
        let number = (self.rows.supplier.0 != 0).then_some(self.rows.supplier.0);
        let cells: Vec<Bound<'_>> = row.iter().map(Bound).collect();
        let mut parameters: Vec<&dyn ToSql> = vec![&number, &self.change];
        parameters.extend(cells.iter().map(|cell| cell as &dyn ToSql));
        let mut statement = self.rows.database.prepare(&table(kind).insert)?;
        statement
            .execute(parameters.as_slice())
            .map(drop)
            .map_err(|error| reference::put_failed(&self.rows, kind, row, error))
    }

    fn update(&self, kind: Kind, key: &[Cell], row: &[Cell]) -> Result<(), StoreError> {
        let Some(sql) = &table(kind).update else {
            return Ok(());
        };
        let others = kind.columns().iter().zip(row);
        let others = others.filter_map(|(column, cell)| (!column.key).then_some(cell));
        let keys: Vec<Bound<'_>> = key.iter().map(Bound).collect();
        let others: Vec<Bound<'_>> = others.map(Bound).collect();
        let mut parameters: Vec<&dyn ToSql> = vec![&self.rows.supplier.0];
        parameters.extend(keys.iter().map(|cell| cell as &dyn ToSql));
        parameters.push(&self.change);
        parameters.extend(others.iter().map(|cell| cell as &dyn ToSql));
        let mut statement = self.rows.database.prepare(sql)?;
        statement
            .execute(parameters.as_slice())
            .map(drop)
            .map_err(|error| reference::put_failed(&self.rows, kind, row, error))
    }

    /// Copies a row to the history, unless it was written by this very change: nobody saw it.
    fn retire(&mut self, kind: Kind, key: &[Cell], old: &Stored) -> Result<(), StoreError> {
        let Some(sql) = &table(kind).retire else {
            return Ok(());
        };
        if u64::try_from(old.since_change) == Ok(self.change) {
            return Ok(());
        }
        let keys: Vec<Bound<'_>> = key.iter().map(Bound).collect();
        let mut parameters: Vec<&dyn ToSql> = vec![&self.rows.supplier.0];
        parameters.extend(keys.iter().map(|cell| cell as &dyn ToSql));
        parameters.push(&self.change);
        let mut statement = self.rows.database.prepare(sql)?;
        statement.execute(parameters.as_slice()).map_err(error::writing)?;
        self.state.retired(&PastRow {
            kind,
            supplier: self.rows.supplier.0,
            id: if kind.is_numbered() { old.id } else { 0 },
            row: &table(kind).without_secrets(&old.row),
            from_change: old.since_change,
            to_change: i64::try_from(self.change).unwrap_or(i64::MAX),
        });
        Ok(())
    }

    /// Removes a row that is there, of a kind other than prices.
    fn remove_row(&mut self, kind: Kind, key: Row, old: &Stored) -> Result<(), StoreError> {
        reference::no_price_refers(&self.rows, kind, &key, old.id)?;
        self.retire(kind, &key, old)?;
        self.drop_row(kind, key, old)
    }

    /// The same for a row that no price refers to and whose past is not kept.
    pub(crate) fn drop_row(
        &mut self,
        kind: Kind,
        key: Row,
        old: &Stored,
    ) -> Result<(), StoreError> {
        let cells: Vec<Bound<'_>> = key.iter().map(Bound).collect();
        let mut parameters: Vec<&dyn ToSql> = vec![&self.rows.supplier.0];
        parameters.extend(cells.iter().map(|cell| cell as &dyn ToSql));
        let mut statement = self.rows.database.prepare(&table(kind).delete)?;
        statement
            .execute(parameters.as_slice())
            .map_err(|error| reference::removal_failed(&self.rows, kind, &key, error))?;
        if kind.is_bookkeeping() {
            self.wrote_aside = true;
            return Ok(());
        }
        self.state.removed(kind, self.code.as_str(), &old.row);
        self.log.removed(kind, &key);
        other_changes::note(self, kind, Some(&old.row), None)?;
        if kind == Kind::Product {
            // A product of the same number that comes later is another one.
            self.last_product = None;
            other_changes::forget(self, old.id)?;
            self.log.touch_product(kind, old.id);
            return Ok(());
        }
        self.touch(kind, key)
    }

    /// [`WriteTx::zone_overlaps`] among the prices of these products, for a write that was judged against a
    /// view before. It is not asked again at the end of the job.
    pub(crate) fn judge_zones(
        &mut self,
        products: Option<&BTreeSet<u32>>,
    ) -> Result<Vec<ZoneOverlap>, StoreError> {
        let rezoned = std::mem::take(&mut self.rezoned);
        let pairs = rezoned.pairs(&self.rows, &self.rows, products)?;
        pairs.iter().take(MAX_TOLD).map(|pair| pair.tell(&self.rows)).collect()
    }

    /// Has the change list a row, or the product it belongs to.
    fn touch(&mut self, kind: Kind, key: Row) -> Result<(), StoreError> {
        if !kind.is_of_product() {
            self.log.touch_row(kind, key);
            return Ok(());
        }
        let columns = kind.columns().iter().filter(|column| column.key);
        let mut cells = columns.zip(&key).filter(|(column, _)| column.name == "sku");
        let Some((_, Cell::Text(sku))) = cells.next() else {
            return Err(StoreError::Conflict(format!("a row of {} names no sku", kind.name())));
        };
        let id = match &self.last_product {
            Some((last, id)) if last == sku => *id,
            _ => {
                let product = prices::read::product(&self.rows, sku)?;
                let missing = || reference::unknown(Kind::Product, &[Cell::text(sku)]);
                product.ok_or_else(missing)?.id
            }
        };
        self.log.touch_product(kind, id);
        self.last_product = Some((sku.clone(), id));
        Ok(())
    }
}

/// Gives out the next number of a counter.
pub(crate) fn next_number(tx: &mut dyn WriteTx, counter: &str) -> Result<i64, StoreError> {
    let given = match tx.get(Kind::Counter, &[Cell::text(counter)])? {
        Some(Record::Counter(counter)) => counter.next,
        _ => 1,
    };
    let next = given
        .checked_add(1)
        .ok_or_else(|| StoreError::Conflict(format!("the counter {counter} is used up")))?;
    let counter = Record::Counter(Counter { name: counter.to_owned(), next });
    tx.put(&counter).map_err(crate::read::store_error)?;
    Ok(given)
}

pub(crate) fn no_supplier(code: &SupplierCode) -> StoreError {
    StoreError::Conflict(format!("there is no supplier {code} yet"))
}

/// A supplier may only be put under the code that the order names, and before its other rows.
pub(crate) fn check_supplier(
    record: &Record,
    code: &SupplierCode,
    is_there: bool,
) -> Result<(), StoreError> {
    if let Record::Supplier(supplier) = record {
        if supplier.code == *code {
            return Ok(());
        }
        let reason = format!("supplier {} cannot be written as supplier {code}", supplier.code);
        return Err(StoreError::Conflict(reason));
    }
    if is_there { Ok(()) } else { Err(no_supplier(code)) }
}

impl WriteTx for Tx<'_> {
    fn put(&mut self, record: &Record) -> Result<Put, Abort> {
        check_supplier(record, &self.code, self.rows.supplier.0 != 0)?;
        if let Record::Price(entry) = record {
            return prices::put::put(self, entry);
        }
        if let Record::Product(product) = record {
            self.rebased.note(&self.rows, product)?;
        }
        self.rezoned.note(&self.rows, record)?;
        let put = self.put_row(record)?;
        if put == Put::Inserted && record.kind() == Kind::Supplier {
            let number = supplier_id(self.rows.database, self.code.as_str())?;
            self.rows.supplier = number.unwrap_or(SupplierId(0));
        }
        Ok(put)
    }

    fn remove(&mut self, kind: Kind, key: &[Cell]) -> Result<bool, StoreError> {
        if kind == Kind::Price {
            return prices::put::remove(self, key);
        }
        let Some(old) = self.rows.find(kind, key)? else {
            return Ok(false);
        };
        self.remove_row(kind, key.to_vec(), &old)?;
        Ok(true)
    }

    fn remove_unseen(&mut self, kind: Kind) -> Result<u64, StoreError> {
        let unseen = self.seen.unseen(&self.rows, kind)?;
        let mut removed = 0;
        for key in unseen {
            removed += u64::from(self.remove(kind, &key)?);
        }
        Ok(removed)
    }

    fn remember_seen(&mut self, kind: Kind) -> Result<(), StoreError> {
        self.seen.remember(kind)
    }

    fn next_number(&mut self, counter: &str) -> Result<i64, StoreError> {
        next_number(self, counter)
    }

    fn end_sessions(
        &mut self,
        protocol: Protocol,
        login: &str,
        by: Instant,
    ) -> Result<(), StoreError> {
        sessions::end_by(self.rows.database, self.rows.supplier, (protocol, login), by)?;
        self.wrote_aside = true;
        Ok(())
    }

    fn remove_supplier(&mut self) -> Result<BTreeMap<Kind, u64>, StoreError> {
        removal::everything(self)
    }

    fn taken_tokens(&self) -> Result<Vec<TakenToken>, StoreError> {
        self.tokens.taken(&self.rows)
    }

    /// What the job itself wrote was written for the new unit.
    fn misread_prices(&self) -> Result<Vec<MisreadPrices>, StoreError> {
        let is_renewed = |row: &PriceRow| u64::try_from(row.since_change) == Ok(self.change);
        self.rebased.misread(&self.rows, &is_renewed)
    }

    fn zone_overlaps(&self) -> Result<Vec<ZoneOverlap>, StoreError> {
        let pairs = self.rezoned.pairs(&self.rows, &self.rows, None)?;
        pairs.iter().take(MAX_TOLD).map(|pair| pair.tell(&self.rows)).collect()
    }

    fn import_prices(
        &mut self,
        rows: &mut dyn PriceRows,
        order: PriceOrder,
        fault: &mut dyn FnMut(PriceFault),
    ) -> Result<PriceImport, Abort> {
        if self.rows.supplier.0 == 0 {
            return Err(no_supplier(&self.code).into());
        }
        let result = prices::import::import(self, rows, order, fault);
        // An import that fails half way is not undone by itself.
        self.spoilt |= result.is_err();
        result
    }
}

impl ReadTx for Tx<'_> {
    fn last_actor(&self, kind: Kind, key: &[Cell]) -> Result<Option<String>, StoreError> {
        self.rows.last_actor(kind, key)
    }

    fn has_price(&self, list: &str, currency: Currency) -> Result<bool, StoreError> {
        self.rows.has_price(list, currency)
    }

    fn supplier(&self) -> SupplierId {
        self.rows.supplier()
    }

    fn get(&self, kind: Kind, key: &[Cell]) -> Result<Option<Record>, StoreError> {
        self.rows.get(kind, key)
    }

    fn scan(&self, kind: Kind, prefix: &[Cell], visit: Visit<'_, Record>) -> Result<(), Abort> {
        self.rows.scan(kind, prefix, visit)
    }

    fn page(&self, kind: Kind, after: &[Cell], at_most: usize) -> Result<Vec<Record>, StoreError> {
        self.rows.page(kind, after, at_most)
    }

    fn count(&self, kind: Kind) -> Result<u64, StoreError> {
        self.rows.count(kind)
    }

    fn product_ids(
        &self,
        visit: &mut dyn FnMut(&str, ProductId, Uom) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.rows.product_ids(visit)
    }

    fn list_ids(
        &self,
        visit: &mut dyn FnMut(&str, PriceListId) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.rows.list_ids(visit)
    }

    fn product_id(&self, sku: &str) -> Result<Option<(ProductId, Uom)>, StoreError> {
        self.rows.product_id(sku)
    }

    fn list_id(&self, code: &str) -> Result<Option<PriceListId>, StoreError> {
        self.rows.list_id(code)
    }

    fn referrer(&self, by: Kind, to: Kind, key: &[Cell]) -> Result<Option<Row>, StoreError> {
        self.rows.referrer(by, to, key)
    }

    fn list_by_number(&self, number: i64) -> Result<Option<Record>, StoreError> {
        self.rows.list_by_number(number)
    }

    fn list_by_name(&self, name: &str) -> Result<Option<Record>, StoreError> {
        self.rows.list_by_name(name)
    }

    fn documents_issued(
        &self,
        day: Date,
        visit: &mut dyn FnMut(&Document, &DocumentLine) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.rows.documents_issued(day, visit)
    }

    fn leads_since(
        &self,
        category: &str,
        since: Instant,
        visit: Visit<'_, Lead>,
    ) -> Result<(), Abort> {
        self.rows.leads_since(category, since, visit)
    }

    fn has_lead_alike(
        &self,
        category: &str,
        email: &str,
        phone_key: Option<&str>,
        since: Instant,
    ) -> Result<bool, StoreError> {
        self.rows.has_lead_alike(category, email, phone_key, since)
    }

    fn lead_contact(&self, email: &str) -> Result<Option<i64>, StoreError> {
        self.rows.lead_contact(email)
    }

    fn newest_lead(&self) -> Result<Option<Lead>, StoreError> {
        self.rows.newest_lead()
    }

    fn lead_with_email_from(&self, least: &str) -> Result<Option<Lead>, StoreError> {
        self.rows.lead_with_email_from(least)
    }

    fn has_lead_contact(&self, number: i64) -> Result<bool, StoreError> {
        self.rows.has_lead_contact(number)
    }
}

/// The number of the supplier with this code.
pub(crate) fn supplier_id(
    database: &Database,
    code: &str,
) -> Result<Option<SupplierId>, StoreError> {
    let mut statement = database.prepare("SELECT supplier_id FROM supplier WHERE supplier = ?1")?;
    statement
        .query_row(params![code], |row| row.get(0).map(SupplierId))
        .optional()
        .map_err(error::reading)
}
