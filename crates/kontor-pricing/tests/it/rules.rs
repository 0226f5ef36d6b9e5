//! The rules, one by one, on a catalogue small enough to be read.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::price_list::{EntryKind, PriceList, PriceListId, PriceUnit, Shape, UomCode};
use kontor_model::product::{Product, ProductState};
use kontor_model::quantity::Quantity;
use kontor_model::record::Cell;
use kontor_model::supplier::{Strategy, SupplierId};
use kontor_model::validity::{Bound, Validity};
use kontor_pricing::{Book, Verdict};
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
fn an_amount_for_several_base_units_is_divided_exactly_and_rounded_once() {
    let per = |per: &str, minimum: &str, amount| {
        let unit = PriceUnit::BaseUnits(per.parse().unwrap());
        entry(1, Shape { unit, ..shape(minimum) }, amount)
    };
    let dozen = item(vec![per("12", "0", "13.99")]);
    check(&dozen, &ask(&[1], "1"), Some("1.17"));
    check(&dozen, &Question { decimals: 6, ..ask(&[1], "1") }, Some("1.165833"));
    let of_twelve = Question { uom: "CT".parse().unwrap(), ..ask(&[1], "1") };
    check(&dozen, &of_twelve, Some("13.99"));
    let mut ten = item(vec![per("12", "0", "13.99")]);
    ten.conversions = vec![("CT".parse().unwrap(), "10".parse().unwrap())];
    check(&ten, &of_twelve, Some("11.66"));
    // It is a price of the base unit: quantities are base units, and it stands among its tiers.
    let tiers = item(vec![entry(1, shape("0"), "1.2"), per("100", "50", "99")]);
    for (quantity, expected) in [("49", "1.2"), ("50", "0.99")] {
        check(&tiers, &ask(&[1], quantity), Some(expected));
    }
    // A promotion is compared with the regular price by what one costs.
    let promotion = |amount| {
        let mut entry = per("1000", "0", amount);
        entry.shape.kind = EntryKind::Promotion;
        entry
    };
    for (amount, expected) in [("1199.999999", "1.2"), ("1100", "1.1"), ("1200.000001", "1.2")] {
        let item = item(vec![entry(1, shape("0"), "1.2"), promotion(amount)]);
        check(&item, &ask(&[1], "1"), Some(expected));
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
fn a_price_of_another_unit_or_packing_counts_by_conversion() {
    let uom = |code: &str| PriceUnit::Uom(UomCode(code.parse().unwrap()));
    let of = |unit: PriceUnit, minimum: &str| Shape { unit, ..shape(minimum) };
    let mut item = item(vec![
        entry(1, of(uom("CEN"), "0"), "90"),
        entry(1, of(uom("CT"), "0"), "13.99"),
        entry(1, of(uom("CT"), "10"), "12"),
    ]);
    item.conversions.push(("CEN".parse().unwrap(), "100".parse().unwrap()));
    item.conversions.push(("DZN".parse().unwrap(), "24".parse().unwrap()));
    // The carton of 12 is nearer than the hundred; its tier begins with 10 cartons.
    for (quantity, expected) in [("1", "1.17"), ("119.999999", "1.17"), ("120", "1")] {
        check(&item, &ask(&[1], quantity), Some(expected));
    }
    let dozens = || Question { uom: "DZN".parse().unwrap(), ..ask(&[1], "1") };
    check(&item, &dozens(), Some("27.98"));
    item.entries.push(entry(1, shape("50"), "1.1"));
    check(&item, &ask(&[1], "49"), Some("1.17"));
    check(&item, &ask(&[1], "50"), Some("1.1"));
    let name = "BOX".parse().unwrap();
    let packing = PriceUnit::Packing { name, quantity: "3".parse().unwrap() };
    item.entries = vec![entry(1, of(packing, "0"), "10")];
    check(&item, &ask(&[1], "1"), Some("3.33"));
}

#[test]
fn days_count_in_the_zone_of_the_list_and_else_of_the_asker() {
    let days = Validity::new(Bound::parse_from("2016-06-01"), Bound::parse_to("2016-06-10"));
    let item = item(vec![entry(1, Shape { validity: days.unwrap(), ..shape("0") }, "8")]);
    let ask_at = |zone: &str, at: &str| Question {
        at: at.parse().unwrap(),
        zone: zone.parse().unwrap(),
        ..ask(&[1], "1")
    };
    for (zone, before, first, last, after) in [
        (
            "America/Sao_Paulo",
            "2016-06-01T02:59:59Z",
            "2016-06-01T03:00:00Z",
            "2016-06-11T02:59:59Z",
            "2016-06-11T03:00:00Z",
        ),
        (
            "Europe/Berlin",
            "2016-05-31T21:59:59Z",
            "2016-05-31T22:00:00Z",
            "2016-06-10T21:59:59Z",
            "2016-06-10T22:00:00Z",
        ),
    ] {
        for (at, expected) in [(before, None), (first, Some("8")), (last, Some("8")), (after, None)]
        {
            check(&item, &ask_at(zone, at), expected);
        }
    }
    let list = |zone: Option<&str>| PriceList {
        code: "L".parse().unwrap(),
        number: None,
        name: None,
        currency: None,
        time_zone: zone.map(|zone| zone.parse().unwrap()),
    };
    let asked = ask_at("Europe/Berlin", "2016-05-31T23:00:00Z");
    let with = |book: &Book, zone: Option<&str>| {
        let mut edit = book.edit();
        edit.put_record(SupplierId(1), 1, Record::PriceList(list(zone)));
        edit.finish(book.change() + 1)
    };
    let plain = book_of(&item);
    assert!(plain.price(&question(&asked)).is_some());
    let dated = with(&plain, Some("America/Sao_Paulo"));
    assert!(dated.price(&question(&asked)).is_none(), "the list has a zone of its own");
    assert!(with(&dated, None).price(&question(&asked)).is_some(), "it has none any more");
    let mut removed = dated.edit();
    removed.remove_record(SupplierId(1), Kind::PriceList, &[Cell::text("L")]);
    assert!(removed.finish(9).price(&question(&asked)).is_some());
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
