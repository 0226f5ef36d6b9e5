//! Prices that can be and may be mistakes: of zero, far from what they were, dearer for more.

use kontor_model::money::Money;
use kontor_model::price_rule::convert_from;
use kontor_model::quantity::Quantity;

use crate::prices::import::fault::Faults;
use crate::prices::import::group::{Keyed, Member};

/// So many times the price before, or such a part of it, is a slip of the decimal point.
const JUMP: i128 = 1000;

/// Tells lines that cost nothing, and those far from the price that they supersede.
pub(crate) fn tell_jumps(keyed: &[Keyed], faults: &mut Faults<'_>) {
    for keyed in keyed {
        let Some(line) = keyed.line.filter(|line| !line.goes() && !line.shape.is_listing) else {
            continue;
        };
        let new = line.row.amount;
        if new == 0 {
            faults.odd(line.line, &line.row, "a price of zero".to_owned());
            continue;
        }
        if costs_nothing(line) {
            let reason = format!(
                "one costs less than {} decimals show, so it shows as 0; set more decimals",
                line.shape.decimals
            );
            faults.odd(line.line, &line.row, reason);
        }
        let Some(stored) = keyed.stored.filter(|stored| stored.row.amount > 0) else {
            continue;
        };
        let before = shown(stored);
        // Amounts may be for different numbers of base units.
        let (old, new) = (cost(stored, line), cost(line, stored));
        if old.checked_mul(JUMP).is_some_and(|most| new >= most) {
            let reason = format!("a thousand times the price before, which was {before}");
            faults.odd(line.line, &line.row, reason);
        } else if new.checked_mul(JUMP).is_some_and(|least| old >= least) {
            let reason = format!("a thousandth of the price before, which was {before}");
            faults.odd(line.line, &line.row, reason);
        }
    }
}

/// An amount, and for how many base units it is.
fn shown(price: Member) -> String {
    let (amount, per) = (Money::from_micros(price.row.amount), price.shape.per);
    if per == Quantity::ONE { amount.to_string() } else { format!("{amount} for {per}") }
}

/// Whether one of the base units that an amount is for costs nothing as it is told.
fn costs_nothing(line: Member) -> bool {
    let amount = Money::from_micros(line.row.amount);
    let one = convert_from(amount, line.shape.per, Quantity::ONE, line.shape.decimals);
    one.is_some_and(|(one, _)| one == Money::ZERO)
}

/// What a price costs beside another one, as a number that only has a meaning beside that of the other.
fn cost(one: Member, other: Member) -> i128 {
    i128::from(one.row.amount) * i128::from(other.shape.per.micros())
}

/// Tells lines that make more dearer than less.
pub(crate) fn tell_tiers(standing: &mut [Member], faults: &mut Faults<'_>) {
    standing.sort_unstable_by_key(|member| {
        (member.shape.ladder, member.shape.minimum, member.shape.from)
    });
    for ladder in standing.chunk_by(|a, b| a.shape.ladder == b.shape.ladder) {
        let mut steps = ladder.chunk_by(|a, b| a.shape.minimum == b.shape.minimum);
        let Some(mut lower) = steps.next() else {
            continue;
        };
        for upper in steps {
            tell_step(lower, upper, faults);
            lower = upper;
        }
    }
}

/// Compares two neighbouring tiers, each by validity.
fn tell_step(mut lower: &[Member], mut upper: &[Member], faults: &mut Faults<'_>) {
    while let ([less, ..], [more, ..]) = (lower, upper) {
        let overlap = less.shape.from < more.shape.to && more.shape.from < less.shape.to;
        if overlap && cost(*more, *less) > cost(*less, *more) && more.line.max(less.line) != 0 {
            let (line, row) =
                if more.line == 0 { (less.line, &less.row) } else { (more.line, &more.row) };
            let reason = format!(
                "from {} on it costs {}, more than the {} from {} on",
                Quantity::from_micros(more.shape.minimum),
                shown(*more),
                shown(*less),
                Quantity::from_micros(less.shape.minimum),
            );
            faults.odd(line, row, reason);
        }
        if less.shape.to <= more.shape.to {
            lower = lower.get(1..).unwrap_or_default();
        } else {
            upper = upper.get(1..).unwrap_or_default();
        }
    }
}
