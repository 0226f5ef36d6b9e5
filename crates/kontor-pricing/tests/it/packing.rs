//! Prices of packings, and which products changed between two versions of the book.

use kontor_model::Zone;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape, UomCode};
use kontor_model::product::{Packing, Product, ProductId, ProductState};
use kontor_model::{Instant, Money, Quantity, Validity};
use kontor_pricing::{Book, Entry, FoldPolicy, PackingList, PackingRef, ProductCard};

use crate::setup::{PRODUCT, SUPPLIER};

const LIST: PriceListId = PriceListId(4);

fn card(state: ProductState) -> ProductCard {
    let product = Product {
        sku: "11045682".parse().unwrap(),
        mpn: None,
        gtin: None,
        name: None,
        state,
        base_uom: "C62".parse().unwrap(),
        quantity_step: Quantity::ONE,
    };
    ProductCard::new(SUPPLIER, product)
}

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

/// A regular price of a box of twelve, always valid.
fn shape() -> Shape {
    Shape {
        unit: PriceUnit::Packing { name: "CX".parse().unwrap(), quantity: quantity("12") },
        currency: "BRL".parse().unwrap(),
        minimum: Quantity::ZERO,
        validity: Validity::ALWAYS,
        kind: EntryKind::Regular,
        term: None,
        decimals: 2,
    }
}

fn promotion(from: i64, to: i64) -> Shape {
    let validity = Validity::between(Some(at(from)), Some(at(to))).unwrap();
    Shape { kind: EntryKind::Promotion, validity, ..shape() }
}

fn with_term(term: &str, kind: EntryKind) -> Shape {
    Shape { term: Some(term.parse().unwrap()), kind, ..shape() }
}

fn book(state: ProductState, entries: &[(Shape, i64)]) -> Book {
    let mut edit = Book::empty().edit();
    let numbered = (1..).zip(entries);
    let entries: Vec<Entry> = numbered
        .map(|(number, (shape, amount))| {
            edit.put_shape(number, shape.clone());
            Entry { list: LIST, shape: number, amount: *amount }
        })
        .collect();
    edit.put_product(PRODUCT, card(state), &entries);
    edit.finish(1)
}

/// The price of a box at an instant: regular, promotion, lowest.
fn price(book: &Book, micros: i64) -> Option<(i64, Option<i64>, i64)> {
    let name = "CX".parse().unwrap();
    let packing = PackingRef { name: &name, quantity: quantity("12") };
    let of = PackingList {
        list: LIST,
        currency: "BRL".parse().unwrap(),
        at: at(micros),
        zone: &Zone::utc(),
    };
    let price = book.package_price(book.product(PRODUCT).unwrap(), packing, of)?;
    let promotion = price.promotion.map(|promotion| promotion.amount.micros());
    Some((price.regular.micros(), promotion, price.lowest().micros()))
}

/// The prices of a box by term, and whether it is in the list.
fn terms(book: &Book) -> (bool, Vec<(String, Money)>) {
    let name = "CX".parse().unwrap();
    let packing = PackingRef { name: &name, quantity: quantity("12") };
    let of =
        PackingList { list: LIST, currency: "BRL".parse().unwrap(), at: at(5), zone: &Zone::utc() };
    let mut terms = Vec::new();
    let is_listed = book.term_prices(book.product(PRODUCT).unwrap(), packing, of, &mut terms);
    let prices = terms.iter().map(|price| (price.term.to_string(), price.amount().unwrap()));
    (is_listed, prices.collect())
}

#[test]
fn a_promotion_in_effect_is_shown_and_wins_when_lower() {
    let entries = [(shape(), 100), (promotion(10, 20), 90), (promotion(20, 30), 110)];
    let book = book(ProductState::Active, &entries);
    assert_eq!(price(&book, 9), Some((100, None, 100)));
    assert_eq!(price(&book, 10), Some((100, Some(90), 90)));
    assert_eq!(price(&book, 20), Some((100, Some(110), 100)));
    assert_eq!(price(&book, 30), Some((100, None, 100)));
}

