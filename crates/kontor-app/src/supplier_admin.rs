//! Keeping suppliers: listing them with what they have, and removing one with everything of it.
//!
//! Everything works on the store alone, and a running server follows.

use kontor_model::account::{Account, Protocol};
use kontor_model::catalogue::StoredNoun as _;
use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use kontor_model::questionnaire::Partner;
use kontor_model::supplier::{Supplier, SupplierCode, SupplierId};
use kontor_store::{Abort, ReadNouns, RowCounts, Store, StoreError};

use crate::of_supplier::{UnknownSupplier, read, write};
use crate::write::WriteError;

/// Who is named in the change log.
const ACTOR: &str = "supplier command";

/// A supplier and how much it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub supplier: Supplier,
    /// Rows of each kind that has some.
    pub rows: RowCounts,
    /// Protocols in which somebody can ask or write, in the order of their names.
    pub protocols: Vec<&'static str>,
}

/// Why a command about suppliers failed.
#[derive(Debug, thiserror::Error)]
pub enum SupplierError {
    #[error(transparent)]
    UnknownSupplier(#[from] UnknownSupplier),
    #[error(
        "supplier {0} is removed, but copies of its leads may still be readable in the files of the \
         data; the same command again overwrites them"
    )]
    NotWiped(SupplierCode, #[source] StoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The codes of all suppliers.
pub fn codes(store: &dyn Store) -> Result<Vec<SupplierCode>, StoreError> {
    let all = suppliers(store)?;
    Ok(all.into_iter().map(|(_, supplier)| supplier.code).collect())
}

/// All suppliers, by code.
pub fn list(store: &dyn Store) -> Result<Vec<Listed>, SupplierError> {
    let all = suppliers(store)?;
    all.into_iter().map(|(id, supplier)| listed(store, id, supplier)).collect()
}

fn suppliers(store: &dyn Store) -> Result<Vec<(SupplierId, Supplier)>, StoreError> {
    let mut suppliers: Vec<(SupplierId, Supplier)> = Vec::new();
    let found = store.read_book(&mut |source| {
        source.records(Supplier::KIND, &mut |row| {
            suppliers.extend(Supplier::from_record(row.record).map(|one| (row.supplier, one)));
            Ok(())
        })
    });
    found.map_err(store_error)?;
    suppliers.sort_by(|(_, a), (_, b)| a.code.cmp(&b.code));
    Ok(suppliers)
}

/// One supplier.
pub fn show(store: &dyn Store, code: &SupplierCode) -> Result<Listed, SupplierError> {
    let id = store.supplier_id(code.as_str())?;
    let id = id.ok_or_else(|| UnknownSupplier(code.to_string()))?;
    let mut found = None;
    read::<SupplierError>(store, code, &mut |tx| {
        found = tx.find(&Supplier::by_code(code))?;
        Ok(())
    })?;
    let supplier = found.ok_or_else(|| UnknownSupplier(code.to_string()))?;
    listed(store, id, supplier)
}

/// Removes a supplier with all that is stored of it, in one change: nobody sees a part of it. Then its
/// leads are made unreadable in the files. Returns how many rows of each kind there were.
pub fn remove(
    store: &dyn Store,
    code: &SupplierCode,
    now: Instant,
) -> Result<RowCounts, SupplierError> {
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let removed = write(store, code, (ACTOR, now), move |tx| {
        let rows = RowCounts::of_kinds(tx.remove_supplier()?);
        // Who ordered it waits for the end of the job.
        drop(tell.try_send(rows));
        Ok::<_, WriteError<SupplierError>>(())
    });
    let wiped = || store.wipe(Lead::KIND).map_err(|e| SupplierError::NotWiped(code.clone(), e));
    if let Err(SupplierError::UnknownSupplier(unknown)) = removed {
        // A removal before may have been broken off here.
        wiped()?;
        return Err(unknown.into());
    }
    removed?;
    wiped()?;
    Ok(told.try_recv().unwrap_or_default())
}

fn listed(store: &dyn Store, id: SupplierId, supplier: Supplier) -> Result<Listed, SupplierError> {
    let mut rows = RowCounts::default();
    let mut protocols: Vec<&'static str> = Vec::new();
    let counted = store.read(id, &mut |tx| {
        rows = RowCounts::stored(tx)?;
        protocols.clear();
        tx.each_of_all::<Account>(&mut |account| {
            protocols.push(account.protocol.name());
            Ok(())
        })
    });
    counted.map_err(store_error)?;
    // Guests ask stores without an account, and partners have keys of their own.
    let stores = rows.of::<kontor_model::store::Store>();
    for (count, protocol) in
        [(stores, Protocol::Websphere.name()), (rows.of::<Partner>(), PROTOCOL_OF_PARTNERS)]
    {
        protocols.extend((count > 0).then_some(protocol));
    }
    protocols.sort_unstable();
    protocols.dedup();
    Ok(Listed { supplier, rows, protocols })
}

/// Partners have no accounts: the protocol is none of those of accounts.
const PROTOCOL_OF_PARTNERS: &str = "companeo";

fn store_error(abort: Abort) -> StoreError {
    match abort {
        Abort::Store(error) => error,
        refused @ Abort::Refused => StoreError::Read(refused.to_string()),
    }
}
