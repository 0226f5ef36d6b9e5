//! A backup is one state with everything that was acknowledged, whatever is written meanwhile.

use std::os::unix::fs::PermissionsExt as _;

use kontor_model::catalogue::Kind;
use kontor_store::{ChangeNumber, Store};
use kontor_store_sqlite::{ChangesWanted, OpenOptions, SqliteStore};

use crate::rows::{change, fill, product, record};
use crate::scratch::Scratch;

fn filled(name: &str) -> (Scratch, SqliteStore) {
    let dir = Scratch::new(name);
    let store = SqliteStore::open(dir.path().join("data"), &OpenOptions::default()).unwrap();
    fill(&store, 2);
    (dir, store)
}

#[test]
fn a_copy_made_while_others_write_is_a_state_and_proves_it() {
    let (dir, store) = filled("backup");
    let copies = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..200 {
                change(&store, move |tx| tx.put(&product(10 + number)).map(drop));
            }
        });
        let mut copies = Vec::new();
        while copies.len() < 3 || !writer.is_finished() && copies.len() < 20 {
            let acknowledged = store.last_change().unwrap();
            let to = dir.path().join(format!("copy{}", copies.len()));
            let change = store.backup(&to).unwrap();
            assert!(change >= acknowledged);
            copies.push((to, change));
        }
        copies
    });
    for (to, change) in copies {
        assert_eq!(std::fs::metadata(to.join("kontor.db")).unwrap().permissions().mode() & 0o77, 0);
        let copy = SqliteStore::open(&to, &OpenOptions::default()).unwrap();
        copy.check().unwrap();
        assert_eq!(copy.verify_chain().unwrap(), change.0);
        assert_eq!(copy.prove().unwrap().change, change.0);
        assert_eq!(copy.last_change().unwrap(), change);
    }
}

#[test]
fn the_mark_of_a_copy_tells_a_still_older_copy() {
    let (dir, store) = filled("backup-mark");
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    store.backup(&old).unwrap();
    change(&store, |tx| tx.put(&product(3)).map(drop));
    store.backup(&new).unwrap();
    std::fs::copy(old.join("kontor.db"), new.join("kontor.db")).unwrap();
    assert!(SqliteStore::open(&new, &OpenOptions::default()).is_err());
}

#[test]
fn nothing_is_overwritten() {
    let (dir, store) = filled("backup-there");
    let to = dir.path().join("there");
    std::fs::create_dir(&to).unwrap();
    std::fs::write(to.join("letter.txt"), "mine").unwrap();
    let refused = store.backup(&to).unwrap_err().to_string();
    assert!(refused.contains("not empty"), "{refused}");
    assert_eq!(std::fs::read_dir(&to).unwrap().count(), 1);
}

#[test]
fn changes_are_listed_newest_first_with_what_they_touched() {
    let (_dir, store) = filled("change-list");
    let first = store.last_change().unwrap().0;
    change(&store, |tx| tx.put(&record(Kind::PriceList, &[("price_list", "L")])).map(drop));
    let first = first + 1;
    change(&store, |tx| tx.put(&product(9)).map(drop));
    change(&store, |tx| {
        let price = [
            ("price_list", "L"),
            ("sku", "P1"),
            ("currency", "EUR"),
            ("minimum_quantity", "1"),
            ("amount", "7"),
            ("changed_at", "2016-01-20T02:00:00Z"),
        ];
        tx.put(&record(Kind::Price, &price)).map(drop)
    });
    let supplier = store.supplier_id("one").unwrap().unwrap();
    let list = |sku: Option<&str>, limit| {
        let product = sku.map(|sku| store.product_id(supplier, sku).unwrap().unwrap());
        let lines = store.changes(ChangesWanted { supplier, product, limit }).unwrap();
        lines
            .into_iter()
            .map(|line| (line.number.0 - first, line.touched.unwrap()))
            .collect::<Vec<_>>()
    };
    let (x, price) = ([(Kind::Product, 1)].into(), [(Kind::Price, 1)].into());
    assert_eq!(list(None, 2), [(2, price), (1, x)]);
    assert_eq!(list(Some("P9"), 9).iter().map(|line| line.0).collect::<Vec<_>>(), [1]);
    assert_eq!(list(Some("P1"), 1).iter().map(|line| line.0).collect::<Vec<_>>(), [2]);
    assert_eq!(store.product_id(supplier, "none").unwrap(), None);
    assert_eq!(list(None, 0), []);
    assert_eq!(store.last_change().unwrap(), ChangeNumber(first + 2));
}