#[test]
fn only_entries_of_this_packing_and_currency_count() {
    let other = |change: fn(&mut Shape)| {
        let mut shape = shape();
        change(&mut shape);
        shape
    };
    for shape in [
        other(|shape| shape.unit = PriceUnit::Base),
        other(|shape| {
            let quantity = quantity("6");
            shape.unit = PriceUnit::Packing { name: "CX".parse().unwrap(), quantity };
        }),
        other(|shape| {
            let quantity = quantity("12");
            shape.unit = PriceUnit::Packing { name: "UN".parse().unwrap(), quantity };
        }),
        other(|shape| shape.currency = "EUR".parse().unwrap()),
        other(|shape| shape.minimum = Quantity::from_micros(1_000_001)),
        other(|shape| shape.kind = EntryKind::Promotion),
        other(|shape| shape.kind = EntryKind::Listing),
        other(|shape| shape.term = Some("1".parse().unwrap())),
        other(|shape| shape.validity = Validity::between(Some(at(6)), None).unwrap()),
    ] {
        let book = book(ProductState::Active, &[(shape.clone(), 100)]);
        assert_eq!(price(&book, 5), None, "{shape:?}");
    }
    assert_eq!(price(&book(ProductState::EndOfLife, &[(shape(), 100)]), 5), None);
}

#[test]
fn one_package_reaches_the_tiers_up_to_one() {
    let half = Shape { minimum: quantity("0.5"), ..shape() };
    let one = Shape { minimum: Quantity::ONE, ..shape() };
    let two = Shape { minimum: quantity("2"), ..shape() };
    let book = book(ProductState::Active, &[(half, 100), (one, 95), (two, 80)]);
    assert_eq!(price(&book, 5), Some((95, None, 95)));
}

#[test]
fn prices_by_term() {
    let entries = [
        (with_term("2", EntryKind::Regular), 100),
        (with_term("1", EntryKind::Regular), 95),
        (with_term("1", EntryKind::Promotion), 90),
        (with_term("2", EntryKind::Promotion), 120),
        (with_term("3", EntryKind::Listing), 0),
    ];
    let book_of = |entries: &[(Shape, i64)]| book(ProductState::Active, entries);
    let prices = |list: &[(&str, i64)]| {
        let prices = list.iter();
        prices.map(|(term, amount)| ((*term).to_owned(), Money::from_micros(*amount))).collect()
    };
    assert_eq!(terms(&book_of(&entries)), (true, prices(&[("2", 100), ("1", 90)])));
    let listing = Shape { kind: EntryKind::Listing, ..shape() };
    assert_eq!(terms(&book_of(&[(listing, 0)])), (true, prices(&[])));
    assert_eq!(terms(&book_of(&[(promotion(10, 20), 5)])), (false, prices(&[])));
    let withdrawn = book(ProductState::EndOfLife, &entries);
    assert_eq!(terms(&withdrawn), (false, prices(&[])));
}

/// A price of the base unit, in the place of that of a box.
fn base(shape: Shape) -> Shape {
    Shape { unit: PriceUnit::Base, ..shape }
}

fn of_unit(shape: Shape) -> Shape {
    let unit = PriceUnit::Packing { name: "UN".parse().unwrap(), quantity: Quantity::ONE };
    Shape { unit, ..shape }
}

/// What a packing costs in a book whose product comes as a unit, a piece and a box of twelve:
/// regular, promotion.
fn packed(entries: &[(Shape, i64)], name: &str, count: &str) -> Option<(i64, Option<i64>)> {
    let mut edit = book(ProductState::Active, entries).edit();
    let product = edit.book().product(PRODUCT).unwrap();
    let (entries, mut own) = (product.run.iter().collect::<Vec<_>>(), product.card.clone());
    let packing = |name: &str, count: &str| Packing {
        sku: own.product.sku.clone(),
        packing: name.parse().unwrap(),
        quantity: quantity(count),
        gtin: None,
    };
    own.packings = [packing("UN", "1"), packing("PC", "1"), packing("CX", "12")].into();
    edit.put_product(PRODUCT, own, &entries);
    let book = edit.finish(2);
    let name = name.parse().unwrap();
    let packing = PackingRef { name: &name, quantity: quantity(count) };
    let of =
        PackingList { list: LIST, currency: "BRL".parse().unwrap(), at: at(5), zone: &Zone::utc() };
    let price = book.package_price(book.product(PRODUCT).unwrap(), packing, of)?;
    Some((price.regular.micros(), price.promotion.map(|promotion| promotion.amount.micros())))
}

