//! Prices one by one: what replaces, what conflicts, in which order they come.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::PriceListId;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;

use super::catalogue::{
    committed, conflict, example, fill, get, id, now, put, record, scan, write,
};
use crate::{BookSource, Outcome, Put, RemovedOf, RemovedPrice, Store, StoredPrice};

pub(super) const CHECKS: super::Checks = &[
    ("a_price_replaces_the_one_with_its_key", a_price_replaces_the_one_with_its_key),
    ("prices_that_would_both_apply_conflict", prices_that_would_both_apply_conflict),
    ("a_price_in_the_base_unit_is_one_price", a_price_in_the_base_unit_is_one_price),
    ("the_time_of_a_price_is_part_of_it", the_time_of_a_price_is_part_of_it),
    ("prices_are_scanned_by_list_and_product", prices_are_scanned_by_list_and_product),
    ("what_prices_refer_to_stays", what_prices_refer_to_stays),
    ("a_zone_does_not_come_under_prices_that_meet_in_it", a_zone_does_not_come_under_prices),
    ("the_book_has_prices_and_shapes", the_book_has_prices_and_shapes),
    ("prices_of_packings_that_are_gone_are_told", prices_of_packings_that_are_gone_are_told),
];

const JANUARY: &str = "2016-01-01T00:00:00Z";
const JUNE: &str = "2016-06-01T00:00:00Z";
const JULY: &str = "2016-07-01T00:00:00Z";

/// A price of product 11045680 in list EUR-A with what is given beside.
pub(super) fn price(filled: &[(&str, &str)]) -> Record {
    let mut fields = vec![
        ("price_list", "EUR-A"),
        ("sku", "11045680"),
        ("currency", "EUR"),
        ("amount", "8.8"),
        ("changed_at", "2016-01-20T02:00:00Z"),
    ];
    for (name, value) in filled {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    record(Kind::Price, &fields)
}

/// Everything prices refer to, and no price.
pub(super) fn shop(store: &dyn Store, supplier: &str) -> SupplierId {
    fill(store, supplier);
    let key = example(Kind::Price, supplier).key();
    committed(write(store, supplier, move |tx| {
        assert!(tx.remove(Kind::Price, &key)?);
        tx.put(&record(Kind::Product, &[("sku", "cable"), ("base_uom", "MTR")]))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "USD-B")]))?;
        Ok(())
    }));
    id(store, supplier)
}

fn a_price_replaces_the_one_with_its_key(store: &dyn Store) {
    let supplier = shop(store, "one");
    let first = price(&[("valid_from", JANUARY), ("valid_to", JUNE)]);
    put(store, &first, "one");
    for (new, put_as) in [
        (price(&[("valid_from", JANUARY), ("valid_to", JUNE)]), Put::Unchanged),
        (price(&[("valid_from", JANUARY), ("valid_to", JUNE), ("amount", "9")]), Put::Updated),
        (price(&[("valid_from", JANUARY), ("valid_to", JULY), ("amount", "9")]), Put::Updated),
        (price(&[("valid_from", JANUARY), ("amount", "9")]), Put::Updated),
        (price(&[("valid_from", JANUARY), ("amount", "9"), ("decimals", "4")]), Put::Updated),
    ] {
        let put_new = new.clone();
        write(store, "one", move |tx| {
            assert_eq!(tx.put(&put_new)?, put_as);
            Ok(())
        })
        .unwrap();
        assert_eq!(scan(store, supplier, Kind::Price, &[]), [new]);
    }
    let key = first.key();
    committed(write(store, "one", move |tx| {
        assert!(tx.remove(Kind::Price, &key)?);
        assert!(!tx.remove(Kind::Price, &key)?);
        Ok(())
    }));
    assert_eq!(scan(store, supplier, Kind::Price, &[]), []);
}

