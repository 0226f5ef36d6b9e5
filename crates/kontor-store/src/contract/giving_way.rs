//! Stored prices that give way to an import, while others write.

use kontor_model::catalogue::{Kind, Record};

use super::catalogue::{committed, put, record, write};
use super::imports::{counts, entry};
use super::prices::{price, shop};
use super::staged::{import_after, prices_of, product};
use crate::{
    Kept, OnOverlap, Outcome, PriceImport, PriceOrder, Removes, Severity, Store, StoreError,
};

pub(super) const CHECKS: super::Checks = &[
    ("a_row_takes_over_its_time", a_row_takes_over_its_time),
    ("rows_of_one_import_do_not_give_way", rows_of_one_import_do_not_give_way),
    ("prices_of_named_lists_are_replaced", prices_of_named_lists_are_replaced),
    ("a_row_keeps_what_it_does_not_say", a_row_keeps_what_it_does_not_say),
    ("odd_prices_are_told_when_asked", odd_prices_are_told_when_asked),
    ("a_base_unit_does_not_change_under_prices", a_base_unit_does_not_change_under_prices),
    ("a_zone_is_judged_by_what_others_wrote", a_zone_is_judged_by_what_others_wrote),
];

const JANUARY: &str = "2016-01-01T00:00:00Z";
const MARCH: &str = "2016-03-01T00:00:00Z";
const JUNE: &str = "2016-06-01T00:00:00Z";

const TRIM: PriceOrder = PriceOrder { on_overlap: OnOverlap::Trim, ..PriceOrder::merge() };

/// List, beginning, end and amount of the prices that are stored.
fn stored(store: &dyn Store) -> Vec<String> {
    let text = |record: &Record| {
        let entry = entry(record);
        let bound = |at: Option<kontor_model::Bound>| {
            at.map_or("*".to_owned(), |at| at.from_text().chars().take(7).collect())
        };
        let validity = entry.shape.validity;
        let amount = entry.amount.map_or(String::new(), |amount| amount.to_string());
        let (from, to) = (bound(validity.from()), bound(validity.to()));
        format!("{} {} {from}..{to} {amount}", entry.list, entry.sku)
    };
    let mut prices: Vec<String> = prices_of(store).iter().map(text).collect();
    prices.sort();
    prices
}

fn a_row_takes_over_its_time(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("valid_from", JANUARY), ("amount", "1")]), "one");
    put(store, &price(&[("sku", "cable"), ("amount", "1")]), "one");
    let rows = vec![
        price(&[("valid_from", MARCH), ("valid_to", JUNE), ("amount", "3")]),
        price(&[("sku", "cable"), ("valid_from", JUNE), ("amount", "3")]),
    ];
    // What is cut is what others have made of it meanwhile.
    let imported = import_after(store, Vec::new(), rows, TRIM, || {
        put(store, &price(&[("valid_from", JANUARY), ("amount", "2")]), "one");
    });
    assert_eq!(imported.runs, 1);
    let expected = PriceImport { trimmed: 2, ..counts(2, 0, 0, 0) };
    assert_eq!((imported.faults, imported.result), (Vec::new(), expected));
    committed(imported.outcome);
    assert_eq!(
        stored(store),
        [
            "EUR-A 11045680 2016-01..2016-03 2",
            "EUR-A 11045680 2016-03..2016-06 3",
            "EUR-A 11045680 2016-06..* 2",
            "EUR-A cable *..2016-06 1",
            "EUR-A cable 2016-06..* 3",
        ]
    );
    let whole = vec![price(&[("amount", "9")])];
    let imported = import_after(store, Vec::new(), whole, TRIM, || ());
    assert_eq!(imported.result, PriceImport { trimmed: 3, ..counts(1, 0, 0, 0) });
    committed(imported.outcome);
    assert_eq!(stored(store)[0], "EUR-A 11045680 *..* 9");
    assert_eq!(stored(store).len(), 3);
}

fn rows_of_one_import_do_not_give_way(store: &dyn Store) {
    shop(store, "one");
    let rows = vec![price(&[("valid_from", JANUARY)]), price(&[("valid_from", JUNE)])];
    let imported = import_after(store, Vec::new(), rows, TRIM, || ());
    assert_eq!(imported.outcome.unwrap(), Outcome::Refused);
    let places: Vec<_> = imported.faults.iter().map(|f| (f.line, f.other_line)).collect();
    assert_eq!(places, [(2, Some(1))]);
}

fn prices_of_named_lists_are_replaced(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("sku", "cable"), ("amount", "1")]), "one");
    put(store, &price(&[("price_list", "USD-B"), ("amount", "1")]), "one");
    let order = PriceOrder { removes: Removes::OfNamedLists, ..PriceOrder::merge() };
    let imported = import_after(store, Vec::new(), vec![price(&[("amount", "5")])], order, || {
        put(store, &price(&[("minimum_quantity", "10"), ("amount", "4")]), "one");
        put(store, &price(&[("price_list", "USD-B"), ("amount", "2")]), "one");
    });
    assert_eq!((imported.runs, imported.result), (1, counts(1, 0, 0, 2)));
    committed(imported.outcome);
    assert_eq!(stored(store), ["EUR-A 11045680 *..* 5", "USD-B 11045680 *..* 2"]);
}

