//! When answers about packages changed for another reason than a price.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::product::ProductId;
use kontor_model::quantity::Quantity;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use kontor_store::state::{self, RowDigest};
use kontor_store::{Abort, CONCERNING, ChangeTime, Concerns, StoreError, Visit};
use rusqlite::{OptionalExtension, params};

use crate::database::Database;
use crate::error;
use crate::prices::read;
use crate::read::{damaged, record};
use crate::state::StateChange;
use crate::write::Tx;

/// Notes that a row was put over another one, put anew or removed. Nobody was answered before a
/// supplier's first change.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    kind: Kind,
    before: Option<&[Cell]>,
    after: Option<&Record>,
) -> Result<(), StoreError> {
    if tx.is_first || !CONCERNING.contains(&kind) {
        return Ok(());
    }
    let before = before.map(|row| record(kind, row)).transpose()?;
    for concern in kontor_store::concerns(before.as_ref(), after) {
        let time = match concern {
            Concerns::Product { sku } => product(tx, sku.as_str())?
                .map(|product| ChangeTime::Product { product, packing: None, changed_at: tx.at }),
            Concerns::Packing { sku, packing, quantity } => {
                product(tx, sku.as_str())?.map(|product| {
                    let packing = Some((packing, quantity));
                    ChangeTime::Product { product, packing, changed_at: tx.at }
                })
            }
            Concerns::Row { kind, key } => {
                tx.log.touch_row(kind, key.clone());
                let supplier = tx.rows.supplier;
                Some(ChangeTime::Row { supplier, kind, key, changed_at: tx.at })
            }
        };
        if let Some(time) = time {
            put(tx.rows.database, &mut tx.state, &time)?;
        }
    }
    Ok(())
}

fn product(tx: &Tx<'_>, sku: &str) -> Result<Option<ProductId>, StoreError> {
    Ok(read::product(&tx.rows, sku)?.map(|product| ProductId(product.id)))
}

fn put(database: &Database, state: &mut StateChange, time: &ChangeTime) -> Result<(), StoreError> {
    let old = match time {
        ChangeTime::Product { product, packing, .. } => {
            let (name, quantity) = columns_of_packing(packing.as_ref());
            let sql = "SELECT changed_at FROM product_change_time \
                 WHERE (product_id, packing, packing_quantity) = (?1, ?2, ?3)";
            let mut statement = database.prepare(sql)?;
            let key = params![product.0, name, quantity];
            statement.query_row(key, |row| row.get(0)).optional().map_err(error::reading)?
        }
        ChangeTime::Row { supplier, kind, key, .. } => of_row(database, *supplier, *kind, key)?,
    };
    let old = old.map(Instant::from_micros).map(|at| at_time(time.clone(), at));
    if let Some(old) = old {
        state.forgot_change_time(&digest(&old));
    }
    state.put_change_time(&digest(time));
    write(database, time)
}

