//! A staged write from the view to the difference, and the difference into a transaction.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kontor_model::catalogue::Kind;
use kontor_model::supplier::{SupplierCode, SupplierId};
use kontor_store::{Abort, LateConflict, StoreError, WriteTx};
use tracing::error as log_error;

use super::apply::{self, Applying, Counts};
use super::moved::Moved;
use super::rows::StagedRows;
use super::stage::Stage;
use super::view::Overlay;
use crate::change_log;
use crate::database::Database;
use crate::error;
use crate::pending::{self, Slicer};
use crate::prices::import::StagedPrices;
use crate::read::Rows;
use crate::write::{Tx, supplier_id};

/// What a job differs by from the view that it ran on.
pub(crate) struct Difference {
    /// Has the rows in a temporary table.
    database: Database,
    /// Zero when the supplier was not there yet.
    supplier: SupplierId,
    moved: Moved,
    pub(crate) prices: Option<StagedPrices>,
    pub(crate) replaced: BTreeSet<Kind>,
    pub(crate) first_product: u32,
    pub(crate) first_list: u32,
}

/// What came of staging.
pub(crate) enum Prepared {
    Refused,
    /// Nothing is to be written.
    Unchanged(Counts),
    Ready(Box<Difference>),
}

/// What came of writing a difference.
pub(crate) enum Applied {
    Done(Counts),
    /// Others changed what it relies on: it must be staged again.
    Moved,
    Conflicts(Vec<LateConflict>),
}

/// Runs a job on a view of the newest data.
pub(crate) fn prepare(
    slicer: &Slicer,
    code: &SupplierCode,
    job: &dyn Fn(&mut dyn WriteTx) -> Result<(), Abort>,
) -> Result<Prepared, StoreError> {
    let database = Database::stager(&slicer.path, slicer.busy_timeout)?;
    let staged = StagedRows::create(&database)?;
    execute(&database, "BEGIN")?;
    let view = change_log::head(&database)?.number;
    let supplier = supplier_id(&database, code.as_str())?.unwrap_or(SupplierId(0));
    let rows = Rows { database: &database, supplier };
    let mut stage = Stage::begin(Overlay { rows, staged }, code.clone())?;
    let ended = catch_unwind(AssertUnwindSafe(|| job(&mut stage)));
    if let (Ok(Ok(())), Some(taken)) = (&ended, stage.taken_tokens()?.into_iter().next()) {
        return Err(taken.into());
    }
    if let (Ok(Ok(())), Some(misread)) = (&ended, stage.misread_prices()?.into_iter().next()) {
        return Err(misread.into());
    }
    if let (Ok(Ok(())), Some(overlap)) = (&ended, stage.zone_overlaps()?.into_iter().next()) {
        return Err(overlap.into());
    }
    match ended {
        Ok(Ok(())) if stage.spoilt => return Ok(Prepared::Refused),
        Ok(Ok(())) => {}
        Ok(Err(Abort::Refused)) => return Ok(Prepared::Refused),
        Ok(Err(Abort::Store(error))) => return Err(error),
        Err(panic) => return Err(panicked(panic.as_ref())),
    }
    let Stage { mut prices, replaced, first_product, first_list, .. } = stage;
    if let Some(prices) = &mut prices
        && prices.steps() > slicer.slices.above
        && pending::any_price(&database)?
    {
        prices.precompute(&database)?;
    }
    // The view is not needed any more, and keeps the log long.
    execute(&database, "COMMIT")?;
    let moved = Moved::since(view);
    let mut difference =
        Difference { database, supplier, moved, prices, replaced, first_product, first_list };
    if difference.is_empty()? {
        return difference.counts().map(Prepared::Unchanged);
    }
    // What is looked at now need not be looked at inside of the transaction.
    difference.moved.read_on(&difference.database, supplier)?;
    Ok(Prepared::Ready(Box::new(difference)))
}

impl Difference {
    pub(crate) fn staged(&self) -> StagedRows<'_> {
        StagedRows::of(&self.database)
    }

    /// Writes it, after a look at what moved since the view.
    pub(crate) fn apply(&mut self, tx: &mut Tx<'_>) -> Result<Applied, StoreError> {
        let rows = tx.rows;
        self.moved.read_on(rows.database, self.supplier)?;
        if rows.supplier != self.supplier || !self.is_prepared(rows.database)? {
            return Ok(Applied::Moved);
        }
        match self.moved.judge(&rows, self)? {
            Some(again) => Applying::new(self, tx).run(&again),
            None => Ok(Applied::Moved),
        }
    }

    /// See [`Moved::may_meet`].
    pub(crate) fn may_meet(&self) -> Option<&BTreeSet<u32>> {
        self.moved.may_meet()
    }

    /// Whether prices that were written beside the table are still there.
    fn is_prepared(&self, database: &Database) -> Result<bool, StoreError> {
        self.prices.as_ref().map_or(Ok(true), |prices| prices.is_prepared(database))
    }

    fn is_empty(&self) -> Result<bool, StoreError> {
        let prices = self.prices.as_ref().is_none_or(StagedPrices::is_empty);
        Ok(prices && self.staged().is_unchanged()?)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = apply::kept(self)?;
        if let Some(prices) = &self.prices {
            counts.insert(Kind::Price, prices.result());
        }
        Ok(counts)
    }
}

fn execute(database: &Database, sql: &str) -> Result<(), StoreError> {
    let mut statement = database.prepare(sql)?;
    statement.execute([]).map(drop).map_err(error::reading)
}

fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    log_error!(reason = crate::writer::panic_text(panic), "a staged job panicked");
    StoreError::Write("the job panicked: this is a bug in Kontor".to_owned())
}
