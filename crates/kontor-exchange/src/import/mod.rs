//! Reads catalogue folders into a store: all of a folder, or nothing.

mod accounts;
mod complete;
mod context;
mod late;
mod lookup;
mod options;
mod plan;
mod price_parser;
mod prices;
mod questionnaires;
mod reach;
mod references;
mod remedy;
mod removal;
mod report;
mod said_before;
mod seen;
mod session;
mod setup;
mod supplier;
mod table_file;
mod tables;
mod tokens;
mod touched;
mod zones;

use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::catalogue::Kind;
use kontor_model::supplier::SupplierCode;
use kontor_store::{Outcome, StagedJob, StagedOrder, Store, StoreError, WriteTx};

use crate::fault::Faults;
use crate::source::FolderSource;

pub use options::{Fingerprint, ImportOptions, MaxRemoved, Mode, Prepare, Progress, WrongGtins};
pub use report::{Ended, FolderReport, KindReport, Report};

use context::Context;
use plan::Folder;
use references::Keys;
use session::Session;

/// Why an import could not even look for faults.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("cannot list the folder: {0}")]
    List(#[source] std::io::Error),
    #[error("not a catalogue folder: {0}")]
    Layout(String),
    #[error("the folder has no supplier.csv; name the supplier it belongs to with --supplier")]
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
    let mut warnings = Faults::default();
    for folder in folders {
        match supplier::code(&context, &folder)? {
            Some(code) => {
                check_exists(store, &code, &folder)?;
                reports.push(import_one(store, &context, folder, code)?);
                warnings.append(context.take_warnings());
            }
            // Who the supplier is must be known first; its fault is told.
            None => folder.strangers.into_iter().for_each(|fault| context.fault(fault)),
        }
    }
    Ok(Report { folders: reports, faults: context.take_faults(), warnings })
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
    let slot: Arc<Mutex<Option<Read>>> = Arc::default();
    let folder = Arc::new(folder);
    let faults_before = context.fault_count();
    let order = StagedOrder {
        supplier: supplier.clone(),
        actor: context.actor.clone(),
        clock: Arc::clone(&context.clock),
        job: job(context, &folder, &supplier, &slot),
    };
    let staged = store.write_staged(order).map_err(|source| failed(&supplier, source))?;
    let read = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut read = read.unwrap_or_default();
    for conflict in &staged.conflicts {
        context.fault(late::fault(conflict, &folder, &read.keys));
    }
    if let Some(counts) = &staged.counts {
        read.reports.iter_mut().for_each(|report| report.set_counts(counts));
    }
    let faulty = context.fault_count() > faults_before;
    let ended = match staged.outcome {
        Outcome::Committed(change) => Ended::Committed(change),
        // Folders have no bookkeeping.
        Outcome::Unchanged | Outcome::Aside => Ended::Unchanged,
        Outcome::Refused if faulty => Ended::Refused,
        Outcome::Refused => Ended::Checked,
    };
    Ok(FolderReport { supplier, ended, kinds: read.reports })
}

/// What a reading of the files leaves behind.
#[derive(Default)]
pub(crate) struct Read {
    reports: Vec<KindReport>,
    keys: Keys,
}

/// Reads the files. It runs again, from the beginning, when others changed what it relies on.
fn job(
    context: &Arc<Context>,
    folder: &Arc<Folder>,
    supplier: &SupplierCode,
    slot: &Arc<Mutex<Option<Read>>>,
) -> StagedJob {
    let (context, folder, slot) = (Arc::clone(context), Arc::clone(folder), Arc::clone(slot));
    let supplier = supplier.clone();
    let progress = context.progress();
    Arc::new(move |tx: &mut dyn WriteTx| {
        context.set_progress(progress);
        // They are those of a run before, on older data.
        drop(context.take_warnings());
        let mut session = Session::new(&context, &folder, supplier.clone());
        let end = session.run(tx);
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.into_read());
        end
    })
}

fn failed(supplier: &SupplierCode, source: StoreError) -> ImportError {
    ImportError::Store { supplier: supplier.clone(), source }
}
