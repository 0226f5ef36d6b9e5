//! Who looks at the rows of a scan asks its view nothing meanwhile: a build for debugging panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::{ReadTx, Store};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::rows::fill;
use crate::scratch::Scratch;

fn asks_in_a_scan(tx: &dyn ReadTx) {
    tx.scan(Kind::Product, &[], &mut |record| {
        tx.get(Kind::Product, &record.key())?;
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_visitor_that_asks_its_own_view_is_found() {
    let dir = Scratch::new("visiting");
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    fill(&store, 2);
    let supplier = store.supplier_id("one").unwrap().unwrap();
    let read = |look: &mut dyn FnMut(&dyn ReadTx)| {
        store.read(supplier, &mut |tx| {
            look(tx);
            Ok(())
        })
    };
    let asked = catch_unwind(AssertUnwindSafe(|| read(&mut asks_in_a_scan)));
    assert_eq!(asked.is_err(), cfg!(debug_assertions));
    // Afterwards, and with pages, everything can be asked, whatever view comes next.
    let mut found = 0;
    read(&mut |tx| {
        for record in tx.page(Kind::Product, &[], 10).unwrap() {
            found += usize::from(tx.get(Kind::Product, &record.key()).unwrap().is_some());
        }
        assert!(tx.get(Kind::Product, &[Cell::text("P1")]).unwrap().is_some());
    })
    .unwrap();
    assert_eq!(found, 2);
}
