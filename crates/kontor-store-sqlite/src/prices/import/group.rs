//! The prices of one product in one list: which stay, which are replaced, which are in the way.

use kontor_store::StoreError;

use crate::prices::import::UNSAID;
use crate::prices::import::fault::Faults;
use crate::prices::import::shapes::Known;
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

    /// Finds repetitions and conflicts, and hands what is to be written to the target. With `replace`
    /// stored prices that have no line are removed.
    pub(crate) fn settle(
        &mut self,
        replace: bool,
        target: &mut impl Target,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        // Rows with one key stand together, the stored one first; then they come by validity.
        self.members
            .sort_unstable_by_key(|member| (member.shape.question, member.shape.from, member.line));
        // Of the prices before that stay, the one of this question that ends last.
        let mut before: Option<Member> = None;
        for same_key in self
            .members
            .chunk_by(|a, b| (a.shape.question, a.shape.from) == (b.shape.question, b.shape.from))
        {
            let stored = same_key.first().filter(|member| member.line == 0);
            let mut lines = same_key.iter().filter(|member| member.line != 0);
            let line = lines.next();
            for repeated in lines {
                faults.repeated(repeated.line, line.map_or(0, |first| first.line));
            }
            let stays = line.or(stored.filter(|_| !replace));
            if let Some(member) = stays {
                let rival = before.filter(|last| last.shape.question == member.shape.question);
                if let Some(rival) = rival.filter(|last| member.shape.from < last.shape.to) {
                    conflict(member, &rival, faults)?;
                }
                if rival.is_none_or(|last| member.shape.to > last.shape.to) {
                    before = Some(*member);
                }
            }
            if !faults.any() {
                write(stored, line, replace, target)?;
            }
        }
        Ok(())
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
