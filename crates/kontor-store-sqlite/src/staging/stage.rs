//! The transaction that a staged job writes to.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::price_list::PriceList;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierCode;
use kontor_store::{
    Abort, MisreadPrices, PriceFault, PriceImport, PriceOrder, PriceRows, Put, ReadTx as _,
    StoreError, TakenToken, WriteTx, ZoneOverlap,
};
use rusqlite::OptionalExtension;

use super::referred;
use super::rows::{StagedRow, StagedRows, What};
use super::taken::UniqueOfAll;
use super::tokens;
use super::view::Overlay;
use crate::database::Database;
use crate::error;
use crate::prices;
use crate::prices::import::StagedPrices;
use crate::prices::read::PriceRow;
use crate::prices::rebased::Rebased;
use crate::prices::rezoned::{MAX_TOLD, Rezoned};
use crate::reference;
use crate::tokens::NewTokens;
use crate::write::{check_supplier, next_number, no_supplier};

/// What a job has put and removed so far, over the view.
pub(crate) struct Stage<'a> {
    pub(crate) overlay: Overlay<'a>,
    pub(crate) code: SupplierCode,
    pub(crate) prices: Option<StagedPrices>,
    /// The kinds whose other rows were removed.
    pub(crate) replaced: BTreeSet<Kind>,
    /// The numbers that the next new product and list get, as far as the view knows.
    pub(crate) first_product: u32,
    pub(crate) first_list: u32,
    next_product: u32,
    next_list: u32,
    unique_of_all: UniqueOfAll,
    tokens: NewTokens,
    rebased: Rebased,
    rezoned: Rezoned,
    /// The lists that were put, by number.
    list_numbers: BTreeMap<i64, Row>,
    /// There is a fault: nothing may be written, whatever the job says.
    pub(crate) spoilt: bool,
}

impl<'a> Stage<'a> {
    /// Begins on a connection that is in a read transaction.
    pub(crate) fn begin(overlay: Overlay<'a>, code: SupplierCode) -> Result<Self, StoreError> {
        let database = overlay.rows.database;
        let product = next_id(database, Kind::Product)?;
        let list = next_id(database, Kind::PriceList)?;
        Ok(Self {
            overlay,
            code,
            prices: None,
            replaced: BTreeSet::new(),
            first_product: product,
            first_list: list,
            next_product: product,
            next_list: list,
            unique_of_all: UniqueOfAll::default(),
            tokens: NewTokens::default(),
            rebased: Rebased::default(),
            rezoned: Rezoned::default(),
            list_numbers: BTreeMap::new(),
            spoilt: false,
        })
    }

