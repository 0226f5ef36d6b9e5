//! What hot paths need of customers, contracts and stores, ready to be read.

use kontor_model::contract::Contract;
use kontor_model::currency::Currency;
use kontor_model::customer::Customer;
use kontor_model::price_list::PriceListId;
use kontor_model::store::Store;
use rpds::RedBlackTreeSetSync;

/// Numbers of customers or codes of contracts, ascending. One more costs the same however many there are.
pub type Members = RedBlackTreeSetSync<Box<str>>;

/// A customer and the lists it may be priced from, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFacts {
    pub customer: Customer,
    pub lists: Box<[PriceListId]>,
}

/// A contract, its lists in their order, and who may use it.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractFacts {
    pub contract: Contract,
    pub lists: Box<[PriceListId]>,
    pub customers: Members,
}

/// A store, its currencies and who may use it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreFacts {
    pub store: Store,
    /// Currencies with the decimals of their prices.
    pub currencies: Box<[(Currency, u8)]>,
    pub customers: Members,
}

impl ContractFacts {
    pub fn is_for(&self, customer: &str) -> bool {
        self.customers.contains(customer)
    }
}

impl StoreFacts {
    pub fn is_for(&self, customer: &str) -> bool {
        self.customers.contains(customer)
    }

    /// Decimals of prices in a currency; `None` when the store does not sell in it.
    pub fn decimals(&self, currency: Currency) -> Option<u8> {
        let entry = self.currencies.iter().find(|(code, _)| *code == currency);
        entry.map(|(_, decimals)| *decimals)
    }
}
