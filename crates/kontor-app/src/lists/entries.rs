//! The prices of a maintained list, in a transaction.

use std::collections::HashMap;

use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::key::Key;
use kontor_model::money::Money;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceList, PriceUnit, Shape};
use kontor_model::product::{Product, Sku};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::{Supplier, SupplierCode};
use kontor_model::validity::{Bound, Validity};
use kontor_store::{Abort, ReadNouns, StoreError, WriteNouns, WriteTx};

use super::change::{Done, PricesSet};
use super::numbers::CatalogueNumbers;

/// Which prices of a list partners maintain, and when.
pub(super) struct ItemPrices<'l> {
    list: &'l PriceList,
    currency: Currency,
    now: Instant,
    /// Zone of civil days in the list.
    zone: Zone,
}

/// Whether a price of this shape is one that partners maintain, in a list of this currency: of a
/// product with this step. A minimum that everybody reaches who buys one says nothing.
pub(super) fn is_item_price(shape: &Shape, currency: Currency, step: Quantity) -> bool {
    shape.unit.is_base()
        && shape.kind == EntryKind::Regular
        && shape.minimum <= step.max(Quantity::ONE)
        && shape.term.is_none()
        && shape.currency == currency
}

impl<'l> ItemPrices<'l> {
    pub(super) fn new(
        tx: &dyn WriteTx,
        supplier: &SupplierCode,
        list: &'l PriceList,
        now: Instant,
    ) -> Done<Self> {
        let (currency, zone) = match (list.currency, &list.time_zone) {
            (Some(currency), Some(zone)) => (currency, zone.clone()),
            (currency, zone) => {
                let supplier = self::supplier(tx, supplier)?;
                let zone = zone.clone().unwrap_or(supplier.time_zone);
                (currency.unwrap_or(supplier.currency), zone)
            }
        };
        Ok(Self { list, currency, now, zone })
    }

    /// The prices of a product: for now, the past and the future.
    fn of(&self, tx: &dyn WriteTx, sku: &Sku) -> Result<Vec<PriceEntry>, Abort> {
        let Some(product) = tx.find(&Product::by_sku(sku.as_str()))? else {
            return Ok(Vec::new());
        };
        let mut prices = Vec::new();
        tx.each(&PriceEntry::of_product(&self.list.code, sku), &mut |entry| {
            if is_item_price(&entry.shape, self.currency, product.quantity_step) {
                prices.push(entry);
            }
            Ok(())
        })?;
        Ok(prices)
    }

    /// Sets the price that counts now; whether there was one before. The same price again
    /// changes nothing. Of several that count only the one that is paid for one is left.
    fn set(&self, tx: &mut dyn WriteTx, sku: &Sku, amount: Money) -> Result<bool, Abort> {
        let prices = self.of(tx, sku)?;
        let current = self.current(&prices);
        for entry in self.counting(&prices) {
            if current.is_some_and(|current| current.shape != entry.shape) {
                tx.delete(&Key::of(entry))?;
            }
        }
        let shown = |entry: &PriceEntry| entry.shape.amount_of_one(entry.amount?);
        if current.is_some_and(|entry| shown(entry) == Some(amount)) {
            return Ok(true);
        }
        let validity = current.map_or_else(|| self.gap(&prices), |entry| entry.shape.validity);
        let minimum = current.map_or(Quantity::ZERO, |entry| entry.shape.minimum);
        tx.save(PriceEntry {
            list: self.list.code.clone(),
            sku: sku.clone(),
            shape: Shape {
                unit: PriceUnit::Base,
                currency: self.currency,
                minimum,
                validity,
                kind: EntryKind::Regular,
                term: None,
                decimals: self.currency.minor_units().max(amount.decimals()),
            },
            amount: Some(amount),
            changed_at: self.now,
        })?;
        Ok(current.is_some())
    }

    /// Removes the price that counts now; `false` when there was none.
    fn remove(&self, tx: &mut dyn WriteTx, sku: &Sku) -> Result<bool, Abort> {
        let prices = self.of(tx, sku)?;
        let mut removed = false;
        for entry in self.counting(&prices) {
            removed |= tx.delete(&Key::of(entry))?;
        }
        Ok(removed)
    }

    /// The prices that count now.
    fn counting<'p>(&self, prices: &'p [PriceEntry]) -> impl Iterator<Item = &'p PriceEntry> {
        prices.iter().filter(|entry| entry.shape.validity.contains(self.now, &self.zone))
    }

    /// The one of them that is paid for one.
    fn current<'p>(&self, prices: &'p [PriceEntry]) -> Option<&'p PriceEntry> {
        self.counting(prices).max_by_key(|entry| entry.shape.minimum)
    }

    /// The time around now that no price of the product covers: a new price must not overlap
    /// those that an import dated.
    fn gap(&self, prices: &[PriceEntry]) -> Validity {
        let ends = prices.iter().filter_map(|entry| entry.shape.validity.to());
        let starts = prices.iter().filter_map(|entry| entry.shape.validity.from());
        let place = |bound: &Bound| bound.instant(&self.zone);
        let from = ends.filter(|end| end.has_come(self.now, &self.zone)).max_by_key(place);
        let to = starts.filter(|start| !start.has_come(self.now, &self.zone)).min_by_key(place);
        Validity::new(from, to).unwrap_or(Validity::ALWAYS)
    }
}

/// Sets the prices of these lines; of several for one product the last.
pub(super) fn set(
    tx: &mut dyn WriteTx,
    prices: &ItemPrices<'_>,
    numbers: &CatalogueNumbers,
    lines: &[(String, Money)],
) -> Done<PricesSet> {
    let resolved = numbers.for_sale(tx)?;
    let products: HashMap<&str, &Sku> =
        resolved.iter().filter_map(|(number, sku)| Some((*number, sku.as_ref()?))).collect();
    let last: HashMap<&Sku, Money> = lines
        .iter()
        .filter_map(|(number, price)| Some((*products.get(number.as_str())?, *price)))
        .collect();
    let mut had_price: HashMap<&Sku, bool> = HashMap::new();
    let mut done = PricesSet::default();
    for (number, sku) in &resolved {
        let Some((sku, price)) = sku.as_ref().and_then(|sku| last.get_key_value(sku)) else {
            done.not_found.push((*number).to_owned());
            continue;
        };
        let had = match had_price.get(*sku) {
            Some(had) => *had,
            None => prices.set(tx, sku, *price)?,
        };
        had_price.insert(sku, had);
        let place = if had { &mut done.updated } else { &mut done.added };
        place.push((*number).to_owned());
    }
    Ok(done)
}

/// Removes the prices of these numbers. Returns those that had one.
pub(super) fn remove(
    tx: &mut dyn WriteTx,
    prices: &ItemPrices<'_>,
    numbers: &CatalogueNumbers,
) -> Done<Vec<String>> {
    let mut removed = Vec::new();
    for (number, sku) in numbers.of_any_state(tx)? {
        if let Some(sku) = sku
            && prices.remove(tx, &sku)?
        {
            removed.push(number.to_owned());
        }
    }
    Ok(removed)
}

pub(super) fn supplier(tx: &dyn WriteTx, code: &SupplierCode) -> Result<Supplier, StoreError> {
    let supplier = tx.find(&Supplier::by_code(code))?;
    supplier.ok_or_else(|| StoreError::Read(format!("supplier {code} is gone")))
}
