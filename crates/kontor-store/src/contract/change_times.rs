//! When answers changed for another reason than a price.

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;

use super::catalogue::{book, committed, example, fill, id, numbers, record, write};
use crate::{ChangeTime, Put, Store};

pub(super) const CHECKS: super::Checks = &[
    ("the_first_change_of_a_supplier_dates_nothing", the_first_change_of_a_supplier_dates_nothing),
    ("a_change_dates_what_it_concerns", a_change_dates_what_it_concerns),
    ("what_partners_are_not_told_dates_nothing", what_partners_are_not_told_dates_nothing),
    ("a_product_that_goes_takes_its_times_along", a_product_that_goes_takes_its_times_along),
];

fn times(store: &dyn Store) -> Vec<ChangeTime> {
    let mut times = Vec::new();
    book(store, |source| {
        let mut visit = |time| {
            times.push(time);
            Ok(())
        };
        source.change_times(&mut visit).unwrap();
    });
    times
}

/// All times without the instants: what they are of.
fn dated(store: &dyn Store) -> Vec<String> {
    let mut all = Vec::new();
    for time in times(store) {
        all.push(match time {
            ChangeTime::Product { packing, .. } => format!("product {packing:?}"),
            ChangeTime::Row { kind, key, .. } => format!("{} {key:?}", kind.name()),
        });
    }
    all
}

fn the_first_change_of_a_supplier_dates_nothing(store: &dyn Store) {
    fill(store, "one");
    assert_eq!(dated(store), [""; 0]);
}

fn a_change_dates_what_it_concerns(store: &dyn Store) {
    fill(store, "one");
    let (supplier, packing) = (id(store, "one"), example(Kind::Packing, "one"));
    let (product, _) = numbers(store, supplier);
    let table = example(Kind::SalesTable, "one");
    let (segment, number) = (table.key()[..2].to_vec(), table.key());
    let key = number.clone();
    committed(write(store, "one", move |tx| {
        assert!(tx.remove(Kind::SalesTable, &key)?);
        assert!(tx.remove(Kind::Packing, &packing.key())?);
        assert_eq!(tx.put(&packing)?, Put::Inserted);
        Ok(())
    }));
    let times = times(store);
    book(store, |source| {
        let mut of_product = Vec::new();
        let mut visit = |time| {
            of_product.push(time);
            Ok(())
        };
        source.change_times_of(product, &mut visit).unwrap();
        assert_eq!(times[..1], of_product[..]);
        assert!(matches!(&times[0], ChangeTime::Product { packing: Some(_), .. }), "{times:?}");
        for (kind, key) in [(Kind::Segment, &segment), (Kind::SalesTable, &number)] {
            let changed_at = source.change_time_of_row(supplier, kind, key).unwrap();
            let changed_at = changed_at.unwrap_or_else(|| panic!("{kind:?} {key:?} is not dated"));
            let told = ChangeTime::Row { supplier, kind, key: key.clone(), changed_at };
            assert!(times.contains(&told), "{told:?} in {times:?}");
        }
        let other = source.change_time_of_row(supplier, Kind::Segment, &[Cell::Int(77)]);
        assert_eq!(other.unwrap(), None);
    });
    assert_eq!(times.len(), 3, "{times:?}");
}

fn what_partners_are_not_told_dates_nothing(store: &dyn Store) {
    fill(store, "one");
    committed(write(store, "one", |tx| {
        let mut product = example(Kind::Product, "one").to_row();
        let name = Kind::Product.columns().iter().position(|column| column.name == "name");
        product[name.unwrap()] = Cell::text("another name");
        tx.put(&kontor_model::catalogue::Record::from_row(Kind::Product, &product).unwrap())?;
        tx.put(&record(Kind::PaymentTerm, &[("payment_term", "new"), ("name", "New")]))?;
        tx.put(&record(Kind::Customer, &[("customer", "new")]))?;
        Ok(())
    }));
    assert_eq!(dated(store), [""; 0]);
}

fn a_product_that_goes_takes_its_times_along(store: &dyn Store) {
    fill(store, "one");
    let row = record(Kind::Product, &[("sku", "new"), ("base_uom", "C62")]);
    let new = row.clone();
    committed(write(store, "one", move |tx| tx.put(&new).map(drop)));
    assert_eq!(dated(store), ["product None"]);
    committed(write(store, "one", move |tx| Ok(tx.remove(Kind::Product, &row.key()).map(drop)?)));
    assert_eq!(dated(store), [""; 0]);
}
