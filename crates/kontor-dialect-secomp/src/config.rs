//! Settings of this dialect.

use std::collections::BTreeMap;

use kontor_dialect::ConfigError;
use kontor_model::Zone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings of this dialect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether the dialect is offered at all.
    pub enabled: bool,
    /// Time zones of the sites, by their two capital letters.
    pub sites: BTreeMap<String, String>,
    /// Layout of several scale prices.
    pub scale_layout: ScaleLayout,
    /// How article numbers are shown: `without_dots` (default) or `as_stored`.
    pub product_number: ProductNumber,
    /// Settings of one supplier, by its code.
    pub suppliers: BTreeMap<String, SupplierConfig>,
}

/// What a supplier may set otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupplierConfig {
    /// Layout of several scale prices.
    pub scale_layout: Option<ScaleLayout>,
    /// How article numbers are shown.
    pub product_number: Option<ProductNumber>,
}

/// How several scale prices are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleLayout {
    /// One block for each.
    #[default]
    Repeat,
    /// All pairs in one block.
    Pairs,
}

/// How the supplier's article numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductNumber {
    /// As the documented answers have them.
    #[default]
    WithoutDots,
    /// With their dots, for suppliers whose numbers differ in nothing else.
    AsStored,
}

/// What one supplier's answers look like.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Layout {
    pub(crate) scales: ScaleLayout,
    pub(crate) product_number: ProductNumber,
}

impl Default for Config {
    fn default() -> Self {
        let site = |code: &str, zone: &str| (code.to_owned(), zone.to_owned());
        Self {
            enabled: true,
            sites: BTreeMap::from([
                site("FR", "Europe/Berlin"),
                site("DE", "Europe/Berlin"),
                site("EN", "Europe/London"),
            ]),
            scale_layout: ScaleLayout::default(),
            product_number: ProductNumber::default(),
            suppliers: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The time zones of the sites. The error names the one that is wrong.
    pub(crate) fn zones(&self) -> Result<BTreeMap<String, Zone>, ConfigError> {
        let mut zones = BTreeMap::new();
        for (site, zone) in &self.sites {
            if site.len() != 2 || !site.bytes().all(|byte| byte.is_ascii_uppercase()) {
                let reason = format!("{site:?} is not two capital letters");
                return Err(ConfigError::new("sites", reason));
            }
            let zone = zone.parse().map_err(|error| {
                ConfigError::new(format!("sites.{site}"), format!("{zone:?}: {error}"))
            })?;
            zones.insert(site.clone(), zone);
        }
        Ok(zones)
    }

    /// What the answers of a supplier look like.
    pub(crate) fn layout(&self, supplier: &str) -> Layout {
        let own = self.suppliers.get(supplier);
        Layout {
            scales: own.and_then(|own| own.scale_layout).unwrap_or(self.scale_layout),
            product_number: own.and_then(|own| own.product_number).unwrap_or(self.product_number),
        }
    }
}
