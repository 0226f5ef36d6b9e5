//! The settings of this protocol: the switches of `common.md` 11, and what becomes of leads.

use std::collections::BTreeMap;

use kontor_dialect::ConfigError;
use kontor_leads::config::LeadConfig;
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

const MAX_DUPLICATE_DAYS: u32 = 365;

impl Config {
    /// The settings, if they make sense.
    pub(crate) fn checked(self) -> Result<Self, ConfigError> {
        check_days(self.duplicate_days)?;
        for (code, supplier) in &self.suppliers {
            let days = supplier.duplicate_days.unwrap_or_default();
            check_days(days).map_err(|error| error.within(&format!("suppliers.{code}")))?;
        }
        Ok(self)
    }

    /// Days within which a lead is a duplicate at this supplier.
    pub(crate) fn duplicate_days(&self, supplier: &str) -> u32 {
        let own = self.suppliers.get(supplier).and_then(|supplier| supplier.duplicate_days);
        own.unwrap_or(self.duplicate_days)
    }
}

fn check_days(days: u32) -> Result<(), ConfigError> {
    if days <= MAX_DUPLICATE_DAYS {
        return Ok(());
    }
    Err(ConfigError::new("duplicate_days", format!("{days} is not 0 to {MAX_DUPLICATE_DAYS}")))
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
        let error = |config: Config| config.checked().unwrap_err().to_string();
        assert_eq!(error(config(366, None)), "duplicate_days: 366 is not 0 to 365");
        assert_eq!(error(config(30, Some(366))), "suppliers.a.duplicate_days: 366 is not 0 to 365");
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
