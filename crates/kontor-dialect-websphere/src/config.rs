//! The settings of this protocol: where it lives, and the switches of `common.md` 11.

use std::collections::BTreeMap;

use kontor_dialect::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings of the dialect. What is left out has the value the specification describes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whether the protocol is offered; default yes.
    pub enabled: bool,
    /// Path before `/store/{storeId}/…`; default `/wcs/resources`. Empty: none.
    pub base: String,
    /// Scheme of `resourceId` (`http` or `https`) where a proxy hides it; default: as requested.
    pub scheme: Option<Scheme>,
    /// Host (and port) of `resourceId` where a proxy hides it; default: the header `Host`.
    pub host: Option<String>,
    /// Seconds that a token of a login or of a guest counts, at least 1; default 86,400.
    pub session_seconds: u32,
    /// Products that are not known: `omit` (default) leaves them out, `error` answers 404.
    pub unknown_product: UnknownProduct,
    /// Currencies that the store does not support: `error` (default), or `default` falls back to the
    /// default currency of the store.
    pub unsupported_currency: UnsupportedCurrency,
    /// Several contracts: `each` (default) answers one result per contract, `best` one result with
    /// the lowest price of all for each currency and quantity.
    pub contract_combination: ContractCombination,
    /// `on` adds the pricing date to each result; default `off`.
    pub echo_pricing_date: Toggle,
    /// Accounts that name no contract: `store` (default) prices them from the default contract of the
    /// store, `customer` from their own contracts.
    pub session_contract: SessionContract,
    /// What is different for single suppliers, by supplier code.
    pub suppliers: BTreeMap<String, Overrides>,
}

/// Switches of one supplier; what is left out is as for all suppliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    pub unknown_product: Option<UnknownProduct>,
    pub unsupported_currency: Option<UnsupportedCurrency>,
    pub contract_combination: Option<ContractCombination>,
    pub echo_pricing_date: Option<Toggle>,
    pub session_contract: Option<SessionContract>,
}

/// The scheme of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    Http,
    Https,
}

/// What becomes of a product that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnknownProduct {
    #[default]
    Omit,
    Error,
}

/// What becomes of a currency that the store does not support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnsupportedCurrency {
    #[default]
    Error,
    Default,
}

/// How the results of several contracts are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContractCombination {
    #[default]
    Each,
    Best,
}

/// From which contract an account is priced that names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SessionContract {
    /// The default contract of the store.
    #[default]
    Store,
    /// Its own contracts; the default contract when it has none.
    Customer,
}

/// Off or on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Toggle {
    #[default]
    Off,
    On,
}

/// The switches that hold for one supplier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Switches {
    pub(crate) unknown_product: UnknownProduct,
    pub(crate) unsupported_currency: UnsupportedCurrency,
    pub(crate) contract_combination: ContractCombination,
    pub(crate) echo_pricing_date: Toggle,
    pub(crate) session_contract: SessionContract,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            base: "/wcs/resources".to_owned(),
            scheme: None,
            host: None,
            session_seconds: 86_400,
            unknown_product: UnknownProduct::default(),
            unsupported_currency: UnsupportedCurrency::default(),
            contract_combination: ContractCombination::default(),
            echo_pricing_date: Toggle::default(),
            session_contract: SessionContract::default(),
            suppliers: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The settings without a slash at the end of the base, when they can be used.
    pub(crate) fn checked(mut self) -> Result<Self, ConfigError> {
        if self.base.ends_with('/') {
            self.base.pop();
        }
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"?#%".contains(c);
        let is_path = self.base.is_empty() || self.base.starts_with('/');
        if !is_path || !self.base.chars().all(is_plain) || self.base.ends_with('/') {
            let reason = format!("{:?} is not a plain path such as /wcs/resources", self.base);
            return Err(ConfigError::new("base", reason));
        }
        let is_of_host = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        match &self.host {
            Some(host) if host.is_empty() || !host.chars().all(is_of_host) => {
                let reason = format!("{host:?} is not a host such as shop.example:8443");
                Err(ConfigError::new("host", reason))
            }
            _ if self.session_seconds == 0 => {
                Err(ConfigError::new("session_seconds", "must be at least 1"))
            }
            _ => Ok(self),
        }
    }

    /// The switches that hold for this supplier.
    pub(crate) fn switches(&self, supplier: &str) -> Switches {
        let own = self.suppliers.get(supplier).copied().unwrap_or_default();
        Switches {
            unknown_product: own.unknown_product.unwrap_or(self.unknown_product),
            unsupported_currency: own.unsupported_currency.unwrap_or(self.unsupported_currency),
            contract_combination: own.contract_combination.unwrap_or(self.contract_combination),
            echo_pricing_date: own.echo_pricing_date.unwrap_or(self.echo_pricing_date),
            session_contract: own.session_contract.unwrap_or(self.session_contract),
        }
    }
}

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}
