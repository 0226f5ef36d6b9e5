//! What the shapes of an import and of the database are to each other, as numbers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kontor_model::catalogue::Kind;
use kontor_model::instant::Zone;
use kontor_model::price_list::{EntryKind, PriceUnit, Shape};
use kontor_model::quantity::Quantity;
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
    /// The same for shapes that differ only in validity, decimals and how many base units the amount is for.
    pub(crate) question: u32,
    /// The same for shapes that differ, besides, in the quantity from which they count.
    pub(crate) ladder: u32,
    /// That quantity.
    pub(crate) minimum: i64,
    pub(crate) decimals: u8,
    /// Base units that the amount is for.
    pub(crate) per: Quantity,
    /// Whether it has no amount.
    pub(crate) is_listing: bool,
    /// Number of the unit that it names.
    pub(crate) uom: Option<u16>,
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
    /// Shapes that came of others, by what rows do not say and by what was cut.
    made: BTreeSet<u32>,
    /// What they came of: a shape, the shape whose end it takes, and the decimals.
    completed: HashMap<(u32, u32, u8), Known>,
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
            made: BTreeSet::new(),
            completed: HashMap::new(),
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

    /// The shape with this number in the database, for a product with this base unit.
    pub(crate) fn of_stored(&mut self, number: u32, base_uom: u16) -> Result<Known, StoreError> {
        let known = if let Some(known) = self.stored.get(&number) {
            *known
        } else {
            let shape = self.database.shape(number)?;
            self.remember(number, &shape)
        };
        if known.uom != Some(base_uom) {
            return Ok(known);
        }
        // The base unit of the product becomes the one in which it has prices already.
        let mut shape = (*self.database.shape(number)?).clone();
        shape.unit = PriceUnit::Base;
        Ok(self.know(number, &shape))
    }

    /// What a shape becomes with the end of another one, and with these decimals.
    pub(crate) fn completed(
        &mut self,
        known: Known,
        ends_like: Known,
        decimals: u8,
    ) -> Result<Known, StoreError> {
        if known.validity.to() == ends_like.validity.to() && known.decimals == decimals {
            return Ok(known);
        }
        let key = (known.number, ends_like.number, decimals);
        if let Some(completed) = self.completed.get(&key) {
            let (question, ladder) = (known.question, known.ladder);
            return Ok(Known { question, ladder, ..*completed });
        }
        let to = ends_like.validity.to();
        let completed = self.changed(known, |shape| {
            shape.decimals = decimals;
            let validity = Validity::new(shape.validity.from(), to);
            shape.validity = validity.unwrap_or(shape.validity);
        })?;
        self.completed.insert(key, completed);
        Ok(completed)
    }

    /// What a shape becomes with an amount for as many base units as that of another one.
    pub(crate) fn stated_like(&mut self, known: Known, other: Known) -> Result<Known, StoreError> {
        if known.per == other.per {
            return Ok(known);
        }
        let per = other.per;
        self.changed(known, |shape| {
            shape.unit =
                if per == Quantity::ONE { PriceUnit::Base } else { PriceUnit::BaseUnits(per) };
        })
    }

    /// What a shape becomes with another validity, other decimals or another number of base units.
    pub(crate) fn changed(
        &mut self,
        known: Known,
        change: impl FnOnce(&mut Shape),
    ) -> Result<Known, StoreError> {
        let mut shape = (*self.database.shape(known.number)?).clone();
        change(&mut shape);
        let number = self.number(&shape)?;
        self.made.insert(number);
        let changed = self.remember(number, &shape);
        Ok(Known { question: known.question, ladder: known.ladder, ..changed })
    }

    /// The zones in which a list may be asked.
    pub(crate) fn zones(&self, list: &str) -> Result<Vec<Zone>, StoreError> {
        zones::of_list(self.terms, list)
    }

    /// The zone of a list, or that of the supplier.
    pub(crate) fn zone(&self, list: &str) -> Result<Option<Zone>, StoreError> {
        zones::own_of_list(self.terms, list)
    }

    /// The numbers of the imported shapes that were met, and of those that came of others.
    pub(crate) fn met(&self) -> Vec<u32> {
        let imported = self.plain.iter().chain(&self.in_base).flatten();
        imported.map(|known| known.number).chain(self.made()).collect()
    }

    /// The numbers of shapes that came of others.
    pub(crate) fn made(&self) -> impl Iterator<Item = u32> {
        self.made.iter().copied()
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
        let known = self.know(number, shape);
        self.stored.insert(number, known);
        known
    }

    fn know(&mut self, number: u32, shape: &Shape) -> Known {
        let uom = match &shape.unit {
            PriceUnit::Uom(uom) => Some(uom.0.number()),
            PriceUnit::Base | PriceUnit::BaseUnits(_) | PriceUnit::Packing { .. } => None,
        };
        let mut question = Shape { validity: Validity::ALWAYS, decimals: 0, ..shape.clone() };
        if question.unit.is_base() {
            // How many base units an amount is for makes no other question.
            question.unit = PriceUnit::Base;
        }
        let ladder = Shape { minimum: Quantity::ZERO, ..question.clone() };
        Known {
            number,
            question: self.question(question),
            ladder: self.question(ladder),
            minimum: shape.minimum.micros(),
            decimals: shape.decimals,
            per: shape.unit.per().unwrap_or(Quantity::ONE),
            is_listing: shape.kind == EntryKind::Listing,
            uom,
            from: shape.validity.from().map_or(i64::MIN, Bound::micros_in_utc),
            to: shape.validity.to().map_or(i64::MAX, Bound::micros_in_utc),
            validity: shape.validity,
        }
    }

    fn question(&mut self, question: Shape) -> u32 {
        let fresh = u32::try_from(self.questions.len()).unwrap_or(u32::MAX);
        *self.questions.entry(question).or_insert(fresh)
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