#[test]
fn a_packing_of_one_unit_has_the_price_of_the_unit() {
    let entries = [(base(shape()), 100), (base(promotion(0, 10)), 90)];
    assert_eq!(packed(&entries, "UN", "1"), Some((100, Some(90))));
    assert_eq!(packed(&entries, "PC", "1"), Some((100, Some(90))));
    assert_eq!(packed(&entries, "CX", "12"), None, "nothing is converted");
    assert_eq!(packed(&entries, "BOX", "1"), None, "the product does not come in it");
    let dozen = Shape { unit: PriceUnit::Uom(UomCode("DZN".parse().unwrap())), ..shape() };
    assert_eq!(packed(&[(dozen, 100)], "UN", "1"), None);
}

#[test]
fn a_price_of_its_own_comes_before_that_of_the_unit() {
    let entries = [
        (base(Shape { minimum: Quantity::ONE, ..shape() }), 100),
        (of_unit(shape()), 110),
        (base(promotion(0, 10)), 90),
    ];
    assert_eq!(packed(&entries, "UN", "1"), Some((110, Some(90))), "each kind by itself");
    assert_eq!(packed(&entries, "PC", "1"), Some((100, Some(90))));
    let ended =
        Shape { validity: Validity::between(None, Some(at(5))).unwrap(), ..of_unit(shape()) };
    let entries = [(base(shape()), 100), (ended, 110)];
    assert_eq!(packed(&entries, "UN", "1"), Some((100, None)), "only while it counts");
}

#[test]
fn one_unit_reaches_the_tiers_up_to_one() {
    let tier = |minimum| base(Shape { minimum: quantity(minimum), ..shape() });
    let entries = [(tier("0.5"), 100), (tier("1"), 95), (tier("1.000001"), 80)];
    assert_eq!(packed(&entries, "UN", "1"), Some((95, None)));
    assert_eq!(packed(&entries[2..], "UN", "1"), None);
}

#[test]
fn a_unit_with_a_payment_term_or_listed_is_a_packing_in_the_table() {
    let mut edit = Book::empty().edit();
    edit.put_shape(1, base(with_term("1", EntryKind::Regular)));
    edit.put_shape(2, of_unit(with_term("2", EntryKind::Regular)));
    edit.put_shape(3, base(with_term("2", EntryKind::Regular)));
    edit.put_shape(4, base(with_term("3", EntryKind::Listing)));
    let unit = Packing {
        sku: "11045682".parse().unwrap(),
        packing: "UN".parse().unwrap(),
        quantity: Quantity::ONE,
        gtin: None,
    };
    let card = ProductCard { packings: [unit].into(), ..card(ProductState::Active) };
    let entry = |shape, amount| Entry { list: LIST, shape, amount };
    let entries = [entry(1, 10), entry(2, 20), entry(3, 30)];
    edit.put_product(PRODUCT, card.clone(), &entries);
    edit.put_product(ProductId(4), card, &[entry(4, 0)]);
    let book = edit.finish(1);
    let prices = |product| {
        let name = "UN".parse().unwrap();
        let packing = PackingRef { name: &name, quantity: Quantity::ONE };
        let of = PackingList {
            list: LIST,
            currency: "BRL".parse().unwrap(),
            at: at(5),
            zone: &Zone::utc(),
        };
        let mut terms = Vec::new();
        let product = book.product(product).unwrap();
        let is_listed = book.term_prices(product, packing, of, &mut terms);
        let amounts = terms.iter().map(|price| price.amount().unwrap().micros());
        (is_listed, amounts.collect::<Vec<_>>())
    };
    assert_eq!(prices(PRODUCT), (true, vec![10, 20]));
    assert_eq!(prices(ProductId(4)), (true, vec![]));
}

#[test]
fn a_price_of_the_unit_is_outranked_by_one_in_its_place() {
    let of =
        PackingList { list: LIST, currency: "BRL".parse().unwrap(), at: at(5), zone: &Zone::utc() };
    let name = "UN".parse().unwrap();
    let packing = PackingRef { name: &name, quantity: Quantity::ONE };
    for (own, is_outranked) in [
        (of_unit(shape()), true),
        (shape(), false),
        (base(Shape { minimum: Quantity::ONE, ..shape() }), false),
        (of_unit(promotion(0, 10)), false),
        (of_unit(with_term("1", EntryKind::Regular)), false),
        (Shape { minimum: quantity("2"), ..of_unit(shape()) }, false),
        (
            Shape { validity: Validity::between(Some(at(6)), None).unwrap(), ..of_unit(shape()) },
            false,
        ),
    ] {
        let book = book(ProductState::Active, &[(own.clone(), 1)]);
        let product = book.product(PRODUCT).unwrap();
        let is = |shape: &Shape| book.is_outranked(product, packing, of, shape);
        assert_eq!(is(&base(shape())), is_outranked, "{own:?}");
        assert!(!is(&of_unit(shape())), "its own price never is");
    }
}

