//! The real engine and the naive one give the same answers on random catalogues.

use kontor_model::quantity::Quantity;
use kontor_pricing::{Question, Verdict};
use kontor_testkit::{market, reference};
use proptest::prelude::*;

use crate::setup::{PRODUCT, book_of, overlaid_book_of, question};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(42), ..ProptestConfig::default() })]

    #[test]
    fn the_engine_answers_as_the_naive_one(item in market::item(14), asked in market::question()) {
        let expected = reference::price(&item, &asked);
        for book in [book_of(&item), overlaid_book_of(&item), overlaid_book_of(&item).compacted()] {
            let price = book.price(&question(&asked));
            prop_assert_eq!(price.map(|price| (price.amount.micros(), price.list)), expected);
        }
    }

    #[test]
    fn a_ladder_is_what_single_questions_answer(item in market::item(14), asked in market::question()) {
        let book = book_of(&item);
        let product = book.product(PRODUCT).unwrap();
        let asked = question(&asked);
        let mut ladder = Vec::new();
        book.ladder(product, &asked, &mut ladder);
        let steps = [1, 499_999, 500_000, 1_000_000, 9_999_999, 10_000_000, 100_000_000, i64::MAX];
        for quantity in steps.map(Quantity::from_micros) {
            let uom = product.card.product.base_uom;
            let single = book.price(&Question { quantity, uom, ..asked });
            let tier = ladder.iter().rev().find(|tier| tier.minimum <= quantity);
            prop_assert_eq!(tier.map(|tier| tier.price), single, "quantity {}", quantity);
        }
        prop_assert!(ladder.is_sorted_by(|a, b| a.minimum < b.minimum));
    }

    #[test]
    fn an_explanation_names_the_winner_and_only_it(item in market::item(14), asked in market::question()) {
        let book = book_of(&item);
        let product = book.product(PRODUCT).unwrap();
        let asked = question(&asked);
        let story = book.explain(product, &asked);
        prop_assert_eq!(story.price, book.price(&asked));
        let mut lists = asked.lists.to_vec();
        lists.dedup();
        let winners = story.looked.iter().filter(|looked| looked.verdict == Verdict::Won);
        // A list that stands twice in the question is looked at twice.
        let times = |list| asked.lists.iter().filter(|other| **other == list).count();
        let expected = story.price.map_or(0, |price| times(price.list));
        prop_assert_eq!(winners.count(), expected);
    }

    #[test]
    fn the_order_of_rows_and_other_lists_never_change_a_price(
        item in market::item(14),
        asked in market::question(),
        seed in any::<u64>(),
    ) {
        let price = |item: &reference::Item| book_of(item).price(&question(&asked)).map(|p| (p.amount, p.list));
        let mut shuffled = item.clone();
        let count = shuffled.entries.len().max(1);
        shuffled.entries.rotate_left(usize::try_from(seed % count as u64).unwrap());
        prop_assert_eq!(price(&shuffled), price(&item));
        let mut alone = item.clone();
        alone.entries.retain(|entry| asked.lists.contains(&entry.list));
        prop_assert_eq!(price(&alone), price(&item));
    }
}