    fn staged(&self) -> StagedRows<'a> {
        self.overlay.staged
    }

    fn put_row(&mut self, record: &Record) -> Result<Put, StoreError> {
        let (kind, row, key) = (record.kind(), record.to_row(), record.key());
        self.not_taken(record, &key, &row)?;
        self.note_list_number(record, &key)?;
        let viewed = self.overlay.rows.find(kind, &key)?.map(|stored| stored.row);
        let what = match &viewed {
            None => What::Insert,
            Some(old) if *old == row => What::Keep,
            Some(_) => What::Update,
        };
        let number = if what == What::Insert { self.free_number(kind) } else { None };
        if self.staged().add(kind, &key, what, number, &row)? {
            self.take_number(kind, number)?;
            self.tokens.put(record, viewed.as_deref().unwrap_or_default());
            return Ok(put_over(viewed.as_deref(), &row));
        }
        let Some(before) = self.staged().find(kind, &key)? else {
            return Err(StoreError::Read("a staged row is gone".to_owned()));
        };
        if before.what == What::Remove {
            // It comes back at the place where it is put, not where it was removed.
            self.staged().forget(before.seq)?;
            self.staged().add(kind, &key, what, number, &row)?;
            self.take_number(kind, number)?;
            self.tokens.put(record, &[]);
            return Ok(Put::Inserted);
        }
        self.tokens.put(record, &before.cells);
        self.staged().change(before.seq, what, &row)?;
        Ok(put_over(Some(&before.cells), &row))
    }

    fn free_number(&self, kind: Kind) -> Option<u32> {
        if kind == Kind::Product {
            Some(self.next_product)
        } else {
            (kind == Kind::PriceList).then_some(self.next_list)
        }
    }

    fn take_number(&mut self, kind: Kind, number: Option<u32>) -> Result<(), StoreError> {
        let Some(number) = number else {
            return Ok(());
        };
        let next = number
            .checked_add(1)
            .ok_or_else(|| StoreError::Conflict(format!("too many {}", kind.name())))?;
        if kind == Kind::Product {
            self.next_product = next;
        } else {
            self.next_list = next;
        }
        Ok(())
    }

    /// Refuses what a unique index will refuse, so that it is told as early as other faults are. What
    /// is not seen here the transaction refuses.
    fn not_taken(&mut self, record: &Record, key: &[Cell], row: &[Cell]) -> Result<(), StoreError> {
        let kind = record.kind();
        let is_taken = if let Record::PriceList(PriceList { number: Some(number), .. }) = record {
            self.list_with_number(*number, key)?
        } else {
            self.unique_of_all.is_taken(&self.overlay.rows, kind, row)?
        };
        if is_taken {
            return Err(StoreError::Conflict(reference::taken(kind, row)));
        }
        Ok(())
    }

    /// Whether another list has this number, in the view or staged.
    fn list_with_number(&self, number: i64, key: &[Cell]) -> Result<bool, StoreError> {
        if let Some(other) = self.list_numbers.get(&number) {
            return Ok(other != key);
        }
        let Some(viewed) = self.overlay.rows.list_by_number(number)? else {
            return Ok(false);
        };
        let other = viewed.key();
        if other == key {
            return Ok(false);
        }
        let staged = self.staged().find(Kind::PriceList, &other)?;
        Ok(staged.is_none_or(|row| row.what == What::Keep))
    }

    /// Remembers the number that a list has now.
    fn note_list_number(&mut self, record: &Record, key: &[Cell]) -> Result<(), StoreError> {
        let Record::PriceList(list) = record else {
            return Ok(());
        };
        if let Some(Record::PriceList(before)) = self.overlay.get(Kind::PriceList, key)?
            && let Some(number) = before.number
        {
            self.list_numbers.remove(&number);
        }
        if let Some(number) = list.number {
            self.list_numbers.insert(number, key.to_vec());
        }
        Ok(())
    }

    /// Notes that a row goes which is there.
    fn remove_there(&self, kind: Kind, key: &[Cell]) -> Result<(), StoreError> {
        let viewed = self.overlay.rows.find(kind, key)?.is_some();
        if let Some(staged) = self.staged().find(kind, key)? {
            self.staged().forget(staged.seq)?;
        }
        if viewed {
            self.staged().add(kind, key, What::Remove, None, key)?;
        }
        Ok(())
    }
}

