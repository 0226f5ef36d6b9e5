//! Whose folder it is.

use std::io::{BufReader, Read};

use kontor_model::catalogue::Kind;
use kontor_model::supplier::SupplierCode;

use crate::fault::{Fault, shown};
use crate::source::SourceFile;
use crate::table::{Header, Rows};

use super::ImportError;
use super::context::Context;
use super::plan::Folder;

/// The supplier of a folder: as its `supplier.csv` says, or as the caller does. `None` after a
/// fault.
pub(crate) fn code(
    context: &Context,
    folder: &Folder,
) -> Result<Option<SupplierCode>, ImportError> {
    let named = context.supplier.as_ref();
    let Some(file) = folder.tables.get(&Kind::Supplier) else {
        return named.cloned().map(Some).ok_or(ImportError::NoSupplier);
    };
    match (first_code(context, file), named) {
        (Some(code), Some(named)) if code != *named => {
            let reason = format!("the folder is to be that of {named}");
            context.fault(Fault {
                line: Some(2),
                value: Some(shown(code.as_str().as_bytes())),
                ..Fault::of_file(&file.name, reason)
            });
            Ok(None)
        }
        (Some(code), _) => Ok(Some(code)),
        // The import itself tells what is wrong with the file.
        (None, Some(named)) => Ok(Some(named.clone())),
        (None, None) => {
            context.fault(Fault::of_file(&file.name, "names no supplier in its first row"));
            Ok(None)
        }
    }
}

fn first_code(context: &Context, file: &SourceFile) -> Option<SupplierCode> {
    let input: Box<dyn Read + Send> = context.peek(file).ok()?;
    let mut input = BufReader::new(input);
    let header = Header::read(&mut input, Kind::Supplier.columns()).ok()?.ok()?;
    let mut rows = Rows::new(input, header.delimiter, header.first_row);
    let found = rows.advance().ok()?;
    let code = rows.cell(header.place(0)?);
    found.then(|| std::str::from_utf8(code).ok()?.parse().ok())?
}
