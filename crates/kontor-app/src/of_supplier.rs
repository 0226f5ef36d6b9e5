//! Reads and writes of commands: the rows of a supplier, by its code, on the store alone.

use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, ReadTx, Store, StoreError, WriteTx};

use crate::write::{WriteError, write_to};

/// The data has no supplier with this code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no supplier {0}")]
pub struct UnknownSupplier(pub String);

/// Reads the rows of a supplier.
pub fn read<E: From<StoreError> + From<UnknownSupplier>>(
    store: &dyn Store,
    supplier: &SupplierCode,
    read: &mut dyn FnMut(&dyn ReadTx) -> Result<(), Abort>,
) -> Result<(), E> {
    let id = store.supplier_id(supplier.as_str())?;
    let id = id.ok_or_else(|| UnknownSupplier(supplier.to_string()))?;
    match store.read(id, read) {
        Ok(()) => Ok(()),
        Err(Abort::Store(error)) => Err(error.into()),
        Err(Abort::Refused) => Err(StoreError::Read("a scan was broken off".to_owned()).into()),
    }
}

/// Writes in the name of a command; a supplier that is not there is not made.
pub fn write<E>(
    store: &dyn Store,
    supplier: &SupplierCode,
    (actor, now): (&str, Instant),
    job: impl Fn(&mut dyn WriteTx) -> Result<(), WriteError<E>> + Send + 'static,
) -> Result<(), E>
where
    E: From<StoreError> + From<UnknownSupplier> + Send + 'static,
{
    if store.supplier_id(supplier.as_str())?.is_none() {
        return Err(UnknownSupplier(supplier.to_string()).into());
    }
    match write_to(store, supplier.clone(), actor.to_owned(), now, job) {
        Ok(_) => Ok(()),
        Err(WriteError::Refused(error)) => Err(error),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}
