//! Which customers a list is assigned to.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::customer::{CustomerNumber, Entitlement};
use kontor_model::price_list::PriceListCode;
use kontor_model::record::Cell;
use kontor_store::{Abort, StoreError, WriteTx};

/// Position of the first list of a customer.
const FIRST: i64 = 1;

pub(super) fn is_assigned(
    tx: &dyn WriteTx,
    customer: &CustomerNumber,
    list: &PriceListCode,
) -> Result<bool, StoreError> {
    Ok(tx.get(Kind::Entitlement, &key(customer, list))?.is_some())
}

/// Assigns a list before all others of the customer, so that the prices just agreed on count. A
/// list that is assigned already keeps its place.
pub(super) fn assign(
    tx: &mut dyn WriteTx,
    customer: &CustomerNumber,
    list: &PriceListCode,
) -> Result<(), Abort> {
    if is_assigned(tx, customer, list)? {
        return Ok(());
    }
    let mut foremost: Option<i64> = None;
    tx.scan(Kind::Entitlement, &[Cell::text(customer)], &mut |record| {
        if let Record::Entitlement(row) = record {
            foremost = Some(foremost.map_or(row.position, |least| least.min(row.position)));
        }
        Ok(())
    })?;
    tx.put(&Record::Entitlement(Entitlement {
        customer: customer.clone(),
        list: list.clone(),
        position: foremost.map_or(FIRST, |least| least.saturating_sub(1)),
    }))?;
    Ok(())
}

/// `false` when it was not assigned.
pub(super) fn unassign(
    tx: &mut dyn WriteTx,
    customer: &CustomerNumber,
    list: &PriceListCode,
) -> Result<bool, StoreError> {
    tx.remove(Kind::Entitlement, &key(customer, list))
}

fn key(customer: &CustomerNumber, list: &PriceListCode) -> [Cell; 2] {
    [Cell::text(customer), Cell::text(list)]
}
