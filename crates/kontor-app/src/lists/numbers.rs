//! From catalogue numbers to products.
//!
//! The book finds which products may have a number; the transaction then reads whether they still
//! have it. So a write never scans all numbers, and never acts on what another change took away.

use std::collections::{HashMap, HashSet};

use kontor_model::identifier::{Identifier, Scheme};
use kontor_model::product::{Product, ProductState, Sku};
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, Lookup};
use kontor_store::{Abort, ReadNouns, WriteTx};

/// The different numbers of a request, in the order of first appearance.
pub(crate) struct CatalogueNumbers {
    numbers: Vec<(String, Vec<Sku>)>,
}

impl CatalogueNumbers {
    pub(crate) fn look_up<'n>(
        book: &Book,
        supplier: SupplierId,
        given: impl Iterator<Item = &'n str>,
    ) -> Self {
        let mut known = HashSet::new();
        let mut numbers = Vec::new();
        for number in given {
            if !known.insert(number) {
                continue;
            }
            let mut candidates = Vec::new();
            let lookup = Lookup::Other { scheme: Scheme::CatalogueNumber, value: number };
            book.each(supplier, lookup, |product| {
                candidates.push(product.card.product.sku.clone());
            });
            numbers.push((number.to_owned(), candidates));
        }
        Self { numbers }
    }

    /// Each number with the product for sale that it denotes. A number of several is never
    /// resolved by preferring one.
    pub(super) fn for_sale(&self, tx: &dyn WriteTx) -> Result<Vec<(&str, Option<Sku>)>, Abort> {
        self.resolved(tx, |found| only(found, |(_, state)| *state == ProductState::Active))
    }

    /// The same, but a product that was withdrawn from sale is found where none for sale is.
    pub(super) fn of_any_state(&self, tx: &dyn WriteTx) -> Result<Vec<(&str, Option<Sku>)>, Abort> {
        self.resolved(tx, |found| {
            let for_sale = only(found, |(_, state)| *state == ProductState::Active);
            for_sale.or_else(|| only(found, |_| true))
        })
    }

    /// The products that the numbers denote, whether for sale or not.
    pub(crate) fn products(&self, tx: &dyn WriteTx) -> Result<HashMap<&str, Sku>, Abort> {
        let all = self.of_any_state(tx)?;
        Ok(all.into_iter().filter_map(|(number, sku)| Some((number, sku?))).collect())
    }

    fn resolved(
        &self,
        tx: &dyn WriteTx,
        choose: impl Fn(&[(Sku, ProductState)]) -> Option<Sku>,
    ) -> Result<Vec<(&str, Option<Sku>)>, Abort> {
        let mut all = Vec::with_capacity(self.numbers.len());
        for (number, candidates) in &self.numbers {
            let mut found = Vec::with_capacity(candidates.len());
            for sku in candidates {
                if has_number(tx, sku, number)?
                    && let Some(product) = tx.find(&Product::by_sku(sku.as_str()))?
                {
                    found.push((product.sku, product.state));
                }
            }
            all.push((number.as_str(), choose(&found)));
        }
        Ok(all)
    }
}

/// The only one that fits.
fn only(found: &[(Sku, ProductState)], fits: impl Fn(&(Sku, ProductState)) -> bool) -> Option<Sku> {
    let mut fitting = found.iter().filter(|product| fits(product));
    match (fitting.next(), fitting.next()) {
        (Some((sku, _)), None) => Some(sku.clone()),
        _ => None,
    }
}

fn has_number(tx: &dyn WriteTx, sku: &Sku, number: &str) -> Result<bool, Abort> {
    let same = Identifier::with_value(sku, Scheme::CatalogueNumber, number);
    let mut has = false;
    tx.each(&same, &mut |_| {
        has = true;
        Ok(())
    })?;
    Ok(has)
}