fn write(database: &Database, time: &ChangeTime) -> Result<(), StoreError> {
    let written = match time {
        ChangeTime::Product { product, packing, changed_at } => {
            let (name, quantity) = columns_of_packing(packing.as_ref());
            let mut statement = database
                .prepare("INSERT OR REPLACE INTO product_change_time VALUES (?1, ?2, ?3, ?4)")?;
            statement.execute(params![product.0, name, quantity, changed_at.micros()])
        }
        ChangeTime::Row { supplier, kind, key, changed_at } => {
            let (entity, segment, code) = columns_of_key(key);
            let mut statement = database.prepare(
                "INSERT OR REPLACE INTO row_change_time VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let at = changed_at.micros();
            statement.execute(params![supplier.0, kind.name(), entity, segment, code, at])
        }
    };
    written.map(drop).map_err(error::writing)
}

/// Forgets those of a product that is removed; its number is never given out again.
pub(crate) fn forget(tx: &mut Tx<'_>, product: u32) -> Result<(), StoreError> {
    let database = tx.rows.database;
    let state = &mut tx.state;
    let visit = &mut |time: ChangeTime| {
        state.forgot_change_time(&digest(&time));
        Ok(())
    };
    each_of(database, ProductId(product), visit).map_err(crate::read::store_error)?;
    let mut statement =
        database.prepare("DELETE FROM product_change_time WHERE product_id = ?1")?;
    statement.execute([product]).map(drop).map_err(error::writing)
}

/// Forgets those of the rows of a supplier that is removed.
pub(crate) fn forget_rows(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let (database, supplier) = (tx.rows.database, tx.rows.supplier.0);
    let mut statement = database.prepare(
        "SELECT supplier_id, kind, entity, segment, code, changed_at FROM row_change_time \
         WHERE supplier_id = ?1",
    )?;
    let mut rows = statement.query([supplier]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        tx.state.forgot_change_time(&digest(&row_time(row)?));
    }
    let mut delete = database.prepare("DELETE FROM row_change_time WHERE supplier_id = ?1")?;
    delete.execute([supplier]).map(drop).map_err(error::writing)
}

/// All of them.
pub(crate) fn each(database: &Database, visit: Visit<'_, ChangeTime>) -> Result<(), Abort> {
    let mut statement = database.prepare(
        "SELECT product_id, packing, packing_quantity, changed_at FROM product_change_time \
         ORDER BY product_id, packing, packing_quantity",
    )?;
    each_product(&mut statement.query([]).map_err(error::reading)?, visit)?;
    let mut statement = database.prepare(
        "SELECT supplier_id, kind, entity, segment, code, changed_at FROM row_change_time \
         ORDER BY supplier_id, kind, entity, segment, code",
    )?;
    let mut rows = statement.query([]).map_err(error::reading)?;
    while let Some(row) = rows.next().map_err(error::reading)? {
        visit(row_time(row)?)?;
    }
    Ok(())
}

/// Those of one product.
pub(crate) fn each_of(
    database: &Database,
    product: ProductId,
    visit: Visit<'_, ChangeTime>,
) -> Result<(), Abort> {
    let mut statement = database.prepare(
        "SELECT product_id, packing, packing_quantity, changed_at FROM product_change_time \
         WHERE product_id = ?1 ORDER BY packing, packing_quantity",
    )?;
    each_product(&mut statement.query([product.0]).map_err(error::reading)?, visit)
}

/// That of the answers that depend on a row, in microseconds.
pub(crate) fn of_row(
    database: &Database,
    supplier: SupplierId,
    kind: Kind,
    key: &[Cell],
) -> Result<Option<i64>, StoreError> {
    let (entity, segment, code) = columns_of_key(key);
    let mut statement = database.prepare(
        "SELECT changed_at FROM row_change_time \
         WHERE (supplier_id, kind, entity, segment, code) = (?1, ?2, ?3, ?4, ?5)",
    )?;
    let key = params![supplier.0, kind.name(), entity, segment, code];
    statement.query_row(key, |row| row.get(0)).optional().map_err(error::reading)
}

/// What the state digest has of it.
pub(crate) fn digest(time: &ChangeTime) -> RowDigest {
    let (mut cells, changed_at) = (key_cells(time), changed_at(time));
    cells.push(("changed_at", Cell::Int(changed_at.micros())));
    state::change_time_digest(&cells)
}

/// What names it, for the message of damage.
pub(crate) fn key(time: &ChangeTime) -> Row {
    key_cells(time).into_iter().map(|(_, cell)| cell).collect()
}

fn key_cells(time: &ChangeTime) -> Vec<(&'static str, Cell)> {
    match time {
        ChangeTime::Product { product, packing, .. } => {
            let (name, quantity) = columns_of_packing(packing.as_ref());
            let product = Cell::Int(i64::from(product.0));
            let (name, quantity) = (Cell::text(name), Cell::Int(quantity));
            vec![("product", product), ("packing", name), ("packing_quantity", quantity)]
        }
        ChangeTime::Row { supplier, kind, key, .. } => {
            let (entity, segment, code) = columns_of_key(key);
            vec![
                ("supplier", Cell::Int(i64::from(supplier.0))),
                ("kind", Cell::text(kind.name())),
                ("entity", Cell::Int(entity)),
                ("segment", Cell::Int(segment)),
                ("code", Cell::text(code)),
            ]
        }
    }
}

fn changed_at(time: &ChangeTime) -> Instant {
    match time {
        ChangeTime::Product { changed_at, .. } | ChangeTime::Row { changed_at, .. } => *changed_at,
    }
}

fn at_time(mut time: ChangeTime, at: Instant) -> ChangeTime {
    match &mut time {
        ChangeTime::Product { changed_at, .. } | ChangeTime::Row { changed_at, .. } => {
            *changed_at = at;
        }
    }
    time
}

fn columns_of_packing(
    packing: Option<&(kontor_model::product::PackingCode, Quantity)>,
) -> (&str, i64) {
    packing.map_or(("", 0), |(name, quantity)| (name.as_str(), quantity.micros()))
}

/// The key of a row of one of the kinds: numbers of entity and segment come before a code.
fn columns_of_key(key: &[Cell]) -> (i64, i64, &str) {
    let mut numbers = key.iter().filter_map(|cell| match cell {
        Cell::Int(number) => Some(*number),
        Cell::Text(_) | Cell::Null => None,
    });
    let (entity, segment) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let code = key.iter().find_map(|cell| match cell {
        Cell::Text(code) => Some(code.as_str()),
        Cell::Int(_) | Cell::Null => None,
    });
    (entity, segment, code.unwrap_or(""))
}

fn each_product(rows: &mut rusqlite::Rows<'_>, visit: Visit<'_, ChangeTime>) -> Result<(), Abort> {
    while let Some(row) = rows.next().map_err(error::reading)? {
        let name: String = row.get(1).map_err(error::reading)?;
        let quantity = Quantity::from_micros(row.get(2).map_err(error::reading)?);
        let packing = match name.as_str() {
            "" => None,
            name => Some((name.parse().map_err(damaged)?, quantity)),
        };
        visit(ChangeTime::Product {
            product: ProductId(row.get(0).map_err(error::reading)?),
            packing,
            changed_at: Instant::from_micros(row.get(3).map_err(error::reading)?),
        })?;
    }
    Ok(())
}

fn row_time(row: &rusqlite::Row<'_>) -> Result<ChangeTime, StoreError> {
    let name: String = row.get(1).map_err(error::reading)?;
    let kind = Kind::from_name(&name)
        .ok_or_else(|| damaged(format_args!("row_change_time names {name}, which is no kind")))?;
    let width = kind.columns().iter().filter(|column| column.key).count();
    let (entity, segment) = (row.get(2).map_err(error::reading)?, row.get(3));
    let segment = segment.map_err(error::reading)?;
    let code: String = row.get(4).map_err(error::reading)?;
    let of_market = matches!(kind, Kind::SellingEntity | Kind::Segment | Kind::SalesTable);
    let mut key = Row::new();
    if of_market {
        key.extend([Cell::Int(entity), Cell::Int(segment)].into_iter().take(width));
    }
    if key.len() < width {
        key.push(Cell::Text(code));
    }
    Ok(ChangeTime::Row {
        supplier: SupplierId(row.get(0).map_err(error::reading)?),
        kind,
        key,
        changed_at: Instant::from_micros(row.get(5).map_err(error::reading)?),
    })
}
