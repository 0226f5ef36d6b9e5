//! Pages: stateless, repeated, at the same time, forgotten.

use super::world::{BASE, Step, UNIT, request};
use super::*;

fn sequences(page: &ScanPage) -> Vec<i32> {
    page.rows.iter().map(|row| row.key.sequence).collect()
}

/// Products 0, 1, 2, ... in one unit each.
fn world(products: u32) -> World {
    let mut world = World::new(0);
    for product in 0..products {
        add(&mut world, product);
    }
    world
}

fn add(world: &mut World, product: u32) {
    world.put(product, i32::try_from(product).ok(), true, &vec![(BASE, UNIT)]);
}

fn remove(world: &mut World, product: u32) {
    world.take(Step::Remove { product });
}

fn scans() -> PriceScans {
    PriceScans::new(ScanLimits::default())
}

#[test]
fn pages_without_a_scan_are_counted_from_the_beginning() {
    let world = world(10);
    for (page, expected) in [(1, vec![0, 1, 2]), (2, vec![3, 4, 5]), (4, vec![9]), (5, vec![])] {
        let answer = world.page(&scans(), "a", page, 3);
        assert_eq!(sequences(&answer), expected, "page {page}");
        assert_eq!((answer.total, answer.has_next), (10, page < 4), "page {page}");
    }
    let last = world.page(&scans(), "a", u32::MAX, 10_000);
    assert!(last.rows.is_empty() && !last.has_next && last.total == 10);
    let exact = world.page(&scans(), "a", 2, 5);
    assert!(!exact.has_next, "no empty page is announced");
}

#[test]
fn a_scan_goes_on_after_its_last_row_though_rows_before_it_vanish_or_appear() {
    let mut world = world(12);
    let scans = scans();
    assert_eq!(sequences(&world.page(&scans, "a", 1, 3)), [0, 1, 2]);
    remove(&mut world, 0);
    remove(&mut world, 4);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 5, 6], "full, and nothing left out");
    add(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [7, 8, 9], "nothing twice");
    remove(&mut world, 10);
    remove(&mut world, 11);
    let end = world.page(&scans, "a", 4, 3);
    assert!(end.rows.is_empty() && !end.has_next);
}

#[test]
fn a_first_page_begins_anew() {
    let mut world = world(9);
    let scans = scans();
    world.page(&scans, "a", 1, 3);
    world.page(&scans, "a", 2, 3);
    remove(&mut world, 1);
    assert_eq!(sequences(&world.page(&scans, "a", 1, 3)), [0, 2, 3]);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [4, 5, 6], "of the second scan");
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [7, 8]);
}

#[test]
fn other_readers_filters_and_page_sizes_are_other_scans() {
    let mut world = world(9);
    let scans = scans();
    world.page(&scans, "a", 1, 3);
    remove(&mut world, 0);
    let counted = [4, 5, 6];
    assert_eq!(sequences(&world.page(&scans, "b", 2, 3)), counted);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 2)), [3, 4]);
    let filtered = Selection { changed_since: Some(Instant::MIN), ..World::selection() };
    let page = world.page_of(&scans, &filtered, &request("a", 1, 2, 3));
    assert_eq!(sequences(&page), counted);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 4, 5], "the scan itself");
}

#[test]
fn two_scans_of_one_reader_are_told_apart_by_the_page_they_are_at() {
    let mut world = world(30);
    let scans = scans();
    world.page(&scans, "a", 1, 3);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 4, 5]);
    remove(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "a", 1, 3)), [1, 2, 3], "another begins");
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [6, 7, 8], "the first goes on");
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [4, 5, 6], "so does the other");
    assert_eq!(sequences(&world.page(&scans, "a", 4, 3)), [9, 10, 11]);
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [7, 8, 9]);
}

#[test]
fn two_clients_of_one_reader_do_not_take_each_others_place() {
    let mut world = world(60);
    let scans = scans();
    world.page(&scans, "a", 1, 10);
    world.page(&scans, "a", 1, 10);
    world.page(&scans, "a", 2, 10);
    assert_eq!(sequences(&world.page(&scans, "a", 3, 10)), (20..30).collect::<Vec<_>>());
    assert_eq!(sequences(&world.page(&scans, "a", 2, 10)), (10..20).collect::<Vec<_>>());
    for product in 10..20 {
        remove(&mut world, product);
    }
    assert_eq!(sequences(&world.page(&scans, "a", 4, 10)), (30..40).collect::<Vec<_>>());
    assert_eq!(sequences(&world.page(&scans, "a", 3, 10)), (20..30).collect::<Vec<_>>());
}

#[test]
fn who_goes_back_leaves_the_place_of_others() {
    let mut world = world(60);
    let scans = scans();
    for page in 1..=3 {
        world.page(&scans, "a", page, 10);
    }
    // A client whose scan is not known any more comes to its second page.
    assert_eq!(sequences(&world.page(&scans, "a", 2, 10)), (10..20).collect::<Vec<_>>());
    for product in 10..20 {
        remove(&mut world, product);
    }
    assert_eq!(sequences(&world.page(&scans, "a", 4, 10)), (30..40).collect::<Vec<_>>());
}

