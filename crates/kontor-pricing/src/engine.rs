//! The pricing rules. Nothing else in the house prices anything.
//!
//! 1. Lists are looked at in order. With `first`, the first that prices the product for this
//!    question wins, also when dearer; with `lowest`, the lowest price of all.
//! 2. In a list, an entry in the asked unit wins; otherwise the price of the base unit counts
//!    times the conversion factor, its tier chosen on the converted quantity.
//! 3. Of the entries that are valid, in the asked currency and of the asked payment term (those of
//!    no term when none of the asked one applies), the tier with the greatest minimum quantity
//!    that does not exceed the asked one counts; below the smallest there is no price.
//! 4. A promotion competes with the regular price of its own list and wins when lower.
//! 5. A product withdrawn from sale has no price.

use kontor_model::money::Money;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};
use kontor_model::price_rule::{convert, price_scale};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy;

use crate::base::Traits;
use crate::book::{Book, ProductRef};
use crate::entry::Entry;
use crate::question::{Price, Question};

/// Which entries of a list count for a question, in one unit.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'q> {
    pub(crate) question: &'q Question<'q>,
    pub(crate) unit: WantedUnit,
    /// The asked quantity in the unit of the entries, in 1e-12.
    pub(crate) quantity: i128,
}

/// The unit whose entries count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedUnit {
    /// The base unit of the product, because it was asked for.
    Base,
    /// Another unit that was asked for.
    Asked,
    /// The base unit; the price is converted with this factor.
    Converted(Quantity),
}

/// The best entries met so far, and their minimum quantities.
#[derive(Clone, Copy, Default)]
struct Best<'b> {
    regular: Option<Candidate<'b>>,
    promotion: Option<Candidate<'b>>,
}

#[derive(Clone, Copy)]
struct Candidate<'b> {
    entry: Entry,
    shape: &'b Shape,
}

const PICOS_PER_MICRO: i128 = 1_000_000;

impl Book {
    /// The price that answers a question, when there is one.
    pub fn price(&self, question: &Question<'_>) -> Option<Price> {
        let product = self.product(question.product)?;
        self.price_of(product, question)
    }

    /// The same for a product that is at hand.
    pub fn price_of(&self, product: ProductRef<'_>, question: &Question<'_>) -> Option<Price> {
        if !product.traits.is_active {
            return None;
        }
        let prices =
            question.lists.iter().filter_map(|list| self.in_list(product, *list, question));
        match question.strategy {
            Strategy::First => { prices }.next(),
            Strategy::Lowest => prices.min_by_key(|price| price.amount),
        }
    }

    /// The price of one list.
    fn in_list(
        &self,
        product: ProductRef<'_>,
        list: PriceListId,
        question: &Question<'_>,
    ) -> Option<Price> {
        let asked = Wanted::asked(question, product.traits);
        self.in_unit(product, list, asked).or_else(|| {
            let converted = Wanted::converted(question, product)?;
            self.in_unit(product, list, converted)
        })
    }

    /// The price of one list from entries in one unit: those of the asked payment term first.
    pub(crate) fn in_unit(
        &self,
        product: ProductRef<'_>,
        list: PriceListId,
        wanted: Wanted<'_>,
    ) -> Option<Price> {
        let of_term = |term: Option<&str>| {
            let mut best = Best::default();
            for entry in product.run.of_list(list) {
                let Some(shape) = self.shapes.get(entry.shape) else {
                    continue;
                };
                if wanted.counts(shape)
                    && shape.term.as_ref().map(kontor_model::Code::as_str) == term
                {
                    best.meet(Candidate { entry, shape });
                }
            }
            best.winner().and_then(|winner| winner.price(wanted))
        };
        let asked = wanted.question.term.and_then(|term| of_term(Some(term)));
        asked.or_else(|| of_term(None))
    }
}

impl<'q> Wanted<'q> {
    /// Entries in the asked unit.
    pub(crate) fn asked(question: &'q Question<'q>, product: Traits) -> Self {
        let base = question.uom == product.base_uom;
        Self {
            question,
            unit: if base { WantedUnit::Base } else { WantedUnit::Asked },
            quantity: i128::from(question.quantity.micros()) * PICOS_PER_MICRO,
        }
    }

    /// Entries in the base unit, when another unit was asked for and can be converted.
    pub(crate) fn converted(question: &'q Question<'q>, product: ProductRef<'_>) -> Option<Self> {
        if question.uom == product.traits.base_uom {
            return None;
        }
        let factor = product.card.factor(question.uom)?;
        let quantity = i128::from(question.quantity.micros()) * i128::from(factor.micros());
        Some(Self { question, unit: WantedUnit::Converted(factor), quantity })
    }

    /// Whether an entry of this shape may answer, its payment term aside.
    #[inline]
    fn counts(self, shape: &Shape) -> bool {
        self.fits(shape) && i128::from(shape.minimum.micros()) * PICOS_PER_MICRO <= self.quantity
    }

    /// The same for some quantity.
    #[inline]
    pub(crate) fn fits(self, shape: &Shape) -> bool {
        shape.currency == self.question.currency
            && self.is_unit(&shape.unit)
            && shape.kind != EntryKind::Listing
            && shape.validity.contains(self.question.at)
    }

    #[inline]
    pub(crate) fn is_unit(self, unit: &PriceUnit) -> bool {
        match unit {
            PriceUnit::Base => self.unit != WantedUnit::Asked,
            PriceUnit::Uom(uom) => self.unit == WantedUnit::Asked && uom.0 == self.question.uom,
            PriceUnit::Packing { .. } => false,
        }
    }
}

impl<'b> Best<'b> {
    #[inline]
    fn meet(&mut self, candidate: Candidate<'b>) {
        let slot = match candidate.shape.kind {
            EntryKind::Regular => &mut self.regular,
            EntryKind::Promotion => &mut self.promotion,
            EntryKind::Listing => return,
        };
        if slot.is_none_or(|best| best.shape.minimum < candidate.shape.minimum) {
            *slot = Some(candidate);
        }
    }

    #[inline]
    fn winner(self) -> Option<Candidate<'b>> {
        match (self.regular, self.promotion) {
            (Some(regular), Some(promotion)) if promotion.entry.amount < regular.entry.amount => {
                Some(promotion)
            }
            (Some(regular), _) => Some(regular),
            (None, promotion) => promotion,
        }
    }
}

impl Candidate<'_> {
    fn price(self, wanted: Wanted<'_>) -> Option<Price> {
        let amount = Money::from_micros(self.entry.amount);
        let scale = price_scale(wanted.question.decimals, self.shape.decimals);
        let (amount, decimals, factor) = match wanted.unit {
            WantedUnit::Base | WantedUnit::Asked => (amount, scale, None),
            WantedUnit::Converted(factor) => {
                let (amount, decimals) = convert(amount, factor, scale)?;
                (amount, decimals, Some(factor))
            }
        };
        Some(Price {
            amount,
            decimals,
            list: self.entry.list,
            shape: self.entry.shape,
            minimum: self.shape.minimum,
            kind: self.shape.kind,
            factor,
        })
    }
}