impl WriteTx for Stage<'_> {
    fn put(&mut self, record: &Record) -> Result<Put, Abort> {
        check_supplier(record, &self.code, self.overlay.has_supplier(&self.code)?)?;
        if let Record::Price(_) = record {
            return Err(single_price().into());
        }
        if let Record::Product(product) = record {
            self.rebased.note(&self.overlay.rows, product)?;
        }
        self.rezoned.note(&self.overlay.rows, record)?;
        Ok(self.put_row(record)?)
    }

    fn remove(&mut self, kind: Kind, key: &[Cell]) -> Result<bool, StoreError> {
        if kind == Kind::Price {
            return Err(single_price());
        }
        if self.overlay.get(kind, key)?.is_none() {
            return Ok(false);
        }
        let keys = BTreeSet::from([key.to_vec()]);
        referred::check(&self.overlay, self.prices.as_ref(), kind, &keys)?;
        self.remove_there(kind, key)?;
        Ok(true)
    }

    fn remove_all(&mut self, kind: Kind, keys: &BTreeSet<Row>) -> Result<u64, StoreError> {
        if kind == Kind::Price {
            return Err(single_price());
        }
        let mut there = BTreeSet::new();
        for key in keys {
            if self.overlay.get(kind, key)?.is_some() {
                there.insert(key.clone());
            }
        }
        referred::check(&self.overlay, self.prices.as_ref(), kind, &there)?;
        there.iter().try_for_each(|key| self.remove_there(kind, key))?;
        Ok(there.len() as u64)
    }

    fn remove_unseen(&mut self, kind: Kind) -> Result<u64, StoreError> {
        self.replaced.insert(kind);
        let mut unseen: BTreeSet<Row> = BTreeSet::new();
        let staged = self.staged();
        self.overlay
            .rows
            .each(kind, &[], &mut |stored| {
                let row =
                    StagedRow { seq: 0, kind, what: What::Keep, number: None, cells: stored.row };
                let key = row.key();
                if staged.find(kind, &key)?.is_none() {
                    unseen.insert(key);
                }
                Ok(())
            })
            .map_err(crate::read::store_error)?;
        referred::check(&self.overlay, self.prices.as_ref(), kind, &unseen)?;
        for key in &unseen {
            staged.add(kind, key, What::Remove, None, key)?;
        }
        Ok(unseen.len() as u64)
    }

    /// All rows that are put are remembered anyway.
    fn remember_seen(&mut self, kind: Kind) -> Result<(), StoreError> {
        crate::seen::may_be_remembered(kind)
    }

    fn next_number(&mut self, counter: &str) -> Result<i64, StoreError> {
        next_number(self, counter)
    }

    fn end_sessions(&mut self, _: Protocol, _: &str, _: Instant) -> Result<(), StoreError> {
        Err(StoreError::Conflict("sessions are not part of a staged write".to_owned()))
    }

    fn remove_supplier(&mut self) -> Result<BTreeMap<Kind, u64>, StoreError> {
        Err(StoreError::Conflict("a supplier is not removed in a staged write".to_owned()))
    }

    fn taken_tokens(&self) -> Result<Vec<TakenToken>, StoreError> {
        tokens::taken(&self.overlay, &self.tokens)
    }

    fn misread_prices(&self) -> Result<Vec<MisreadPrices>, StoreError> {
        let leaving = self.prices.as_ref().map(|prices| &prices.leaving);
        let is_renewed = |row: &PriceRow| {
            leaving.is_some_and(|leaving| leaving.is_renewed(row.product, row.list, row.shape))
        };
        self.rebased.misread(&self.overlay.rows, &is_renewed)
    }

    fn zone_overlaps(&self) -> Result<Vec<ZoneOverlap>, StoreError> {
        let rows = &self.overlay.rows;
        let mut pairs = self.rezoned.pairs(rows, &self.overlay, None)?;
        if let Some(prices) = self.prices.as_ref().filter(|_| !pairs.is_empty()) {
            let place = |row: &PriceRow| (row.product, row.list, row.shape);
            let all = pairs.iter().flat_map(|pair| [place(&pair.one), place(&pair.other)]);
            let going = prices.going_among(&all.collect())?;
            pairs.retain(|pair| {
                !going.contains(&place(&pair.one)) && !going.contains(&place(&pair.other))
            });
        }
        pairs.iter().take(MAX_TOLD).map(|pair| pair.tell(rows)).collect()
    }

    fn import_prices(
        &mut self,
        rows: &mut dyn PriceRows,
        order: PriceOrder,
        fault: &mut dyn FnMut(PriceFault),
    ) -> Result<PriceImport, Abort> {
        if !self.overlay.has_supplier(&self.code)? {
            return Err(no_supplier(&self.code).into());
        }
        if self.prices.is_some() {
            let reason = "prices are imported once in a staged write";
            return Err(StoreError::Conflict(reason.to_owned()).into());
        }
        let rebased = self.rebased.numbers();
        let view = self.overlay.prices_view(rebased, self.first_product, self.first_list);
        let staged = prices::import::stage(&view, rows, order, fault);
        self.spoilt |= !matches!(staged, Ok(Some(_)));
        self.prices = staged?;
        Ok(self.prices.as_ref().map_or_else(PriceImport::default, StagedPrices::result))
    }
}

/// What putting a row over another one, or over none, does.
fn put_over(old: Option<&[Cell]>, new: &[Cell]) -> Put {
    match old {
        None => Put::Inserted,
        Some(old) if old == new => Put::Unchanged,
        Some(_) => Put::Updated,
    }
}

fn single_price() -> StoreError {
    StoreError::Conflict("single prices are not part of a staged write: import them".to_owned())
}

/// The number that the next row of a kind will have.
fn next_id(database: &Database, kind: Kind) -> Result<u32, StoreError> {
    let mut statement = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?1")?;
    let last: Option<u32> =
        statement.query_row([kind.name()], |row| row.get(0)).optional().map_err(error::reading)?;
    let next = last.unwrap_or(0).checked_add(1);
    next.ok_or_else(|| StoreError::Conflict(format!("too many {}", kind.name())))
}
