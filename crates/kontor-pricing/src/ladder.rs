//! Ladders: all tiers of a product for one asker, in its base unit.

use kontor_model::quantity::Quantity;

use crate::book::Book;
use crate::engine::{Wanted, other_unit};
use crate::entry::Entry;
use crate::product_ref::ProductRef;
use crate::question::{Question, Tier};

impl Book {
    /// The tiers that answer a question for any quantity, ascending, in the base unit of the
    /// product (quantity and unit of the question do not matter). Each step is the answer to the
    /// question at its minimum quantity; a step that changes nothing is left out.
    pub fn ladder(&self, product: ProductRef<'_>, question: &Question<'_>, out: &mut Vec<Tier>) {
        out.clear();
        if !product.traits.is_active {
            return;
        }
        let question = Question { uom: product.traits.base_uom, ..*question };
        let mut steps = self.steps(product, &question);
        steps.sort_unstable();
        steps.dedup();
        for minimum in steps {
            // A minimum of zero is asked with the smallest quantity there is.
            let quantity = minimum.max(Quantity::from_micros(1));
            let Some(price) = self.price_of(product, &Question { quantity, ..question }) else {
                continue;
            };
            if out.last().is_none_or(|tier| tier.price != price) {
                out.push(Tier { minimum, price });
            }
        }
    }

    /// Minimum quantities at which the price may change, in base units.
    fn steps(&self, product: ProductRef<'_>, question: &Question<'_>) -> Vec<Quantity> {
        let of_lists = question.lists.iter().flat_map(|list| product.run.of_list(*list));
        let step = |entry: Entry| {
            let shape = self.shapes.get(entry.shape)?;
            let wanted = match other_unit(question, product, &shape.unit) {
                Some(other) => Wanted::other(question, product, other)?,
                None => Wanted::asked(question, product.traits),
            };
            let fits = wanted.fits(shape, self.zone_of(entry.list, question.zone));
            fits.then(|| in_base_units(wanted.minimum(shape))).flatten()
        };
        of_lists.filter_map(step).collect()
    }
}

/// The smallest quantity that reaches a minimum of 1e-12; `None`: none does.
fn in_base_units(picos: i128) -> Option<Quantity> {
    let micros = picos.div_euclid(1_000_000) + i128::from(picos.rem_euclid(1_000_000) > 0);
    i64::try_from(micros).ok().map(Quantity::from_micros)
}
