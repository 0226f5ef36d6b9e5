//! Rows that changed since: written, or a date has passed.

use super::world::{
    BASE, BOX, CRATE, CRATE_OF_TIN, CRATE_OF_WOOD, EACH, EACH_PROMOTION, LISTING, PROMOTION, START,
    TABLES, TERM, UNIT, UNTIL, request,
};
use super::*;

/// Rows as sequence number and quantity that changed in the last so many seconds.
fn changed(
    world: &World,
    scans: &PriceScans,
    seconds: i64,
    table: Option<&str>,
) -> Vec<(i32, i64)> {
    let since = Some(world.now.plus_seconds(-seconds));
    let selection =
        Selection { changed_since: since, table: table.map(Into::into), ..World::selection() };
    let page = world.page_of(scans, &selection, &request("a", 1, 1, 20));
    assert_eq!(page.total, page.rows.len());
    let keys = page.rows.iter().map(|row| row.key);
    keys.map(|key| (key.sequence, key.quantity.micros() / 1_000_000)).collect()
}

fn pass(world: &mut World, seconds: i64) {
    world.take(world::Step::Pass(seconds));
}

#[test]
fn a_promotion_that_begins_or_ends_is_a_change_that_nobody_wrote() {
    let mut world = World::new(0);
    let scans = PriceScans::new(ScanLimits::default());
    world.put(1, Some(1), true, &vec![(BASE, UNIT), (BASE, BOX), (BASE, PROMOTION)]);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1), (1, 12)], "written now");
    pass(&mut world, 10);
    assert_eq!(changed(&world, &scans, 9, None), []);
    assert_eq!(changed(&world, &scans, 10, None), [(1, 1), (1, 12)]);
    world.now = START;
    pass(&mut world, 118);
    assert_eq!(changed(&world, &scans, 100, None), []);
    pass(&mut world, 1);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1)], "the promotion of the unit begins");
    pass(&mut world, 5);
    assert_eq!(changed(&world, &scans, 4, None), []);
    pass(&mut world, 55);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1)], "and ends");
}

#[test]
fn a_price_that_ends_takes_its_row_away_and_one_that_begins_brings_it() {
    let mut world = World::new(0);
    let scans = PriceScans::new(ScanLimits::default());
    world.put(1, Some(1), true, &vec![(BASE, UNTIL), (BASE, world::LATER)]);
    pass(&mut world, 88);
    assert_eq!(changed(&world, &scans, 88, None), [(1, 1)]);
    pass(&mut world, 1);
    assert_eq!(world.page(&scans, "a", 1, 20).total, 0);
    pass(&mut world, 10);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1)]);
}

#[test]
fn prices_of_sales_tables_belong_to_the_row() {
    let mut world = World::new(0);
    let scans = PriceScans::new(ScanLimits::default());
    world.put(1, Some(1), true, &vec![(BASE, UNIT), (TABLES[0], TERM)]);
    world.put(2, Some(2), true, &vec![(BASE, UNIT), (TABLES[1], LISTING)]);
    world.put(3, Some(3), true, &vec![(BASE, BOX), (TABLES[0], TERM)]);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1), (2, 1), (3, 12)]);
    assert_eq!(changed(&world, &scans, 0, Some("001")), [(1, 1)], "the box is not in the table");
    assert_eq!(changed(&world, &scans, 0, Some("002")), [(2, 1)], "a listing is enough");
    assert_eq!(changed(&world, &scans, 0, Some("003")), []);
}

#[test]
fn a_price_of_a_sales_table_that_begins_is_a_change_of_its_row() {
    let mut world = World::new(0);
    let scans = PriceScans::new(ScanLimits::default());
    world.put(1, Some(1), true, &vec![(BASE, UNIT), (BASE, BOX), (TABLES[1], PROMOTION)]);
    pass(&mut world, 119);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1)]);
    assert_eq!(changed(&world, &scans, 119, None), [(1, 1), (1, 12)], "written long ago");
}