fn prices_that_would_both_apply_conflict(store: &dyn Store) {
    let supplier = shop(store, "one");
    let first = price(&[("valid_from", JANUARY), ("valid_to", JUNE)]);
    put(store, &first, "one");
    for rival in [
        price(&[]),
        price(&[("valid_to", JULY)]),
        price(&[("valid_from", "2016-05-31T23:59:59.999999Z")]),
        price(&[("valid_from", "2016-02-01T00:00:00Z"), ("valid_to", "2016-03-01T00:00:00Z")]),
    ] {
        let put_rival = rival.clone();
        let reason = conflict(write(store, "one", move |tx| tx.put(&put_rival).map(drop)));
        assert!(reason.contains("11045680") && reason.contains("EUR-A"), "{reason}");
        assert!(reason.contains("2016-01-01") && reason.contains("2016-06-01"), "{reason}");
        assert_eq!(get(store, supplier, &rival), None);
    }
    let friends = [
        price(&[("valid_from", JUNE)]),
        price(&[("valid_to", JANUARY)]),
        price(&[("currency", "USD")]),
        price(&[("minimum_quantity", "10")]),
        price(&[("kind", "promotion")]),
        price(&[("kind", "listing"), ("amount", "")]),
        price(&[("payment_term", "2")]),
        price(&[("uom", "CT")]),
        price(&[("packing", "CX"), ("packing_quantity", "12")]),
        price(&[("packing", "CX"), ("packing_quantity", "6")]),
        price(&[("price_list", "USD-B")]),
        price(&[("sku", "cable")]),
    ];
    for friend in friends {
        put(store, &friend, "one");
        assert_eq!(get(store, supplier, &friend), Some(friend));
    }
    assert_eq!(scan(store, supplier, Kind::Price, &[]).len(), 13);
}

fn a_price_in_the_base_unit_is_one_price(store: &dyn Store) {
    let supplier = shop(store, "one");
    let plain = price(&[]);
    let in_unit = price(&[("uom", "C62")]);
    put(store, &in_unit, "one");
    assert_eq!(scan(store, supplier, Kind::Price, &[]), std::slice::from_ref(&plain));
    assert_eq!(get(store, supplier, &in_unit), Some(plain.clone()));
    let again = plain.clone();
    let outcome = write(store, "one", move |tx| tx.put(&again).map(drop));
    assert_eq!(outcome.unwrap(), Outcome::Unchanged);
    // The same unit is not the base unit of another product, and cannot become it.
    let of_cable = price(&[("sku", "cable"), ("uom", "C62")]);
    put(store, &of_cable, "one");
    assert_eq!(get(store, supplier, &of_cable), Some(of_cable.clone()));
    let cable = record(Kind::Product, &[("sku", "cable"), ("base_uom", "C62")]);
    let reason = conflict(write(store, "one", move |tx| tx.put(&cable).map(drop)));
    assert!(reason.contains("cable") && reason.contains("EUR-A"), "{reason}");
    let key = in_unit.key();
    committed(write(store, "one", move |tx| {
        assert!(tx.remove(Kind::Price, &key)?);
        Ok(())
    }));
    assert_eq!(scan(store, supplier, Kind::Price, &[]), [of_cable]);
}

fn the_time_of_a_price_is_part_of_it(store: &dyn Store) {
    let supplier = shop(store, "one");
    put(store, &price(&[]), "one");
    let later = price(&[("changed_at", "2016-01-21T00:00:00Z")]);
    put(store, &later, "one");
    assert_eq!(scan(store, supplier, Kind::Price, &[]), [later]);
}

fn prices_are_scanned_by_list_and_product(store: &dyn Store) {
    let supplier = shop(store, "one");
    shop(store, "two");
    put(store, &price(&[]), "two");
    let prices = [
        price(&[]),
        price(&[("minimum_quantity", "10")]),
        price(&[("price_list", "USD-B"), ("currency", "USD")]),
        price(&[("sku", "cable")]),
    ];
    for price in prices.iter().rev() {
        put(store, price, "one");
    }
    let found = |prefix: &[Cell]| {
        let mut found = scan(store, supplier, Kind::Price, prefix);
        found.sort_by_key(|price| prices.iter().position(|known| known == price));
        found
    };
    let (list, sku) = (Cell::text("EUR-A"), Cell::text("11045680"));
    assert_eq!(found(&[]), prices);
    assert_eq!(found(std::slice::from_ref(&list)), [&prices[..2], &prices[3..]].concat());
    assert_eq!(found(&[list.clone(), sku]), prices[..2]);
    assert_eq!(found(&prices[1].key()), prices[1..2]);
    assert_eq!(found(&[list, Cell::text("none")]), []);
    assert_eq!(found(&[Cell::text("none")]), []);
    // Product by product, as they were made, and in each list by list.
    let all = scan(store, supplier, Kind::Price, &[]);
    let places: Vec<_> = all.iter().map(|price| price.key()[..2].to_vec()).collect();
    let place = |list: &str, sku: &str| vec![Cell::text(list), Cell::text(sku)];
    let expected = [
        place("EUR-A", "11045680"),
        place("EUR-A", "11045680"),
        place("USD-B", "11045680"),
        place("EUR-A", "cable"),
    ];
    assert_eq!(places, expected);
}

