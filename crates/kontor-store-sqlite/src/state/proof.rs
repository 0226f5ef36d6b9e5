//! Comparing what stands with the stored sums.

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::state::{
    self, CHANGE_TIMES, OF_HISTORY, PAST_PRICES, PastRow, RowDigest, Sum, Sums,
};
use kontor_store::{ChangeTime, StoreError};

use crate::cell;
use crate::database::Database;
use crate::error;
use crate::other_changes;
use crate::pending;
use crate::prices::read::{self, PriceRow};
use crate::read::damaged;
use crate::state::names::Names;
use crate::state::{Part, history_name};
use crate::table::{self, table};

/// A row with what names it.
type Seen<'s> = &'s mut dyn FnMut(&RowDigest, &dyn Fn() -> Row) -> Result<(), StoreError>;

/// Sums up one kind while it is read, and compares at the end.
pub(crate) struct Proof<'a> {
    database: &'a Database,
    kind: &'static str,
    sum: Sum,
    names: Names<'a>,
}

impl<'a> Proof<'a> {
    pub(crate) fn of(database: &'a Database, kind: Kind) -> Self {
        Self::named(database, kind.name())
    }

    pub(crate) fn named(database: &'a Database, kind: &'static str) -> Self {
        Self { database, kind, sum: Sum::default(), names: Names::new(database) }
    }

    pub(crate) fn row(
        &mut self,
        kind: Kind,
        supplier: u32,
        row: &[Cell],
    ) -> Result<(), StoreError> {
        if state::is_of_state(kind) {
            let supplier = self.names.supplier(supplier)?;
            self.sum.add(&state::row_digest(kind, supplier, row));
        }
        Ok(())
    }

    pub(crate) fn price(&mut self, row: &PriceRow) -> Result<(), StoreError> {
        let parts = self.names.parts(row)?;
        self.sum.add(&state::price_digest(&parts, row.amount).at(row.changed_at));
        Ok(())
    }

    pub(crate) fn past_price(&mut self, row: &PriceRow, ended_at: i64) -> Result<(), StoreError> {
        let shape = self.names.shape(row.shape)?;
        self.sum.add(&super::past_digest(shape, row).at(ended_at));
        Ok(())
    }

    pub(crate) fn change_time(&mut self, time: &ChangeTime) {
        self.sum.add(&other_changes::digest(time));
    }

    /// Refuses what differs. Sums that are not those of all rows yet prove nothing.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        if super::since(self.database)?.is_none() {
            return Ok(());
        }
        let difference = super::read(self.database)?.of(self.kind).without(&self.sum);
        if difference == Sum::default() {
            return Ok(());
        }
        Err(differs(self.database, self.kind, &difference))
    }
}

/// Computes the sums of everything that stands.
pub(crate) fn compute(database: &Database) -> Result<Sums, StoreError> {
    let mut sums = Sums::default();
    for name in names() {
        each(database, &name, &mut |row, _| {
            sums.of_mut(&name).add(row);
            Ok(())
        })?;
    }
    Ok(sums)
}

/// The names of all sums.
fn names() -> impl Iterator<Item = String> {
    let kinds = table::kinds().filter(|kind| state::is_of_state(*kind)).map(Kind::name);
    let histories = table::kinds().filter(|kind| table(*kind).past.is_some()).map(history_name);
    let others = [Kind::Price.name(), PAST_PRICES, CHANGE_TIMES];
    kinds.chain(others).map(str::to_owned).chain(histories)
}

/// Refuses sums of a part that are not those of the database, naming the first that differs.
pub(crate) fn compare(database: &Database, part: Part, computed: &Sums) -> Result<(), StoreError> {
    let stored = super::read(database)?;
    for name in names().filter(|name| Part::of(name) == part) {
        let difference = stored.of(&name).without(&computed.of(&name));
        if difference != Sum::default() {
            return Err(differs(database, &name, &difference));
        }
    }
    Ok(())
}

/// Says what differs. It reads the kind again, to find the row when it is only one.
fn differs(database: &Database, kind: &str, difference: &Sum) -> StoreError {
    let mut found: Vec<Row> = Vec::new();
    let search = each(database, kind, &mut |row, key| {
        if difference.is_from(row) {
            found.push(key());
        }
        Ok(())
    });
    let which = match (search, found.as_slice(), difference.rows) {
        (Ok(()), [key], _) => format!("the row {} has other values", text(key)),
        (_, _, 0) => "some rows have other values".to_owned(),
        (_, _, missing @ 1..) => format!("{missing} rows are missing"),
        (_, _, more) => format!("there are {} rows too many", more.unsigned_abs()),
    };
    damaged(format_args!(
        "{kind} do not stand as they were written: {which}. Put back a copy that is whole"
    ))
}

