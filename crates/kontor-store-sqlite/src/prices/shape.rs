//! Shapes: interned, numbered, never changed or removed.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use kontor_model::price_list::{PriceUnit, Shape, UomCode};
use kontor_model::quantity::Quantity;
use kontor_model::record::{Cell, Row};
use kontor_model::uom::Uom;
use kontor_model::validity::{self, Validity};
use kontor_store::StoreError;
use rusqlite::{OptionalExtension, params_from_iter};

use crate::cell::{self, Bound};
use crate::database::Database;
use crate::error;
use crate::read::damaged;

/// The columns of `price_shape` after its number.
pub(crate) const COLUMNS: &str = "uom, packing, packing_quantity, currency, minimum_quantity, \
     valid_from, valid_to, kind, payment_term, per, decimals";
pub(crate) const WIDTH: usize = 11;

const FIND: &str = "SELECT id FROM price_shape \
     WHERE ifnull(uom, '') = ifnull(?1, '') AND ifnull(packing, '') = ifnull(?2, '') \
     AND ifnull(packing_quantity, '') = ifnull(?3, '') AND currency = ?4 \
     AND minimum_quantity = ?5 AND ifnull(valid_from, '') = ifnull(?6, '') \
     AND ifnull(valid_to, '') = ifnull(?7, '') AND kind = ?8 \
     AND ifnull(payment_term, '') = ifnull(?9, '') AND ifnull(per, '') = ifnull(?10, '') AND decimals = ?11";

impl Database {
    /// The shape with this number.
    pub(crate) fn shape(&self, number: u32) -> Result<Arc<Shape>, StoreError> {
        match self.shapes.borrow_mut().entry(number) {
            Entry::Occupied(entry) => Ok(Arc::clone(entry.get())),
            Entry::Vacant(entry) => {
                let sql = format!("SELECT {COLUMNS} FROM price_shape WHERE id = ?1");
                let mut statement = self.prepare(&sql)?;
                let row = statement
                    .query_row([number], |row| Ok(cell::cells(row, 0, WIDTH)))
                    .map_err(error::reading)?;
                Ok(Arc::clone(entry.insert(Arc::new(from_row(&row?)?))))
            }
        }
    }

    /// The number of a shape that is there.
    pub(crate) fn find_shape(&self, shape: &Shape) -> Result<Option<u32>, StoreError> {
        let mut statement = self.prepare(FIND)?;
        statement
            .query_row(params_from_iter(to_row(shape).iter().map(Bound)), |row| row.get(0))
            .optional()
            .map_err(error::reading)
    }

    /// The number of a shape; a new shape gets one.
    pub(crate) fn intern(&self, shape: &Shape) -> Result<u32, StoreError> {
        if let Some(number) = self.find_shape(shape)? {
            return Ok(number);
        }
        let row = to_row(shape);
        let sql = format!(
            "INSERT INTO price_shape ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             RETURNING id"
        );
        let mut statement = self.prepare(&sql)?;
        statement
            .query_row(params_from_iter(row.iter().map(Bound)), |row| row.get(0))
            .map_err(error::writing)
    }
}

/// The shape as it is stored for a product with this base unit: a price in the base unit, however
/// it was written, is one and the same.
pub(crate) fn normal(shape: &Shape, base_uom: Uom) -> Shape {
    let mut shape = shape.clone();
    if shape.unit == PriceUnit::Uom(UomCode(base_uom)) {
        shape.unit = PriceUnit::Base;
    }
    shape
}

/// The cells of a shape, in the order of [`COLUMNS`].
pub(crate) fn to_row(shape: &Shape) -> Row {
    let (uom, packing, quantity) = match &shape.unit {
        PriceUnit::Base | PriceUnit::BaseUnits(_) => (Cell::Null, Cell::Null, Cell::Null),
        PriceUnit::Uom(uom) => (Cell::text(uom.0), Cell::Null, Cell::Null),
        PriceUnit::Packing { name, quantity } => {
            (Cell::Null, Cell::text(name), Cell::quantity(*quantity))
        }
    };
    vec![
        uom,
        packing,
        quantity,
        Cell::text(shape.currency),
        Cell::quantity(shape.minimum),
        Cell::bound(shape.validity.from()),
        Cell::bound(shape.validity.to()),
        Cell::text(shape.kind),
        Cell::opt_text(shape.term.as_ref()),
        shape.unit.per_cell(),
        Cell::Int(i64::from(shape.decimals)),
    ]
}

/// The shape of such cells.
pub(crate) fn from_row(row: &[Cell]) -> Result<Shape, StoreError> {
    let broken = || damaged("a row of price_shape is not a shape");
    let [uom, packing, quantity, currency, minimum, from, to, kind, term, per, decimals] = row
    else {
        return Err(broken());
    };
    let unit = match (uom, packing, quantity, per) {
        (Cell::Null, Cell::Null, Cell::Null, Cell::Null) => PriceUnit::Base,
        (Cell::Null, Cell::Null, Cell::Null, Cell::Int(per)) => {
            PriceUnit::BaseUnits(Quantity::from_micros(*per))
        }
        (Cell::Text(uom), Cell::Null, Cell::Null, Cell::Null) => {
            PriceUnit::Uom(UomCode(uom.parse().map_err(damaged)?))
        }
        (Cell::Null, Cell::Text(name), Cell::Int(quantity), Cell::Null) => PriceUnit::Packing {
            name: name.parse().map_err(damaged)?,
            quantity: Quantity::from_micros(*quantity),
        },
        _ => return Err(broken()),
    };
    let (Cell::Text(currency), Cell::Int(minimum), Cell::Text(kind), Cell::Int(decimals)) =
        (currency, minimum, kind, decimals)
    else {
        return Err(broken());
    };
    Ok(Shape {
        unit,
        currency: currency.parse().map_err(damaged)?,
        minimum: Quantity::from_micros(*minimum),
        validity: Validity::new(bound(from)?, bound(to)?).map_err(damaged)?,
        kind: kind.parse().map_err(damaged)?,
        term: match term {
            Cell::Null => None,
            Cell::Text(code) => Some(code.parse().map_err(damaged)?),
            Cell::Int(_) => return Err(broken()),
        },
        decimals: u8::try_from(*decimals).map_err(|_| broken())?,
    })
}

fn bound(cell: &Cell) -> Result<Option<validity::Bound>, StoreError> {
    match cell {
        Cell::Null => Ok(None),
        Cell::Int(micros) => Ok(Some(validity::Bound::from_cell(*micros))),
        Cell::Text(_) => Err(damaged("a bound of a validity is a text")),
    }
}
