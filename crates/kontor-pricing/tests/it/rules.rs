//! The rules, one by one, on a catalogue small enough to be read.

use kontor_model::instant::Instant;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape, UomCode};
use kontor_model::product::{Product, ProductState};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy;
use kontor_model::validity::Validity;
use kontor_pricing::Verdict;
use kontor_testkit::reference::{Entry, Item, Question};

use crate::setup::{PRODUCT, book_of, question};

fn shape(minimum: &str) -> Shape {
    Shape {
        unit: PriceUnit::Base,
        currency: "EUR".parse().unwrap(),
        minimum: minimum.parse().unwrap(),
        validity: Validity::ALWAYS,
        kind: EntryKind::Regular,
        term: None,
        decimals: 2,
    }
}

fn entry(list: u32, shape: Shape, amount: &str) -> Entry {
    let amount: kontor_model::Money = amount.parse().unwrap();
    Entry { list: PriceListId(list), shape, amount: amount.micros() }
}

fn item(entries: Vec<Entry>) -> Item {
    Item {
        product: Product {
            sku: "1".parse().unwrap(),
            mpn: None,
            gtin: None,
            name: None,
            state: ProductState::Active,
            base_uom: "C62".parse().unwrap(),
            quantity_step: Quantity::ONE,
        },
        conversions: vec![("CT".parse().unwrap(), "12".parse().unwrap())],
        entries,
    }
}

fn ask(lists: &[u32], quantity: &str) -> Question {
    Question {
        lists: lists.iter().copied().map(PriceListId).collect(),
        strategy: Strategy::First,
        quantity: quantity.parse().unwrap(),
        uom: "C62".parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        decimals: 2,
        at: Instant::from_micros(1000),
        zone: kontor_model::Zone::utc(),
        term: None,
    }
}

fn check(item: &Item, asked: &Question, expected: Option<&str>) {
    let price = book_of(item).price(&question(asked));
    let amount = price.map(|price| price.amount.to_string());
    assert_eq!(amount.as_deref(), expected, "{asked:?}");
}

#[test]
fn the_greatest_minimum_that_is_reached_counts_and_below_all_there_is_no_price() {
    let item = item(vec![entry(1, shape("5"), "8"), entry(1, shape("10"), "7")]);
    for (quantity, expected) in
        [("4.999999", None), ("5", Some("8")), ("9.999999", Some("8")), ("10", Some("7"))]
    {
        check(&item, &ask(&[1], quantity), expected);
    }
}

#[test]
fn the_first_list_wins_also_when_dearer_and_the_lowest_when_asked_for() {
    let item = item(vec![entry(1, shape("0"), "9"), entry(2, shape("0"), "8")]);
    check(&item, &ask(&[1, 2], "1"), Some("9"));
    check(&item, &ask(&[2, 1], "1"), Some("8"));
    check(&item, &ask(&[3, 1, 2], "1"), Some("9"));
    check(&item, &Question { strategy: Strategy::Lowest, ..ask(&[1, 2], "1") }, Some("8"));
    check(&item, &ask(&[], "1"), None);
}

#[test]
fn a_promotion_wins_when_lower_and_only_while_it_lasts() {
    let at = |micros| Some(Instant::from_micros(micros));
    let promotion = |amount| {
        let validity = Validity::between(at(1000), at(2000)).unwrap();
        entry(1, Shape { kind: EntryKind::Promotion, validity, ..shape("0") }, amount)
    };
    let lower = item(vec![entry(1, shape("0"), "9"), promotion("8")]);
    let dearer = item(vec![entry(1, shape("0"), "9"), promotion("10")]);
    for (micros, expected) in [(999, "9"), (1000, "8"), (1999, "8"), (2000, "9")] {
        let asked = Question { at: Instant::from_micros(micros), ..ask(&[1], "1") };
        check(&lower, &asked, Some(expected));
        check(&dearer, &asked, Some("9"));
    }
}

#[test]
fn an_entry_in_the_asked_unit_wins_and_otherwise_the_base_price_is_converted() {
    let carton = UomCode("CT".parse().unwrap());
    let in_cartons = || Question { uom: carton.0, ..ask(&[1], "1") };
    let base = entry(1, shape("10"), "1.25");
    check(&item(vec![base.clone()]), &in_cartons(), Some("15"));
    let own = Shape { unit: PriceUnit::Uom(carton), ..shape("0") };
    check(&item(vec![base.clone(), entry(1, own, "14")]), &in_cartons(), Some("14"));
    let unknown = Question { uom: "MTR".parse().unwrap(), ..ask(&[1], "100") };
    check(&item(vec![base]), &unknown, None);
}

#[test]
fn other_currencies_and_withdrawn_products_have_no_price() {
    let mut item = item(vec![entry(1, shape("0"), "9")]);
    check(&item, &Question { currency: "USD".parse().unwrap(), ..ask(&[1], "1") }, None);
    item.product.state = ProductState::EndOfLife;
    check(&item, &ask(&[1], "1"), None);
}

#[test]
fn an_explanation_says_why_each_entry_lost() {
    let usd = Shape { currency: "USD".parse().unwrap(), ..shape("0") };
    let past = Validity::between(None, Some(Instant::from_micros(5))).unwrap();
    let past = Shape { validity: past, ..shape("0") };
    let item = item(vec![
        entry(1, shape("0"), "9"),
        entry(1, shape("10"), "8"),
        entry(1, shape("100"), "7"),
        entry(1, usd, "5"),
        entry(1, past, "4"),
        entry(2, shape("0"), "3"),
    ]);
    let book = book_of(&item);
    let asked = ask(&[1, 2], "10");
    let story = book.explain(book.product(PRODUCT).unwrap(), &question(&asked));
    let verdicts: Vec<_> = story.looked.iter().map(|looked| looked.verdict).collect();
    let expected = [
        Verdict::LowerTier,
        Verdict::Won,
        Verdict::BelowMinimum,
        Verdict::Currency,
        Verdict::NoLongerValid,
        Verdict::EarlierList,
    ];
    assert_eq!(verdicts, expected);
}