fn what_prices_refer_to_stays(store: &dyn Store) {
    shop(store, "one");
    let term = record(Kind::PaymentTerm, &[("payment_term", "9"), ("name", "90 days")]);
    put(store, &term, "one");
    let fields = [("price_list", "USD-B"), ("sku", "cable"), ("payment_term", "9")];
    let only = price(&fields);
    put(store, &only, "one");
    let referred = [(Kind::PriceList, "USD-B"), (Kind::Product, "cable"), (Kind::PaymentTerm, "9")];
    for (kind, code) in referred {
        let reason = conflict(write(store, "one", move |tx| {
            tx.remove(kind, &[Cell::text(code)])?;
            Ok(())
        }));
        assert!(reason.contains(code) && reason.contains("prices still refer"), "{reason}");
    }
    let key = only.key();
    committed(write(store, "one", move |tx| {
        assert!(tx.remove(Kind::Price, &key)?);
        for (kind, code) in referred {
            assert!(tx.remove(kind, &[Cell::text(code)])?);
        }
        Ok(())
    }));
    for (name, fields) in [
        ("price_lists", [("price_list", "USD-B"), ("sku", "11045680"), ("payment_term", "")]),
        ("products", [("price_list", "EUR-A"), ("sku", "cable"), ("payment_term", "")]),
        ("payment_terms", [("price_list", "EUR-A"), ("sku", "11045680"), ("payment_term", "9")]),
    ] {
        let orphan = price(&fields);
        let reason = conflict(write(store, "one", move |tx| tx.put(&orphan).map(drop)));
        assert!(reason.starts_with(name), "{reason}");
    }
}

/// Days begin there ten hours before UTC's noon of the day before.
fn a_zone_does_not_come_under_prices(store: &dyn Store) {
    let supplier = shop(store, "one");
    let in_list = |bound: (&'static str, &'static str)| price(&[("price_list", "USD-B"), bound]);
    put(store, &in_list(("valid_to", "2016-05-31T15:00:00Z")), "one");
    let days = in_list(("valid_from", "2016-06-01"));
    put(store, &days, "one");
    let company = record(
        Kind::SellingEntity,
        &[
            ("entity", "77"),
            ("currency", "EUR"),
            ("time_zone", "Pacific/Kiritimati"),
            ("main_segment", "1"),
        ],
    );
    let row = company.clone();
    let reason = conflict(write(store, "one", move |tx| tx.put(&row).map(drop)));
    assert!(reason.contains("in the zone Pacific/Kiritimati"), "{reason}");
    assert!(reason.contains("11045680") && reason.contains("2016-06-01"), "{reason}");
    assert_eq!(get(store, supplier, &company), None);
    // Together with the prices it may come, and a list of another zone does not notice it.
    let zone = [("price_list", "USD-B"), ("time_zone", "Europe/Lisbon")];
    for mended in [Some(record(Kind::PriceList, &zone)), None] {
        let (row, days) = (company.clone(), days.clone());
        committed(write(store, "one", move |tx| {
            tx.put(&row)?;
            assert_eq!(tx.zone_overlaps()?.len(), 1);
            match &mended {
                Some(list) => drop(tx.put(list)?),
                None => drop(tx.remove(Kind::Price, &days.key())?),
            }
            assert_eq!(tx.zone_overlaps()?, []);
            Ok(())
        }));
        committed(write(store, "one", |tx| {
            tx.put(&record(Kind::PriceList, &[("price_list", "USD-B")])).map(drop)?;
            Ok(tx.remove(Kind::SellingEntity, &[Cell::Int(77)]).map(drop)?)
        }));
    }
}

