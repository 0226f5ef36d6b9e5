//! The dictionary of shapes, by their number in the database.

use std::sync::Arc;

use kontor_model::price_list::{PriceUnit, Shape};

/// Shapes that were there when the base was built, and those that came since.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shapes {
    base: Arc<Vec<Option<Shape>>>,
    /// Grows by copying; it is folded into the base when the base is built anew.
    late: Arc<Vec<Option<Shape>>>,
    has_packings: bool,
}

impl Shapes {
    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<&Shape> {
        let place = number as usize;
        match self.base.get(place) {
            Some(shape) => shape.as_ref(),
            None => self.late.get(place - self.base.len())?.as_ref(),
        }
    }

    /// The greatest number that is known.
    pub(crate) fn last(&self) -> u32 {
        let count = self.base.len() + self.late.len();
        u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Adds a shape; numbers left out on the way have none.
    pub(crate) fn add(&mut self, number: u32, shape: Shape) {
        let Some(place) = (number as usize).checked_sub(self.base.len()) else {
            return;
        };
        let late = Arc::make_mut(&mut self.late);
        if late.len() <= place {
            late.resize(place + 1, None);
        }
        self.has_packings |= matches!(shape.unit, PriceUnit::Packing { .. });
        if let Some(slot) = late.get_mut(place) {
            *slot = Some(shape);
        }
    }

    /// Whether one of them is of a packing.
    pub(crate) fn has_packings(&self) -> bool {
        self.has_packings
    }

    /// The same dictionary with nothing late.
    pub(crate) fn folded(&self) -> Self {
        let mut all = Vec::with_capacity(self.base.len() + self.late.len());
        all.extend(self.base.iter().cloned());
        all.extend(self.late.iter().cloned());
        Self { base: Arc::new(all), late: Arc::default(), has_packings: self.has_packings }
    }

    pub(crate) fn late_count(&self) -> usize {
        self.late.len()
    }
}
