//! Reading everything into a book, at the start.

use std::collections::{HashMap, HashSet};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::noun::BookPlace;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, BookBuilder, CardChange, ProductCard};
use kontor_store::{Abort, BookSource, ChangeTime, RemovedOf};

use crate::cards::{Parts, entry, kinds_on_cards};

/// Whether rows of a kind stand in the tenants of the book.
pub(crate) fn is_in_tenant(kind: Kind) -> bool {
    kind.place_in_book() == BookPlace::Tenant
}

/// Reads everything.
pub(crate) fn load(source: &dyn BookSource) -> Result<Book, Abort> {
    let mut builder = BookBuilder::new();
    source.shapes(0, &mut |(number, shape)| {
        builder.put_shape(number, shape);
        Ok(())
    })?;
    let mut ids: HashMap<(SupplierId, Box<str>), ProductId> = HashMap::new();
    source.records(Kind::Product, &mut |row| {
        if let Record::Product(product) = row.record {
            ids.insert((row.supplier, product.sku.as_str().into()), ProductId(row.id));
            builder.put_card(ProductId(row.id), ProductCard::new(row.supplier, product));
        }
        Ok(())
    })?;
    let mut parts = load_parts(source, &ids)?;
    drop(ids);
    source.change_times(&mut |time| {
        match time {
            ChangeTime::Product { product, packing, changed_at } => {
                let change = CardChange { packing, changed_at };
                parts.entry(product).or_default().take_change(change);
            }
            ChangeTime::Row { supplier, kind, key, changed_at } => {
                builder.put_change_time(supplier, kind, key, changed_at);
            }
        }
        Ok(())
    })?;
    for kind in Kind::CATALOGUE.into_iter().filter(|kind| is_in_tenant(*kind)) {
        source.records(kind, &mut |row| {
            builder.put_record(row.supplier, row.id, row.record);
            Ok(())
        })?;
    }
    builder.reserve(usize::try_from(source.price_count()?).unwrap_or(0));
    let of_markets: HashSet<PriceListId> =
        builder.tenants().flat_map(|tenant| tenant.market_lists().iter().copied()).collect();
    source.prices(&mut |price| {
        builder.push_price(price.product, entry(&price));
        let is_of_market = of_markets.contains(&price.list);
        if is_of_market || builder.is_packing(price.shape) {
            let parts = parts.entry(price.product).or_default();
            parts.take_price(builder.book(), &price, is_of_market);
        }
        Ok(())
    })?;
    source.removed_packing_prices(RemovedOf::Everything, &mut |removed| {
        let parts = parts.entry(removed.product).or_default();
        parts.take_removed(builder.book(), &removed);
        Ok(())
    })?;
    for (product, parts) in parts {
        if let Some(card) = builder.card_mut(product) {
            parts.put_on(card);
        }
    }
    Ok(builder.finish(source.change().0))
}

fn load_parts(
    source: &dyn BookSource,
    ids: &HashMap<(SupplierId, Box<str>), ProductId>,
) -> Result<HashMap<ProductId, Parts>, Abort> {
    let mut parts: HashMap<ProductId, Parts> = HashMap::new();
    for kind in kinds_on_cards() {
        source.records(kind, &mut |row| {
            let sku = row.record.key().into_iter().next();
            if let Some(Cell::Text(sku)) = sku
                && let Some(product) = ids.get(&(row.supplier, sku.into()))
            {
                parts.entry(*product).or_default().take(row.record);
            }
            Ok(())
        })?;
    }
    Ok(parts)
}
