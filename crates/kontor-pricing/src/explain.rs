//! Why this price? Every entry that was looked at, in order, and why it won or lost.

use std::fmt;

use kontor_model::instant::Zone;
use kontor_model::money::Money;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};

use crate::book::Book;
use crate::engine::{Wanted, WantedUnit, other_unit};
use crate::entry::Entry;
use crate::product_ref::ProductRef;
use crate::question::{Price, Question};

/// The whole story of an answer.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The answer; `None` when there is no price.
    pub price: Option<Price>,
    /// Whether the product is withdrawn from sale. Then nothing was looked at.
    pub withdrawn: bool,
    /// Everything that was looked at, list by list.
    pub looked: Vec<Looked>,
}

/// One entry that was looked at.
#[derive(Debug, Clone)]
pub struct Looked {
    pub list: PriceListId,
    pub shape: Shape,
    pub amount: Money,
    pub verdict: Verdict,
}

/// Why an entry won or lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Won,
    /// Of another currency.
    Currency,
    /// Of another unit that cannot be used for this question.
    Unit,
    /// Only says that the product belongs to the list.
    Listing,
    NotYetValid,
    NoLongerValid,
    /// Of another payment term.
    Term,
    /// Its minimum quantity is above the asked quantity.
    BelowMinimum,
    /// A tier with a greater minimum quantity applies.
    LowerTier,
    /// The promotion of the list is lower.
    PromotionLower,
    /// The regular price of the list is not higher.
    RegularNotHigher,
    /// An entry in the asked unit, in the base unit or in a smaller unit applies.
    UnitPreferred,
    /// An earlier list prices the product.
    EarlierList,
    /// Another list is lower, or equal and earlier.
    OtherListLower,
}

impl Book {
    /// Answers a question and tells the whole story of the answer.
    pub fn explain(&self, product: ProductRef<'_>, question: &Question<'_>) -> Explanation {
        let price = self.price_of(product, question);
        if !product.traits.is_active {
            return Explanation { price, withdrawn: true, looked: Vec::new() };
        }
        let mut looked = Vec::new();
        for (place, list) in question.lists.iter().enumerate() {
            let Some(lists) = question.lists.get(place..=place) else {
                continue;
            };
            let alone = Question { lists, ..*question };
            let of_list = self.price_of(product, &alone);
            for entry in product.run.of_list(*list) {
                let Some(shape) = self.shapes.get(entry.shape) else {
                    continue;
                };
                let verdict = self.verdict(product, &alone, (entry, shape), of_list, price);
                let amount = Money::from_micros(entry.amount);
                looked.push(Looked { list: *list, shape: shape.clone(), amount, verdict });
            }
        }
        Explanation { price, withdrawn: false, looked }
    }

    fn verdict(
        &self,
        product: ProductRef<'_>,
        question: &Question<'_>,
        (entry, shape): (Entry, &Shape),
        of_list: Option<Price>,
        winner: Option<Price>,
    ) -> Verdict {
        let zone = self.zone_of(entry.list, question.zone);
        if let Some(reason) = unfit(product, question, shape, zone) {
            return reason;
        }
        let is = |price: Option<Price>| {
            price.is_some_and(|price| price.list == entry.list && price.shape == entry.shape)
        };
        if is(winner) {
            return Verdict::Won;
        }
        if is(of_list) {
            return lost_to_other_list(question);
        }
        match of_list.and_then(|price| self.shapes.get(price.shape)) {
            Some(best) if !best.unit.answers_like(&shape.unit) => Verdict::UnitPreferred,
            Some(best) if best.term != shape.term => Verdict::Term,
            Some(best) if best.kind == shape.kind => Verdict::LowerTier,
            Some(best) if best.kind == EntryKind::Promotion => Verdict::PromotionLower,
            _ => Verdict::RegularNotHigher,
        }
    }
}

fn lost_to_other_list(question: &Question<'_>) -> Verdict {
    match question.strategy {
        kontor_model::supplier::Strategy::First => Verdict::EarlierList,
        kontor_model::supplier::Strategy::Lowest => Verdict::OtherListLower,
    }
}

/// Why an entry cannot answer whatever else there is.
fn unfit(
    product: ProductRef<'_>,
    question: &Question<'_>,
    shape: &Shape,
    zone: &Zone,
) -> Option<Verdict> {
    let asked = Wanted::asked(question, product.traits);
    let other = other_unit(question, product, &shape.unit);
    let other = other.and_then(|other| Wanted::other(question, product, other));
    let wanted = [Some(asked), Wanted::converted(question, product), other];
    let wanted = wanted.into_iter().flatten().find(|wanted| wanted.is_unit(&shape.unit));
    if shape.currency != question.currency {
        return Some(Verdict::Currency);
    }
    let Some(wanted) = wanted else {
        return Some(Verdict::Unit);
    };
    if shape.kind == EntryKind::Listing {
        return Some(Verdict::Listing);
    }
    if shape.validity.from().is_some_and(|from| !from.has_come(question.at, zone)) {
        return Some(Verdict::NotYetValid);
    }
    if !shape.validity.contains(question.at, zone) {
        return Some(Verdict::NoLongerValid);
    }
    if shape.term.as_ref().is_some_and(|term| question.term != Some(term.as_str())) {
        return Some(Verdict::Term);
    }
    (wanted.minimum(shape) > wanted.quantity).then_some(Verdict::BelowMinimum)
}

impl Looked {
    /// Whether the entry is of a packing and can only be read row by row.
    pub fn is_packing(&self) -> bool {
        matches!(self.shape.unit, PriceUnit::Packing { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Won => "this is the price",
            Self::Currency => "another currency",
            Self::Unit => "another unit",
            Self::Listing => "listed without a price",
            Self::NotYetValid => "not valid yet",
            Self::NoLongerValid => "no longer valid",
            Self::Term => "another payment term",
            Self::BelowMinimum => "quantity below its minimum",
            Self::LowerTier => "a higher tier applies",
            Self::PromotionLower => "the promotion is lower",
            Self::RegularNotHigher => "the regular price is not higher",
            Self::UnitPreferred => "a price in a nearer unit applies",
            Self::EarlierList => "an earlier list has a price",
            Self::OtherListLower => "another list is lower",
        })
    }
}

impl fmt::Debug for WantedUnit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("Base"),
            Self::Asked => f.write_str("Asked"),
            Self::Converted(factor) => write!(f, "Converted({factor})"),
            Self::Other { unit, factor } => write!(f, "Other({unit:?}, {factor})"),
        }
    }
}
