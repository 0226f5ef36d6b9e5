//! What the shapes of an import and of the database are to each other, as numbers.

use std::collections::HashMap;
use std::sync::Arc;

use kontor_model::catalogue::Kind;
use kontor_model::instant::Zone;
use kontor_model::price_list::{PriceUnit, Shape};
use kontor_model::record::Cell;
use kontor_model::validity::{Bound, Validity};
use kontor_store::{ReadTx, StoreError};

use crate::change_log::{Log, digest_of};
use crate::database::Database;
use crate::prices::{shape, zones};
use crate::reference;

/// A shape. Two shapes of one question conflict when their validities overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its number in the database.
    pub(crate) number: u32,
    /// The same for shapes that differ only in validity and decimals.
    pub(crate) question: u32,
    /// Bounds of the validity in UTC, for an order; the extremes of the type where it is open.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Days and instants are compared only among themselves.
    pub(crate) validity: Validity,
}

/// Numbers from here on stand for shapes that the database does not have yet.
pub(crate) const FIRST_NEW: u32 = 1 << 31;

/// What becomes of shapes that the database does not have.
pub(crate) enum NewShapes {
    /// They are written.
    Written,
    /// They get numbers from [`FIRST_NEW`] on, in this order.
    Noted(Vec<Shape>, HashMap<Shape, u32>),
}

/// All shapes met so far.
pub(crate) struct Shapes<'a> {
    database: &'a Database,
    /// Where payment terms and zones stand.
    terms: &'a dyn ReadTx,
    unknown: NewShapes,
    imported: &'a [Shape],
    /// By index in the import: the shape as it is, and as a price in the base unit.
    plain: Vec<Option<Known>>,
    in_base: Vec<Option<Known>>,
    stored: HashMap<u32, Known>,
    questions: HashMap<Shape, u32>,
}

impl<'a> Shapes<'a> {
    pub(crate) fn new(
        database: &'a Database,
        terms: &'a dyn ReadTx,
        new_shapes: NewShapes,
        imported: &'a [Shape],
    ) -> Self {
        Self {
            database,
            terms,
            unknown: new_shapes,
            imported,
            plain: vec![None; imported.len()],
            in_base: vec![None; imported.len()],
            stored: HashMap::new(),
            questions: HashMap::new(),
        }
    }

    /// The shape with this index in the import, for a product with this base unit.
    pub(crate) fn of_import(&mut self, index: u32, base_uom: u16) -> Result<Known, StoreError> {
        let position = usize::try_from(index).unwrap_or(usize::MAX);
        let Some(shape) = self.imported.get(position) else {
            return Err(StoreError::Conflict(format!("there is no shape with number {index}")));
        };
        let in_base = matches!(&shape.unit, PriceUnit::Uom(uom) if uom.0.number() == base_uom);
        let kept = if in_base { &self.in_base } else { &self.plain };
        if let Some(known) = kept.get(position).copied().flatten() {
            return Ok(known);
        }
        let mut shape = shape.clone();
        if in_base {
            shape.unit = PriceUnit::Base;
        }
        let known = self.intern(&shape)?;
        let kept = if in_base { &mut self.in_base } else { &mut self.plain };
        if let Some(place) = kept.get_mut(position) {
            *place = Some(known);
        }
        Ok(known)
    }

    /// The shape with this number in the database.
    pub(crate) fn of_stored(&mut self, number: u32) -> Result<Known, StoreError> {
        if let Some(known) = self.stored.get(&number) {
            return Ok(*known);
        }
        let shape = self.database.shape(number)?;
        Ok(self.remember(number, &shape))
    }

    /// The zones in which a list may be asked.
    pub(crate) fn zones(&self, list: &str) -> Result<Vec<Zone>, StoreError> {
        zones::of_list(self.terms, list)
    }

    /// The numbers of the imported shapes that were met.
    pub(crate) fn met(&self) -> Vec<u32> {
        self.plain.iter().chain(&self.in_base).flatten().map(|known| known.number).collect()
    }

    /// The shapes that the database does not have.
    pub(crate) fn into_new(self) -> Vec<Shape> {
        match self.unknown {
            NewShapes::Written => Vec::new(),
            NewShapes::Noted(shapes, _) => shapes,
        }
    }

    fn intern(&mut self, shape: &Shape) -> Result<Known, StoreError> {
        if let Some(term) = &shape.term {
            let key = [Cell::text(term)];
            if self.terms.get(Kind::PaymentTerm, &key)?.is_none() {
                return Err(reference::unknown(Kind::PaymentTerm, &key));
            }
        }
        let number = self.number(shape)?;
        Ok(self.remember(number, shape))
    }

    fn number(&mut self, shape: &Shape) -> Result<u32, StoreError> {
        let NewShapes::Noted(noted, numbers) = &mut self.unknown else {
            return self.database.intern(shape);
        };
        if let Some(number) = self.database.find_shape(shape)? {
            return Ok(number);
        }
        if let Some(number) = numbers.get(shape) {
            return Ok(*number);
        }
        let number = u32::try_from(noted.len()).ok().and_then(|index| FIRST_NEW.checked_add(index));
        let number = number.ok_or_else(|| StoreError::Conflict("too many shapes".to_owned()))?;
        noted.push(shape.clone());
        numbers.insert(shape.clone(), number);
        // Whoever asks this connection what the number stands for is answered.
        self.database.shapes.borrow_mut().insert(number, Arc::new(shape.clone()));
        Ok(number)
    }

    fn remember(&mut self, number: u32, shape: &Shape) -> Known {
        let question = Shape { validity: Validity::ALWAYS, decimals: 0, ..shape.clone() };
        let fresh = u32::try_from(self.questions.len()).unwrap_or(u32::MAX);
        let known = Known {
            number,
            question: *self.questions.entry(question).or_insert(fresh),
            from: shape.validity.from().map_or(i64::MIN, Bound::micros_in_utc),
            to: shape.validity.to().map_or(i64::MAX, Bound::micros_in_utc),
            validity: shape.validity,
        };
        self.stored.insert(number, known);
        known
    }
}

/// Tells the log what the numbers of shapes stand for that it was told.
pub(crate) fn tell(database: &Database, numbers: &[u32], log: &mut Log<'_>) {
    for number in numbers {
        if let Ok(shape) = database.shape(*number) {
            log.bulk(&number.to_le_bytes());
            log.bulk(&digest_of(Kind::Price, &shape::to_row(&shape)));
        }
    }
}
