//! The demo catalogue: two invented suppliers, embedded in the program.

use std::io::{self, Read};

use crate::source::{FolderSource, SourceFile};

/// A supplier of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSupplier {
    /// Its code, and the name of its folder.
    pub name: &'static str,
    pub files: &'static [DemoFile],
}

/// A file of a supplier of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoFile {
    /// Relative to the folder of its supplier.
    pub name: &'static str,
    pub text: &'static str,
}

/// The whole demo as a folder with one sub-folder per supplier.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demo;

/// All suppliers of the demo.
pub fn suppliers() -> &'static [DemoSupplier] {
    SUPPLIERS
}

impl FolderSource for Demo {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        let all = SUPPLIERS.iter().flat_map(|supplier| {
            supplier.files.iter().map(|file| SourceFile {
                name: format!("{}/{}", supplier.name, file.name),
                bytes: file.text.len() as u64,
            })
        });
        Ok(all.collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let found = SUPPLIERS.iter().find_map(|supplier| {
            let name = name.strip_prefix(supplier.name)?.strip_prefix('/')?;
            supplier.file(name)
        });
        let text = found.ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(text.as_bytes()))
    }
}

/// One supplier alone.
impl FolderSource for DemoSupplier {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        let file = |file: &DemoFile| SourceFile {
            name: file.name.to_owned(),
            bytes: file.text.len() as u64,
        };
        Ok(self.files.iter().map(file).collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let text = self.file(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(text.as_bytes()))
    }
}

impl DemoSupplier {
    /// The text of a file.
    pub fn file(&self, name: &str) -> Option<&'static str> {
        let file = self.files.iter().find(|file| file.name == name);
        file.map(|file| file.text)
    }
}

const fn file(name: &'static str, text: &'static str) -> DemoFile {
    DemoFile { name, text }
}

