//! Scans over a book that changes under them.

mod changed;
mod paging;
mod world;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use kontor_model::instant::Instant;
use proptest::prelude::*;

use super::index::ScanIndex;
use super::indexes::Indexes;
use super::market::Market;
use super::row::Scope;
use super::*;
use world::World;

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, rng_seed: proptest::test_runner::RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() })]

    /// An index that followed many changes and the passing of time is the one built anew.
    #[test]
    fn an_index_that_followed_is_one_built_anew(steps in proptest::collection::vec(world::step(), 1..60)) {
        let mut world = World::new(300);
        let indexes = Indexes::new(1_000_000);
        let scope = world.scope(None);
        indexes.get(&scope, world.look());
        for step in steps {
            world.take(step);
            let (_, _, followed) = indexes.get(&scope, world.look());
            let (_, _, anew) = Indexes::new(1_000_000).get(&scope, world.look());
            let rows = |index: &ScanIndex| index.after(None, None).collect::<Vec<_>>();
            prop_assert_eq!(rows(&followed), rows(&anew));
            prop_assert_eq!(followed.len(), anew.len());
            prop_assert_eq!(followed.count(Some(world.now)), anew.count(Some(world.now)));
        }
    }

    /// Rows that were there from the first page to the last are all answered, no row is answered
    /// twice, rows ascend, and no page before the last is short, whatever is written meanwhile.
    #[test]
    fn a_scan_with_a_writer_running(
        size in 1_u32..90,
        writes in proptest::collection::vec(proptest::collection::vec(world::step(), 0..12), 400),
        repeated in proptest::collection::vec(proptest::bool::weighted(0.2), 400),
    ) {
        let mut world = World::new(300);
        let scans = PriceScans::new(ScanLimits::default());
        let mut there_all_the_time: BTreeSet<RowKey> = world.keys();
        let mut seen: Vec<RowKey> = Vec::new();
        let mut number = 1;
        for (steps, again) in writes.into_iter().zip(repeated) {
            let page = world.page(&scans, "a", number, size);
            seen.extend(page.rows.iter().map(|row| row.key));
            let is_short = page.rows.len() < usize::try_from(size).unwrap();
            prop_assert!(!is_short || !page.has_next, "page {} is short but not the last", number);
            if !page.has_next {
                break;
            }
            for step in steps {
                world.take(step);
            }
            let keys = world.keys();
            there_all_the_time.retain(|key| keys.contains(key));
            // A first page that is asked for again begins another scan, and the one before stays as that
            // of somebody else: whose the second pages are then cannot be told.
            if again && number > 1 {
                // The answer was lost on the way: the page is asked for again.
                seen.truncate(seen.len() - page.rows.len());
            } else {
                number += 1;
            }
        }
        prop_assert!(seen.is_sorted_by(|a, b| a < b), "a row came twice or out of order");
        let seen: BTreeSet<RowKey> = seen.into_iter().collect();
        prop_assert!(there_all_the_time.is_subset(&seen), "a row was left out");
    }
}

#[test]
fn writes_beside_the_products_leave_the_index_as_it_is() {
    let mut world = World::new(50);
    let indexes = Indexes::new(1_000_000);
    let scope = world.scope(None);
    let (_, _, first) = indexes.get(&scope, world.look());
    world.write_beside_products();
    let (_, _, second) = indexes.get(&scope, world.look());
    assert!(Arc::ptr_eq(&first, &second));
    world.compact();
    let (_, _, third) = indexes.get(&scope, world.look());
    assert!(Arc::ptr_eq(&first, &third), "also when the book folds its overlay meanwhile");
}

#[test]
fn indexes_not_asked_for_longest_are_dropped_when_all_are_too_large() {
    let world = World::new(300);
    let indexes = Indexes::new(3 * 1024);
    let scopes = [world.scope(None), world.scope(Some(0)), world.scope(Some(1))];
    let (_, _, first) = indexes.get(&scopes[0], world.look());
    indexes.get(&scopes[1], world.look());
    let (_, _, again) = indexes.get(&scopes[0], world.look());
    assert!(Arc::ptr_eq(&first, &again), "two have room");
    let (_, _, table) = indexes.get(&scopes[1], world.look());
    indexes.get(&scopes[2], world.look());
    let (_, _, kept) = indexes.get(&scopes[1], world.look());
    assert!(Arc::ptr_eq(&table, &kept));
    let (_, _, anew) = indexes.get(&scopes[0], world.look());
    assert!(!Arc::ptr_eq(&first, &anew), "the third had no room beside both");
}

#[test]
fn a_clock_that_goes_back_makes_the_index_anew() {
    let mut world = World::new(20);
    world.put(1, Some(1), true, &vec![(world::BASE, world::LATER)]);
    let indexes = Indexes::new(1_000_000);
    let scope = world.scope(None);
    world.take(world::Step::Pass(200));
    let (_, _, late) = indexes.get(&scope, world.look());
    world.now = world::START;
    let (_, _, early) = indexes.get(&scope, world.look());
    assert!(early.len() < late.len(), "prices that begin later are not there yet");
}
