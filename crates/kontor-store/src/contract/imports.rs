//! Many prices at once: merged, replaced, refused.

use std::collections::BTreeSet;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::{PriceEntry, PriceListId, Shape};
use kontor_model::product::ProductId;

use super::catalogue::{committed, entries, found, id, now, product_id, put, scan, write};
use super::prices::{price, shop};
use crate::{
    Abort, LogEntry, Outcome, PriceFault, PriceImport, PriceOrder, PriceRows, RawPrice, Store,
    StoreError, Touched, WriteTx,
};

pub(super) const CHECKS: super::Checks = &[
    ("an_import_inserts_updates_and_keeps", an_import_inserts_updates_and_keeps),
    ("an_import_is_idempotent", an_import_is_idempotent),
    ("an_import_may_replace_everything", an_import_may_replace_everything),
    ("an_import_knows_the_base_unit", an_import_knows_the_base_unit),
    ("rows_that_repeat_are_faults", rows_that_repeat_are_faults),
    ("rows_that_conflict_are_faults", rows_that_conflict_are_faults),
    ("a_faulty_import_keeps_nothing", a_faulty_import_keeps_nothing),
    ("an_import_reaches_no_other_supplier", an_import_reaches_no_other_supplier),
    ("an_import_lists_what_it_touched", an_import_lists_what_it_touched),
    ("an_import_is_what_single_writes_would_be", super::imports_random::check),
];

const JANUARY: &str = "2016-01-01T00:00:00Z";
const JUNE: &str = "2016-06-01T00:00:00Z";

/// Rows in the importer's hands.
pub(super) struct Rows {
    shapes: Vec<Shape>,
    rows: Vec<RawPrice>,
}