fn the_book_has_prices_and_shapes(store: &dyn Store) {
    for supplier in ["one", "two"] {
        shop(store, supplier);
        put(store, &price(&[("amount", "5.25")]), supplier);
        put(store, &price(&[("kind", "listing"), ("amount", "")]), supplier);
    }
    store
        .read_book(&mut |book| {
            let mut shapes = Vec::new();
            book.shapes(0, &mut |shape| {
                shapes.push(shape);
                Ok(())
            })?;
            assert!(shapes.is_sorted_by_key(|(number, _)| *number));
            let last = shapes.last().unwrap().0;
            book.shapes(last, &mut |shape| panic!("{shape:?}"))?;
            let mut prices: Vec<StoredPrice> = Vec::new();
            book.prices(&mut |price| {
                prices.push(price);
                Ok(())
            })?;
            assert_eq!((prices.len(), book.price_count().unwrap()), (4, 4));
            let place = |price: &StoredPrice| (price.product, price.list, price.shape);
            assert!(prices.is_sorted_by_key(place));
            for price in &prices {
                let (_, shape) = shapes.iter().find(|(number, _)| *number == price.shape).unwrap();
                let listing = shape.kind == kontor_model::price_list::EntryKind::Listing;
                assert_eq!(price.amount, if listing { 0 } else { 5_250_000 });
                assert_eq!(price.changed_at.to_string(), "2016-01-20T02:00:00Z");
            }
            let of_first: Vec<_> = prices[..2].to_vec();
            assert_eq!(prices_of(book, of_first[0]), of_first);
            Ok(())
        })
        .unwrap();
}

fn prices_of_packings_that_are_gone_are_told(store: &dyn Store) {
    shop(store, "one");
    // The price of the example went already.
    let before = removed(store).len();
    let packed = |name, quantity| {
        price(&[("sku", "cable"), ("packing", name), ("packing_quantity", quantity)])
    };
    let (gone, kept, base) = (packed("CX", "12"), packed("UN", "1"), price(&[("sku", "cable")]));
    // The example's list is that of a segment and of a sales table, this one is of neither.
    let elsewhere = price(&[("sku", "cable"), ("price_list", "USD-B")]);
    for price in [&gone, &base, &kept, &elsewhere] {
        put(store, price, "one");
    }
    let remove = |price: &Record| {
        let key = price.key();
        committed(write(store, "one", move |tx| {
            assert!(tx.remove(Kind::Price, &key)?);
            Ok(())
        }));
    };
    assert_eq!(removed(store).len(), before);
    remove(&gone);
    remove(&elsewhere);
    let told = removed(store);
    assert_eq!(told.len(), before + 1, "those of base units are news in lists of markets only");
    assert!(told.iter().all(|price| price.removed_at == now()));
    put(store, &gone, "one");
    assert_eq!(removed(store).len(), before, "it is back");
    for price in [&gone, &kept, &base] {
        remove(price);
    }
    let told = removed(store);
    let place = |price: &RemovedPrice| (price.product, price.list, price.shape);
    assert!(told.len() == before + 3 && told.is_sorted_by_key(place), "{told:?}");
}

/// The prices that are gone, which are the same when their products are asked for.
fn removed(store: &dyn Store) -> Vec<RemovedPrice> {
    let mut all: Vec<RemovedPrice> = Vec::new();
    let (mut of_products, mut in_places) = (Vec::new(), Vec::new());
    store
        .read_book(&mut |book| {
            book.removed_packing_prices(RemovedOf::Everything, &mut |price| {
                all.push(price);
                Ok(())
            })?;
            let mut products: Vec<_> = all.iter().map(|price| price.product).collect();
            products.dedup();
            for product in products {
                book.removed_packing_prices(RemovedOf::Product(product), &mut |price| {
                    of_products.push(price);
                    Ok(())
                })?;
            }
            let mut places: Vec<_> = all.iter().map(|price| (price.product, price.list)).collect();
            places.dedup();
            for (product, list) in places {
                book.removed_packing_prices(RemovedOf::Place(product, list), &mut |price| {
                    in_places.push(price);
                    Ok(())
                })?;
            }
            let nobody = kontor_model::product::ProductId(u32::MAX);
            let nobody = RemovedOf::Product(nobody);
            book.removed_packing_prices(nobody, &mut |price| panic!("{price:?}"))
        })
        .unwrap();
    assert_eq!(all, of_products);
    assert_eq!(all, in_places);
    all
}

fn prices_of(book: &dyn BookSource, price: StoredPrice) -> Vec<StoredPrice> {
    let found = |first: u32, last: u32| {
        let mut found = Vec::new();
        let lists = PriceListId(first)..=PriceListId(last);
        book.prices_of(price.product, lists, &mut |price| {
            found.push(price);
            Ok(())
        })
        .unwrap();
        found
    };
    let all = found(0, u32::MAX);
    let list = price.list.0;
    let of_list = all.iter().filter(|price| price.list.0 == list).copied().collect::<Vec<_>>();
    assert_eq!(found(list, list), of_list);
    assert_eq!([found(0, list - 1), of_list, found(list + 1, u32::MAX)].concat(), all);
    all
}
