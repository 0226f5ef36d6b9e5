//! The pricing rules. Nothing else in the house prices anything.
//!
//! 1. Lists are looked at in order. With `first`, the first that prices the product for this
//!    question wins, also when dearer; with `lowest`, the lowest price of all.
//! 2. In a list, an entry in the asked unit wins; otherwise the price of the base unit counts
//!    times the conversion factor (an amount that is for several base units is divided by their
//!    number); otherwise that of another unit or packing, the one of the fewest
//!    base units first. The tier is chosen on the converted quantity, and rounded once.
//! 3. Of the entries that are valid, in the asked currency and of the asked payment term (those of
//!    no term when none of the asked one applies), the tier with the greatest minimum quantity
//!    that does not exceed the asked one counts; below the smallest there is no price.
//! 4. A promotion competes with the regular price of its own list and wins when lower.
//! 5. A product withdrawn from sale has no price.

use kontor_model::instant::Zone;
use kontor_model::money::Money;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};
use kontor_model::price_rule::{convert, convert_from, price_scale};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy;

use crate::book::Book;
use crate::entry::Entry;
use crate::product_ref::ProductRef;
use crate::product_ref::Traits;
use crate::question::{Price, Question};

/// Which entries of a list count for a question, in one unit.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'q> {
    pub(crate) question: &'q Question<'q>,
    pub(crate) unit: WantedUnit<'q>,
    /// The asked quantity in the unit that minimum quantities are converted to, in 1e-12.
    pub(crate) quantity: i128,
    /// That unit in one unit of the entries.
    pub(crate) per: Quantity,
}

/// The unit whose entries count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedUnit<'q> {
    /// The base unit of the product, because it was asked for.
    Base,
    /// Another unit that was asked for.
    Asked,
    /// The base unit; the price is converted with this factor.
    Converted(Quantity),
    /// Another unit or packing; the price is converted to this many base units.
    Other { unit: &'q PriceUnit, factor: Quantity },
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
        let price = self.in_unit(product, list, asked).or_else(|| {
            let converted = Wanted::converted(question, product)?;
            self.in_unit(product, list, converted)
        });
        price.or_else(|| self.in_other_unit(product, list, question))
    }

    /// The price of one list out of that of another unit.
    fn in_other_unit(
        &self,
        product: ProductRef<'_>,
        list: PriceListId,
        question: &Question<'_>,
    ) -> Option<Price> {
        let mut tried = None;
        loop {
            let units = product.run.of_list(list).filter_map(|entry| {
                other_unit(question, product, &self.shapes.get(entry.shape)?.unit)
            });
            let next = { units }.filter(|unit| tried.is_none_or(|tried| *unit > tried)).min()?;
            let wanted = Wanted::other(question, product, next)?;
            if let Some(price) = self.in_unit(product, list, wanted) {
                return Some(price);
            }
            tried = Some(next);
        }
    }

    /// The price of one list from entries in one unit: those of the asked payment term first.
    pub(crate) fn in_unit(
        &self,
        product: ProductRef<'_>,
        list: PriceListId,
        wanted: Wanted<'_>,
    ) -> Option<Price> {
        let of_term = |term: Option<&str>| {
            let zone = self.zone_of(list, wanted.question.zone);
            let mut best = Best::default();
            for entry in product.run.of_list(list) {
                let Some(shape) = self.shapes.get(entry.shape) else {
                    continue;
                };
                if wanted.counts(shape, zone)
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

/// A unit or packing whose price counts by conversion, with its base units.
pub(crate) type OtherUnit<'q> = (Quantity, &'q PriceUnit);

/// The unit of an entry when it is neither the base unit nor the asked one, and can be converted.
pub(crate) fn other_unit<'q>(
    question: &Question<'_>,
    product: ProductRef<'_>,
    unit: &'q PriceUnit,
) -> Option<OtherUnit<'q>> {
    let per = match unit {
        PriceUnit::Base | PriceUnit::BaseUnits(_) => None,
        PriceUnit::Uom(uom) if uom.0 == question.uom => None,
        PriceUnit::Uom(uom) => product.card.factor(uom.0),
        PriceUnit::Packing { quantity, .. } => Some(*quantity),
    };
    per.filter(|per| *per > Quantity::ZERO).map(|per| (per, unit))
}

