//! Which stored prices an import takes away, for what is checked against it: products and lists that
//! are removed with their prices, and base units that change under them.

use std::collections::{BTreeMap, BTreeSet};

use kontor_store::StoreError;

use super::difference::{Difference, Step};

/// Counts of stored prices that go.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    of_product: BTreeMap<u32, u64>,
    of_list: BTreeMap<u32, u64>,
    /// Product, list and shape of those of products with another base unit that go or are written
    /// anew.
    renewed: BTreeSet<(u32, u32, u32)>,
}

impl Leaving {
    pub(crate) fn of(difference: &Difference, rebased: &BTreeSet<u32>) -> Result<Self, StoreError> {
        let mut leaving = Self::default();
        if difference.count.removed == 0 && difference.count.trimmed == 0 && rebased.is_empty() {
            return Ok(leaving);
        }
        let mut steps = difference.steps()?;
        while let Some(step) = steps.next()? {
            let (Step::Update { old, .. } | Step::Remove(old, _)) = step else {
                continue;
            };
            if matches!(step, Step::Remove(..)) {
                *leaving.of_product.entry(old.product).or_default() += 1;
                *leaving.of_list.entry(old.list).or_default() += 1;
            }
            if rebased.contains(&old.product) {
                leaving.renewed.insert((old.product, old.list, old.shape));
            }
        }
        Ok(leaving)
    }

    /// How many prices of a product go.
    pub(crate) fn of_product(&self, product: u32) -> u64 {
        self.of_product.get(&product).copied().unwrap_or(0)
    }

    /// How many prices in a list go.
    pub(crate) fn of_list(&self, list: u32) -> u64 {
        self.of_list.get(&list).copied().unwrap_or(0)
    }

    /// Whether a stored price of a product with another base unit goes or is written anew.
    pub(crate) fn is_renewed(&self, product: u32, list: u32, shape: u32) -> bool {
        self.renewed.contains(&(product, list, shape))
    }
}
