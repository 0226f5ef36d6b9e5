//! The prices of one product in one list: which stay, which are replaced, which are in the way.

use kontor_model::instant::Zone;
use kontor_model::validity::{Bound, Validity};
use kontor_store::StoreError;

use crate::prices::import::UNSAID;
use crate::prices::import::fault::Faults;
use crate::prices::import::shapes::{Known, Shapes};
use crate::prices::import::sort::SortRow;
use crate::prices::import::target::Target;
use crate::prices::read::PriceRow;

/// A group. It is filled, settled and used again.
#[derive(Default)]
pub(crate) struct Group {
    product: u32,
    list: u32,
    members: Vec<Member>,
}

/// A price in the group.
#[derive(Debug, Clone, Copy)]
struct Member {
    shape: Known,
    /// Line of the import; 0 for a price that is stored.
    line: u64,
    row: PriceRow,
}

impl Group {
    pub(crate) fn begin(&mut self, product: u32, list: u32) {
        self.product = product;
        self.list = list;
        self.members.clear();
    }

    pub(crate) fn add_stored(&mut self, row: &PriceRow, shape: Known) {
        self.members.push(Member { shape, line: 0, row: *row });
    }

    pub(crate) fn add_line(&mut self, line: &SortRow, shape: Known) {
        let row = PriceRow {
            product: self.product,
            list: self.list,
            shape: shape.number,
            amount: line.amount,
            changed_at: line.changed_at,
            since_change: 0,
        };
        self.members.push(Member { shape, line: line.line, row });
    }

    /// The zones in which the list may be asked, where prices of days and of instants meet.
    fn zones(&self, shapes: &Shapes<'_>, faults: &Faults<'_>) -> Result<Vec<Zone>, StoreError> {
        let Some((first, others)) = self.members.split_first() else {
            return Ok(Vec::new());
        };
        let all = others.iter().map(|member| member.shape.validity);
        // Prices that always count have no bound to compare with.
        let mut dated = all.chain([first.shape.validity]).filter(|own| *own != Validity::ALWAYS);
        let Some(reference) = dated.next() else {
            return Ok(Vec::new());
        };
        if !reference.mixes(reference) && !dated.any(|own| own.mixes(reference)) {
            return Ok(Vec::new());
        }
        shapes.zones(&faults.list(self.list)?)
    }

    /// Finds repetitions and conflicts, and hands what is to be written to the target. With `replace`
    /// stored prices that have no line are removed.
    pub(crate) fn settle(
        &mut self,
        replace: bool,
        shapes: &Shapes<'_>,
        target: &mut impl Target,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        let zones = self.zones(shapes, faults)?;
        // Rows with one key stand together, the stored one first; then they come by validity.
        self.members.sort_unstable_by_key(|member| {
            (member.shape.question, member.shape.from, member.shape.validity.from(), member.line)
        });
        // Of the prices before that stay, those of this question that end last: with an instant or
        // never, and with a day.
        let mut before: [Option<Member>; 2] = [None; 2];
        for same_key in self.members.chunk_by(|a, b| a.key() == b.key()) {
            let stored = same_key.first().filter(|member| member.line == 0);
            let mut lines = same_key.iter().filter(|member| member.line != 0);
            let line = lines.next();
            for repeated in lines {
                faults.repeated(repeated.line, line.map_or(0, |first| first.line));
            }
            let stays = line.or(stored.filter(|_| !replace));
            if let Some(member) = stays {
                for rival in &mut before {
                    *rival = rival.filter(|last| last.shape.question == member.shape.question);
                }
                let in_the_way = before
                    .iter()
                    .flatten()
                    .find(|last| last.shape.validity.overlaps(member.shape.validity, &zones));
                if let Some(rival) = in_the_way {
                    conflict(member, rival, faults)?;
                }
                let ends_with_day = matches!(member.shape.validity.to(), Some(Bound::Day(_)));
                let [of_instants, of_days] = &mut before;
                let last = if ends_with_day { of_days } else { of_instants };
                if last.is_none_or(|last| member.shape.to > last.shape.to) {
                    *last = Some(*member);
                }
            }
            if !faults.any() {
                write(stored, line, replace, target)?;
            }
        }
        Ok(())
    }
}

impl Member {
    /// Two prices with one key are one price.
    fn key(&self) -> (u32, Option<Bound>) {
        (self.shape.question, self.shape.validity.from())
    }
}

/// Two prices apply to one question. The later line is at fault, or the only one.
fn conflict(a: &Member, b: &Member, faults: &mut Faults<'_>) -> Result<(), StoreError> {
    let (later, other) = if a.line > b.line { (a, b) } else { (b, a) };
    if later.line == 0 {
        // Both are stored: not this import's doing.
        return Ok(());
    }
    let other_line = (other.line != 0).then_some(other.line);
    faults.conflict(later.line, other_line, &other.row)
}

fn write(
    stored: Option<&Member>,
    line: Option<&Member>,
    replace: bool,
    target: &mut impl Target,
) -> Result<(), StoreError> {
    match (stored, line) {
        (None, Some(line)) => target.insert(&line.row),
        (Some(stored), Some(line)) => {
            let said = line.row.changed_at != UNSAID;
            let is_same = stored.row.shape == line.row.shape
                && stored.row.amount == line.row.amount
                && (!said || stored.row.changed_at == line.row.changed_at);
            if is_same { Ok(()) } else { target.update(&stored.row, &line.row) }
        }
        (Some(stored), None) if replace => target.remove(&stored.row),
        (_, None) => Ok(()),
    }
}