impl<'q> Wanted<'q> {
    /// Entries in the asked unit.
    pub(crate) fn asked(question: &'q Question<'q>, product: Traits) -> Self {
        let base = question.uom == product.base_uom;
        Self {
            question,
            unit: if base { WantedUnit::Base } else { WantedUnit::Asked },
            quantity: i128::from(question.quantity.micros()) * PICOS_PER_MICRO,
            per: Quantity::ONE,
        }
    }

    /// Entries in the base unit, when another unit was asked for and can be converted.
    pub(crate) fn converted(question: &'q Question<'q>, product: ProductRef<'_>) -> Option<Self> {
        if question.uom == product.traits.base_uom {
            return None;
        }
        let factor = product.card.factor(question.uom)?;
        let quantity = i128::from(question.quantity.micros()) * i128::from(factor.micros());
        let unit = WantedUnit::Converted(factor);
        Some(Self { question, unit, quantity, per: Quantity::ONE })
    }

    /// Entries in a unit that is neither the asked one nor the base unit.
    pub(crate) fn other(
        question: &'q Question<'q>,
        product: ProductRef<'_>,
        (per, unit): OtherUnit<'q>,
    ) -> Option<Self> {
        let factor = product.card.factor(question.uom)?;
        let quantity = i128::from(question.quantity.micros()) * i128::from(factor.micros());
        Some(Self { question, unit: WantedUnit::Other { unit, factor }, quantity, per })
    }

    /// Whether an entry of this shape may answer, its payment term aside.
    #[inline]
    fn counts(self, shape: &Shape, zone: &Zone) -> bool {
        self.fits(shape, zone) && self.minimum(shape) <= self.quantity
    }

    /// The minimum quantity of an entry, comparable with the asked one.
    #[inline]
    pub(crate) fn minimum(self, shape: &Shape) -> i128 {
        i128::from(shape.minimum.micros()) * i128::from(self.per.micros())
    }

    /// Whether an entry may answer for some quantity.
    #[inline]
    pub(crate) fn fits(self, shape: &Shape, zone: &Zone) -> bool {
        shape.currency == self.question.currency
            && self.is_unit(&shape.unit)
            && shape.kind != EntryKind::Listing
            && shape.validity.contains(self.question.at, zone)
    }

    #[inline]
    pub(crate) fn is_unit(self, unit: &PriceUnit) -> bool {
        match (self.unit, unit) {
            (WantedUnit::Base | WantedUnit::Converted(_), unit) => unit.is_base(),
            (WantedUnit::Asked, PriceUnit::Uom(uom)) => uom.0 == self.question.uom,
            (WantedUnit::Asked, _) => false,
            (WantedUnit::Other { unit: wanted, .. }, unit) => wanted == unit,
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
            (Some(regular), Some(promotion)) if promotion.is_below(regular) => Some(promotion),
            (Some(regular), _) => Some(regular),
            (None, promotion) => promotion,
        }
    }
}

impl Candidate<'_> {
    /// Base units that the amount is for, when they are several.
    #[inline]
    fn stated_for(self) -> Option<Quantity> {
        if let PriceUnit::BaseUnits(per) = &self.shape.unit { Some(*per) } else { None }
    }

    /// Whether it is lower, in exact numbers: amounts may be for different numbers of base units.
    fn is_below(self, other: Self) -> bool {
        let per = |own: Self| i128::from(own.shape.unit.per().unwrap_or(Quantity::ONE).micros());
        i128::from(self.entry.amount) * per(other) < i128::from(other.entry.amount) * per(self)
    }

    fn price(self, wanted: Wanted<'_>) -> Option<Price> {
        let amount = Money::from_micros(self.entry.amount);
        let scale = price_scale(wanted.question.decimals, self.shape.decimals);
        let (amount, decimals, factor) = match wanted.unit {
            WantedUnit::Base => match self.stated_for() {
                Some(per) => {
                    let (amount, decimals) = convert_from(amount, per, Quantity::ONE, scale)?;
                    (amount, decimals, None)
                }
                None => (amount, scale, None),
            },
            WantedUnit::Asked => (amount, scale, None),
            WantedUnit::Converted(factor) => {
                let (amount, decimals) = match self.stated_for() {
                    Some(per) => convert_from(amount, per, factor, scale)?,
                    None => convert(amount, factor, scale)?,
                };
                (amount, decimals, Some(factor))
            }
            WantedUnit::Other { factor, .. } => {
                let (amount, decimals) = convert_from(amount, wanted.per, factor, scale)?;
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