/// Every file of `demo/`, by hand, so that a build needs nothing but the compiler.
const SUPPLIERS: &[DemoSupplier] = &[
    DemoSupplier {
        name: "demo42",
        files: &[
            file("accounts.csv", include_str!("../../../demo/demo42/accounts.csv")),
            file("availability.csv", include_str!("../../../demo/demo42/availability.csv")),
            file("categories.csv", include_str!("../../../demo/demo42/categories.csv")),
            file("contacts.csv", include_str!("../../../demo/demo42/contacts.csv")),
            file(
                "contract_customers.csv",
                include_str!("../../../demo/demo42/contract_customers.csv"),
            ),
            file("contract_lists.csv", include_str!("../../../demo/demo42/contract_lists.csv")),
            file("contracts.csv", include_str!("../../../demo/demo42/contracts.csv")),
            file("conversions.csv", include_str!("../../../demo/demo42/conversions.csv")),
            file("counters.csv", include_str!("../../../demo/demo42/counters.csv")),
            file("customers.csv", include_str!("../../../demo/demo42/customers.csv")),
            file("document_lines.csv", include_str!("../../../demo/demo42/document_lines.csv")),
            file("documents.csv", include_str!("../../../demo/demo42/documents.csv")),
            file("entitlements.csv", include_str!("../../../demo/demo42/entitlements.csv")),
            file("grants.csv", include_str!("../../../demo/demo42/grants.csv")),
            file("identifiers.csv", include_str!("../../../demo/demo42/identifiers.csv")),
            file("leads.csv", include_str!("../../../demo/demo42/leads.csv")),
            file("packings.csv", include_str!("../../../demo/demo42/packings.csv")),
            file("partners.csv", include_str!("../../../demo/demo42/partners.csv")),
            file("payment_terms.csv", include_str!("../../../demo/demo42/payment_terms.csv")),
            file("price_lists.csv", include_str!("../../../demo/demo42/price_lists.csv")),
            file("prices.csv", include_str!("../../../demo/demo42/prices.csv")),
            file("products.csv", include_str!("../../../demo/demo42/products.csv")),
            file(
                "questionnaires/1463.json",
                include_str!("../../../demo/demo42/questionnaires/1463.json"),
            ),
            file(
                "questionnaires/1500.json",
                include_str!("../../../demo/demo42/questionnaires/1500.json"),
            ),
            file(
                "questionnaires/1600.json",
                include_str!("../../../demo/demo42/questionnaires/1600.json"),
            ),
            file(
                "questionnaires/1702.json",
                include_str!("../../../demo/demo42/questionnaires/1702.json"),
            ),
            file(
                "questionnaires/7214.json",
                include_str!("../../../demo/demo42/questionnaires/7214.json"),
            ),
            file("sales_tables.csv", include_str!("../../../demo/demo42/sales_tables.csv")),
            file("segments.csv", include_str!("../../../demo/demo42/segments.csv")),
            file("selling_entities.csv", include_str!("../../../demo/demo42/selling_entities.csv")),
            file("store_currencies.csv", include_str!("../../../demo/demo42/store_currencies.csv")),
            file("store_customers.csv", include_str!("../../../demo/demo42/store_customers.csv")),
            file("stores.csv", include_str!("../../../demo/demo42/stores.csv")),
            file("supplier.csv", include_str!("../../../demo/demo42/supplier.csv")),
        ],
    },
    DemoSupplier {
        name: "wcs-mini",
        files: &[
            file("accounts.csv", include_str!("../../../demo/wcs-mini/accounts.csv")),
            file("availability.csv", include_str!("../../../demo/wcs-mini/availability.csv")),
            file(
                "contract_customers.csv",
                include_str!("../../../demo/wcs-mini/contract_customers.csv"),
            ),
            file("contract_lists.csv", include_str!("../../../demo/wcs-mini/contract_lists.csv")),
            file("contracts.csv", include_str!("../../../demo/wcs-mini/contracts.csv")),
            file("conversions.csv", include_str!("../../../demo/wcs-mini/conversions.csv")),
            file("counters.csv", include_str!("../../../demo/wcs-mini/counters.csv")),
            file("customers.csv", include_str!("../../../demo/wcs-mini/customers.csv")),
            file("document_lines.csv", include_str!("../../../demo/wcs-mini/document_lines.csv")),
            file("documents.csv", include_str!("../../../demo/wcs-mini/documents.csv")),
            file("entitlements.csv", include_str!("../../../demo/wcs-mini/entitlements.csv")),
            file("identifiers.csv", include_str!("../../../demo/wcs-mini/identifiers.csv")),
            file("price_lists.csv", include_str!("../../../demo/wcs-mini/price_lists.csv")),
            file("prices.csv", include_str!("../../../demo/wcs-mini/prices.csv")),
            file("products.csv", include_str!("../../../demo/wcs-mini/products.csv")),
            file(
                "store_currencies.csv",
                include_str!("../../../demo/wcs-mini/store_currencies.csv"),
            ),
            file("store_customers.csv", include_str!("../../../demo/wcs-mini/store_customers.csv")),
            file("stores.csv", include_str!("../../../demo/wcs-mini/stores.csv")),
            file("supplier.csv", include_str!("../../../demo/wcs-mini/supplier.csv")),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::Directory;

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
        let folder = Directory::new(folder);
        let (mut expected, mut embedded) = (folder.files().unwrap(), Demo.files().unwrap());
        expected.sort();
        embedded.sort();
        assert_eq!(embedded, expected);
        for file in expected {
            let read = |source: &dyn FolderSource| {
                let mut text = String::new();
                source.open(&file.name).unwrap().read_to_string(&mut text).unwrap();
                text
            };
            assert_eq!(read(&Demo), read(&folder), "{}", file.name);
        }
        assert!(Demo.open("demo42/none.csv").is_err());
        assert!(Demo.open("none/prices.csv").is_err());
    }
}
