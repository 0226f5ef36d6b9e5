//! Partners maintain price lists: create them, set and remove prices, assign them to customers.
//!
//! A list is theirs when it has a number. A price of it is the regular price of one base unit from
//! the smallest quantity on (a minimum of one, or at or below the product's step, says no more), in
//! the currency of the list; promotions, further tiers and prices of packages that were imported into
//! the same list are neither shown nor touched. Every change is one
//! transaction that reads what it changes: of two partners who write at the same time none loses.
//!
//! Not here: what the requests look like, and whether their fields are there (the dialects).

use std::sync::Arc;

use kontor_model::counter::PRICE_LIST_NUMBERS;
use kontor_model::customer::{Customer, State};
use kontor_model::price_list::{PriceList, PriceListCode};
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, ReadNouns, StoreError, WriteNouns, WriteTx};

use super::assignment;
use super::change::{Done, ListRefusal, PricesSet, PricesToRemove, PricesToSet};
use super::entries::{self, ItemPrices};
use super::numbers::CatalogueNumbers;
use crate::access::asker::Asker;
use crate::app::App;
use crate::write::WriteError;

impl App {
    /// Creates a list without prices and customers. Its name must be free among numbered lists.
    pub async fn create_price_list(
        self: &Arc<Self>,
        asker: &Asker,
        actor: &str,
        name: String,
    ) -> Done<PriceList> {
        let supplier = self.supplier_code(asker)?;
        let code = supplier.clone();
        let job = move |tx: &mut dyn WriteTx| create(tx, &code, &name);
        Ok(self.write(supplier, actor, job).await?.value)
    }

    /// Sets prices and, when at least one was set, assigns the list to the customer.
    pub async fn set_list_prices(
        self: &Arc<Self>,
        asker: &Asker,
        actor: &str,
        wanted: PricesToSet,
    ) -> Done<PricesSet> {
        let supplier = self.supplier_code(asker)?;
        let code = supplier.clone();
        let given = wanted.prices.iter().map(|(number, _)| number.as_str());
        let numbers = CatalogueNumbers::look_up(&self.book(), asker.supplier, given);
        let clock = Arc::clone(&self.clock);
        let job = move |tx: &mut dyn WriteTx| {
            let list = numbered_list(tx, wanted.list)?;
            let customer = branch(tx, &wanted.customer)?;
            let prices = ItemPrices::new(tx, &code, &list, clock.now())?;
            let set = entries::set(tx, &prices, &numbers, &wanted.prices)?;
            if !(set.added.is_empty() && set.updated.is_empty()) {
                assignment::assign(tx, &customer.number, &list.code)?;
            }
            Ok(set)
        };
        Ok(self.write(supplier, actor, job).await?.value)
    }

    /// Removes prices. Returns the numbers that had one, each once, in the order given.
    pub async fn remove_list_prices(
        self: &Arc<Self>,
        asker: &Asker,
        actor: &str,
        wanted: PricesToRemove,
    ) -> Done<Vec<String>> {
        let supplier = self.supplier_code(asker)?;
        let code = supplier.clone();
        let given = wanted.numbers.iter().map(String::as_str);
        let numbers = CatalogueNumbers::look_up(&self.book(), asker.supplier, given);
        let clock = Arc::clone(&self.clock);
        let job = move |tx: &mut dyn WriteTx| {
            let list = numbered_list(tx, wanted.list)?;
            let customer = branch(tx, &wanted.customer)?;
            if !assignment::is_assigned(tx, &customer.number, &list.code)? {
                return Err(WriteError::Refused(ListRefusal::UnknownCustomer));
            }
            let prices = ItemPrices::new(tx, &code, &list, clock.now())?;
            entries::remove(tx, &prices, &numbers)
        };
        Ok(self.write(supplier, actor, job).await?.value)
    }

    /// Takes a list away from a customer. The list keeps its prices.
    pub async fn unassign_price_list(
        self: &Arc<Self>,
        asker: &Asker,
        actor: &str,
        list: i64,
        customer: String,
    ) -> Done<()> {
        let supplier = self.supplier_code(asker)?;
        let job = move |tx: &mut dyn WriteTx| {
            let list = numbered_list(tx, list)?;
            let customer = branch(tx, &customer)?;
            if assignment::unassign(tx, &customer.number, &list.code)? {
                Ok(())
            } else {
                Err(WriteError::Refused(ListRefusal::UnknownCustomer))
            }
        };
        self.write(supplier, actor, job).await.map(drop)
    }

    fn supplier_code(&self, asker: &Asker) -> Result<SupplierCode, StoreError> {
        let book = self.book();
        let supplier = asker.tenant(&book).and_then(|tenant| tenant.supplier());
        supplier
            .map(|supplier| supplier.code.clone())
            .ok_or_else(|| StoreError::Read("the supplier of the account is gone".to_owned()))
    }
}

fn create(tx: &mut dyn WriteTx, supplier: &SupplierCode, name: &str) -> Done<PriceList> {
    if is_taken(tx, name)? {
        return Err(WriteError::Refused(ListRefusal::NameTaken));
    }
    let number = loop {
        // Imported lists may already have numbers the counter has not reached yet.
        let number = tx.next_number(PRICE_LIST_NUMBERS)?;
        if tx.price_list_by_number(number)?.is_none() {
            break number;
        }
    };
    let list = PriceList {
        code: free_code(tx, number)?,
        number: Some(number),
        name: Some(name.to_owned()),
        // Written down, so that the prices keep their currency if the supplier's default changes.
        currency: Some(entries::supplier(tx, supplier)?.currency),
        time_zone: None,
    };
    tx.save(list.clone())?;
    Ok(list)
}

/// Whether a numbered list has this name. Lists without a number may share it.
fn is_taken(tx: &dyn WriteTx, name: &str) -> Result<bool, Abort> {
    match tx.price_list_by_name(name)? {
        None => Ok(false),
        Some(list) if list.number.is_some() => Ok(true),
        Some(_) => {
            let mut taken = false;
            tx.each_of_all::<PriceList>(&mut |list| {
                taken |= list.number.is_some() && list.name.as_deref() == Some(name);
                Ok(())
            })?;
            Ok(taken)
        }
    }
}

/// A code that no list has: `R-5545`, or `R-5545-2` when somebody took that.
fn free_code(tx: &dyn WriteTx, number: i64) -> Result<PriceListCode, StoreError> {
    let mut candidate = format!("R-{number}");
    let mut attempt: u64 = 1;
    loop {
        let code = candidate
            .parse::<PriceListCode>()
            .map_err(|error| StoreError::Write(format!("price list code {candidate}: {error}")))?;
        if !tx.has(&PriceList::by_code(code.as_str()))? {
            return Ok(code);
        }
        attempt += 1;
        candidate = format!("R-{number}-{attempt}");
    }
}

fn numbered_list(tx: &dyn WriteTx, number: i64) -> Done<PriceList> {
    let list = tx.price_list_by_number(number)?;
    list.ok_or(WriteError::Refused(ListRefusal::UnknownList))
}

/// An active customer that has a branch number. Others are not known to partners.
fn branch(tx: &dyn WriteTx, number: &str) -> Done<Customer> {
    match tx.find(&Customer::by_number(number))? {
        Some(customer) if customer.state == State::Active && customer.branch_number.is_some() => {
            Ok(customer)
        }
        _ => Err(WriteError::Refused(ListRefusal::UnknownCustomer)),
    }
}
