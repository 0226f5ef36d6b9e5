//! The naive pricing engine: it scans all entries for every question, step by step as the rules
//! are written down, and shares no code with the real one.

use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};
use kontor_model::product::{Product, ProductState};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy;
use kontor_model::uom::Uom;
use kontor_model::validity::Bound;

/// A product with its other units.
#[derive(Debug, Clone)]
pub struct Item {
    pub product: Product,
    pub conversions: Vec<(Uom, Quantity)>,
    pub entries: Vec<Entry>,
}

/// A price of a product.
#[derive(Debug, Clone)]
pub struct Entry {
    pub list: PriceListId,
    pub shape: Shape,
    /// Millionths.
    pub amount: i64,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question {
    pub lists: Vec<PriceListId>,
    pub strategy: Strategy,
    pub quantity: Quantity,
    pub uom: Uom,
    pub currency: Currency,
    pub decimals: u8,
    pub at: Instant,
    pub zone: Zone,
    pub term: Option<String>,
}

/// The answer: millionths of the currency unit for one asked unit, and the list.
pub type Answer = Option<(i64, PriceListId)>;

/// Answers a question by looking at everything.
pub fn price(item: &Item, question: &Question) -> Answer {
    if item.product.state == ProductState::EndOfLife {
        return None;
    }
    let mut answers: Vec<(i64, PriceListId)> = Vec::new();
    for list in &question.lists {
        if let Some(amount) = in_list(item, question, *list) {
            answers.push((amount, *list));
        }
    }
    match question.strategy {
        Strategy::First => answers.first().copied(),
        Strategy::Lowest => {
            let lowest = answers.iter().map(|(amount, _)| *amount).min()?;
            answers.into_iter().find(|(amount, _)| *amount == lowest)
        }
    }
}

fn in_list(item: &Item, question: &Question, list: PriceListId) -> Option<i64> {
    let base = item.product.base_uom;
    let asked_picos = i128::from(question.quantity.micros()) * 1_000_000;
    let in_asked_unit = |unit: &PriceUnit| match unit {
        PriceUnit::Base | PriceUnit::BaseUnits(_) => question.uom == base,
        PriceUnit::Uom(uom) => uom.0 == question.uom && question.uom != base,
        PriceUnit::Packing { .. } => false,
    };
    if let Some(paid) = best(item, question, list, asked_picos, in_asked_unit) {
        let is_exact = paid.per == Quantity::ONE;
        let scale = paid.decimals.max(question.decimals);
        let of_one = || times(paid.amount, Quantity::ONE, paid.per, scale);
        return Some(if is_exact { paid.amount } else { of_one() });
    }
    let factor_of = |uom: Uom| {
        let other = item.conversions.iter().find(|(own, _)| *own == uom);
        if uom == base { Some(Quantity::ONE) } else { other.map(|(_, factor)| *factor) }
    };
    let factor = factor_of(question.uom)?;
    let base_picos = i128::from(question.quantity.micros()) * i128::from(factor.micros());
    let in_base_unit = |unit: &PriceUnit| matches!(unit, PriceUnit::Base | PriceUnit::BaseUnits(_));
    if let Some(paid) = best(item, question, list, base_picos, in_base_unit) {
        return Some(times(paid.amount, factor, paid.per, paid.decimals.max(question.decimals)));
    }
    let mut others: Vec<(Quantity, &PriceUnit)> = Vec::new();
    for entry in item.entries.iter().filter(|entry| entry.list == list) {
        let per = match &entry.shape.unit {
            PriceUnit::Base | PriceUnit::BaseUnits(_) => None,
            PriceUnit::Uom(uom) if uom.0 == question.uom => None,
            PriceUnit::Uom(uom) => factor_of(uom.0),
            PriceUnit::Packing { quantity, .. } => Some(*quantity),
        };
        others.extend(per.map(|per| (per, &entry.shape.unit)));
    }
    others.sort_unstable();
    for (per, unit) in others {
        // A minimum quantity is reached when as many base units are asked for.
        let is_reached = |minimum: Quantity| {
            i128::from(minimum.micros()) * i128::from(per.micros()) <= base_picos
        };
        let is_unit = |own: &PriceUnit| own == unit;
        if let Some(paid) = best_of(item, question, list, &is_unit, &is_reached) {
            return Some(times(paid.amount, factor, per, paid.decimals.max(question.decimals)));
        }
    }
    None
}

/// The amount that counts, for how many base units it is, and its decimals.
#[derive(Clone, Copy)]
struct Paid {
    amount: i64,
    /// One, too, of a price that is none of the base unit.
    per: Quantity,
    decimals: u8,
}

fn best(
    item: &Item,
    question: &Question,
    list: PriceListId,
    picos: i128,
    is_unit: impl Fn(&PriceUnit) -> bool,
) -> Option<Paid> {
    let is_reached = |minimum: Quantity| i128::from(minimum.micros()) * 1_000_000 <= picos;
    best_of(item, question, list, &is_unit, &is_reached)
}

fn best_of(
    item: &Item,
    question: &Question,
    list: PriceListId,
    is_unit: &dyn Fn(&PriceUnit) -> bool,
    is_reached: &dyn Fn(Quantity) -> bool,
) -> Option<Paid> {
    let candidates = |kind: EntryKind, term: Option<&str>| {
        let mut found: Vec<&Entry> = Vec::new();
        for entry in &item.entries {
            let shape = &entry.shape;
            let instant = |bound: Bound| bound.instant(&question.zone);
            let after_start = shape.validity.from().is_none_or(|from| instant(from) <= question.at);
            let before_end = shape.validity.to().is_none_or(|to| question.at < instant(to));
            if entry.list == list
                && shape.kind == kind
                && shape.currency == question.currency
                && is_unit(&shape.unit)
                && after_start
                && before_end
                && shape.term.as_ref().map(kontor_model::Code::as_str) == term
                && is_reached(shape.minimum)
            {
                found.push(entry);
            }
        }
        found.into_iter().max_by_key(|entry| entry.shape.minimum)
    };
    let of_term = |term: Option<&str>| {
        let regular = candidates(EntryKind::Regular, term);
        let promotion = candidates(EntryKind::Promotion, term);
        let both = [regular, promotion].into_iter().flatten();
        let both = both.map(|entry| Paid {
            amount: entry.amount,
            per: match entry.shape.unit {
                PriceUnit::BaseUnits(per) => per,
                PriceUnit::Base | PriceUnit::Uom(_) | PriceUnit::Packing { .. } => Quantity::ONE,
            },
            decimals: entry.shape.decimals,
        });
        let cost =
            |one: &Paid, other: &Paid| i128::from(one.amount) * i128::from(other.per.micros());
        both.min_by(|one, other| cost(one, other).cmp(&cost(other, one)))
    };
    let asked = question.term.as_deref().and_then(|term| of_term(Some(term)));
    asked.or_else(|| of_term(None))
}

/// `amount` × `factor` / `per`, rounded half up to the scale plus the decimals a small unit needs.
fn times(amount: i64, factor: Quantity, per: Quantity, scale: u8) -> i64 {
    let mut digits = u32::from(scale);
    let mut grown = i128::from(factor.micros());
    while grown < 1_000_000 && digits < 6 {
        grown *= 10;
        digits += 1;
    }
    let unit = 10_i128.pow(6 - digits);
    let all = i128::from(amount) * i128::from(factor.micros());
    let step = i128::from(per.micros()) * unit;
    let (whole, rest) = (all.div_euclid(step), all.rem_euclid(step));
    let rounded = if rest * 2 >= step { whole + 1 } else { whole };
    i64::try_from(rounded * unit).unwrap_or(i64::MAX)
}
