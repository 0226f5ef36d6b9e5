//! What the book knows of one supplier beside its products.
//!
//! All small nouns stand in one ordered persistent map, so that whatever a question needs can be
//! read by key or by the beginning of a key. What hot paths need is kept ready beside it.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of rows need nothing more here; a new kind is one of them until it is named"
)]

use std::ops::Bound;
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::contract::Contract;
use kontor_model::currency::Currency;
use kontor_model::customer::{Customer, State};
use kontor_model::price_list::{PriceList, PriceListCode, PriceListId};
use kontor_model::record::{Cell, Row};
use kontor_model::store::Store;
use kontor_model::supplier::{Supplier, SupplierId};
use rpds::{HashTrieSetSync, RedBlackTreeMapSync};

use crate::ids::IdMap;

/// A customer and the lists it may be priced from, in their order.
#[derive(Debug, Clone)]
pub struct CustomerFacts {
    pub customer: Customer,
    pub lists: Box<[PriceListId]>,
}

/// A contract, its lists in their order, and who may use it.
#[derive(Debug, Clone)]
pub struct ContractFacts {
    pub contract: Contract,
    pub lists: Box<[PriceListId]>,
    /// Numbers of customers, ascending.
    pub customers: Box<[Box<str>]>,
}

/// A store, its currencies and who may use it.
#[derive(Debug, Clone)]
pub struct StoreFacts {
    pub store: Store,
    /// Currencies with the decimals of their prices.
    pub currencies: Box<[(Currency, u8)]>,
    /// Numbers of customers, ascending.
    pub customers: Box<[Box<str>]>,
}

