//! Which files of a folder belong to which supplier and kind.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::catalogue::Kind;

use crate::fault::Fault;
use crate::names;
use crate::source::SourceFile;

/// The files of one supplier.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub tables: BTreeMap<Kind, SourceFile>,
    /// Files of questions by category.
    pub questionnaires: BTreeMap<String, SourceFile>,
    /// Files that look as if they belonged to a catalogue, but do not.
    pub strangers: Vec<Fault>,
}

/// Sorts the files. `Err` says why this is no folder of catalogues.
pub(crate) fn folders(files: Vec<SourceFile>) -> Result<Vec<Folder>, String> {
    let supplier = format!("{}.csv", Kind::Supplier.name());
    let at_top = files.iter().any(|file| file.name == supplier);
    let below: BTreeSet<String> = files
        .iter()
        .filter_map(|file| file.name.split_once('/'))
        .filter(|(_, rest)| *rest == supplier)
        .map(|(top, _)| format!("{top}/"))
        .collect();
    if at_top && !below.is_empty() {
        return Err(format!("there is a {supplier} both here and in a folder below"));
    }
    let prefixes = if below.is_empty() { BTreeSet::from([String::new()]) } else { below };
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    for file in files {
        let owner = prefixes.iter().find(|prefix| file.name.starts_with(*prefix));
        match owner {
            Some(prefix) => folders.entry(prefix.clone()).or_default().sort(prefix, file),
            None if is_data(&file.name) => {
                return Err(format!("{} lies beside the folders of suppliers", file.name));
            }
            None => {}
        }
    }
    let nothing = |folder: &Folder| folder.tables.is_empty() && folder.questionnaires.is_empty();
    let folders: Vec<Folder> = folders.into_values().collect();
    if folders.iter().all(nothing) && folders.iter().all(|folder| folder.strangers.is_empty()) {
        return Err("there is no file of a catalogue here".to_owned());
    }
    Ok(folders)
}

impl Folder {
    fn sort(&mut self, prefix: &str, file: SourceFile) {
        let name = file.name.strip_prefix(prefix).unwrap_or(&file.name);
        if let Some(kind) = names::kind_of(name) {
            self.tables.insert(kind, file);
        } else if let Some(category) = names::category_of(name) {
            self.questionnaires.insert(category, file);
        } else if is_data(name) {
            let reason = names::stranger(name);
            self.strangers.push(Fault::of_file(&file.name, reason));
        }
    }
}

/// Whether a file would be missed when it is skipped. Notes and the like may lie in the folder.
fn is_data(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        ["csv", "json"].iter().any(|data| extension.eq_ignore_ascii_case(data))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(names: &[&str]) -> Result<Vec<String>, String> {
        let file = |name: &&str| SourceFile { name: (*name).to_owned(), bytes: 1 };
        let show = |folder: &Folder| {
            let tables = folder.tables.values().map(|file| file.name.clone());
            let questions = folder
                .questionnaires
                .iter()
                .map(|(category, file)| format!("{category}={}", file.name));
            let strangers = folder.strangers.iter().map(|fault| format!("?{fault}"));
            tables.chain(questions).chain(strangers).collect::<Vec<_>>().join(" ")
        };
        let folders = folders(names.iter().map(file).collect())?;
        Ok(folders.iter().map(show).collect())
    }

    #[test]
    fn one_folder_is_one_supplier() {
        assert_eq!(
            plan(&["prices.csv", "supplier.csv", "questionnaires/a%2Fb.json", "README.md"]),
            Ok(vec!["supplier.csv prices.csv a/b=questionnaires/a%2Fb.json".to_owned()])
        );
        assert_eq!(plan(&["availability.csv"]), Ok(vec!["availability.csv".to_owned()]));
    }

    #[test]
    fn folders_below_are_several_suppliers() {
        assert_eq!(
            plan(&["b/supplier.csv", "a/supplier.csv", "a/prices.csv", "notes.txt"]),
            Ok(vec!["a/supplier.csv a/prices.csv".to_owned(), "b/supplier.csv".to_owned()])
        );
    }

    #[test]
    fn what_belongs_nowhere_is_told() {
        assert_eq!(
            plan(&["product.csv"]),
            Ok(vec!["?product.csv: no file of a catalogue folder, is it products.csv?".to_owned()])
        );
        for (names, expected) in [
            (&["README.md"][..], "there is no file of a catalogue here"),
            (&[][..], "there is no file of a catalogue here"),
            (
                &["supplier.csv", "a/supplier.csv"][..],
                "there is a supplier.csv both here and in a folder below",
            ),
            (
                &["a/supplier.csv", "prices.csv"][..],
                "prices.csv lies beside the folders of suppliers",
            ),
        ] {
            assert_eq!(plan(names).unwrap_err(), expected);
        }
    }
}
