//! Faults that show only when the difference is written: where they stand in the files.

use kontor_model::catalogue::Kind;
use kontor_store::LateConflict;

use crate::fault::Fault;

use super::plan::Folder;
use super::references::Keys;

/// The fault of a row that could not be written.
pub(crate) fn fault(conflict: &LateConflict, folder: &Folder, keys: &Keys) -> Fault {
    let file = |kind: Kind| {
        let file = folder.tables.get(&kind);
        file.map_or_else(|| format!("{}.csv", kind.name()), |file| file.name.clone())
    };
    match conflict {
        LateConflict::Put { kind, key, reason } | LateConflict::Removal { kind, key, reason } => {
            Fault { line: keys.line(*kind, key), ..Fault::of_file(&file(*kind), reason) }
        }
        LateConflict::Price(price) => Fault::of_line(&file(Kind::Price), price.line, &price.reason),
    }
}
