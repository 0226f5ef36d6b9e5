//! Reading what changes touched, a page at a time.

use kontor_model::supplier::SupplierId;
use kontor_store::touched_codec;
use kontor_store::{ChangeNumber, LogEntry, LogPage, LogPlace, StoreError, Touched};
use rusqlite::{OptionalExtension, Params, Row, params};

use crate::database::Database;
use crate::error;
use crate::read::damaged;

/// A page while it is filled.
struct Filling {
    entries: Vec<LogEntry>,
    /// Entries that still fit.
    room: usize,
}

/// A change whose entries stand in a list of their own.
struct Listed {
    change: u64,
    supplier: SupplierId,
    listing: i64,
}

/// What changes touched, from a place on, at most `limit` entries.
pub(crate) fn page(
    database: &Database,
    from: LogPlace,
    limit: usize,
) -> Result<LogPage, StoreError> {
    crate::prune::check_entries(database, from)?;
    let mut page = Filling { entries: unlisted(database, from)?, room: limit };
    let mut place = from;
    loop {
        let listed = next_listed(database, place.change)?;
        let end = listed.as_ref().map(|listed| listed.change);
        if let Some(next) = page.take_own(database, place, end)? {
            return Ok(LogPage { entries: page.entries, next: Some(next) });
        }
        let Some(listed) = listed else {
            return Ok(LogPage { entries: page.entries, next: None });
        };
        let first = if listed.change == place.change.0 { place.entries } else { 0 };
        if let Some(next) = page.take_listed(database, &listed, first)? {
            return Ok(LogPage { entries: page.entries, next: Some(next) });
        }
        place = LogPlace { change: ChangeNumber(listed.change.saturating_add(1)), entries: 0 };
    }
}

impl Filling {
    /// Takes what stands with its change, up to the change that has a list of its own. Returns where
    /// to go on when not everything fits.
    fn take_own(
        &mut self,
        database: &Database,
        from: LogPlace,
        end: Option<u64>,
    ) -> Result<Option<LogPlace>, StoreError> {
        let sql = "SELECT t.change, t.position, c.supplier_id, t.kind, t.touched \
             FROM change_touched t JOIN change c ON c.number = t.change \
             WHERE (t.change, t.position) >= (?1, ?2) AND t.change < ?3 \
             ORDER BY t.change, t.position LIMIT ?4";
        let end = end.and_then(|end| i64::try_from(end).ok()).unwrap_or(i64::MAX);
        self.take(database, sql, params![from.change.0, from.entries, end, self.one_more()])
    }

    fn take_listed(
        &mut self,
        database: &Database,
        listed: &Listed,
        first: u32,
    ) -> Result<Option<LogPlace>, StoreError> {
        let sql = "SELECT ?1, l.position, ?2, l.kind, l.touched FROM change_listed l \
             WHERE l.listing = ?3 AND l.position >= ?4 ORDER BY l.position LIMIT ?5";
        let (change, supplier) = (listed.change, listed.supplier.0);
        self.take(database, sql, params![change, supplier, listed.listing, first, self.one_more()])
    }

    /// One more than fits, to see whether there is more.
    fn one_more(&self) -> i64 {
        i64::try_from(self.room.saturating_add(1)).unwrap_or(i64::MAX)
    }

    fn take(
        &mut self,
        database: &Database,
        sql: &str,
        parameters: impl Params,
    ) -> Result<Option<LogPlace>, StoreError> {
        let mut statement = database.prepare(sql)?;
        let mut rows = statement.query(parameters).map_err(error::reading)?;
        while let Some(row) = rows.next().map_err(error::reading)? {
            let change = ChangeNumber(row.get(0).map_err(error::reading)?);
            let position = row.get(1).map_err(error::reading)?;
            if self.room == 0 {
                return Ok(Some(LogPlace { change, entries: position }));
            }
            self.room -= 1;
            let supplier = SupplierId(row.get(2).map_err(error::reading)?);
            self.entries.push(LogEntry {
                change,
                supplier,
                touched: touched(row, change, position)?,
            });
        }
        Ok(None)
    }
}

fn touched(row: &Row<'_>, change: ChangeNumber, position: u32) -> Result<Touched, StoreError> {
    let kind = row.get_ref(3).map_err(error::reading)?.as_str();
    let bytes = row.get_ref(4).map_err(error::reading)?.as_blob();
    let touched = kind.ok().zip(bytes.ok());
    let touched = touched.and_then(|(kind, bytes)| touched_codec::decode(kind, bytes));
    touched
        .ok_or_else(|| damaged(format_args!("entry {position} of change {} is broken", change.0)))
}

/// The first change from this one on whose entries stand in a list of their own.
fn next_listed(database: &Database, from: ChangeNumber) -> Result<Option<Listed>, StoreError> {
    let mut statement = database.prepare(
        "SELECT number, supplier_id, listing FROM change \
         WHERE listing IS NOT NULL AND number >= ?1 ORDER BY number LIMIT 1",
    )?;
    let found = statement.query_row([from.0], |row| {
        let supplier = SupplierId(row.get(1)?);
        Ok(Listed { change: row.get(0)?, supplier, listing: row.get(2)? })
    });
    found.optional().map_err(error::reading)
}

/// An entry for each change of an earlier version, which did not always list what it touched.
fn unlisted(database: &Database, from: LogPlace) -> Result<Vec<LogEntry>, StoreError> {
    let mut statement = database.prepare(
        "SELECT DISTINCT e.change, c.supplier_id FROM change_entry e \
         JOIN change c ON c.number = e.change WHERE e.change > ?1 ORDER BY e.change LIMIT 1",
    )?;
    let entry = |row: &Row<'_>| {
        let (change, supplier) = (ChangeNumber(row.get(0)?), SupplierId(row.get(1)?));
        Ok(LogEntry { change, supplier, touched: Touched::Anything })
    };
    let rows = statement.query_map([from.change.0], entry).map_err(error::reading)?;
    rows.collect::<Result<_, _>>().map_err(error::reading)
}
