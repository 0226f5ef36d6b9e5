//! Whoever keeps a copy of all package prices and asks only for what changed since has the same rows as
//! one that reads everything, whatever was written, and when. Rows that are gone cannot be told: no row
//! says so.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroU32;

use kontor_app::scan::market::{self, Market};
use kontor_app::scan::{Offer, Offers, PageRequest, PriceScans, RowKey, ScanLimits, Selection};
use kontor_model::Clock as _;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::record;

use kontor_pricing::{Book, Tenant};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::commands::{Op, Step, What, step};
use super::world::World;

/// All rows as a partner is told them.
type Rows = BTreeMap<RowKey, String>;

/// A partner with a copy of the rows of a segment; of the main one when none is named.
struct Copy {
    segment: Option<i64>,
    rows: Rows,
    asked_at: Instant,
}

/// Numbers, segments, a sales table and prices, so that there are rows in two segments from the start.
fn beginning() -> Step {
    let put = |kind: usize, values: [u8; 4]| Op { what: What::Put, kind, values };
    let (price, identifier, segment, table) = (0, 6, 17, 18);
    let mut ops = vec![
        put(identifier, [0, 0, 3, 0]),
        put(identifier, [1, 0, 3, 1]),
        put(identifier, [2, 0, 3, 1]),
        put(segment, [0, 0, 0, 0]),
        put(segment, [0, 1, 0, 1]),
        put(table, [0, 3, 1, 0]),
    ];
    // Of cartons, units and base units, valid since the year began; those of the table for a payment term.
    let shapes = [(0, 48), (0, 51), (1, 48), (1, 49), (3, 48), (3, 51)];
    let prices = shapes
        .into_iter()
        .flat_map(|(list, shape)| (0..3_u8).map(move |product| [product, list, shape, product]));
    ops.extend(prices.map(|values| put(price, values)));
    Step::Write { supplier: 0, ops, elsewhere: false }
}

#[test]
fn a_copy_that_is_kept_by_changes_is_what_everything_is() {
    let config = Config {
        cases: super::CASES,
        rng_seed: RngSeed::Fixed(5),
        failure_persistence: None,
        ..Config::default()
    };
    let steps = proptest::collection::vec(step(), 1..16);
    let changed = Cell::new(0_usize);
    let run =
        TestRunner::new(config).run(&(steps, 1..4_usize, 0..6_usize), |(steps, page, fold)| {
            let mut world = World::new(page, fold);
            let scans = PriceScans::new(ScanLimits::default());
            let mut copies = [None, Some(0), Some(1)].map(|segment| Copy {
                segment,
                rows: Rows::new(),
                asked_at: Instant::MIN,
            });
            for step in std::iter::once(beginning()).chain(steps) {
                world.take(&step);
                // What another process wrote is seen a moment later; this one asks when it is seen.
                world.app.catch_up().expect("the log");
                for copy in &mut copies {
                    let before = copy.rows.clone();
                    let told = copy.ask(&world, &scans);
                    let differs = |(key, row): &(&_, &String)| before.get(*key) != Some(*row);
                    changed.set(changed.get() + told.iter().filter(differs).count());
                    prop_assert_eq!(&copy.rows, &told, "after {:?}", step);
                }
            }
            Ok(())
        });
    if let Err(error) = run {
        panic!("{error}");
    }
    assert!(changed.get() > 2_000, "hardly a row changed: {}", changed.get());
}

impl Copy {
    /// Asks for what changed since it asked last. Returns all rows.
    fn ask(&mut self, world: &World, scans: &PriceScans) -> Rows {
        let since = std::mem::replace(&mut self.asked_at, world.clock.now());
        let changed = rows(world, scans, self.segment, Some(since));
        let all = rows(world, scans, self.segment, None);
        self.rows.extend(changed);
        self.rows.retain(|key, _| all.contains_key(key));
        all
    }
}

fn rows(
    world: &World,
    scans: &PriceScans,
    segment: Option<i64>,
    changed_since: Option<Instant>,
) -> Rows {
    let book = world.app.book().clone();
    let Some(tenant) = book.supplier("one") else { return Rows::new() };
    let Some(entity) = market::entity(tenant, 1) else { return Rows::new() };
    let segment = segment.unwrap_or(entity.main_segment);
    let Some(market) = Market::of(tenant, entity, segment) else { return Rows::new() };
    let selection = Selection {
        supplier: tenant.id(),
        entity: 1,
        segment,
        gtin: None,
        sequence: None,
        table: None,
        changed_since,
    };
    let request = PageRequest {
        reader: "a copy".into(),
        peer: [127, 0, 0, 1].into(),
        number: NonZeroU32::MIN,
        size: NonZeroU32::MIN.saturating_add(999),
    };
    let page = scans.page(&world.app, &market, &selection, &request);
    let offers = Offers::new(&page.book, &market, page.now);
    let told = page.rows.iter().filter_map(|row| Some((row.key, offers.offer(row.key)?)));
    told.map(|(key, offer)| (key, told_of(&page.book, &market, &offers, &offer))).collect()
}

/// All that a partner is told of a row.
fn told_of(book: &Book, market: &Market, offers: &Offers<'_>, offer: &Offer<'_>) -> String {
    let packing = offer.packing.name.as_str();
    let mut told =
        format!("{} {packing} {:?} {:?}", market.segment, offer.gtin, offer.price.regular);
    if let Some(promotion) = offer.price.promotion {
        let bounds = [promotion.validity.from(), promotion.validity.to()];
        let bounds = bounds.map(|bound| bound.map(|bound| bound.instant(&market.list_zone)));
        let _ = write!(told, " {:?} {bounds:?} {:?}", promotion.amount, market.zone);
    }
    let _ = write!(told, " {:?}", offers.last_recorded(offer));
    let tenant = book.tenant(market.supplier);
    for table in &market.tables {
        let mut terms = Vec::new();
        if offers.in_table(offer, table, &mut terms) {
            let mut terms: Vec<String> = terms
                .iter()
                .map(|price| {
                    let name = tenant.and_then(|tenant| name(tenant, price.term.as_str()));
                    format!("{} {name:?} {:?}", price.term.as_str(), price.amount())
                })
                .collect();
            terms.sort();
            let _ = write!(told, " {} {} {terms:?}", table.number.as_str(), table.name);
        }
    }
    told
}

fn name<'t>(tenant: &'t Tenant, term: &str) -> Option<&'t str> {
    match tenant.get(Kind::PaymentTerm, &[record::Cell::text(term)]) {
        Some(Record::PaymentTerm(term)) => Some(&term.name),
        _ => None,
    }
}
