//! Settings of this dialect.

use std::collections::BTreeMap;

use kontor_dialect::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::documents::DocumentWords;

/// Settings of this dialect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether the dialect is offered at all.
    pub enabled: bool,
    /// Names of the elements of the documents, by their usual names, e.g. `Item_Sku = "Sku"`.
    pub document_names: BTreeMap<String, String>,
    /// Codes of the document kinds: `invoice` (default 1) and `despatch_advice` (default 11).
    pub document_types: BTreeMap<String, String>,
    /// Settings of one supplier, by its code.
    pub suppliers: BTreeMap<String, Overrides>,
}

/// What a supplier has otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// Names of elements that differ from those of all suppliers.
    pub document_names: BTreeMap<String, String>,
    /// Codes of document kinds that differ from those of all suppliers.
    pub document_types: BTreeMap<String, String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            document_names: BTreeMap::new(),
            document_types: BTreeMap::new(),
            suppliers: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The words in which documents of a supplier are written.
    pub fn document_words(&self, supplier: &str) -> Result<DocumentWords, ConfigError> {
        let words = self.words()?;
        let Some(own) = self.suppliers.get(supplier) else {
            return Ok(words);
        };
        words
            .with(&own.document_names, &own.document_types)
            .map_err(|error| error.within(&format!("suppliers.{supplier}")))
    }

    fn words(&self) -> Result<DocumentWords, ConfigError> {
        DocumentWords::default().with(&self.document_names, &self.document_types)
    }

    /// The words of all suppliers, then of those that have their own.
    pub(crate) fn all_words(
        &self,
    ) -> Result<(DocumentWords, BTreeMap<String, DocumentWords>), ConfigError> {
        let of_all = self.words()?;
        let mut own = BTreeMap::new();
        for supplier in self.suppliers.keys() {
            own.insert(supplier.clone(), self.document_words(supplier)?);
        }
        Ok((of_all, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_supplier_overrides_single_words() {
        let mut config = Config {
            document_names: map(&[("Item", "Line"), ("Price", "Cost")]),
            ..Config::default()
        };
        config.suppliers.insert(
            "demo42".to_owned(),
            Overrides {
                document_names: map(&[("Item", "Row")]),
                document_types: map(&[("invoice", "305")]),
            },
        );
        let (of_all, own) = config.all_words().expect("usable");
        let expected = DocumentWords::default()
            .with(&map(&[("Item", "Line"), ("Price", "Cost")]), &map(&[]))
            .expect("usable");
        assert_eq!(of_all, expected);
        let expected = DocumentWords::default()
            .with(&map(&[("Item", "Row"), ("Price", "Cost")]), &map(&[("invoice", "305")]))
            .expect("usable");
        assert_eq!(own["demo42"], expected);
        assert_eq!(config.document_words("demo42"), Ok(expected));
        assert_eq!(config.document_words("other"), Ok(of_all));
    }

    #[test]
    fn says_whose_setting_is_wrong() {
        let mut config = Config::default();
        config.suppliers.insert(
            "demo42".to_owned(),
            Overrides { document_names: map(&[("Itm", "Row")]), ..Overrides::default() },
        );
        let error = config.all_words().expect_err("no such element");
        assert_eq!(
            error.to_string(),
            "suppliers.demo42.document_names.Itm: no element has this name"
        );
    }
}
