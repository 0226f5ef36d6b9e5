//! Tokens that older data holds twice.

use kontor_model::catalogue::Kind;
use kontor_store::{Store, StoreError, Tokens};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::older;
use crate::rows::{change, record, write};
use crate::scratch::Scratch;

/// The accounts of supplier `one` and `two` in a database that let tokens be held twice.
fn with_duplicates(name: &str) -> (Scratch, SqliteStore) {
    let dir = Scratch::new(name);
    let connection = older::create(dir.path(), 3);
    connection
        .execute_batch(
            "INSERT INTO supplier (supplier_id, supplier, time_zone, currency, since_change)
             VALUES (1, 'one', 'UTC', 'EUR', 1), (2, 'two', 'UTC', 'EUR', 1);
             INSERT INTO accounts
                 (supplier_id, protocol, login, token, previous_token, since_change)
             VALUES
                 (1, 'restigo', 'a', 'X', NULL, 1), (2, 'restigo', 'b', 'X', NULL, 1),
                 (1, 'restigo', 'c', 'Y', 'W', 1), (1, 'consinco', 'd', 'V', 'Y', 1),
                 (1, 'restigo', 'e', 'U', 'U', 1), (1, 'restigo', 'f', NULL, NULL, 1),
                 (2, 'restigo', 'g', NULL, NULL, 1);",
        )
        .unwrap();
    drop(connection);
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    (dir, store)
}

fn duplicates(store: &SqliteStore) -> Vec<String> {
    let holders = store.duplicate_tokens().unwrap();
    let names = holders.iter().map(|holders| {
        let names = holders
            .iter()
            .map(|holder| format!("{}/{}/{}", holder.supplier, holder.protocol, holder.login));
        names.collect::<Vec<_>>().join(" ")
    });
    names.collect()
}

#[test]
fn data_with_tokens_held_twice_is_opened_and_they_are_listed() {
    let (_dir, store) = with_duplicates("tokens-listed");
    let expected = ["one/restigo/a two/restigo/b", "one/consinco/d one/restigo/c"];
    assert_eq!(duplicates(&store), expected);
}

#[test]
fn holders_of_such_a_token_may_be_changed_and_mended() {
    let (_dir, store) = with_duplicates("tokens-mended");
    let account = |login: &str, name: &str, token: &str| {
        let fields = [("protocol", "restigo"), ("login", login), ("name", name), ("token", token)];
        record(Kind::Account, &fields)
    };
    // What is wrong already does not keep a holder from being renamed, and nobody else gets it.
    let renamed = account("a", "A", "X");
    change(&store, move |tx| tx.put(&renamed).map(drop));
    let third = account("f", "F", "X");
    let refused = write(&store, move |tx| tx.put(&third).map(drop));
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    let mended = account("a", "A", "T");
    change(&store, move |tx| tx.put(&mended).map(drop));
    assert_eq!(duplicates(&store), ["one/consinco/d one/restigo/c"]);
    let back = account("a", "A", "X");
    let refused = write(&store, move |tx| tx.put(&back).map(drop));
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    assert_eq!(store.last_change().unwrap().0, 2);
}
