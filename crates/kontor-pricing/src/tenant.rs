//! What the book knows of one supplier beside its products.
//!
//! All small nouns stand in one ordered persistent map, so that whatever a question needs can be
//! read by key or by the beginning of a key. What hot paths need is kept ready beside it.

use std::ops::Bound;
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record, StoredNoun};
use kontor_model::customer::State;
use kontor_model::instant::Instant;
use kontor_model::key::{Key, KeyPrefix};
use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::{PriceList, PriceListId};
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::{Supplier, SupplierId};
use rpds::{HashTrieSetSync, RedBlackTreeMapSync};

use crate::facts::{ContractFacts, CustomerFacts, Members, StoreFacts};
use crate::ids::IdMap;

/// One supplier.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub(crate) id: SupplierId,
    pub(crate) supplier: Option<Arc<Supplier>>,
    pub(crate) rows: RedBlackTreeMapSync<(Kind, Row), Arc<Record>>,
    pub(crate) list_ids: IdMap<Box<str>, PriceListId>,
    pub(crate) lists: IdMap<PriceListId, Arc<PriceList>>,
    pub(crate) market_lists: HashTrieSetSync<PriceListId>,
    pub(crate) customers: IdMap<Box<str>, Arc<CustomerFacts>>,
    pub(crate) contracts: IdMap<Box<str>, Arc<ContractFacts>>,
    /// For each customer the codes of its contracts, ascending.
    pub(crate) contracts_of: IdMap<Box<str>, Members>,
    pub(crate) stores: IdMap<Box<str>, Arc<StoreFacts>>,
    /// When answers that depend on a row last changed because of it; it may be gone.
    pub(crate) change_times: RedBlackTreeMapSync<(Kind, Row), Instant>,
}

impl Tenant {
    pub(crate) fn new(id: SupplierId) -> Self {
        Self {
            id,
            supplier: None,
            rows: RedBlackTreeMapSync::new_sync(),
            list_ids: IdMap::default(),
            lists: IdMap::default(),
            market_lists: HashTrieSetSync::new_sync(),
            customers: IdMap::default(),
            contracts: IdMap::default(),
            contracts_of: IdMap::default(),
            stores: IdMap::default(),
            change_times: RedBlackTreeMapSync::new_sync(),
        }
    }

    pub fn id(&self) -> SupplierId {
        self.id
    }

    /// The supplier's own row. It is there for every tenant that can be asked.
    pub fn supplier(&self) -> Option<&Supplier> {
        self.supplier.as_deref()
    }

    /// Whether nothing is left of it: the supplier was removed.
    pub(crate) fn is_gone(&self) -> bool {
        self.supplier.is_none() && self.rows.is_empty()
    }

    /// The row with this key.
    pub fn get(&self, kind: Kind, key: &[Cell]) -> Option<&Record> {
        self.rows.get(&(kind, key.to_vec())).map(|record| &**record)
    }

    /// All rows of a kind whose first key columns are these, in key order.
    pub fn rows<'a>(
        &'a self,
        kind: Kind,
        prefix: &[Cell],
    ) -> impl Iterator<Item = &'a Record> + use<'a> {
        let prefix = prefix.to_vec();
        let from = (Bound::Included((kind, prefix.clone())), Bound::Unbounded);
        self.rows
            .range(from)
            .take_while(move |((of, key), _)| *of == kind && key.starts_with(&prefix))
            .map(|(_, record)| &**record)
    }

    /// The row with this key.
    pub fn find<N: StoredNoun>(&self, key: &Key<N>) -> Option<&N> {
        self.get(N::KIND, key.cells()).and_then(N::in_record)
    }

    /// The rows whose keys begin like this, in key order.
    pub fn under<'a, N: StoredNoun>(
        &'a self,
        prefix: &KeyPrefix<N>,
    ) -> impl Iterator<Item = &'a N> + use<'a, N> {
        self.rows(N::KIND, prefix.cells()).filter_map(N::in_record)
    }

    /// All rows of the noun, in key order.
    pub fn all<N: StoredNoun>(&self) -> impl Iterator<Item = &N> {
        self.rows(N::KIND, &[]).filter_map(N::in_record)
    }

    /// When answers that depend on this row last changed because of it; the beginning of time when that
    /// is not noted.
    pub fn changed_because_of<N: StoredNoun>(&self, key: &Key<N>) -> Instant {
        self.changed_at(N::KIND, key.cells()).unwrap_or(Instant::MIN)
    }

    /// Payment terms that were renamed, and when, by code.
    pub fn renamed_terms(&self) -> impl Iterator<Item = (PaymentTermCode, Instant)> {
        let times = self.change_times(Kind::PaymentTerm);
        times.filter_map(|(key, at)| match key {
            [Cell::Text(code)] => Some((code.parse().ok()?, at)),
            _ => None,
        })
    }

    /// When answers that depend on a row last changed because of it, as far as that is noted.
    pub fn changed_at(&self, kind: Kind, key: &[Cell]) -> Option<Instant> {
        if self.change_times.is_empty() {
            return None;
        }
        self.change_times.get(&(kind, key.to_vec())).copied()
    }

    /// The same of all rows of a kind, by key.
    pub fn change_times(&self, kind: Kind) -> impl Iterator<Item = (&[Cell], Instant)> {
        let from = (Bound::Included((kind, Row::new())), Bound::Unbounded);
        let of_kind = self.change_times.range(from).take_while(move |((of, _), _)| *of == kind);
        of_kind.map(|((_, key), at)| (key.as_slice(), *at))
    }

    /// An active customer.
    pub fn customer(&self, number: &str) -> Option<&CustomerFacts> {
        let facts = self.customers.get(number).map(|facts| &**facts);
        facts.filter(|facts| facts.customer.state == State::Active)
    }

    pub fn contract(&self, code: &str) -> Option<&ContractFacts> {
        self.contracts.get(code).map(|facts| &**facts)
    }

    /// The contracts that a customer may use, by code.
    pub fn contracts_of(&self, customer: &str) -> impl Iterator<Item = &ContractFacts> {
        let codes = self.contracts_of.get(customer).into_iter().flat_map(Members::iter);
        codes.filter_map(|code| self.contract(code))
    }

    pub fn store(&self, code: &str) -> Option<&StoreFacts> {
        self.stores.get(code).map(|facts| &**facts)
    }

    pub fn list(&self, id: PriceListId) -> Option<&PriceList> {
        self.lists.get(&id).map(|list| &**list)
    }

    pub fn list_id(&self, code: &str) -> Option<PriceListId> {
        self.list_ids.get(code).copied()
    }

    /// Lists of segments and sales tables: their prices are also those of packings.
    pub fn market_lists(&self) -> &HashTrieSetSync<PriceListId> {
        &self.market_lists
    }
}