impl PriceRows for Rows {
    /// Small batches, so that an import sees several.
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        let count = self.rows.len().min(3);
        batch.extend(self.rows.drain(..count));
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

/// What came of an import.
pub(super) struct Imported {
    pub(super) outcome: Result<Outcome, StoreError>,
    pub(super) result: PriceImport,
    pub(super) faults: Vec<PriceFault>,
    /// How often the job ran.
    pub(super) runs: usize,
}

/// Imports records, the first as line 1. With `timed` the rows say when they changed.
pub(super) fn import(
    store: &dyn Store,
    records: Vec<Record>,
    timed: bool,
    replace: bool,
) -> Imported {
    let (sender, receiver) = std::sync::mpsc::channel();
    let outcome = write(store, "one", move |tx| {
        let mut rows = raw(tx, &records, timed)?;
        let mut faults = Vec::new();
        let order = if replace { PriceOrder::replace() } else { PriceOrder::merge() };
        let result = tx.import_prices(&mut rows, order, &mut |fault| faults.push(fault))?;
        sender.send((result, faults)).unwrap();
        Ok(())
    });
    let (result, faults) = receiver.try_recv().unwrap_or_default();
    Imported { outcome, result, faults, runs: 1 }
}

/// The rows as numbers; refuses when a product or list of theirs is not there.
pub(super) fn raw(tx: &dyn WriteTx, records: &[Record], timed: bool) -> Result<Rows, Abort> {
    let (mut products, mut lists) = (Vec::new(), Vec::new());
    tx.product_ids(&mut |sku, id, _| {
        products.push((sku.to_owned(), id));
        Ok(())
    })?;
    tx.list_ids(&mut |code, id| {
        lists.push((code.to_owned(), id));
        Ok(())
    })?;
    let mut rows = Rows { shapes: Vec::new(), rows: Vec::new() };
    for (index, record) in records.iter().enumerate() {
        let entry = entry(record);
        let known = rows.shapes.iter().position(|shape| *shape == entry.shape);
        let shape = known.unwrap_or_else(|| {
            rows.shapes.push(entry.shape.clone());
            rows.shapes.len() - 1
        });
        let product = products.iter().find(|(sku, _)| sku == entry.sku.as_str());
        let list = lists.iter().find(|(code, _)| code == entry.list.as_str());
        rows.rows.push(RawPrice {
            product: product.ok_or(Abort::Refused)?.1,
            list: list.ok_or(Abort::Refused)?.1,
            shape: u32::try_from(shape).unwrap(),
            line: u64::try_from(index + 1).unwrap(),
            amount: Some(entry.amount.map_or(0, kontor_model::Money::micros)),
            changed_at: timed.then(|| entry.changed_at.micros()),
        });
    }
    Ok(rows)
}

pub(super) fn entry(record: &Record) -> &PriceEntry {
    let Record::Price(entry) = record else {
        panic!("not a price");
    };
    entry
}

pub(super) fn counts(inserted: u64, updated: u64, unchanged: u64, removed: u64) -> PriceImport {
    PriceImport { inserted, updated, unchanged, removed, ..PriceImport::default() }
}

fn an_import_inserts_updates_and_keeps(store: &dyn Store) {
    let supplier = shop(store, "one");
    let ended = price(&[("valid_from", JANUARY), ("valid_to", JUNE)]);
    for record in [&price(&[("minimum_quantity", "5")]), &ended, &price(&[("sku", "cable")])] {
        put(store, record, "one");
    }
    let rows = vec![
        price(&[("sku", "cable"), ("price_list", "USD-B"), ("amount", "3")]),
        price(&[("minimum_quantity", "5"), ("amount", "7")]),
        price(&[("valid_from", JANUARY), ("amount", "9")]),
        price(&[("kind", "listing"), ("amount", "")]),
        price(&[("payment_term", "2")]),
        price(&[("sku", "cable")]),
    ];
    let imported = import(store, rows.clone(), true, false);
    assert_eq!(imported.faults, []);
    assert_eq!(imported.result, counts(3, 2, 1, 0));
    committed(imported.outcome);
    let stored = scan(store, supplier, Kind::Price, &[]);
    assert_eq!(stored.len(), rows.len());
    assert!(rows.iter().all(|row| stored.contains(row)), "{stored:?}");
}

fn an_import_is_idempotent(store: &dyn Store) {
    let supplier = shop(store, "one");
    let rows = vec![price(&[]), price(&[("minimum_quantity", "10"), ("amount", "8")])];
    committed(import(store, rows.clone(), false, false).outcome);
    let stored = scan(store, supplier, Kind::Price, &[]);
    assert_eq!(stored.len(), 2);
    // Rows that do not say when they changed, changed at the time of the import.
    assert!(stored.iter().all(|record| entry(record).changed_at == now()));
    for replace in [false, true] {
        let again = import(store, rows.clone(), false, replace);
        assert_eq!(again.outcome.unwrap(), Outcome::Unchanged);
        assert_eq!(again.result, counts(0, 0, 2, 0));
    }
    let timed = import(store, rows.clone(), true, false);
    assert_eq!(timed.result, counts(0, 2, 0, 0), "another time of the change is a change");
    committed(timed.outcome);
    let kept = import(store, rows.clone(), false, false);
    assert_eq!(kept.outcome.unwrap(), Outcome::Unchanged, "the time is kept when none is said");
    assert_eq!(scan(store, supplier, Kind::Price, &[]), rows);
}

fn an_import_may_replace_everything(store: &dyn Store) {
    let supplier = shop(store, "one");
    let open = price(&[("valid_from", JANUARY)]);
    for record in [&open, &price(&[("sku", "cable")]), &price(&[("price_list", "USD-B")])] {
        put(store, record, "one");
    }
    // The row in the way of the first one goes, because it is not among the rows.
    let rows = vec![price(&[("valid_from", JUNE)]), price(&[("price_list", "USD-B")])];
    let imported = import(store, rows.clone(), true, true);
    assert_eq!(imported.faults, []);
    assert_eq!(imported.result, counts(1, 0, 1, 2));
    committed(imported.outcome);
    assert_eq!(scan(store, supplier, Kind::Price, &[]), rows);
    let nothing = import(store, Vec::new(), true, true);
    assert_eq!(nothing.result, counts(0, 0, 0, 2));
    committed(nothing.outcome);
    assert_eq!(scan(store, supplier, Kind::Price, &[]), []);
}

fn an_import_knows_the_base_unit(store: &dyn Store) {
    let supplier = shop(store, "one");
    let rows = vec![price(&[("uom", "C62")]), price(&[("sku", "cable"), ("uom", "C62")])];
    committed(import(store, rows, true, false).outcome);
    let expected = [price(&[]), price(&[("sku", "cable"), ("uom", "C62")])];
    assert_eq!(scan(store, supplier, Kind::Price, &[]), expected);
    let both = vec![price(&[("uom", "C62")]), price(&[])];
    let imported = import(store, both, true, false);
    assert_eq!(imported.faults.len(), 1, "{:?}", imported.faults);
    assert_eq!((imported.faults[0].line, imported.faults[0].other_line), (2, Some(1)));
}

fn rows_that_repeat_are_faults(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[]), "one");
    let rows = vec![
        price(&[]),
        price(&[("sku", "cable")]),
        price(&[]),
        price(&[("amount", "9")]),
        price(&[("valid_to", JUNE)]),
        price(&[("decimals", "4")]),
    ];
    let imported = import(store, rows, true, false);
    let mut lines: Vec<_> =
        imported.faults.iter().map(|fault| (fault.line, fault.other_line)).collect();
    lines.sort_unstable();
    assert_eq!(lines, [3, 4, 5, 6].map(|line| (line, Some(1))));
    assert!(imported.faults.iter().all(|fault| fault.reason.contains("line 1")));
}

