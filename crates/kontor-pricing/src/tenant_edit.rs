//! Changing what the book knows of one supplier.
//!
//! Rows come in any order. What is made of several rows, such as the ordered lists of a customer, is
//! made once at the end and for each owner that was touched, however many of its rows were.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of rows need nothing more here; a new kind is one of them until it is named"
)]

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::price_list::{PriceListCode, PriceListId};
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;

use crate::facts::{ContractFacts, CustomerFacts, Members, StoreFacts};
use crate::tenant::Tenant;

/// A supplier that is being changed.
pub(crate) struct TenantEdit {
    pub(crate) tenant: Tenant,
    /// Customers, contracts and stores to be made anew, by kind and code.
    owners: BTreeSet<(Kind, String)>,
    /// Whether lists, or what makes them lists of markets, changed.
    markets: bool,
}

impl TenantEdit {
    pub(crate) fn new(tenant: Tenant) -> Self {
        Self { tenant, owners: BTreeSet::new(), markets: false }
    }

    pub(crate) fn of_supplier(id: SupplierId) -> Self {
        Self::new(Tenant::new(id))
    }

    /// Puts a row. `id` is the number of a price list in the database. Returns the row it replaces.
    pub(crate) fn put(&mut self, id: u32, record: Record) -> Option<Arc<Record>> {
        let key = record.key();
        let before = self.remove(record.kind(), &key);
        let tenant = &mut self.tenant;
        match &record {
            Record::Supplier(supplier) => tenant.supplier = Some(Arc::new(supplier.clone())),
            Record::PriceList(list) => {
                tenant.list_ids.insert_mut(list.code.as_str().into(), PriceListId(id));
                tenant.lists.insert_mut(PriceListId(id), Arc::new(list.clone()));
            }
            _ => {}
        }
        self.member(&record, |members, member| members.insert_mut(member.into()));
        let kind = record.kind();
        self.tenant.rows.insert_mut((kind, key), Arc::new(record));
        before
    }

    /// Removes a row. Returns it.
    pub(crate) fn remove(&mut self, kind: Kind, key: &[Cell]) -> Option<Arc<Record>> {
        self.touch(kind, key);
        let place: (Kind, Row) = (kind, key.to_vec());
        let record = self.tenant.rows.get(&place).cloned()?;
        self.tenant.rows.remove_mut(&place);
        match &*record {
            Record::Supplier(_) => self.tenant.supplier = None,
            Record::PriceList(list) => {
                let code = list.code.as_str();
                if let Some(id) = self.tenant.list_id(code) {
                    self.tenant.lists.remove_mut(&id);
                }
                self.tenant.list_ids.remove_mut(code);
            }
            _ => {}
        }
        self.member(&record, |members, member| {
            members.remove_mut(member);
        });
        Some(record)
    }

    /// Notes what has to be made anew because of this row.
    fn touch(&mut self, kind: Kind, key: &[Cell]) {
        let owner = match kind {
            Kind::Customer | Kind::Entitlement => Kind::Customer,
            Kind::Contract | Kind::ContractList => Kind::Contract,
            Kind::Store | Kind::StoreCurrency => Kind::Store,
            Kind::PriceList | Kind::Segment | Kind::SalesTable => {
                self.markets = true;
                return;
            }
            _ => return,
        };
        if let Some(Cell::Text(code)) = key.first() {
            self.owners.insert((owner, code.clone()));
        }
    }

    /// Adds or removes a customer of a contract or store, and the contract of the customer, when the
    /// row is one. An owner that is not
    /// known yet gets its members from the rows when it is made.
    fn member(&mut self, record: &Record, change: impl Fn(&mut Members, &str)) {
        match record {
            Record::ContractCustomer(row) => {
                if let Some(facts) = self.tenant.contracts.get_mut(row.contract.as_str()) {
                    change(&mut Arc::make_mut(facts).customers, row.customer.as_str());
                }
                let customer = row.customer.as_str();
                let known = self.tenant.contracts_of.get(customer).cloned();
                let mut own = known.unwrap_or_default();
                change(&mut own, row.contract.as_str());
                if own.is_empty() {
                    self.tenant.contracts_of.remove_mut(customer);
                } else {
                    self.tenant.contracts_of.insert_mut(customer.into(), own);
                }
            }
            Record::StoreCustomer(row) => {
                if let Some(facts) = self.tenant.stores.get_mut(row.store.as_str()) {
                    change(&mut Arc::make_mut(facts).customers, row.customer.as_str());
                }
            }
            _ => {}
        }
    }

