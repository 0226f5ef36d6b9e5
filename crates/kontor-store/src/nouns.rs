//! Rows as nouns: what use cases read and write through, so that they meet no kinds, records or
//! cells.
//!
//! These are methods of every [`ReadTx`] and [`WriteTx`]; a backend does not implement them.

use kontor_model::catalogue::StoredNoun;
use kontor_model::key::{Key, KeyPrefix};
use kontor_model::price_list::PriceList;

use crate::error::{Abort, StoreError};
use crate::read::{ReadTx, Visit};
use crate::write::{Put, WriteTx};

/// Reading rows of one supplier as nouns.
pub trait ReadNouns {
    fn reader(&self) -> &(dyn ReadTx + '_);

    /// The row with this key.
    fn find<N: StoredNoun>(&self, key: &Key<N>) -> Result<Option<N>, StoreError> {
        Ok(self.reader().get(N::KIND, key.cells())?.and_then(N::from_record))
    }

    fn has<N: StoredNoun>(&self, key: &Key<N>) -> Result<bool, StoreError> {
        Ok(self.reader().get(N::KIND, key.cells())?.is_some())
    }

    /// The rows whose keys begin like this, in key order. Prices come in the order product number in
    /// the database, list, shape.
    fn each<N: StoredNoun>(&self, prefix: &KeyPrefix<N>, visit: Visit<'_, N>) -> Result<(), Abort> {
        self.reader().scan(N::KIND, prefix.cells(), &mut |record| {
            N::from_record(record).map_or(Ok(()), &mut *visit)
        })
    }

    /// All rows of the noun, in key order.
    fn each_of_all<N: StoredNoun>(&self, visit: Visit<'_, N>) -> Result<(), Abort> {
        self.each(&KeyPrefix::all(), visit)
    }

    /// At most so many rows of the noun after a key, in key order, for who asks something else for each
    /// row; see [`ReadTx::page`].
    fn page_of<N: StoredNoun>(
        &self,
        after: Option<&Key<N>>,
        at_most: usize,
    ) -> Result<Vec<N>, StoreError> {
        let page = self.reader().page(N::KIND, after.map_or(&[], |key| key.cells()), at_most)?;
        Ok(page.into_iter().filter_map(N::from_record).collect())
    }

    /// How many rows of the noun there are.
    fn count_of<N: StoredNoun>(&self) -> Result<u64, StoreError> {
        self.reader().count(N::KIND)
    }

    /// The price list with this number; see [`ReadTx::list_by_number`].
    fn price_list_by_number(&self, number: i64) -> Result<Option<PriceList>, StoreError> {
        Ok(self.reader().list_by_number(number)?.and_then(PriceList::from_record))
    }

    /// The price list with this name; of several the one that came first.
    fn price_list_by_name(&self, name: &str) -> Result<Option<PriceList>, StoreError> {
        Ok(self.reader().list_by_name(name)?.and_then(PriceList::from_record))
    }

    /// Who wrote the row with this key last; see [`ReadTx::last_actor`].
    fn last_actor_of<N: StoredNoun>(&self, key: &Key<N>) -> Result<Option<String>, StoreError> {
        self.reader().last_actor(N::KIND, key.cells())
    }
}

/// Writing rows of one supplier as nouns.
pub trait WriteNouns: ReadNouns {
    fn writer(&mut self) -> &mut (dyn WriteTx + '_);

    /// Inserts the row or supersedes the one with the same key; see [`WriteTx::put`].
    fn save<N: StoredNoun>(&mut self, noun: N) -> Result<Put, Abort> {
        self.writer().put(&noun.into_record())
    }

    /// Removes the row; `false` when there was none. See [`WriteTx::remove`].
    fn delete<N: StoredNoun>(&mut self, key: &Key<N>) -> Result<bool, StoreError> {
        self.writer().remove(N::KIND, key.cells())
    }
}

impl ReadNouns for dyn ReadTx + '_ {
    fn reader(&self) -> &(dyn ReadTx + '_) {
        self
    }
}

impl ReadNouns for dyn WriteTx + '_ {
    fn reader(&self) -> &(dyn ReadTx + '_) {
        self
    }
}

impl WriteNouns for dyn WriteTx + '_ {
    fn writer(&mut self) -> &mut (dyn WriteTx + '_) {
        self
    }
}
