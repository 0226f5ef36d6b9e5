//! Writes the catalogue of a supplier as a folder that imports back to the same.
//!
//! The same data gives the same bytes, whatever numbers the rows have in their database. Files of
//! kinds without rows are not written.

mod prices;
mod staging;
mod tables;

use std::io;
use std::path::{Path, PathBuf};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_store::{Abort, ReadTx, Store, StoreError};

use staging::Staging;

/// What happens when the folder has files already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occupied {
    #[default]
    Refuse,
    /// Files of a catalogue are overwritten or, when they have no rows any more, removed. Others
    /// stay.
    Overwrite,
}

/// Rows of a kind that were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    pub kind: Kind,
    pub rows: u64,
}

/// Why an export failed. The folder is as it was before, unless renaming the complete files failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("there is no supplier {0}")]
    UnknownSupplier(String),
    #[error("the folder {0} is not empty")]
    Occupied(PathBuf),
    #[error("cannot write {file}")]
    Write {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Exports a supplier in one consistent view. Returns the kinds that have rows.
pub fn export_folder(
    store: &dyn Store,
    supplier: &str,
    dir: &Path,
    occupied: Occupied,
) -> Result<Vec<Exported>, ExportError> {
    let Some(id) = store.supplier_id(supplier)? else {
        return Err(ExportError::UnknownSupplier(supplier.to_owned()));
    };
    let mut staging = Staging::new(dir, occupied)?;
    let mut result = Ok(Vec::new());
    let read = store.read(id, &mut |tx| {
        result = Export::new(tx, supplier, &mut staging).and_then(Export::run);
        Ok(())
    });
    match read {
        Ok(()) => {}
        Err(Abort::Store(error)) => return Err(error.into()),
        Err(Abort::Refused) => return Err(StoreError::Closed.into()),
    }
    let exported = result?;
    staging.publish()?;
    Ok(exported)
}

/// An export under way.
struct Export<'a> {
    tx: &'a dyn ReadTx,
    staging: &'a mut Staging,
}

impl<'a> Export<'a> {
    fn new(
        tx: &'a dyn ReadTx,
        supplier: &str,
        staging: &'a mut Staging,
    ) -> Result<Self, ExportError> {
        let found = tx.get(Kind::Supplier, &[Cell::text(supplier)])?;
        if found.is_none() {
            return Err(ExportError::UnknownSupplier(supplier.to_owned()));
        }
        Ok(Self { tx, staging })
    }

    fn run(mut self) -> Result<Vec<Exported>, ExportError> {
        let mut exported = Vec::new();
        for kind in Kind::CATALOGUE {
            let rows = if kind == Kind::Price {
                self.export_prices()?
            } else if kind == Kind::Category {
                self.export_categories()?
            } else {
                self.export_table(kind)?
            };
            if rows > 0 {
                exported.push(Exported { kind, rows });
            }
        }
        Ok(exported)
    }
}

/// Visits all rows of a kind; the visitor may fail to write.
fn scan(
    tx: &dyn ReadTx,
    kind: Kind,
    visit: &mut dyn FnMut(Record) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut failure = None;
    let scanned = tx.scan(kind, &[], &mut |record| {
        visit(record).map_err(|error| {
            failure = Some(error);
            Abort::Refused
        })
    });
    match (failure, scanned) {
        (Some(failure), _) => Err(failure),
        (None, Err(Abort::Store(error))) => Err(error.into()),
        (None, Err(Abort::Refused)) => Err(StoreError::Closed.into()),
        (None, Ok(())) => Ok(()),
    }
}