#[test]
fn first_pages_that_nobody_goes_on_from_push_out_no_other_scan() {
    let mut world = world(30);
    let scans = scans();
    world.page(&scans, "a", 1, 3);
    world.page(&scans, "a", 2, 3);
    for _ in 0..100 {
        world.page(&scans, "a", 1, 3);
    }
    remove(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [6, 7, 8]);
}

#[test]
fn scans_at_the_same_page_are_told_apart_by_their_address() {
    let mut world = world(30);
    let scans = scans();
    world.page_from(&scans, "a", 1, 1, 3);
    remove(&mut world, 0);
    world.page_from(&scans, "a", 2, 1, 3);
    assert_eq!(sequences(&world.page_from(&scans, "a", 1, 2, 3)), [3, 4, 5]);
    assert_eq!(sequences(&world.page_from(&scans, "a", 2, 2, 3)), [4, 5, 6]);
}

#[test]
fn several_pages_at_a_time_in_any_order() {
    let mut world = world(20);
    let scans = scans();
    world.page(&scans, "a", 1, 3);
    remove(&mut world, 1);
    assert_eq!(sequences(&world.page(&scans, "a", 4, 3)), [9, 10, 11]);
    remove(&mut world, 7);
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [6, 8], "ends where page 4 began");
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 4, 5]);
    assert_eq!(sequences(&world.page(&scans, "a", 5, 3)), [12, 13, 14]);
}

#[test]
fn a_reader_that_goes_back_goes_on_from_there() {
    let mut world = world(20);
    let scans = scans();
    for page in 1..5 {
        world.page(&scans, "a", page, 3);
    }
    remove(&mut world, 4);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 5, 6], "full although one is gone");
    assert_eq!(sequences(&world.page(&scans, "a", 3, 3)), [7, 8, 9]);
}

#[test]
fn a_scan_that_does_not_go_on_is_forgotten() {
    let mut world = world(9);
    let scans = scans();
    world.page(&scans, "a", 1, 3);
    remove(&mut world, 0);
    world.take(Step::Pass(900));
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 4, 5], "remembered");
    world.take(Step::Pass(450));
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 4, 5], "a repeated page is no step");
    world.take(Step::Pass(451));
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [4, 5, 6], "forgotten");
}

#[test]
fn only_so_many_scans_are_remembered() {
    let mut world = world(9);
    let scans = PriceScans::new(ScanLimits { scans: 2, ..ScanLimits::default() });
    for reader in ["a", "b", "c"] {
        world.page(&scans, reader, 1, 3);
    }
    remove(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "c", 2, 3)), [3, 4, 5]);
    assert_eq!(sequences(&world.page(&scans, "b", 2, 3)), [3, 4, 5]);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [4, 5, 6], "forgotten");
}

#[test]
fn what_fits_into_one_page_takes_no_room() {
    let mut world = world(9);
    let scans = PriceScans::new(ScanLimits { scans: 1, ..ScanLimits::default() });
    world.page(&scans, "a", 1, 3);
    world.page(&scans, "b", 1, 9);
    world.page(&scans, "b", 3, 9);
    remove(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "a", 2, 3)), [3, 4, 5]);
}

#[test]
fn a_page_far_behind_the_last_is_counted_again() {
    let mut world = world(200);
    let scans = scans();
    for page in 1..=100 {
        world.page(&scans, "a", page, 1);
    }
    remove(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "a", 38, 1)), [37], "one of the last 64");
    let scans = PriceScans::new(ScanLimits::default());
    for page in 1..=100 {
        world.page(&scans, "a", page, 1);
    }
    add(&mut world, 0);
    assert_eq!(sequences(&world.page(&scans, "a", 20, 1)), [19], "counted from the beginning");
    assert_eq!(sequences(&world.page(&scans, "a", 101, 1)), [101], "the scan is where it was");
}

#[test]
fn narrow_selections_are_looked_up() {
    let world = World::new(30);
    let scans = scans();
    let find = |gtin: Option<&str>, sequence: Option<i32>| {
        let gtin = gtin.map(Into::into);
        let selection = Selection { gtin, sequence, ..World::selection() };
        let page = world.page_of(&scans, &selection, &request("a", 1, 1, 20));
        assert_eq!(page.total, page.rows.len());
        let keys = page.rows.iter().map(|row| (row.key.sequence, row.key.quantity.micros()));
        keys.map(|(sequence, quantity)| (sequence, quantity / 1_000_000)).collect::<Vec<_>>()
    };
    let gtin = Some("4000000000006");
    assert_eq!(find(None, Some(3)), [(3, 1), (3, 12)]);
    assert_eq!(find(gtin, None), [(3, 1), (4, 1)]);
    assert_eq!(find(gtin, Some(4)), [(4, 1)]);
    assert_eq!(find(gtin, Some(5)), []);
    assert_eq!(find(Some("4000000000013"), None), []);
    assert_eq!(find(None, Some(-1)), []);
}
