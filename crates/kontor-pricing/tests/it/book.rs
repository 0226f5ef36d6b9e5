//! The book: numbers, versions, isolation.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::identifier::Scheme;
use kontor_model::product::{Product, ProductId, ProductState};
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;
use kontor_model::{Currency, Quantity};
use kontor_pricing::{Book, BookBuilder, CardIdentifier, Found, Lookup, ProductCard};

fn product(sku: &str, mpn: &str) -> Product {
    Product {
        sku: sku.parse().unwrap(),
        mpn: Some(mpn.to_owned()),
        gtin: Some("7611990131310".parse().unwrap()),
        name: None,
        state: ProductState::Active,
        base_uom: "C62".parse().unwrap(),
        quantity_step: Quantity::ONE,
    }
}

fn card(supplier: u32, sku: &str, mpn: &str) -> ProductCard {
    ProductCard::new(SupplierId(supplier), product(sku, mpn))
}

fn book() -> Book {
    let mut builder = BookBuilder::new();
    let mut own = card(1, "11.04.5680", "Rl-Hub/4&P");
    own.identifiers = vec![
        CardIdentifier {
            scheme: Scheme::CustomerSku,
            value: "0815".into(),
            customer: Some("123456".parse().unwrap()),
        },
        CardIdentifier { scheme: Scheme::ItemNumber, value: "435".into(), customer: None },
    ]
    .into();
    builder.put_card(ProductId(1), own);
    builder.put_card(ProductId(2), card(1, "2", "TWIN"));
    builder.put_card(ProductId(5), card(1, "3", "twin"));
    builder.put_card(ProductId(6), card(2, "2", "TWIN"));
    builder.finish(1)
}

#[test]
fn numbers_are_found_as_each_scheme_compares_them() {
    let book = book();
    let find = |lookup| book.find(SupplierId(1), lookup);
    let first = Found::One(ProductId(1));
    for (lookup, expected) in [
        (Lookup::Sku("11.04.5680"), first),
        (Lookup::Sku("11045680"), Found::Nothing),
        (Lookup::SkuWithoutDots("1.1.0.4.5.6.8.0."), first),
        (Lookup::SkuWithoutDots("..."), Found::Nothing),
        (Lookup::Mpn("Rl-Hub/4&P"), first),
        (Lookup::Mpn("rl-hub/4&p"), Found::Nothing),
        (Lookup::MpnWithoutCase("RL-HUB/4&P"), first),
        (Lookup::MpnWithoutCaseAndDots("RL-HUB./4&P"), first),
        (Lookup::Mpn("TWIN"), Found::One(ProductId(2))),
        (Lookup::MpnWithoutCase("TWIN"), Found::Several),
        (Lookup::Gtin("7611990131310"), Found::Several),
        (Lookup::Gtin("07611990131310"), Found::Several),
        (Lookup::Gtin("007611990131310"), Found::Nothing),
        (Lookup::SkuWithoutDots(". 11045680 ."), first),
        (Lookup::CustomerSku { customer: "123456", value: "0815" }, first),
        (Lookup::CustomerSku { customer: "654321", value: "0815" }, Found::Nothing),
        (Lookup::Other { scheme: Scheme::ItemNumber, value: "435" }, first),
        (Lookup::Other { scheme: Scheme::CatalogueNumber, value: "435" }, Found::Nothing),
    ] {
        assert_eq!(find(lookup), expected, "{lookup:?}");
    }
}

#[test]
fn products_of_another_supplier_do_not_exist_and_make_nothing_ambiguous() {
    let book = book();
    assert_eq!(book.find(SupplierId(2), Lookup::MpnWithoutCase("twin")), Found::One(ProductId(6)));
    assert_eq!(book.find(SupplierId(2), Lookup::Sku("11.04.5680")), Found::Nothing);
    assert_eq!(book.find(SupplierId(3), Lookup::Mpn("TWIN")), Found::Nothing);
    assert_eq!(book.products_of(SupplierId(2)).count(), 1);
}

#[test]
fn a_new_version_shows_the_change_and_the_old_one_does_not() {
    let old = book();
    let mut edit = old.edit();
    edit.put_product(ProductId(2), card(1, "2", "OTHER"), &[]);
    edit.put_product(ProductId(9), card(1, "9", "TWIN"), &[]);
    edit.remove_product(ProductId(5));
    let new = edit.finish(2);
    for book in [&new, &new.compacted()] {
        let find = |lookup| book.find(SupplierId(1), lookup);
        assert_eq!(find(Lookup::Mpn("OTHER")), Found::One(ProductId(2)));
        assert_eq!(find(Lookup::MpnWithoutCase("twin")), Found::One(ProductId(9)));
        assert_eq!(find(Lookup::Sku("3")), Found::Nothing);
        assert_eq!(book.products_of(SupplierId(1)).count(), 3);
        assert_eq!(book.change(), 2);
    }
    assert_eq!(old.find(SupplierId(1), Lookup::Mpn("OTHER")), Found::Nothing);
    assert_eq!(old.find(SupplierId(1), Lookup::MpnWithoutCase("twin")), Found::Several);
}

fn record(kind: Kind, cells: &[Cell]) -> Record {
    Record::from_row(kind, cells).unwrap()
}

#[test]
fn lists_of_a_customer_are_in_the_order_of_their_positions() {
    let text = |value: &str| Cell::text(value);
    let supplier = SupplierId(1);
    let mut edit = Book::empty().edit();
    for (id, code) in [(10, "B"), (11, "A"), (12, "C")] {
        let row = [text(code), Cell::Null, Cell::Null, Cell::Null, Cell::Null];
        edit.put_record(supplier, id, record(Kind::PriceList, &row));
    }
    let customer = [text("7"), Cell::Null, text("active"), text("EUR"), Cell::Null];
    edit.put_record(supplier, 0, record(Kind::Customer, &customer));
    for (code, position) in [("C", 1), ("B", 2), ("A", 2)] {
        let row = [text("7"), text(code), Cell::Int(position)];
        edit.put_record(supplier, 0, record(Kind::Entitlement, &row));
    }
    let book = edit.finish(1);
    let lists = |book: &Book| {
        let customer = book.tenant(supplier).unwrap().customer("7").unwrap();
        customer.lists.iter().map(|list| list.0).collect::<Vec<_>>()
    };
    assert_eq!(lists(&book), [12, 11, 10]);
    let mut edit = book.edit();
    edit.remove_record(supplier, Kind::Entitlement, &[text("7"), text("C")]);
    assert_eq!(lists(&edit.finish(2)), [11, 10]);
    let facts = book.tenant(supplier).unwrap().customer("7").unwrap();
    assert_eq!(facts.customer.currency, Some("EUR".parse::<Currency>().unwrap()));
}

#[test]
fn a_disabled_customer_is_not_there() {
    let row = [Cell::text("7"), Cell::Null, Cell::text("disabled"), Cell::Null, Cell::Null];
    let mut edit = Book::empty().edit();
    edit.put_record(SupplierId(1), 0, record(Kind::Customer, &row));
    assert!(edit.finish(1).tenant(SupplierId(1)).unwrap().customer("7").is_none());
}
