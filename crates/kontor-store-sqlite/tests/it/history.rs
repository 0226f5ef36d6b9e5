//! What was superseded or removed stands in the history, without secrets, and when it was in force.

use std::path::Path;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::Shape;
use kontor_model::record::Cell;
use kontor_store::{Abort, PriceOrder, PriceRows, RawPrice, WriteTx};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::rows::{change, record};
use crate::scratch::Scratch;

fn store(name: &str) -> (Scratch, SqliteStore) {
    let dir = Scratch::new(name);
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    change(&store, |tx| {
        tx.put(&record(
            Kind::Supplier,
            &[("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")],
        ))?;
        tx.put(&product("first"))?;
        tx.put(&record(Kind::PriceList, &[("price_list", "L")]))?;
        Ok(())
    });
    (dir, store)
}

fn product(name: &str) -> Record {
    record(Kind::Product, &[("sku", "a"), ("base_uom", "C62"), ("name", name)])
}

fn price(amount: &str) -> Record {
    record(
        Kind::Price,
        &[
            ("price_list", "L"),
            ("sku", "a"),
            ("currency", "EUR"),
            ("minimum_quantity", "2.5"),
            ("valid_from", "2016-01-01T00:00:00Z"),
            ("amount", amount),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ],
    )
}

fn query(dir: &Path, sql: &str) -> Vec<Vec<Value>> {
    let connection = Connection::open(dir.join("kontor.db")).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows =
        statement.query_map([], |row| (0..width).map(|index| row.get(index)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

#[test]
fn rows_move_to_the_history() {
    let (dir, store) = store("history-rows");
    change(&store, |tx| tx.put(&product("second")).map(drop)); // 2
    change(&store, |tx| {
        tx.put(&product("never seen"))?;
        tx.put(&product("third")).map(drop)
    }); // 3
    change(&store, |tx| tx.remove(Kind::Product, &[Cell::text("a")]).map(drop).map_err(Into::into)); // 4
    let sql = "SELECT name, from_change, to_change FROM products_history ORDER BY to_change";
    let row = |name, from, to| vec![text(name), Value::Integer(from), Value::Integer(to)];
    assert_eq!(
        query(dir.path(), sql),
        [row("first", 1, 2), row("second", 2, 3), row("third", 3, 4)]
    );
}

#[test]
fn prices_move_to_the_history_one_by_one_and_imported() {
    let (dir, store) = store("history-prices");
    change(&store, |tx| tx.put(&price("1")).map(drop)); // 2
    change(&store, |tx| tx.put(&price("2")).map(drop)); // 3
    change(&store, |tx| {
        tx.put(&price("2.5"))?;
        import(tx, "3", false)
    }); // 4
    change(&store, |tx| import(tx, "4", true)); // 5
    change(&store, |tx| tx.remove(Kind::Price, &price("4").key()).map(drop).map_err(Into::into)); // 6
    let sql = "SELECT amount, from_change, to_change FROM price_history ORDER BY to_change";
    let row = |amount, from, to| [amount, from, to].map(Value::Integer).to_vec();
    assert_eq!(
        query(dir.path(), sql),
        [row(1_000_000, 2, 3), row(2_000_000, 3, 4), row(3_000_000, 4, 5), row(4_000_000, 5, 6)]
    );
}

#[test]
fn secrets_do_not_stay_in_the_history() {
    let (dir, store) = store("history-secrets");
    let account = |password: &str| {
        let fields = [("protocol", "secomp"), ("login", "x"), ("password", password)];
        record(Kind::Account, &fields)
    };
    change(&store, move |tx| tx.put(&account("canary-1")).map(drop));
    change(&store, move |tx| tx.put(&account("canary-2")).map(drop));
    assert_eq!(
        query(dir.path(), "SELECT login, password FROM accounts_history"),
        [vec![text("x"), Value::Null]]
    );
    assert_eq!(query(dir.path(), "SELECT password FROM accounts"), [[text("canary-2")]]);
}

#[test]
fn people_can_read_the_prices() {
    let (dir, store) = store("history-view");
    change(&store, |tx| {
        tx.put(&price("8.8"))?;
        tx.put(&record(
            Kind::Price,
            &[
                ("price_list", "L"),
                ("sku", "a"),
                ("currency", "EUR"),
                ("packing", "CX"),
                ("packing_quantity", "12"),
                ("kind", "listing"),
                ("changed_at", "2016-01-20T02:00:00Z"),
            ],
        ))?;
        Ok(())
    });
    let sql = "SELECT supplier, price_list, sku, packing, packing_quantity, minimum_quantity, \
               valid_from, valid_to, kind, amount, changed_at FROM prices ORDER BY kind DESC";
    let common = [text("one"), text("L"), text("a")];
    let regular = [
        Value::Null,
        Value::Null,
        text("2.5"),
        text("2016-01-01T00:00:00Z"),
        Value::Null,
        text("regular"),
        text("8.8"),
        text("2016-01-20T02:00:00Z"),
    ];
    let listing = [
        text("CX"),
        text("12"),
        text("0"),
        Value::Null,
        Value::Null,
        text("listing"),
        Value::Null,
        text("2016-01-20T02:00:00Z"),
    ];
    let rows = [regular, listing].map(|rest| [common.to_vec(), rest.to_vec()].concat());
    assert_eq!(query(dir.path(), sql), rows);
}

/// One row that was in force and is replaced by an import of it with another amount.
struct One {
    shapes: Vec<Shape>,
    row: Option<RawPrice>,
}

impl PriceRows for One {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        batch.extend(self.row.take());
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

fn import(tx: &mut dyn WriteTx, amount: &str, replace: bool) -> Result<(), Abort> {
    let Record::Price(entry) = price(amount) else {
        panic!("not a price");
    };
    let mut product = None;
    tx.product_ids(&mut |_, id, _| {
        product = Some(id);
        Ok(())
    })?;
    let mut list = None;
    tx.list_ids(&mut |_, id| {
        list = Some(id);
        Ok(())
    })?;
    let row = RawPrice {
        product: product.unwrap(),
        list: list.unwrap(),
        shape: 0,
        line: 1,
        amount: Some(entry.amount.unwrap().micros()),
        changed_at: None,
    };
    let mut rows = One { shapes: vec![entry.shape], row: Some(row) };
    let order = if replace { PriceOrder::replace() } else { PriceOrder::merge() };
    tx.import_prices(&mut rows, order, &mut |fault| panic!("{fault:?}"))?;
    Ok(())
}
