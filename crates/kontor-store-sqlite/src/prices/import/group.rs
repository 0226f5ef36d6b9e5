//! The prices of one product in one list: which stay, which are replaced, which are in the way.

use kontor_model::decimal;
use kontor_model::instant::Zone;
use kontor_model::validity::{Bound, Validity};
use kontor_store::{Kept, OnOverlap, PriceOrder, StoreError};

use crate::prices::import::UNSAID;
use crate::prices::import::fault::Faults;
use crate::prices::import::instants;
use crate::prices::import::odd;
use crate::prices::import::shapes::{Known, Shapes};
use crate::prices::import::sort::{GOES, SortRow};
use crate::prices::import::target::{Target, Why};
use crate::prices::import::trim;
use crate::prices::read::PriceRow;

/// A group. It is filled, settled and used again.
#[derive(Default)]
pub(crate) struct Group {
    product: u32,
    list: u32,
    members: Vec<Member>,
    /// The prices of the question that is settled, by key.
    keyed: Vec<Keyed>,
    /// All prices that stand in the end, when odd ones are told.
    standing: Vec<Member>,
    /// The change with which an upgrade made days of the supplier's prices.
    days_made: Option<i64>,
}

/// A price in the group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) shape: Known,
    /// Line of the import; 0 for a price that is stored.
    pub(crate) line: u64,
    pub(crate) row: PriceRow,
}

/// What has one key: the price that is stored, and the line that is to take its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyed {
    pub(crate) stored: Option<Member>,
    pub(crate) line: Option<Member>,
}

/// How a group is settled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Stored prices that have no line go.
    pub(crate) replace: bool,
    pub(crate) on_overlap: OnOverlap,
    pub(crate) keeps: Kept,
    pub(crate) warns: bool,
    /// A line is written even where it is the same as what is stored: it means something else now.
    pub(crate) rewrites: bool,
}

impl Rules {
    pub(crate) fn new(order: PriceOrder, replace: bool, rewrites: bool) -> Self {
        let PriceOrder { on_overlap, keeps, warns, .. } = order;
        Self { replace, on_overlap, keeps, warns, rewrites }
    }
}

impl Group {
    pub(crate) fn new(days_made: Option<i64>) -> Self {
        Self { days_made, ..Self::default() }
    }

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

    /// The change with which an upgrade made days of prices among these, and the zone of their list.
    fn days_made(
        &self,
        shapes: &Shapes<'_>,
        faults: &Faults<'_>,
    ) -> Result<Option<(i64, Zone)>, StoreError> {
        let Some(made) = self.days_made else { return Ok(None) };
        if !self.members.iter().any(|member| instants::is_made(member, made)) {
            return Ok(None);
        }
        Ok(shapes.zone(&faults.list(self.list)?)?.map(|zone| (made, zone)))
    }

    /// Finds repetitions and conflicts, and hands what is to be written to the target.
    pub(crate) fn settle(
        &mut self,
        rules: Rules,
        shapes: &mut Shapes<'_>,
        target: &mut impl Target,
        faults: &mut Faults<'_>,
    ) -> Result<(), StoreError> {
        let zones = self.zones(shapes, faults)?;
        let days_made = self.days_made(shapes, faults)?;
        // Rows with one key stand together, the stored one first; then they come by validity.
        self.members.sort_unstable_by_key(|member| {
            (member.shape.question, member.shape.from, member.shape.validity.from(), member.line)
        });
        self.standing.clear();
        for question in self.members.chunk_by(|a, b| a.shape.question == b.shape.question) {
            self.keyed.clear();
            for same_key in question.chunk_by(|a, b| a.begins() == b.begins()) {
                self.keyed.push(keyed(same_key, rules, shapes, faults)?);
            }
            if let Some((made, zone)) = &days_made {
                instants::take_place(&mut self.keyed, *made, zone);
            }
            if rules.on_overlap == OnOverlap::Trim && !rules.replace && !faults.any() {
                trim::give_way(&mut self.keyed, &zones, shapes, target)?;
            }
            tell_conflicts(&self.keyed, rules.replace, &zones, faults)?;
            if rules.warns {
                odd::tell_jumps(&self.keyed, faults);
                self.standing.extend(self.keyed.iter().filter_map(|k| k.stays(rules.replace)));
            }
            if !faults.any() {
                self.keyed.iter().try_for_each(|keyed| write(keyed, rules, target))?;
            }
        }
        if rules.warns {
            odd::tell_tiers(&mut self.standing, faults);
        }
        Ok(())
    }
}

