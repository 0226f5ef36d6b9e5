//! Lines that take over their interval: stored prices of the same question give way.

use kontor_model::instant::Zone;
use kontor_model::validity::Validity;
use kontor_store::StoreError;

use crate::prices::import::UNSAID;
use crate::prices::import::group::{Keyed, Member};
use crate::prices::import::shapes::Shapes;
use crate::prices::import::target::{Target, Why};
use crate::prices::read::PriceRow;

/// Days of two zones are nowhere further apart; bounds are ordered as if all were in UTC.
const ZONES_MICROS: i64 = 48 * 3_600_000_000;

/// Cuts the prices without a line of their own, which stand by validity, to what the lines leave of
/// them. What is left is written at once, and no conflict any more.
pub(crate) fn give_way(
    keyed: &mut Vec<Keyed>,
    zones: &[Zone],
    shapes: &mut Shapes<'_>,
    target: &mut impl Target,
) -> Result<(), StoreError> {
    let lines: Vec<Member> =
        keyed.iter().filter_map(|keyed| keyed.line).filter(|line| !line.goes()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    // A line that begins later than another one ends later, or both are told as a conflict.
    let mut first = 0;
    let mut rest = Vec::with_capacity(keyed.len());
    for entry in keyed.drain(..) {
        let (None, Some(stored)) = (entry.line, entry.stored) else {
            rest.push(entry);
            continue;
        };
        let (begin, end) = (stored.shape.from, stored.shape.to.saturating_add(ZONES_MICROS));
        let is_past = |line: &Member| line.shape.to.saturating_add(ZONES_MICROS) <= begin;
        while lines.get(first).is_some_and(is_past) {
            first += 1;
        }
        let rivals = lines.iter().skip(first).take_while(|line| line.shape.from < end);
        let validity = stored.shape.validity;
        let rivals = rivals.filter(|line| line.shape.validity.overlaps(validity, zones));
        let pieces = pieces(&stored, rivals, shapes)?;
        match pieces {
            None => rest.push(entry),
            Some(pieces) => write(&stored, &pieces, target)?,
        }
    }
    *keyed = rest;
    Ok(())
}

/// What lines leave of a price; `None`: all of it.
fn pieces<'a>(
    stored: &Member,
    rivals: impl Iterator<Item = &'a Member>,
    shapes: &mut Shapes<'_>,
) -> Result<Option<Vec<Member>>, StoreError> {
    let whole = stored.shape.validity;
    let mut pieces = Vec::new();
    // Where the part begins that no line took yet; `None` when nothing is left.
    let mut open = Some(whole.from());
    let mut is_cut = false;
    for line in rivals {
        let taken = line.shape.validity;
        is_cut = true;
        if let (Some(from), Some(end)) = (open, taken.from())
            && let Ok(piece) = Validity::new(from, Some(end))
        {
            pieces.push(piece);
        }
        open = taken.to().map(Some);
    }
    if !is_cut {
        return Ok(None);
    }
    if let Some(from) = open
        && let Ok(piece) = Validity::new(from, whole.to())
    {
        pieces.push(piece);
    }
    let of_piece = |validity: Validity| {
        let shape = shapes.changed(stored.shape, |shape| shape.validity = validity)?;
        let row = PriceRow { shape: shape.number, changed_at: UNSAID, ..stored.row };
        Ok(Member { shape, line: 0, row })
    };
    pieces.into_iter().map(of_piece).collect::<Result<_, StoreError>>().map(Some)
}

/// The first piece takes the place of the price, the others come beside it.
fn write(stored: &Member, pieces: &[Member], target: &mut impl Target) -> Result<(), StoreError> {
    let Some((first, others)) = pieces.split_first() else {
        return target.remove(&stored.row, Why::GivesWay);
    };
    target.update(&stored.row, &first.row, Why::GivesWay)?;
    for piece in others {
        target.insert(&piece.row, Why::GivesWay)?;
    }
    Ok(())
}
