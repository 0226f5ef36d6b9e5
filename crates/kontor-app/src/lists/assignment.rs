//! Which customers a list is assigned to.

use kontor_model::customer::{CustomerNumber, Entitlement};
use kontor_model::price_list::PriceListCode;
use kontor_store::{Abort, ReadNouns, StoreError, WriteNouns, WriteTx};

/// Position of the first list of a customer.
const FIRST: i64 = 1;

pub(super) fn is_assigned(
    tx: &dyn WriteTx,
    customer: &CustomerNumber,
    list: &PriceListCode,
) -> Result<bool, StoreError> {
    tx.has(&Entitlement::of(customer, list))
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
    tx.each(&Entitlement::of_customer(customer), &mut |row| {
        foremost = Some(foremost.map_or(row.position, |least| least.min(row.position)));
        Ok(())
    })?;
    tx.save(Entitlement {
        customer: customer.clone(),
        list: list.clone(),
        position: foremost.map_or(FIRST, |least| least.saturating_sub(1)),
    })?;
    Ok(())
}

/// `false` when it was not assigned.
pub(super) fn unassign(
    tx: &mut dyn WriteTx,
    customer: &CustomerNumber,
    list: &PriceListCode,
) -> Result<bool, StoreError> {
    tx.delete(&Entitlement::of(customer, list))
}