fn rows_that_conflict_are_faults(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("valid_from", JANUARY), ("valid_to", JUNE)]), "one");
    let rows = vec![
        price(&[("sku", "cable"), ("valid_from", JUNE)]),
        price(&[("sku", "cable")]),
        price(&[("valid_from", "2016-05-01T00:00:00Z"), ("valid_to", JUNE)]),
        price(&[("valid_to", JANUARY)]),
    ];
    let imported = import(store, rows, true, false);
    assert_eq!(imported.outcome.unwrap(), Outcome::Refused);
    let lines: Vec<_> = imported.faults.iter().map(|f| (f.line, f.other_line)).collect();
    assert_eq!(lines, [(3, None), (2, Some(1))]);
    let reasons: Vec<_> = imported.faults.iter().map(|fault| fault.reason.as_str()).collect();
    let names = |reason: &str, words: &[&str]| {
        assert!(words.iter().all(|word| reason.contains(word)), "{reason}");
    };
    names(reasons[0], &["11045680", "EUR-A", "2016-01-01T00:00:00Z", "2016-06-01T00:00:00Z"]);
    names(reasons[1], &["cable", "EUR-A", "2016-06-01T00:00:00Z", "line 1"]);
    // A long validity is in the way of all that lie in it, also behind a shorter one.
    let rows = [("01", "12"), ("02", "03"), ("05", "06")].map(|(from, to)| {
        let (from, to) = (format!("2017-{from}-01T00:00:00Z"), format!("2017-{to}-01T00:00:00Z"));
        price(&[("sku", "cable"), ("valid_from", &from), ("valid_to", &to)])
    });
    let faults = import(store, rows.to_vec(), true, false).faults;
    let lines: Vec<_> = faults.iter().map(|fault| (fault.line, fault.other_line)).collect();
    assert_eq!(lines, [(2, Some(1)), (3, Some(1))]);
    // A row that takes the place of the one in the way does not conflict with it.
    let rows = vec![
        price(&[("valid_from", "2016-05-01T00:00:00Z")]),
        price(&[("valid_from", JANUARY), ("valid_to", "2016-05-01T00:00:00Z")]),
    ];
    let imported = import(store, rows, true, false);
    assert_eq!((imported.faults, imported.result), (Vec::new(), counts(1, 1, 0, 0)));
    committed(imported.outcome);
}

