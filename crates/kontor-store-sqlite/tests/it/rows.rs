//! Short ways to make and write rows.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, ChangeNumber, Order, Outcome, Store, StoreError, WriteTx};

/// A row from texts, one per column that is named; the others are empty.
pub(super) fn record(kind: Kind, filled: &[(&str, &str)]) -> Record {
    let row: Row = kind
        .columns()
        .iter()
        .map(|column| {
            let text = filled.iter().find(|(name, _)| *name == column.name);
            text.map_or(Cell::Null, |(_, text)| column.parse(text).unwrap())
        })
        .collect();
    Record::from_row(kind, &row).unwrap()
}

/// A change of supplier `one`.
pub(super) fn change(
    store: &dyn Store,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> ChangeNumber {
    match write(store, job) {
        Ok(Outcome::Committed(number)) => number,
        other => panic!("expected a commit, got {other:?}"),
    }
}

pub(super) fn write(
    store: &dyn Store,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> Result<Outcome, StoreError> {
    store.write(Order {
        supplier: "one".parse().unwrap(),
        actor: "test".to_owned(),
        clock: std::sync::Arc::new(kontor_model::FixedClock(
            "2016-01-28T11:24:28Z".parse().unwrap(),
        )),
        job: Box::new(job),
    })
}

/// Puts the supplier and so many products, one change each.
pub(super) fn fill(store: &dyn Store, products: u32) {
    change(store, |tx| {
        let fields = [("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")];
        tx.put(&record(Kind::Supplier, &fields)).map(drop)
    });
    for number in 1..=products {
        change(store, move |tx| tx.put(&product(number)).map(drop));
    }
}

pub(super) fn product(number: u32) -> Record {
    record(Kind::Product, &[("sku", &format!("P{number}")), ("base_uom", "C62")])
}
