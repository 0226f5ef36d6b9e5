//! A supplier that was removed leaves nothing in the tables, and the data is proven as before.

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::{RemovedOf, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use rusqlite::Connection;

use crate::rows::{change, fill, record};
use crate::scratch::Scratch;

/// Tables whose rows are of no supplier, or are kept: what changes touched is forgotten by policy.
const OF_NOBODY: [&str; 1] = ["change"];

#[test]
fn no_table_has_a_row_of_a_removed_supplier() {
    let dir = Scratch::new("removal");
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    fill(&store, 3);
    let price = |amount| {
        let fields = [
            ("price_list", "L"),
            ("sku", "P1"),
            ("currency", "EUR"),
            ("minimum_quantity", "1"),
            ("kind", "regular"),
            ("decimals", "2"),
            ("changed_at", "2016-01-28T11:24:28Z"),
            ("amount", amount),
        ];
        record(Kind::Price, &fields)
    };
    change(&store, |tx| {
        tx.put(&record(Kind::PriceList, &[("price_list", "L")]))?;
        tx.put(&record(Kind::Customer, &[("customer", "c1"), ("name", "Abelard")]))?;
        Ok(())
    });
    let (prices, key) = ([price("1"), price("2")], price("2").key());
    change(&store, |tx| {
        tx.put(&record(Kind::Customer, &[("customer", "c1"), ("name", "Heloise")])).map(drop)
    });
    for price in prices {
        change(&store, move |tx| tx.put(&price).map(drop));
    }
    // A product that went before has a past as well.
    change(&store, move |tx| {
        assert!(tx.remove(Kind::Price, &key)?);
        assert!(tx.remove(Kind::Product, &[Cell::text("P1")])?);
        Ok(())
    });
    let before = store.prove().unwrap();
    let mut counted = 0;
    change(&store, |tx| {
        assert_eq!(tx.remove_supplier()?.get(&Kind::Product), Some(&2));
        Ok(())
    });
    let proof = store.prove().unwrap();
    assert_ne!(proof.root, before.root);
    assert_eq!(store.verify_chain().unwrap(), proof.change);
    let read = store.read_book(&mut |source| {
        source.prices(&mut |_| Ok(()))?;
        source.removed_packing_prices(RemovedOf::Everything, &mut |_| Ok(()))
    });
    read.unwrap();
    drop(store);
    let connection = Connection::open(dir.path().join("kontor.db")).unwrap();
    for table in tables_of_suppliers(&connection) {
        let sql = format!("SELECT count(*) FROM {table}");
        let rows: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
        counted += 1;
    }
    assert!(counted > 60, "{counted} tables were looked at");
}

fn tables_of_suppliers(connection: &Connection) -> Vec<String> {
    let sql = "SELECT m.name FROM sqlite_schema m WHERE m.type = 'table' AND (EXISTS \
         (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'supplier_id') \
         OR m.name IN ('price', 'price_history', 'product_change_time'))";
    let mut statement = connection.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    names.map(Result::unwrap).filter(|name| !OF_NOBODY.contains(&name.as_str())).collect()
}
