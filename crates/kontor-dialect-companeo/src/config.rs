//! The settings of this protocol: the switches of `common.md` 11, and what becomes of leads.

use std::collections::BTreeMap;

use kontor_leads::config::LeadConfig;
use kontor_leads::vault::VaultError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings of the dialect. What is left out has the value the specification describes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whether the protocol is offered; default yes.
    pub enabled: bool,
    /// Days within which a lead with the same e-mail address or phone number is a duplicate, 0 to
    /// 365; default 30. 0: no lead is a duplicate.
    pub duplicate_days: u32,
    /// What happens to leads that were accepted.
    pub leads: LeadConfig,
    /// What is different for single suppliers, by supplier code.
    pub suppliers: BTreeMap<String, Overrides>,
}

/// Switches of one supplier; what is left out is as for all suppliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// Days within which a lead is a duplicate, 0 to 365.
    pub duplicate_days: Option<u32>,
}

/// Why settings are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("companeo: duplicate_days is {0}, not 0 to 365")]
    DuplicateDays(u32),
    #[error("companeo.leads.seal_key: {0}")]
    SealKey(#[from] VaultError),
}

const MAX_DUPLICATE_DAYS: u32 = 365;

impl Config {
    /// The settings, if they make sense.
    pub(crate) fn checked(self) -> Result<Self, ConfigError> {
        let overridden = self.suppliers.values().filter_map(|supplier| supplier.duplicate_days);
        let mut all = std::iter::once(self.duplicate_days).chain(overridden);
        match all.find(|days| *days > MAX_DUPLICATE_DAYS) {
            Some(days) => Err(ConfigError::DuplicateDays(days)),
            None => Ok(self),
        }
    }

    /// Days within which a lead is a duplicate at this supplier.
    pub(crate) fn duplicate_days(&self, supplier: &str) -> u32 {
        let own = self.suppliers.get(supplier).and_then(|supplier| supplier.duplicate_days);
        own.unwrap_or(self.duplicate_days)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            duplicate_days: 30,
            leads: LeadConfig::default(),
            suppliers: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_days_are_limited_and_per_supplier() {
        let config = |all, own| Config {
            duplicate_days: all,
            suppliers: BTreeMap::from([("a".to_owned(), Overrides { duplicate_days: own })]),
            ..Config::default()
        };
        let good = config(0, Some(365)).checked().expect("good settings");
        assert_eq!((good.duplicate_days("a"), good.duplicate_days("b")), (365, 0));
        assert_eq!(config(30, None).duplicate_days("a"), 30);
        assert_eq!(config(366, None).checked(), Err(ConfigError::DuplicateDays(366)));
        assert_eq!(config(30, Some(366)).checked(), Err(ConfigError::DuplicateDays(366)));
    }

    #[test]
    fn unknown_settings_are_refused() {
        let read = |text: &str| serde_json::from_str::<Config>(text);
        assert_eq!(read("{}").expect("defaults"), Config::default());
        assert!(read(r#"{"duplicate_day": 3}"#).is_err());
        assert!(read(r#"{"suppliers": {"a": {"duplicate_day": 3}}}"#).is_err());
        let secret = read(r#"{"leads": {"seal_key": "abc"}}"#).expect("a secret");
        assert!(!format!("{secret:?}").contains("abc"));
    }
}
