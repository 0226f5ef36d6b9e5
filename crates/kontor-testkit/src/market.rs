//! Random catalogues and questions: few values of each sort, so that they meet.

use kontor_model::instant::{Instant, Zone};
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape, UomCode};
use kontor_model::product::{Product, ProductState};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy as ListStrategy;
use kontor_model::uom::Uom;
use kontor_model::validity::Validity;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::reference::{Entry, Item, Question};

/// Units that occur: the base unit, a greater and a smaller one, and one without conversion.
const UNITS: [&str; 4] = ["C62", "CT", "GRM", "MTR"];

/// A product with up to `entries` prices, none of which conflict.
pub fn item(entries: usize) -> impl Strategy<Value = Item> {
    let state = prop_oneof![
        9 => Just(ProductState::Active),
        1 => Just(ProductState::EndOfLife),
    ];
    (state, vec(entry(), 0..entries)).prop_map(|(state, entries)| Item {
        product: Product {
            sku: "A-1".parse().expect("a code"),
            mpn: None,
            gtin: None,
            name: None,
            state,
            base_uom: uom("C62"),
            quantity_step: Quantity::ONE,
        },
        conversions: vec![
            (uom("CT"), Quantity::from_micros(12_000_000)),
            (uom("GRM"), Quantity::from_micros(3_500)),
        ],
        entries: without_conflicts(entries),
    })
}

/// A question about such a product.
pub fn question() -> impl Strategy<Value = Question> {
    let lists = vec((0..5_u32).prop_map(PriceListId), 0..4);
    let strategy = select(vec![ListStrategy::First, ListStrategy::Lowest]);
    let quantity = select(vec![1, 500_000, 999_999, 1_000_000, 1_500_000, 12_000_000, 120_000_000]);
    let unit = select(UNITS.to_vec());
    let currency = select(vec!["EUR", "JPY"]);
    let decimals = select(vec![0, 2, 4]);
    let term = option::weighted(0.3, select(vec!["1", "2"]));
    (lists, strategy, quantity, unit, currency, decimals, 0..40_i64, term).prop_map(
        |(lists, strategy, quantity, unit, currency, decimals, at, term)| Question {
            lists,
            strategy,
            quantity: Quantity::from_micros(quantity),
            uom: uom(unit),
            currency: currency.parse().expect("a currency"),
            decimals,
            at: Instant::from_micros(at),
            zone: Zone::utc(),
            term: term.map(str::to_owned),
        },
    )
}

fn entry() -> impl Strategy<Value = Entry> {
    let amount = prop_oneof![
        8 => 0..30_000_000_i64,
        1 => Just(i64::MAX / 1_000_000_000),
        1 => Just(9_000_000_000_000),
    ];
    (0..5_u32, shape(), amount).prop_map(|(list, shape, amount)| {
        let amount = if shape.kind == EntryKind::Listing { 0 } else { amount };
        Entry { list: PriceListId(list), shape, amount }
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let unit = prop_oneof![
        5 => Just(PriceUnit::Base),
        2 => select(vec![12_000_000, 100_000_000, 500_000])
            .prop_map(|per| PriceUnit::BaseUnits(Quantity::from_micros(per))),
        2 => select(UNITS[1..].to_vec()).prop_map(|code| PriceUnit::Uom(UomCode(uom(code)))),
        1 => Just(PriceUnit::Packing {
            name: "CX".parse().expect("a code"),
            quantity: Quantity::from_micros(12_000_000),
        }),
    ];
    let kind = prop_oneof![
        6 => Just(EntryKind::Regular),
        3 => Just(EntryKind::Promotion),
        1 => Just(EntryKind::Listing),
    ];
    let minimum = select(vec![0, 500_000, 1_000_000, 10_000_000, 100_000_000]);
    let bounds = (option::of(0..20_i64), option::of(20..40_i64));
    let term = option::weighted(0.3, select(vec!["1", "2"]));
    let currency = prop_oneof![4 => Just("EUR"), 1 => Just("JPY")];
    (unit, kind, minimum, bounds, term, currency, 0..=6_u8).prop_map(
        |(unit, kind, minimum, (from, to), term, currency, decimals)| Shape {
            unit,
            currency: currency.parse().expect("a currency"),
            minimum: Quantity::from_micros(minimum),
            validity: Validity::between(
                from.map(Instant::from_micros),
                to.map(Instant::from_micros),
            )
            .expect("from is below 20 and to is not"),
            kind,
            term: term.map(|term| term.parse().expect("a code")),
            decimals,
        },
    )
}

/// Keeps the entries that could be written: of two that conflict, the first.
fn without_conflicts(entries: Vec<Entry>) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::new();
    for entry in entries {
        let conflict =
            |other: &Entry| other.list == entry.list && other.shape.conflicts(&entry.shape, &[]);
        if !kept.iter().any(conflict) {
            kept.push(entry);
        }
    }
    kept
}

fn uom(code: &str) -> Uom {
    code.parse().expect("a unit of the list")
}