/// One supplier.
#[derive(Debug, Clone)]
pub struct Tenant {
    id: SupplierId,
    supplier: Option<Arc<Supplier>>,
    rows: RedBlackTreeMapSync<(Kind, Row), Arc<Record>>,
    list_ids: IdMap<Box<str>, PriceListId>,
    lists: IdMap<PriceListId, Arc<PriceList>>,
    market_lists: HashTrieSetSync<PriceListId>,
    customers: IdMap<Box<str>, Arc<CustomerFacts>>,
    contracts: IdMap<Box<str>, Arc<ContractFacts>>,
    stores: IdMap<Box<str>, Arc<StoreFacts>>,
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
            stores: IdMap::default(),
        }
    }

    pub fn id(&self) -> SupplierId {
        self.id
    }

    /// The supplier's own row. It is there for every tenant that can be asked.
    pub fn supplier(&self) -> Option<&Supplier> {
        self.supplier.as_deref()
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
    ) -> impl Iterator<Item = &'a Record> + 'a {
        let prefix = prefix.to_vec();
        let from = (Bound::Included((kind, prefix.clone())), Bound::Unbounded);
        self.rows
            .range(from)
            .take_while(move |((of, key), _)| *of == kind && key.starts_with(&prefix))
            .map(|(_, record)| &**record)
    }

    /// An active customer.
    pub fn customer(&self, number: &str) -> Option<&CustomerFacts> {
        let facts = self.customers.get(number).map(|facts| &**facts);
        facts.filter(|facts| facts.customer.state == State::Active)
    }

    pub fn contract(&self, code: &str) -> Option<&ContractFacts> {
        self.contracts.get(code).map(|facts| &**facts)
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

    /// Lists of segments and sales tables: their prices are also those of packings. One that was
    /// such a list once stays here.
    pub fn market_lists(&self) -> &HashTrieSetSync<PriceListId> {
        &self.market_lists
    }

    /// Puts a row. `id` is the number of a price list in the database.
    pub(crate) fn put(&mut self, id: u32, record: Record) {
        let key = record.key();
        match &record {
            Record::Supplier(supplier) => self.supplier = Some(Arc::new(supplier.clone())),
            Record::PriceList(list) => {
                self.list_ids.insert_mut(list.code.as_str().into(), PriceListId(id));
                self.lists.insert_mut(PriceListId(id), Arc::new(list.clone()));
            }
            Record::Segment(segment) => self.add_market_list(&segment.list),
            Record::SalesTable(table) => self.add_market_list(&table.list),
            _ => {}
        }
        let kind = record.kind();
        self.rows.insert_mut((kind, key.clone()), Arc::new(record));
        self.refresh(kind, &key);
    }

    pub(crate) fn remove(&mut self, kind: Kind, key: &[Cell]) {
        let place = (kind, key.to_vec());
        if let Some(Record::PriceList(list)) = self.rows.get(&place).map(|record| &**record) {
            let code: Box<str> = list.code.as_str().into();
            if let Some(id) = self.list_ids.get(&code).copied() {
                self.lists.remove_mut(&id);
            }
            self.list_ids.remove_mut(&code);
        }
        self.rows.remove_mut(&place);
        self.refresh(kind, key);
    }

    fn add_market_list(&mut self, list: &PriceListCode) {
        if let Some(id) = self.list_id(list.as_str()) {
            self.market_lists.insert_mut(id);
        }
    }

    /// Makes the ready facts anew that a change of this row touches.
    fn refresh(&mut self, kind: Kind, key: &[Cell]) {
        let Some(owner) = key.first() else { return };
        match kind {
            Kind::Customer | Kind::Entitlement => self.refresh_customer(owner),
            Kind::Contract | Kind::ContractList | Kind::ContractCustomer => {
                self.refresh_contract(owner);
            }
            Kind::Store | Kind::StoreCurrency | Kind::StoreCustomer => self.refresh_store(owner),
            _ => {}
        }
    }

    fn refresh_customer(&mut self, number: &Cell) {
        let Cell::Text(text) = number else { return };
        let owner = std::slice::from_ref(number);
        let code: Box<str> = text.as_str().into();
        let facts = match self.get(Kind::Customer, owner) {
            Some(Record::Customer(customer)) => Some(CustomerFacts {
                customer: customer.clone(),
                lists: self.ordered_lists(Kind::Entitlement, owner),
            }),
            _ => None,
        };
        match facts {
            Some(facts) => self.customers.insert_mut(code, Arc::new(facts)),
            None => drop(self.customers.remove_mut(&code)),
        }
    }

    fn refresh_contract(&mut self, code: &Cell) {
        let Cell::Text(text) = code else { return };
        let owner = std::slice::from_ref(code);
        let facts = match self.get(Kind::Contract, owner) {
            Some(Record::Contract(contract)) => Some(ContractFacts {
                contract: contract.clone(),
                lists: self.ordered_lists(Kind::ContractList, owner),
                customers: self.members(Kind::ContractCustomer, owner),
            }),
            _ => None,
        };
        let code: Box<str> = text.as_str().into();
        match facts {
            Some(facts) => self.contracts.insert_mut(code, Arc::new(facts)),
            None => drop(self.contracts.remove_mut(&code)),
        }
    }

    fn refresh_store(&mut self, code: &Cell) {
        let Cell::Text(text) = code else { return };
        let owner = std::slice::from_ref(code);
        let facts = match self.get(Kind::Store, owner) {
            Some(Record::Store(store)) => Some(StoreFacts {
                store: store.clone(),
                currencies: self.currencies(owner),
                customers: self.members(Kind::StoreCustomer, owner),
            }),
            _ => None,
        };
        let code: Box<str> = text.as_str().into();
        match facts {
            Some(facts) => self.stores.insert_mut(code, Arc::new(facts)),
            None => drop(self.stores.remove_mut(&code)),
        }
    }

    /// The lists of a customer or contract: by position, then by code.
    fn ordered_lists(&self, kind: Kind, owner: &[Cell]) -> Box<[PriceListId]> {
        let rows = self.rows(kind, owner).filter_map(|record| match record {
            Record::Entitlement(row) => Some((row.position, &row.list)),
            Record::ContractList(row) => Some((row.position, &row.list)),
            _ => None,
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows.into_iter().filter_map(|(_, code)| self.list_id(code.as_str())).collect()
    }

    fn currencies(&self, store: &[Cell]) -> Box<[(Currency, u8)]> {
        let rows = self.rows(Kind::StoreCurrency, store);
        let currencies = rows.filter_map(|record| match record {
            Record::StoreCurrency(row) => Some((row.currency, row.decimals)),
            _ => None,
        });
        currencies.collect()
    }

    fn members(&self, kind: Kind, owner: &[Cell]) -> Box<[Box<str>]> {
        let members = self.rows(kind, owner).filter_map(|record| match record {
            Record::ContractCustomer(row) => Some(row.customer.as_str().into()),
            Record::StoreCustomer(row) => Some(row.customer.as_str().into()),
            _ => None,
        });
        members.collect()
    }
}

impl ContractFacts {
    pub fn is_for(&self, customer: &str) -> bool {
        self.customers.binary_search_by(|number| (**number).cmp(customer)).is_ok()
    }
}

impl StoreFacts {
    pub fn is_for(&self, customer: &str) -> bool {
        self.customers.binary_search_by(|number| (**number).cmp(customer)).is_ok()
    }

    /// Decimals of prices in a currency; `None` when the store does not sell in it.
    pub fn decimals(&self, currency: Currency) -> Option<u8> {
        let entry = self.currencies.iter().find(|(code, _)| *code == currency);
        entry.map(|(_, decimals)| *decimals)
    }
}
