//! What earlier versions made of days becomes days, and nothing else does.

use std::path::Path;
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::Shape;
use kontor_model::{Clock, FixedClock};
use kontor_store::{
    Abort, Order, Outcome, PriceFault, PriceOrder, PriceRows, RawPrice, Store, WriteTx,
};
use kontor_store_sqlite::{DayValidity, DaysOfBefore, DaysState, SqliteStore};

use super::{connection, open, put_down};
use crate::rows::record;
use crate::scratch::Scratch;

/// Lists 1 and 2 of demo42, in Asia/Jerusalem, state no zone; its stores and selling entities are elsewhere.
/// Prices of product 1 in list 1: two months of days side by side. In list 2: a month of days, and from
/// its last instant in Jerusalem on, which lies in the month in other zones, a time of instants.
const STORED: &str = "
    INSERT INTO price_shape VALUES
        (101, NULL, NULL, NULL, 'EUR', 1000000, 1454277600000000, 1456783200000000, 'promotion', NULL, 2),
        (102, NULL, NULL, NULL, 'EUR', 1000000, 1456783200000000, 1459458000000000, 'promotion', NULL, 2),
        (103, NULL, NULL, NULL, 'EUR', 1000000, 1456783200000000, 1456786800000000, 'promotion', NULL, 2);
    INSERT INTO price VALUES
        (1, 1, 101, 7000000, 1453980268874000, 1),
        (1, 1, 102, 7500000, 1453980268874000, 1),
        (1, 2, 101, 7000000, 1453980268874000, 1),
        (1, 2, 103, 6500000, 1453980268874000, 1);
";

fn stored(dir: &Path) -> SqliteStore {
    put_down(dir);
    connection(dir).execute_batch(STORED).unwrap();
    open(dir).unwrap()
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock("2027-01-01T00:00:00Z".parse().unwrap()))
}

/// Amount, validity and time of change of the promotions of product 1 in a list.
fn promotions(store: &SqliteStore, list: &str) -> Vec<String> {
    let supplier = store.supplier_id("demo42").unwrap().unwrap();
    let mut all = Vec::new();
    let read = store.read(supplier, &mut |tx| {
        let prefix = [list, "11045680"].map(kontor_model::record::Cell::text);
        tx.scan(Kind::Price, &prefix, &mut |record| {
            let cells = record.kind().columns().iter().zip(record.to_row());
            let text = |name: &str| {
                let mut cells = cells.clone().filter(|(column, _)| column.name == name);
                cells.next().map(|(column, cell)| column.print(&cell)).unwrap()
            };
            if text("kind") == "promotion" {
                let names = ["amount", "valid_from", "valid_to", "changed_at"];
                all.push(names.map(text).join(" "));
            }
            Ok(())
        })
    });
    read.unwrap();
    all.sort();
    all
}

fn report(store: &SqliteStore) -> (Vec<DaysOfBefore>, Vec<DayValidity>) {
    let mut told = Vec::new();
    let suppliers = store.day_report(&mut |validity| {
        told.push(validity);
        Ok(())
    });
    (suppliers.unwrap(), told)
}

fn write(
    store: &SqliteStore,
    job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
) -> Outcome {
    let order = Order {
        supplier: "demo42".parse().unwrap(),
        actor: "test".to_owned(),
        clock: clock(),
        job: Box::new(job),
    };
    store.write(order).unwrap()
}

/// A promotion of product 1 in list EUR-A.
fn promotion(amount: &str, from: &str, to: &str) -> Record {
    let cells = [
        ("price_list", "EUR-A"),
        ("sku", "11045680"),
        ("currency", "EUR"),
        ("minimum_quantity", "1"),
        ("valid_from", from),
        ("valid_to", to),
        ("kind", "promotion"),
        ("amount", amount),
        ("decimals", "2"),
        ("changed_at", "2016-01-28T11:24:28.874Z"),
    ];
    record(Kind::Price, &cells)
}

#[test]
fn days_come_once_and_as_a_change() {
    let dir = Scratch::in_memory("upgrade-days");
    let store = stored(dir.path());
    let before = report(&store);
    assert_eq!(before.0.iter().map(|one| one.state).collect::<Vec<_>>(), [DaysState::Pending; 3]);
    let made = store.make_days(&clock()).unwrap();
    assert!(!made.is_empty());
    assert_eq!(store.make_days(&clock()).unwrap(), [], "once");
    let changed = "2027-01-01T00:00:00Z";
    let expected = [
        format!("7 2016-02-01 2016-02-29 {changed}"),
        format!("7.5 2016-03-01 2016-03-31 {changed}"),
    ];
    assert_eq!(promotions(&store, "EUR-A"), expected);
    let as_before = [
        "6.5 2016-02-29T22:00:00Z 2016-02-29T23:00:00Z 2016-01-28T11:24:28.874Z",
        "7 2016-01-31T22:00:00Z 2016-02-29T22:00:00Z 2016-01-28T11:24:28.874Z",
    ];
    assert_eq!(promotions(&store, "CHF-B"), as_before, "in another zone they would meet");
    let after = report(&store);
    assert_eq!(after.1, before.1, "what was foreseen came");
    let demo42 = &after.0[0];
    assert_eq!((demo42.supplier.as_str(), demo42.kept), ("demo42", 1));
    assert!(matches!(demo42.state, DaysState::Made(_)));
    let kept: Vec<&DayValidity> = after.1.iter().filter(|one| !one.fits).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].price_list.as_deref(), Some("CHF-B"));
    let proof = store.prove().unwrap();
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_eq!(store.make_days(&clock()).unwrap(), [], "also after a restart");
    assert_eq!(store.prove().unwrap().root, proof.root);
    assert_eq!(store.verify_chain().unwrap(), proof.change);
}

