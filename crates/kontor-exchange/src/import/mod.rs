//! Reads catalogue folders into a store: all of a folder, or nothing.

mod context;
mod lookup;
mod options;
mod plan;
mod price_parser;
mod prices;
mod questionnaires;
mod references;
mod removal;
mod report;
mod seen;
mod session;
mod supplier;
mod table_file;
mod tables;
mod tokens;

use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::catalogue::Kind;
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, Order, Outcome, Store, StoreError, WriteTx};

use crate::source::FolderSource;

pub use options::{ImportOptions, Mode, Prepare, Progress};
pub use report::{Ended, FolderReport, KindReport, Report};

use context::Context;
use plan::Folder;
use session::Session;

/// Why an import could not even look for faults.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("cannot list the folder: {0}")]
    List(#[source] std::io::Error),
    #[error("not a catalogue folder: {0}")]
    Layout(String),
    #[error("the folder has no supplier.csv; name the supplier it belongs to")]
    NoSupplier,
    #[error("there is no supplier {0}, and the folder has no supplier.csv that describes it")]
    UnknownSupplier(SupplierCode),
    #[error("cannot import the catalogue of {supplier}")]
    Store {
        supplier: SupplierCode,
        #[source]
        source: StoreError,
    },
}

/// Imports a folder, or each folder below it that has a `supplier.csv`. Every supplier is one
/// write: all its files are applied, or, with any fault, none. Faults of one supplier do not keep
/// the others from being applied.
pub fn import_folder(
    store: &dyn Store,
    source: Arc<dyn FolderSource>,
    options: ImportOptions,
) -> Result<Report, ImportError> {
    let files = source.files().map_err(ImportError::List)?;
    let total = files.iter().map(|file| file.bytes).sum();
    let folders = plan::folders(files).map_err(ImportError::Layout)?;
    let context = Context::new(source, options, total);
    let mut reports = Vec::new();
    for folder in folders {
        match supplier::code(&context, &folder)? {
            Some(code) => {
                check_exists(store, &code, &folder)?;
                reports.push(import_one(store, &context, folder, code)?);
            }
            // Who the supplier is must be known first; its fault is told.
            None => folder.strangers.into_iter().for_each(|fault| context.fault(fault)),
        }
    }
    Ok(Report { folders: reports, faults: context.take_faults() })
}

fn check_exists(
    store: &dyn Store,
    supplier: &SupplierCode,
    folder: &Folder,
) -> Result<(), ImportError> {
    let known = store.supplier_id(supplier.as_str()).map_err(|source| failed(supplier, source))?;
    if known.is_none() && !folder.tables.contains_key(&Kind::Supplier) {
        return Err(ImportError::UnknownSupplier(supplier.clone()));
    }
    Ok(())
}

fn import_one(
    store: &dyn Store,
    context: &Arc<Context>,
    folder: Folder,
    supplier: SupplierCode,
) -> Result<FolderReport, ImportError> {
    let kinds = Arc::new(Mutex::new(Vec::new()));
    let faults_before = context.fault_count();
    let (job_kinds, job_context, code) = (kinds.clone(), context.clone(), supplier.clone());
    let job = move |tx: &mut dyn WriteTx| -> Result<(), Abort> {
        let mut session = Session::new(&job_context, &folder, code);
        let end = session.run(tx);
        *job_kinds.lock().unwrap_or_else(PoisonError::into_inner) = session.reports();
        end
    };
    let order = Order {
        supplier: supplier.clone(),
        actor: context.actor.clone(),
        at: context.at,
        job: Box::new(job),
    };
    let outcome = store.write_alone(order).map_err(|source| failed(&supplier, source))?;
    let faulty = context.fault_count() > faults_before;
    let ended = match outcome {
        Outcome::Committed(change) => Ended::Committed(change),
        // Folders have no bookkeeping.
        Outcome::Unchanged | Outcome::Aside => Ended::Unchanged,
        Outcome::Refused if faulty => Ended::Refused,
        Outcome::Refused => Ended::Checked,
    };
    let kinds = std::mem::take(&mut *kinds.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(FolderReport { supplier, ended, kinds })
}

fn failed(supplier: &SupplierCode, source: StoreError) -> ImportError {
    ImportError::Store { supplier: supplier.clone(), source }
}