fn since(book: &Book, earlier: &Book) -> Option<Vec<u32>> {
    let mut ids: Vec<u32> = book.products_since(earlier.edition())?.map(|id| id.0).collect();
    ids.sort_unstable();
    Some(ids)
}

#[test]
fn products_that_changed_are_known_until_they_are_folded_into_the_base() {
    let put = |book: &Book, id: u32| {
        let mut edit = book.edit();
        edit.put_product(ProductId(id), card(ProductState::Active), &[]);
        edit.finish(book.change() + 1)
    };
    let first = Book::empty();
    let second = put(&first, 7);
    let third = put(&put(&second, 8), 7);
    let mut edit = third.edit();
    edit.remove_product(ProductId(8));
    let fourth = edit.finish(9);
    assert_eq!(since(&first, &first), Some(vec![]));
    assert_eq!(since(&second, &first), Some(vec![7]));
    assert_eq!(since(&third, &first), Some(vec![7, 8]));
    assert_eq!(since(&third, &second), Some(vec![7, 8]));
    assert_eq!(since(&fourth, &third), Some(vec![8]));
    assert_eq!(since(&third, &fourth), None, "a version does not know what came after it");

    let compacted = fourth.compacted();
    assert_eq!(compacted.edition(), fourth.edition());
    assert_eq!(since(&compacted, &fourth), Some(vec![]));
    assert_eq!(since(&compacted, &third), Some(vec![8]), "the base changes, what changed does not");
    assert_eq!(since(&put(&compacted, 9), &fourth), Some(vec![9]));
    assert_eq!(since(&Book::empty(), &first), None, "loaded anew");
}

/// A book that was folded while changes came has them twice: those it was folded with, and those it
/// took over afterwards, in another order. It must not know less than the one it takes the place of.
#[test]
fn changes_taken_over_after_folding_are_known_to_whoever_asked_before() {
    let put = |book: &Book, ids: &[u32], change| {
        let mut edit = book.edit();
        for id in ids {
            edit.put_product(ProductId(*id), card(ProductState::Active), &[]);
        }
        edit.finish(change)
    };
    let first = put(&Book::empty(), &[1], 1);
    let asked = put(&first, &[2, 3], 2);
    let last = put(&asked, &[1, 2], 3);
    let folded = put(&first.compacted(), &[3, 1, 2], 3);
    assert_eq!(folded.edition(), last.edition(), "one state, one name");
    let changed = since(&folded, &asked).unwrap();
    assert!(changed.contains(&1) && changed.contains(&2), "{changed:?}");
    let at_once = put(&first, &[3, 1, 2], 3);
    assert_eq!(at_once.edition(), last.edition());
    assert!(since(&at_once, &asked).unwrap().contains(&1));
}

#[test]
fn of_very_many_changes_nobody_is_told_each() {
    let mut edit =
        book(ProductState::Active, &[]).edit().folding(FoldPolicy { above: 1, share: 1 });
    (0..2000).for_each(|id| edit.put_product(ProductId(id), card(ProductState::Active), &[]));
    let many = edit.finish(2);
    assert_eq!((many.size().overlaid, many.size().products), (0, 2000));
    assert_eq!(since(&many, &book(ProductState::Active, &[])), None);
    let mut edit = many.edit();
    edit.put_card(ProductId(7), card(ProductState::EndOfLife));
    assert_eq!(since(&edit.finish(3), &many), Some(vec![7]));
}

#[test]
fn rows_beside_the_products_do_not_count_as_changes() {
    let book = book(ProductState::Active, &[(shape(), 100)]);
    let mut edit = book.edit();
    edit.remove_record(SUPPLIER, kontor_model::catalogue::Kind::Customer, &[]);
    let next = edit.finish(2);
    assert_eq!(next.edition(), book.edition());
}