    /// Makes anew what was touched.
    pub(crate) fn settle(&mut self) {
        for (kind, code) in std::mem::take(&mut self.owners) {
            match kind {
                Kind::Customer => self.settle_customer(&code),
                Kind::Contract => self.settle_contract(&code),
                _ => self.settle_store(&code),
            }
        }
        if std::mem::take(&mut self.markets) {
            self.settle_markets();
        }
    }

    fn settle_customer(&mut self, code: &str) {
        let owner = [Cell::text(code)];
        let facts = match self.tenant.get(Kind::Customer, &owner) {
            Some(Record::Customer(customer)) => Some(CustomerFacts {
                customer: customer.clone(),
                lists: self.ordered_lists(Kind::Entitlement, &owner),
            }),
            _ => None,
        };
        match facts {
            Some(facts) => self.tenant.customers.insert_mut(code.into(), Arc::new(facts)),
            None => drop(self.tenant.customers.remove_mut(code)),
        }
    }

    fn settle_contract(&mut self, code: &str) {
        let owner = [Cell::text(code)];
        let known = self.tenant.contract(code).map(|facts| facts.customers.clone());
        let facts = match self.tenant.get(Kind::Contract, &owner) {
            Some(Record::Contract(contract)) => Some(ContractFacts {
                contract: contract.clone(),
                lists: self.ordered_lists(Kind::ContractList, &owner),
                customers: known.unwrap_or_else(|| self.members(Kind::ContractCustomer, &owner)),
            }),
            _ => None,
        };
        match facts {
            Some(facts) => self.tenant.contracts.insert_mut(code.into(), Arc::new(facts)),
            None => drop(self.tenant.contracts.remove_mut(code)),
        }
    }

    fn settle_store(&mut self, code: &str) {
        let owner = [Cell::text(code)];
        let known = self.tenant.store(code).map(|facts| facts.customers.clone());
        let facts = match self.tenant.get(Kind::Store, &owner) {
            Some(Record::Store(store)) => Some(StoreFacts {
                store: store.clone(),
                currencies: self.currencies(&owner),
                customers: known.unwrap_or_else(|| self.members(Kind::StoreCustomer, &owner)),
            }),
            _ => None,
        };
        match facts {
            Some(facts) => self.tenant.stores.insert_mut(code.into(), Arc::new(facts)),
            None => drop(self.tenant.stores.remove_mut(code)),
        }
    }

    fn settle_markets(&mut self) {
        let id = |code: &PriceListCode| self.tenant.list_id(code.as_str());
        let of_market = |record: &Record| match record {
            Record::Segment(segment) => id(&segment.list),
            Record::SalesTable(table) => id(&table.list),
            _ => None,
        };
        let segments = self.tenant.rows(Kind::Segment, &[]);
        let rows = segments.chain(self.tenant.rows(Kind::SalesTable, &[]));
        let lists: HashSet<PriceListId> = rows.filter_map(of_market).collect();
        let known = &mut self.tenant.market_lists;
        let gone: Vec<_> = known.iter().filter(|list| !lists.contains(list)).copied().collect();
        for list in gone {
            known.remove_mut(&list);
        }
        for list in lists {
            known.insert_mut(list);
        }
    }

    /// The lists of a customer or contract: by position, then by code.
    fn ordered_lists(&self, kind: Kind, owner: &[Cell]) -> Box<[PriceListId]> {
        let rows = self.tenant.rows(kind, owner).filter_map(|record| match record {
            Record::Entitlement(row) => Some((row.position, &row.list)),
            Record::ContractList(row) => Some((row.position, &row.list)),
            _ => None,
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows.into_iter().filter_map(|(_, code)| self.tenant.list_id(code.as_str())).collect()
    }

    fn currencies(&self, store: &[Cell]) -> Box<[(Currency, u8)]> {
        let rows = self.tenant.rows(Kind::StoreCurrency, store);
        let currencies = rows.filter_map(|record| match record {
            Record::StoreCurrency(row) => Some((row.currency, row.decimals)),
            _ => None,
        });
        currencies.collect()
    }

    fn members(&self, kind: Kind, owner: &[Cell]) -> Members {
        let members = self.tenant.rows(kind, owner).filter_map(|record| match record {
            Record::ContractCustomer(row) => Some(row.customer.as_str().into()),
            Record::StoreCustomer(row) => Some(row.customer.as_str().into()),
            _ => None,
        });
        members.collect()
    }
}
