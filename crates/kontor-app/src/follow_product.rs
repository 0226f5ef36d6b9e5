//! One product follows: of what was touched the rows are read anew, the rest stays as it is.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_pricing::{BookEdit, CardChange, Entry, PackingChange, ProductCard};
use kontor_store::{Abort, BookSource, ChangeTime, RemovedOf, StoredPrice};

use crate::cards::{Parts, entry, has_unit, kinds_on_cards};

const ALL_LISTS: RangeInclusive<PriceListId> = PriceListId(0)..=PriceListId(u32::MAX);
/// Of so many prices each is read on the way from one touched list to the next: looking for a place
/// costs about as much.
const NEAR: usize = 16;

/// What was touched of a product.
#[derive(Debug, Default)]
pub(crate) struct TouchedProduct {
    /// Kinds of rows on its card.
    pub(crate) kinds: BTreeSet<Kind>,
    /// Lists in which it has or had prices.
    pub(crate) lists: BTreeSet<PriceListId>,
}

/// Puts what was touched of a product into the book as it is now.
pub(crate) fn follow_product(
    edit: &mut BookEdit,
    source: &dyn BookSource,
    id: ProductId,
    touched: &TouchedProduct,
) -> Result<(), Abort> {
    let Some(card) = edit.product(id).map(|product| product.card.clone()) else {
        return read_product(edit, source, id);
    };
    let mut next = card.clone();
    if touched.kinds.contains(&Kind::Product) {
        let row = source.product(id)?.map(|row| row.record);
        let Some(Record::Product(product)) = row else {
            edit.remove_product(id);
            return Ok(());
        };
        next.product = product;
    }
    read_card(source, &mut next, |kind| touched.kinds.contains(&kind))?;
    if !touched.kinds.is_empty() {
        next.changes = changes_of(source, id)?;
    }
    if has_unit(&next) != has_unit(&card) {
        // Prices of the base unit are those of a packing now, or no more.
        return read_product(edit, source, id);
    }
    if touched.lists.is_empty() {
        edit.put_card(id, next);
        return Ok(());
    }
    let lists: Vec<PriceListId> = touched.lists.iter().copied().collect();
    let prices = prices_in(edit, source, id, &lists)?;
    let changes = packing_changes(edit, source, id, &next, &lists, &prices)?;
    let untouched = |change: &&PackingChange| lists.binary_search(&change.list).is_err();
    let kept = next.packing_changes.iter().filter(untouched).cloned();
    let mut changes: Vec<PackingChange> = kept.chain(changes).collect();
    changes.sort_by_key(|change| change.list);
    next.packing_changes = changes.into();
    if next != card {
        edit.put_card(id, next);
    }
    let entries: Vec<Entry> = prices.iter().map(entry).collect();
    edit.put_prices(id, &lists, &entries);
    Ok(())
}

/// Reads all of a product.
fn read_product(edit: &mut BookEdit, source: &dyn BookSource, id: ProductId) -> Result<(), Abort> {
    let Some(row) = source.product(id)? else {
        edit.remove_product(id);
        return Ok(());
    };
    let Record::Product(product) = row.record else { return Ok(()) };
    let mut card = ProductCard::new(row.supplier, product);
    read_card(source, &mut card, |_| true)?;
    let mut prices = Vec::new();
    source.prices_of(id, ALL_LISTS, &mut |price| {
        prices.push(price);
        Ok(())
    })?;
    let mut parts = gathered(edit, &card, &prices);
    source.removed_packing_prices(RemovedOf::Product(id), &mut |removed| {
        parts.take_removed(edit.book(), &removed);
        Ok(())
    })?;
    card.packing_changes = parts.into_packing_changes().into();
    card.changes = changes_of(source, id)?;
    let entries: Vec<Entry> = prices.iter().map(entry).collect();
    edit.put_product(id, card, &entries);
    Ok(())
}

/// Reads rows of these kinds for a card.
fn read_card(
    source: &dyn BookSource,
    card: &mut ProductCard,
    is_wanted: impl Fn(Kind) -> bool,
) -> Result<(), Abort> {
    for kind in kinds_on_cards().filter(|kind| is_wanted(*kind)) {
        let mut parts = Parts::default();
        let key = [Cell::text(&card.product.sku)];
        source.records_of(card.supplier, kind, &key, &mut |row| {
            parts.take(row.record);
            Ok(())
        })?;
        parts.put_kind(kind, card);
    }
    Ok(())
}

/// When answers about a product changed for another reason than a price.
fn changes_of(source: &dyn BookSource, id: ProductId) -> Result<Box<[CardChange]>, Abort> {
    let mut changes = Vec::new();
    source.change_times_of(id, &mut |time| {
        if let ChangeTime::Product { packing, changed_at, .. } = time {
            changes.push(CardChange { packing, changed_at });
        }
        Ok(())
    })?;
    Ok(changes.into())
}

/// The prices of a product in these lists, in the order list, shape.
fn prices_in(
    edit: &BookEdit,
    source: &dyn BookSource,
    id: ProductId,
    lists: &[PriceListId],
) -> Result<Vec<StoredPrice>, Abort> {
    let known = edit.product(id).map_or(0, |product| product.run.len());
    let mut prices = Vec::new();
    let mut take = |price: StoredPrice| {
        if lists.binary_search(&price.list).is_ok() {
            prices.push(price);
        }
        Ok(())
    };
    if let (Some(first), Some(last), true) =
        (lists.first(), lists.last(), lists.len() > known / NEAR)
    {
        source.prices_of(id, *first..=*last, &mut take)?;
    } else {
        for list in lists {
            source.prices_of(id, *list..=*list, &mut take)?;
        }
    }
    Ok(prices)
}

/// When these prices last changed, as far as packings are told, and those that are gone.
fn packing_changes(
    edit: &BookEdit,
    source: &dyn BookSource,
    id: ProductId,
    card: &ProductCard,
    lists: &[PriceListId],
    prices: &[StoredPrice],
) -> Result<Vec<PackingChange>, Abort> {
    let tenant = edit.tenant(card.supplier);
    let is_of_market =
        |list: &PriceListId| tenant.is_some_and(|tenant| tenant.market_lists().contains(list));
    let mut parts = gathered(edit, card, prices);
    for list in lists {
        if edit.book().has_packing_shapes() || is_of_market(list) {
            source.removed_packing_prices(RemovedOf::Place(id, *list), &mut |removed| {
                parts.take_removed(edit.book(), &removed);
                Ok(())
            })?;
        }
    }
    Ok(parts.into_packing_changes())
}

/// What prices leave on the card of their product.
fn gathered(edit: &BookEdit, card: &ProductCard, prices: &[StoredPrice]) -> Parts {
    let tenant = edit.tenant(card.supplier);
    let mut parts = Parts::of_packings(card);
    for price in prices {
        let is_of_market = tenant.is_some_and(|tenant| tenant.market_lists().contains(&price.list));
        parts.take_price(edit.book(), price, is_of_market);
    }
    parts
}