impl Member {
    /// Two prices of a question that begin alike are one price.
    fn begins(&self) -> Option<Bound> {
        self.shape.validity.from()
    }

    /// Whether the line says that the price goes.
    pub(crate) fn goes(&self) -> bool {
        self.row.amount == GOES
    }
}

impl Keyed {
    /// The price that stands in the end.
    pub(crate) fn stays(&self, replace: bool) -> Option<Member> {
        match self.line {
            Some(line) => Some(line).filter(|line| !line.goes()),
            None => self.stored.filter(|_| !replace),
        }
    }
}

/// What rows with one key come to.
fn keyed(
    same_key: &[Member],
    rules: Rules,
    shapes: &mut Shapes<'_>,
    faults: &mut Faults<'_>,
) -> Result<Keyed, StoreError> {
    let stored = same_key.first().filter(|member| member.line == 0).copied();
    let mut lines = same_key.iter().filter(|member| member.line != 0);
    let mut line = lines.next().copied();
    for repeated in lines {
        faults.repeated(repeated.line, line.map_or(0, |first| first.line));
    }
    if let (Some(stored), Some(line)) = (&stored, &mut line)
        && rules.keeps != Kept::default()
        && !line.goes()
    {
        complete(line, stored, rules.keeps, shapes)?;
    }
    Ok(Keyed { stored, line })
}

/// Takes what the line does not say from the price that it supersedes.
fn complete(
    line: &mut Member,
    stored: &Member,
    keeps: Kept,
    shapes: &mut Shapes<'_>,
) -> Result<(), StoreError> {
    let decimals = if keeps.decimals {
        stored.shape.decimals.max(decimal::decimals(line.row.amount))
    } else {
        line.shape.decimals
    };
    let ends_like = if keeps.end { stored.shape } else { line.shape };
    line.shape = shapes.completed(line.shape, ends_like, decimals)?;
    if keeps.per {
        line.shape = shapes.stated_like(line.shape, stored.shape)?;
    }
    line.row.shape = line.shape.number;
    Ok(())
}

/// Tells the prices of a question that would apply at once.
fn tell_conflicts(
    keyed: &[Keyed],
    replace: bool,
    zones: &[Zone],
    faults: &mut Faults<'_>,
) -> Result<(), StoreError> {
    // Of the prices before that stay, those that end last: with an instant or never, and with a day.
    let mut before: [Option<Member>; 2] = [None; 2];
    for member in keyed.iter().filter_map(|keyed| keyed.stays(replace)) {
        let is_rival = |last: &&Member| last.shape.validity.overlaps(member.shape.validity, zones);
        if let Some(rival) = before.iter().flatten().find(is_rival) {
            conflict(&member, rival, faults)?;
        }
        let [of_instants, of_days] = &mut before;
        let ends_with_day = matches!(member.shape.validity.to(), Some(Bound::Day(_)));
        let last = if ends_with_day { of_days } else { of_instants };
        if last.is_none_or(|last| member.shape.to > last.shape.to) {
            *last = Some(member);
        }
    }
    Ok(())
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

fn write(keyed: &Keyed, rules: Rules, target: &mut impl Target) -> Result<(), StoreError> {
    match (keyed.stored, keyed.line) {
        (None, Some(line)) if line.goes() => Ok(()),
        (Some(stored), Some(line)) if line.goes() => target.remove(&stored.row, Why::Asked),
        (None, Some(line)) => target.insert(&line.row, Why::Asked),
        (Some(stored), Some(line)) => {
            let said = line.row.changed_at != UNSAID;
            let is_same = stored.row.shape == line.row.shape
                && stored.row.amount == line.row.amount
                && (!said || stored.row.changed_at == line.row.changed_at);
            if is_same && !rules.rewrites {
                return Ok(());
            }
            target.update(&stored.row, &line.row, Why::Asked)
        }
        (Some(stored), None) if rules.replace => target.remove(&stored.row, Why::Unnamed),
        (_, None) => Ok(()),
    }
}
