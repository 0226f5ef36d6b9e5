//! The zones in which a price list may be asked: whether a price of days and one of instants apply to
//! one question depends on them.

use std::collections::BTreeMap;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Zone;
use kontor_model::record::Cell;
use kontor_store::{ReadTx, StoreError};

use crate::read::store_error;

/// The zone of the list, or those of the supplier, its selling entities and its stores.
pub(crate) fn of_list(rows: &dyn ReadTx, list: &str) -> Result<Vec<Zone>, StoreError> {
    if let Some(Record::PriceList(list)) = rows.get(Kind::PriceList, &[Cell::text(list)])?
        && let Some(zone) = list.time_zone
    {
        return Ok(vec![zone]);
    }
    let mut zones: BTreeMap<String, Zone> = BTreeMap::new();
    for kind in [Kind::Supplier, Kind::SellingEntity, Kind::Store] {
        let scanned = rows.scan(kind, &[], &mut |record| {
            if let Some(zone) = zone_of(&record) {
                zones.insert(zone.name().to_owned(), zone.clone());
            }
            Ok(())
        });
        scanned.map_err(store_error)?;
    }
    Ok(zones.into_values().collect())
}

/// The zone of the list, or that of the supplier.
pub(crate) fn own_of_list(rows: &dyn ReadTx, list: &str) -> Result<Option<Zone>, StoreError> {
    if let Some(Record::PriceList(list)) = rows.get(Kind::PriceList, &[Cell::text(list)])?
        && list.time_zone.is_some()
    {
        return Ok(list.time_zone);
    }
    let mut own = None;
    let scanned = rows.scan(Kind::Supplier, &[], &mut |record| {
        own = zone_of(&record).cloned();
        Ok(())
    });
    scanned.map_err(store_error)?;
    Ok(own)
}

/// The zone in which a supplier, a company or a store asks.
pub(crate) fn zone_of(record: &Record) -> Option<&Zone> {
    if let Record::Supplier(supplier) = record {
        return Some(&supplier.time_zone);
    }
    if let Record::SellingEntity(entity) = record {
        return Some(&entity.time_zone);
    }
    if let Record::Store(store) = record { Some(&store.time_zone) } else { None }
}
