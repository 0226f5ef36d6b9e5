//! Which rows an import touches, for what is looked at when all are there: of few rows these alone, of many
//! rows everything.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::catalogue::Kind;
use kontor_model::record::Row;

/// Rows of so many keys are looked at one by one.
const MAX_KEYS: usize = 10_000;

/// The kinds whose rows are looked at when they are put, and when they are removed.
const PUT: [Kind; 4] = [Kind::Customer, Kind::PriceList, Kind::Store, Kind::SellingEntity];
const REMOVED: [Kind; 2] = [Kind::Segment, Kind::ContractList];

/// Keys of rows that were put, or, of kinds that are only referred to, removed.
#[derive(Default)]
pub(super) struct Touched {
    keys: BTreeMap<Kind, BTreeSet<Row>>,
    count: usize,
}

impl Touched {
    pub(super) fn note(&mut self, kind: Kind, key: &Row, is_removed: bool) {
        let kinds = if is_removed { &REMOVED[..] } else { &PUT[..] };
        if self.count <= MAX_KEYS && kinds.contains(&kind) {
            self.count += usize::from(self.keys.entry(kind).or_default().insert(key.clone()));
        }
    }

    /// The keys of a kind; `None` when there are many.
    pub(super) fn of(&self, kind: Kind) -> Option<BTreeSet<Row>> {
        if self.count > MAX_KEYS {
            return None;
        }
        Some(self.keys.get(&kind).cloned().unwrap_or_default())
    }
}