fn text(key: &[Cell]) -> String {
    let cells = key.iter().map(|cell| match cell {
        Cell::Null => "-".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => format!("{text:?}"),
    });
    cells.collect::<Vec<_>>().join(", ")
}

/// Goes over all rows with a sum of this name.
fn each(database: &Database, name: &str, visit: Seen<'_>) -> Result<(), StoreError> {
    match Kind::from_name(name) {
        Some(Kind::Price) => each_price(database, visit),
        Some(kind) => each_row(database, kind, visit),
        None if name == CHANGE_TIMES => each_change_time(database, visit),
        None if name != PAST_PRICES => {
            let kind = name.strip_suffix(OF_HISTORY).and_then(Kind::from_name);
            kind.map_or(Ok(()), |kind| each_past_row(database, kind, visit))
        }
        None => each_past_price(database, &mut |row, ended_at, names| {
            let shape = names.shape(row.shape)?;
            visit(&super::past_digest(shape, row).at(ended_at), &|| key(database, row))
        }),
    }
}

fn each_row(database: &Database, kind: Kind, visit: Seen<'_>) -> Result<(), StoreError> {
    let table = table(kind);
    let width = table.columns().len();
    let mut names = Names::new(database);
    let mut statement = database.prepare(&table.all)?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let cells = cell::cells(row, 0, width)?;
        let supplier = names.supplier(row.get(width + 2).map_err(error::reading)?)?;
        visit(&state::row_digest(kind, supplier, &cells), &|| key_of(kind, &cells))?;
    }
    Ok(())
}

fn each_past_row(database: &Database, kind: Kind, visit: Seen<'_>) -> Result<(), StoreError> {
    let Some(sql) = &table(kind).past else { return Ok(()) };
    let mut statement = database.prepare(sql)?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        with_past(kind, row, &mut |past| {
            visit(&state::past_row_digest(past), &|| key_of(kind, past.row))
        })?;
    }
    Ok(())
}

/// Hands on a row of the columns of [`table::Table::past`].
pub(crate) fn with_past(
    kind: Kind,
    row: &rusqlite::Row<'_>,
    visit: &mut dyn FnMut(&PastRow<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let width = kind.columns().len();
    let cells = cell::cells(row, 0, width)?;
    visit(&PastRow {
        kind,
        row: &cells,
        from_change: row.get(width).map_err(error::reading)?,
        to_change: row.get(width + 1).map_err(error::reading)?,
        id: row.get(width + 2).map_err(error::reading)?,
        supplier: row.get(width + 3).map_err(error::reading)?,
    })
}

fn key_of(kind: Kind, row: &[Cell]) -> Row {
    let columns = kind.columns().iter().zip(row);
    columns.filter(|(column, _)| column.key).map(|(_, cell)| cell.clone()).collect()
}

fn each_price(database: &Database, visit: Seen<'_>) -> Result<(), StoreError> {
    let mut names = Names::new(database);
    let mut statement = database.prepare(&format!(
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM {} \
         ORDER BY product_id, list_id, shape_id",
        pending::tables(database)?.now
    ))?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let row = read::price_row(row).map_err(error::reading)?;
        let parts = names.parts(&row)?;
        visit(&state::price_digest(&parts, row.amount).at(row.changed_at), &|| {
            key(database, &row)
        })?;
    }
    Ok(())
}

fn each_change_time(database: &Database, visit: Seen<'_>) -> Result<(), StoreError> {
    let all = other_changes::each(database, &mut |time| {
        Ok(visit(&other_changes::digest(&time), &|| other_changes::key(&time))?)
    });
    all.map_err(crate::read::store_error)
}

/// Goes over the history of prices, with the time at which each ended.
pub(crate) fn each_past_price(
    database: &Database,
    visit: &mut dyn FnMut(&PriceRow, i64, &mut Names<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut names = Names::new(database);
    let mut statement = database.prepare(&format!(
        "SELECT h.product_id, h.list_id, h.shape_id, h.amount, h.changed_at, h.from_change, c.at \
         FROM {} h JOIN change c ON c.number = h.to_change \
         ORDER BY h.product_id, h.list_id, h.shape_id, h.from_change",
        pending::tables(database)?.past
    ))?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        let price = read::price_row(row).map_err(error::reading)?;
        visit(&price, row.get(6).map_err(error::reading)?, &mut names)?;
    }
    Ok(())
}

/// The key of a price; nothing when what it refers to cannot be read.
fn key(database: &Database, row: &PriceRow) -> Row {
    read::key(database, row).unwrap_or_default()
}