/// In the zone of the list a day begins where its instant was: nobody gets another answer.
#[test]
fn a_price_that_is_the_same_everywhere_keeps_its_time() {
    let dir = Scratch::in_memory("upgrade-days-same");
    put_down(dir.path());
    connection(dir.path())
        .execute_batch(&format!(
            "{STORED} UPDATE price_lists SET time_zone = 'Asia/Jerusalem' WHERE id IN (1, 2);"
        ))
        .unwrap();
    let store = open(dir.path()).unwrap();
    store.make_days(&clock()).unwrap();
    let changed = "2016-01-28T11:24:28.874Z";
    let expected = [
        format!("7 2016-02-01 2016-02-29 {changed}"),
        format!("7.5 2016-03-01 2016-03-31 {changed}"),
    ];
    assert_eq!(promotions(&store, "EUR-A"), expected);
    let expected = [
        format!("6.5 2016-02-29T22:00:00Z 2016-02-29T23:00:00Z {changed}"),
        format!("7 2016-02-01 2016-02-29 {changed}"),
    ];
    assert_eq!(promotions(&store, "CHF-B"), expected, "in the one zone of the list none meet");
    let lists = report(&store).1.into_iter().filter_map(|one| one.price_list);
    assert!(lists.into_iter().all(|list| list != "EUR-A" && list != "CHF-B"));
}

#[test]
fn instants_of_this_version_stay_instants() {
    let dir = Scratch::in_memory("upgrade-days-new");
    put_down(dir.path());
    let store = open(dir.path()).unwrap();
    let written = write(&store, |tx| {
        tx.put(&promotion("7", "2016-01-31T22:00:00Z", "2016-02-29T22:00:00Z")).map(drop)
    });
    assert!(matches!(written, Outcome::Committed(_)));
    store.make_days(&clock()).unwrap();
    let expected = ["7 2016-01-31T22:00:00Z 2016-02-29T22:00:00Z 2016-01-28T11:24:28.874Z"];
    assert_eq!(promotions(&store, "EUR-A"), expected);
    drop(store);
    let fresh = Scratch::in_memory("upgrade-days-fresh");
    assert_eq!(report(&open(fresh.path()).unwrap()), (vec![], vec![]), "data of this version");
}

/// Data that was upgraded to V15 long ago: what it wrote since then means what it says.
#[test]
fn what_was_written_since_days_are_kept_is_left_alone() {
    let dir = Scratch::in_memory("upgrade-days-since");
    put_down(dir.path());
    drop(open(dir.path()).unwrap());
    // As when V19 is made on data for which V15 was made after the fifth change and before the sixth.
    connection(dir.path())
        .execute_batch(
            "DROP TABLE days_of_before;
             UPDATE refinery_schema_history SET applied_on = '2016-03-01T00:00:00.123456789Z'
             WHERE version = 15",
        )
        .unwrap();
    let migration = include_str!("../../../migrations/V19__days_of_before.sql");
    connection(dir.path()).execute_batch(migration).unwrap();
    drop(open(dir.path()).unwrap());
    let until = "SELECT DISTINCT until_change FROM days_of_before";
    let until: i64 = connection(dir.path()).query_row(until, [], |row| row.get(0)).unwrap();
    assert_eq!(until, 5);
}

/// The file that the prices came from said instants.
#[test]
fn a_row_of_instants_takes_the_place_of_the_days_it_begins_with() {
    let dir = Scratch::in_memory("upgrade-days-instants");
    let store = stored(dir.path());
    store.make_days(&clock()).unwrap();
    let rows = [
        ("7", "2016-01-31T22:00:00Z", "2016-02-29T22:00:00Z"),
        ("7.25", "2016-02-29T22:00:00Z", "2016-03-31T21:00:00Z"),
    ];
    let imported = import(&store, &rows);
    assert_eq!(imported, [""; 0], "none is in the way of another");
    let changed = "2016-01-28T11:24:28.874Z";
    let expected = [
        format!("7 2016-01-31T22:00:00Z 2016-02-29T22:00:00Z {changed}"),
        format!("7.25 2016-02-29T22:00:00Z 2016-03-31T21:00:00Z {changed}"),
    ];
    assert_eq!(promotions(&store, "EUR-A"), expected);
    let days = import(&store, &[("7", "2016-02-01", "2016-02-29")]);
    assert!(!days.is_empty(), "instants that a file said are in the way as ever");
}

fn import(store: &SqliteStore, rows: &[(&str, &str, &str)]) -> Vec<String> {
    let mut source = Rows::default();
    for (amount, from, to) in rows {
        let Record::Price(entry) = promotion(amount, from, to) else { panic!("not a price") };
        source.rows.push(RawPrice {
            product: kontor_model::product::ProductId(1),
            list: kontor_model::price_list::PriceListId(1),
            shape: u32::try_from(source.shapes.len()).unwrap(),
            line: source.shapes.len() as u64 + 2,
            amount: entry.amount.map(kontor_model::Money::micros),
            changed_at: Some(entry.changed_at.micros()),
        });
        source.shapes.push(entry.shape);
    }
    let (tell, told) = std::sync::mpsc::channel();
    write(store, move |tx| {
        let mut fault = |fault: PriceFault| tell.send(fault.reason).unwrap();
        tx.import_prices(&mut source.clone(), PriceOrder::merge(), &mut fault).map(drop)
    });
    told.into_iter().collect()
}

#[derive(Clone, Default)]
struct Rows {
    shapes: Vec<Shape>,
    rows: Vec<RawPrice>,
}

impl PriceRows for Rows {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        std::mem::swap(batch, &mut self.rows);
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}
