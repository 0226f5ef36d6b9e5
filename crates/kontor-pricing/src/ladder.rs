//! Ladders: all tiers of a product for one asker, in its base unit.

use kontor_model::quantity::Quantity;

use crate::book::{Book, ProductRef};
use crate::engine::Wanted;
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

    /// Minimum quantities at which the price may change.
    fn steps(&self, product: ProductRef<'_>, question: &Question<'_>) -> Vec<Quantity> {
        let wanted = Wanted::asked(question, product.traits);
        let of_lists = question.lists.iter().flat_map(|list| product.run.of_list(*list));
        of_lists
            .filter_map(|entry| self.shapes.get(entry.shape))
            .filter(|shape| wanted.fits(shape))
            .map(|shape| shape.minimum)
            .collect()
    }
}
