//! Ranges are what single questions answer, for every quantity that can be bought.

use kontor_model::price_list::PriceListId;
use kontor_model::quantity::Quantity;
use kontor_pricing::{PriceRange, Question};
use kontor_testkit::{market, reference};
use proptest::prelude::*;
use proptest::sample::select;

use crate::setup::{PRODUCT, book_of, question};

const MICROS: i64 = 1_000_000;

/// The lowest price of some questions for a quantity of base units, by the naive engine.
fn lowest(item: &reference::Item, asked: &[reference::Question], micros: i64) -> Option<i64> {
    let prices = asked.iter().filter_map(|asked| {
        let mut asked = asked.clone();
        (asked.quantity, asked.uom) = (Quantity::from_micros(micros), item.product.base_uom);
        reference::price(item, &asked).map(|(amount, _)| amount)
    });
    prices.min()
}

/// Quantities around everything where something may change, that can be bought.
fn quantities(item: &reference::Item, step: i64) -> Vec<i64> {
    let minima = item.entries.iter().map(|entry| entry.shape.minimum.micros());
    let near = minima.chain([0, 7 * MICROS]).flat_map(|micros| {
        let place = micros / step;
        (place - 1..=place + 2).map(move |times| times * step)
    });
    near.filter(|micros| *micros > 0).collect()
}

fn holds(range: &PriceRange, micros: i64) -> bool {
    let from = range.minimum.micros() <= micros;
    from && range.maximum.is_none_or(|maximum| micros <= maximum.micros())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(43), ..ProptestConfig::default() })]

    #[test]
    fn ranges_are_what_single_questions_answer(
        mut item in market::item(14),
        asked in market::question(),
        other in proptest::collection::vec((0..5_u32).prop_map(PriceListId), 0..3),
        is_alone in any::<bool>(),
        step in select(vec![MICROS, 6 * MICROS, 100_000, 2_500_000, 1]),
    ) {
        item.product.quantity_step = Quantity::from_micros(step);
        let mut all = vec![asked];
        if !is_alone {
            all.push(reference::Question { lists: other, ..all[0].clone() });
        }
        let book = book_of(&item);
        let product = book.product(PRODUCT).unwrap();
        let questions: Vec<Question<'_>> = all.iter().map(question).collect();
        let mut ranges = Vec::new();
        book.ranges(product, &questions, &mut ranges);

        for pair in ranges.windows(2) {
            let end = pair[0].maximum.expect("only the last has no end");
            prop_assert!(pair[0].minimum <= end && end < pair[1].minimum, "{:?}", ranges);
        }
        prop_assert!(ranges.last().is_none_or(|last| last.maximum.is_none()));
        for micros in quantities(&item, step) {
            let mut holding = ranges.iter().filter(|range| holds(range, micros));
            let told = holding.next().map(|range| range.price.amount.micros());
            prop_assert_eq!(told, lowest(&item, &all, micros), "{} of {:?}", micros, ranges);
            prop_assert!(holding.next().is_none());
        }
        for range in &ranges {
            let ends = [Some(range.minimum), range.maximum];
            for end in ends.into_iter().flatten() {
                let amount = lowest(&item, &all, end.micros());
                prop_assert_eq!(Some(range.price.amount.micros()), amount, "{:?}", range);
            }
        }
    }

    #[test]
    fn the_lowest_of_several_is_the_first_of_the_lowest(
        item in market::item(14),
        asked in market::question(),
        other in proptest::collection::vec((0..5_u32).prop_map(PriceListId), 0..3),
    ) {
        let all = [asked.clone(), reference::Question { lists: other, ..asked }];
        let book = book_of(&item);
        let product = book.product(PRODUCT).unwrap();
        let lowest = book.lowest_of(product, all.iter().map(question));
        let expected = all.iter().enumerate().filter_map(|(place, asked)| {
            reference::price(&item, asked).map(|(amount, _)| (amount, place))
        });
        let told = lowest.map(|(place, price)| (price.amount.micros(), place));
        prop_assert_eq!(told, expected.min());
    }

    #[test]
    fn effort_counts_lists_and_prices_up_to_its_limit(
        item in market::item(14),
        asked in market::question(),
        most in 1_u64..20,
    ) {
        let book = book_of(&item);
        let product = book.product(PRODUCT).unwrap();
        let of_list = |list| item.entries.iter().filter(|entry| entry.list == list).count() as u64;
        let all = asked.lists.iter().map(|list| 1 + of_list(*list)).sum::<u64>();
        let looks = book.effort(product, &asked.lists, u64::MAX).looks;
        prop_assert_eq!(looks, all.max(1));
        let limited = book.effort(product, &asked.lists, most);
        prop_assert!(limited.looks >= all.min(most) && limited.looks <= all.max(1));
        prop_assert!(limited.looks <= most + 1);
    }
}
