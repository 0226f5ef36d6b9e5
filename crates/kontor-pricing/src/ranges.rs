//! Ranges: from which quantity to which a price holds, in quantities that can be bought; and the
//! lowest of several answers to one question.

use kontor_model::price_list::PriceListId;
use kontor_model::quantity::Quantity;

use crate::book::Book;
use crate::product_ref::ProductRef;
use crate::question::{Price, Question, Tier};

/// A price that holds from one quantity to another, both included, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRange {
    pub minimum: Quantity,
    /// The last quantity that can be bought at this price; `None`: there is no end.
    pub maximum: Option<Quantity>,
    pub price: Price,
}

/// How much has to be looked at for a price of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Lists, and prices of the product in them; at least one.
    pub looks: u64,
    /// Different minimum quantities of these prices.
    pub steps: u64,
}

impl Book {
    /// The lowest price of questions that differ only in the lists that may answer, and whose answer
    /// it is: of equal prices the first.
    pub fn lowest_of<'q>(
        &self,
        product: ProductRef<'_>,
        questions: impl IntoIterator<Item = Question<'q>>,
    ) -> Option<(usize, Price)> {
        let prices = questions.into_iter().enumerate().filter_map(|(place, question)| {
            let price = self.price_of(product, &question)?;
            Some((place, price))
        });
        // Of equal ones `min_by_key` keeps the first.
        prices.min_by_key(|(_, price)| price.amount)
    }

    /// The ranges of prices that answer a question for any quantity, the lowest of several that
    /// differ only in the lists that may answer (quantity and unit of the questions do not matter).
    ///
    /// They ascend, do not overlap, and leave out no quantity that can be bought: no multiple of the
    /// product's step from the first minimum on. What holds for none of these is no range.
    pub fn ranges(
        &self,
        product: ProductRef<'_>,
        questions: &[Question<'_>],
        out: &mut Vec<PriceRange>,
    ) {
        out.clear();
        let step = product.card.product.quantity_step.micros().max(1);
        let tiers = self.lowest_tiers(product, questions);
        let nexts = tiers.iter().skip(1).map(Some).chain([None]);
        for (tier, next) in tiers.iter().zip(nexts) {
            // What begins at zero begins with the smallest quantity that can be bought.
            let minimum = match tier.minimum {
                Quantity::ZERO => Quantity::from_micros(step),
                minimum => minimum,
            };
            let maximum = next.map(|next| last_below(next.minimum, step));
            let first = first_from(minimum, step);
            if maximum.is_none_or(|maximum| first <= i128::from(maximum.micros())) {
                out.push(PriceRange { minimum, maximum, price: tier.price });
            }
        }
    }

    /// The tiers of the lowest price.
    fn lowest_tiers(&self, product: ProductRef<'_>, questions: &[Question<'_>]) -> Vec<Tier> {
        let ladder = |question| {
            let mut tiers = Vec::new();
            self.ladder(product, question, &mut tiers);
            tiers
        };
        match questions {
            [question] => ladder(question),
            several => lowest_of_ladders(several.iter().map(ladder)),
        }
    }

    /// How much has to be looked at for a price of a product in these lists. It ends at `most` looks:
    /// more are told as so many.
    pub fn effort(&self, product: ProductRef<'_>, lists: &[PriceListId], most: u64) -> Effort {
        let mut looks: u64 = 0;
        let mut minima: Vec<Quantity> = Vec::new();
        for list in lists {
            looks += 1;
            for entry in product.run.of_list(*list) {
                looks += 1;
                minima.extend(self.shapes.get(entry.shape).map(|shape| shape.minimum));
                if looks >= most {
                    break;
                }
            }
            if looks >= most {
                break;
            }
        }
        minima.sort_unstable();
        minima.dedup();
        Effort { looks: looks.max(1), steps: minima.len() as u64 }
    }
}

/// The steps at which the lowest of several ladders changes.
fn lowest_of_ladders(ladders: impl Iterator<Item = Vec<Tier>>) -> Vec<Tier> {
    let ladders: Vec<Vec<Tier>> = ladders.collect();
    let mut minima: Vec<Quantity> = ladders.iter().flatten().map(|tier| tier.minimum).collect();
    minima.sort_unstable();
    minima.dedup();
    // How many tiers of each ladder have begun.
    let mut begun = vec![0_usize; ladders.len()];
    let mut tiers: Vec<Tier> = Vec::new();
    for minimum in minima {
        let current = ladders.iter().zip(&mut begun).filter_map(|(ladder, begun)| {
            while ladder.get(*begun).is_some_and(|tier| tier.minimum <= minimum) {
                *begun += 1;
            }
            ladder.get(begun.checked_sub(1)?)
        });
        // Of equal ones `min_by_key` keeps the first.
        let Some(lowest) = current.min_by_key(|tier| tier.price.amount) else {
            continue;
        };
        if tiers.last().is_none_or(|tier| tier.price != lowest.price) {
            tiers.push(Tier { minimum, price: lowest.price });
        }
    }
    tiers
}

/// The last multiple of a step below a quantity.
fn last_below(quantity: Quantity, step: i64) -> Quantity {
    let below = (quantity.micros() - 1).max(0);
    Quantity::from_micros(below - below % step)
}

/// The first multiple of a step from a quantity on, in micros.
fn first_from(quantity: Quantity, step: i64) -> i128 {
    let (micros, step) = (i128::from(quantity.micros()), i128::from(step));
    (micros + step - 1) / step * step
}
