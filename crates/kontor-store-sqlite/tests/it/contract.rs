//! Every check of the contract, each on a new database.

use kontor_store::{Store, contract};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::scratch::Scratch;

#[test]
fn sqlite_keeps_the_contract() {
    for check in contract::checks() {
        println!("{}", check.name);
        let dir = Scratch::new(check.name);
        let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
        (check.run)(&store);
        drop(store);
        let again = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
        assert_eq!(again.verify_chain().unwrap(), again.last_change().unwrap().0);
        // Whatever was done, the sums that were kept up are those of all rows.
        assert_eq!(again.prove().unwrap().since, 0, "{}", check.name);
    }
}