fn a_row_keeps_what_it_does_not_say(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("valid_to", JUNE), ("amount", "1"), ("decimals", "3")]), "one");
    let keeps = Kept { end: true, decimals: true, per: true };
    let order = PriceOrder { keeps, ..PriceOrder::merge() };
    for (amount, decimals) in [("2", 3), ("2.3456", 4)] {
        let rows = vec![price(&[("amount", amount)])];
        let imported = import_after(store, Vec::new(), rows, order, || ());
        assert_eq!(imported.result, counts(0, 1, 0, 0));
        committed(imported.outcome);
        assert_eq!(stored(store), [format!("EUR-A 11045680 *..2016-06 {amount}")]);
        assert_eq!(entry(&prices_of(store)[0]).shape.decimals, decimals);
    }
}

fn odd_prices_are_told_when_asked(store: &dyn Store) {
    shop(store, "one");
    put(store, &price(&[("amount", "4")]), "one");
    let rows = || vec![price(&[("amount", "0.004")]), price(&[("sku", "cable"), ("amount", "0")])];
    let order = PriceOrder { warns: true, ..PriceOrder::merge() };
    let imported = import_after(store, Vec::new(), rows(), order, || ());
    let told: Vec<_> = imported.faults.iter().map(|f| (f.severity, f.line)).collect();
    assert_eq!(told, [(Severity::Warning, 1), (Severity::Warning, 2)]);
    assert!(imported.faults[1].price.as_deref().is_some_and(|name| name.contains("cable")));
    committed(imported.outcome);
    assert_eq!(import_after(store, Vec::new(), rows(), TRIM, || ()).faults, []);
}

fn a_base_unit_does_not_change_under_prices(store: &dyn Store) {
    shop(store, "one");
    let first = || vec![product("cable", "KGM")];
    let cable = price(&[("sku", "cable"), ("amount", "1")]);
    put(store, &cable, "one");
    // The same amount in the new unit is another price.
    let imported = import_after(store, first(), vec![cable.clone()], PriceOrder::merge(), || ());
    assert_eq!(imported.result, counts(0, 1, 0, 0));
    committed(imported.outcome);
    // One in another list, which was added meanwhile, would mean something else.
    let first = vec![product("cable", "MTR")];
    let imported = import_after(store, first.clone(), vec![cable], PriceOrder::merge(), || {
        put(store, &price(&[("sku", "cable"), ("price_list", "USD-B")]), "one");
    });
    let Err(StoreError::Conflict(reason)) = imported.outcome else {
        panic!("{:?}", imported.outcome)
    };
    assert!(reason.contains("the base_uom of cable cannot become MTR"), "{reason}");
    assert!(reason.contains("USD-B"), "{reason}");
    // Who puts it back changes nothing.
    let (there, back) = (first[0].clone(), product("cable", "KGM"));
    let unchanged = write(store, "one", move |tx| {
        tx.put(&there)?;
        assert_eq!(tx.misread_prices()?.len(), 1);
        tx.put(&back)?;
        assert_eq!(tx.misread_prices()?, []);
        Ok(())
    });
    assert!(unchanged.is_ok(), "{unchanged:?}");
    // Beside prices nobody can change it, either.
    let alone = write(store, "one", move |tx| tx.put(&first[0]).map(drop));
    assert!(matches!(alone, Err(StoreError::Conflict(_))), "{alone:?}");
}

/// A company in a zone where the prices of the view do not meet, and those that others add do.
fn a_zone_is_judged_by_what_others_wrote(store: &dyn Store) {
    shop(store, "one");
    let in_list = |bound: (&'static str, &'static str)| price(&[("price_list", "USD-B"), bound]);
    put(store, &in_list(("valid_to", "2016-05-31T15:00:00Z")), "one");
    let company = |number| {
        record(
            Kind::SellingEntity,
            &[
                ("entity", number),
                ("currency", "EUR"),
                ("time_zone", "Pacific/Kiritimati"),
                ("main_segment", "1"),
            ],
        )
    };
    let import = |number, meanwhile: &dyn Fn()| {
        let rows = vec![price(&[("sku", "cable"), ("amount", "2")])];
        import_after(store, vec![company(number)], rows, PriceOrder::merge(), meanwhile)
    };
    let imported = import("77", &|| {
        put(store, &in_list(("valid_from", "2016-06-01")), "one");
    });
    let Err(StoreError::Conflict(reason)) = imported.outcome else {
        panic!("{:?}", imported.outcome)
    };
    assert!(reason.contains("in the zone Pacific/Kiritimati"), "{reason}");
    // Without those nobody is in the way, whatever else others write.
    let days = in_list(("valid_from", "2016-06-01"));
    committed(write(store, "one", move |tx| Ok(tx.remove(Kind::Price, &days.key()).map(drop)?)));
    let imported = import("77", &|| {
        put(store, &price(&[("sku", "cable")]), "one");
    });
    assert_eq!(imported.runs, 1);
    committed(imported.outcome);
}