#[test]
fn what_was_recorded_is_shown_and_passing_dates_are_not() {
    let mut world = World::new(0);
    world.put(1, Some(1), true, &vec![(BASE, UNIT), (BASE, PROMOTION)]);
    let scans = PriceScans::new(ScanLimits::default());
    pass(&mut world, 130);
    let page = world.page(&scans, "a", 1, 20);
    let offers = Offers::new(&page.book, &world.market, page.now);
    let offer = offers.offer(page.rows[0].key).unwrap();
    assert_eq!(offers.last_recorded(&offer), Some(START));
    assert_eq!(page.rows[0].changed, Instant::from_micros(120_000_000));
    assert!(offer.price.promotion.is_some());
}

#[test]
fn a_price_of_the_base_unit_is_that_of_the_packing_of_one() {
    let mut world = World::new(0);
    let scans = PriceScans::new(ScanLimits::default());
    world.put(1, Some(1), true, &vec![(BASE, EACH), (BASE, BOX), (BASE, EACH_PROMOTION)]);
    world.put(2, Some(2), true, &vec![(BASE, UNIT), (TABLES[1], EACH)]);
    world.put(3, Some(3), true, &vec![(BASE, BOX), (TABLES[1], EACH)]);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1), (1, 12), (2, 1), (3, 12)]);
    assert_eq!(changed(&world, &scans, 0, Some("002")), [(2, 1)], "the box is not in the table");
    pass(&mut world, 109);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1)], "its promotion begins");
    let page = world.page(&scans, "a", 1, 20);
    let offers = Offers::new(&page.book, &world.market, page.now);
    let offer = offers.offer(page.rows[0].key).unwrap();
    assert_eq!((offer.packing.name.as_str(), offer.price.promotion.is_some()), ("UN", true));
    assert_eq!(offers.last_recorded(&offer), Some(START));
}

#[test]
fn a_price_of_the_base_unit_that_does_not_count_is_no_change() {
    let mut world = World::new(0);
    let scans = PriceScans::new(ScanLimits::default());
    world.put(1, Some(1), true, &vec![(BASE, UNIT)]);
    let written = world.now;
    pass(&mut world, 20);
    world.date(1, &[(BASE, UNIT, written), (BASE, EACH, world.now)]);
    assert_eq!(changed(&world, &scans, 19, None), [], "the unit has a price of its own");
    let page = world.page(&scans, "a", 1, 20);
    let offers = Offers::new(&page.book, &world.market, page.now);
    let offer = offers.offer(page.rows[0].key).unwrap();
    assert_eq!(offers.last_recorded(&offer), Some(written));
    world.date(1, &[(BASE, UNTIL, written), (BASE, EACH, world.now)]);
    pass(&mut world, 69);
    assert_eq!(changed(&world, &scans, 0, None), [(1, 1)], "which ends now");
}

#[test]
fn packings_of_the_same_quantity_are_rows_of_their_own() {
    let mut world = World::new(0);
    let boxes = [CRATE_OF_WOOD, CRATE, BOX, CRATE_OF_TIN].map(|shape| (BASE, shape));
    world.put(1, Some(1), true, &boxes.to_vec());
    let scans = PriceScans::new(ScanLimits::default());
    let page = world.page(&scans, "a", 1, 20);
    let offers = Offers::new(&page.book, &world.market, page.now);
    let names: Vec<&str> =
        page.rows.iter().map(|row| offers.offer(row.key).unwrap().packing.name.as_str()).collect();
    assert_eq!(names, ["CX", "ENGRADADO", "ENGRADADO 12", "ENGRADADO 12 DE MADEIRA"], "by name");
}

#[test]
fn rows_are_in_the_order_of_their_numbers() {
    let mut world = World::new(0);
    for (product, sequence) in [(1, 905), (2, 1234), (3, 90), (4, -5), (5, 5680)] {
        world.put(product, Some(sequence), true, &vec![(BASE, BOX), (BASE, UNIT)]);
    }
    world.put(6, None, true, &vec![(BASE, UNIT)]);
    world.put(7, Some(7), false, &vec![(BASE, UNIT)]);
    let page = world.page(&PriceScans::new(ScanLimits::default()), "a", 1, 20);
    let keys = page.rows.iter().map(|row| (row.key.sequence, row.key.quantity.micros()));
    let expected = [-5, 90, 905, 1234, 5680].into_iter();
    let expected = expected.flat_map(|number| [(number, 1_000_000), (number, 12_000_000)]);
    assert!(keys.eq(expected));
}