fn a_faulty_import_keeps_nothing(store: &dyn Store) {
    let supplier = shop(store, "one");
    put(store, &price(&[]), "one");
    let before = store.last_change().unwrap();
    let rows =
        vec![price(&[("amount", "9")]), price(&[("sku", "cable")]), price(&[("sku", "cable")])];
    let imported = import(store, rows, true, true);
    assert_eq!(imported.outcome.unwrap(), Outcome::Refused);
    assert_eq!(imported.faults.len(), 1);
    assert_eq!(store.last_change().unwrap(), before);
    assert_eq!(scan(store, supplier, Kind::Price, &[]), [price(&[])]);
}

fn an_import_reaches_no_other_supplier(store: &dyn Store) {
    shop(store, "two");
    put(store, &price(&[]), "two");
    shop(store, "one");
    put(store, &price(&[]), "one");
    committed(import(store, Vec::new(), true, true).outcome);
    let of_two = scan(store, id(store, "two"), Kind::Price, &[]);
    assert_eq!(of_two, [price(&[])], "replacing cleared another supplier");
    found(store, "three");
    for (product, list) in [(1, 4), (4, 1), (1, 1), (u32::MAX, 4), (4, u32::MAX), (0, 0)] {
        let row = RawPrice {
            product: ProductId(product),
            list: PriceListId(list),
            shape: 0,
            line: 1,
            amount: Some(1),
            changed_at: None,
        };
        let shapes = vec![entry(&price(&[])).shape.clone()];
        let outcome = write(store, "three", move |tx| {
            let mut rows = Rows { shapes: shapes.clone(), rows: vec![row] };
            tx.import_prices(&mut rows, PriceOrder::merge(), &mut |_| ()).map(drop)
        });
        assert!(matches!(outcome, Err(StoreError::Conflict(_))), "{outcome:?}");
    }
    let nobody = write(store, "four", |tx| {
        let mut rows = Rows { shapes: Vec::new(), rows: Vec::new() };
        tx.import_prices(&mut rows, PriceOrder::replace(), &mut |_| ()).map(drop)
    });
    assert!(matches!(nobody, Err(StoreError::Conflict(_))), "{nobody:?}");
}

fn an_import_lists_what_it_touched(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("minimum_quantity", "5")]), "one");
    let kept = price(&[("price_list", "USD-B")]);
    put(store, &kept, "one");
    let new = price(&[("sku", "cable"), ("uom", "MTR")]);
    let number = committed(import(store, vec![new, kept], true, true).outcome);
    let supplier = id(store, "one");
    let mut places = BTreeSet::new();
    for entry in entries(store, number.0 - 1, 10) {
        match entry.touched {
            Touched::Prices { places: some } => places.extend(some),
            other @ (Touched::Rows { .. } | Touched::Products { .. } | Touched::Anything) => {
                panic!("{other:?}")
            }
        }
    }
    let products: BTreeSet<ProductId> = places.iter().map(|(product, _)| *product).collect();
    let product = |sku| product_id(store, supplier, sku);
    assert_eq!(products, [product("11045680"), product("cable")].into());
    assert_eq!(places.len(), 2, "what stays as it is is not listed");
    let rows: Vec<Record> =
        (1..=1_001).map(|minimum| price(&[("minimum_quantity", &minimum.to_string())])).collect();
    let number = committed(import(store, rows, true, false).outcome);
    let touched = |entry: &LogEntry| entry.touched.clone();
    let found: Vec<Touched> = entries(store, number.0 - 1, 10).iter().map(touched).collect();
    assert!(matches!(&*found, [Touched::Prices { places }] if places.len() == 1), "{found:?}");
}
