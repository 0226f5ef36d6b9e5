//! Rows of instants and prices that an upgrade made days of (docs/decisions/0025). Whether their file
//! said days or instants was not known: where a row of instants begins with such a price, the file said
//! instants, and the row takes the place of the price.

use std::collections::HashMap;

use kontor_model::instant::{Instant, Zone};
use kontor_model::validity::Bound;

use super::group::{Keyed, Member};

/// Whether an upgrade made days of a stored price with this change.
pub(crate) fn is_made(member: &Member, made: i64) -> bool {
    member.line == 0
        && member.row.since_change == made
        && matches!(member.shape.validity.from(), Some(Bound::Day(_)))
}

/// Puts such prices beside the rows that begin at the same instant in the zone of the list.
pub(crate) fn take_place(keyed: &mut Vec<Keyed>, made: i64, zone: &Zone) {
    let mut prices: HashMap<Instant, Member> = HashMap::new();
    for one in keyed.iter().filter(|one| one.line.is_none()) {
        if let Some(stored) = one.stored.filter(|stored| is_made(stored, made))
            && let Some(from) = stored.shape.validity.from()
        {
            prices.insert(from.instant(zone), stored);
        }
    }
    let mut taken = Vec::new();
    for one in keyed.iter_mut().filter(|one| one.stored.is_none()) {
        let from = one.line.and_then(|line| line.shape.validity.from());
        if let Some(Bound::Instant(from)) = from
            && let Some(price) = prices.remove(&from)
        {
            taken.push(price.row.shape);
            one.stored = Some(price);
        }
    }
    let is_taken = |one: &Keyed| {
        let stored = one.stored.filter(|_| one.line.is_none());
        stored.is_some_and(|stored| taken.contains(&stored.row.shape))
    };
    keyed.retain(|one| !is_taken(one));
}
