//! Settings of the dialect.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use kontor_app::scan::ScanLimits;
use kontor_dialect::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::from_wire::MAX_PAGE_SIZE;

/// Settings of the Consinco dialect. The default is what the protocol describes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether the protocol is offered at all.
    pub enabled: bool,
    /// Path before `/api/...`, such as `/SMAPI`; compared without case. Empty: none.
    pub prefix: String,
    /// What `promotional_price` is without a promotion in effect.
    pub no_promotion: NoPromotion,
    /// Status of an answer without any row: 200 with an empty list, or 404.
    pub empty: Empty,
    /// Rows of a page when the call does not say, 1 to 10000.
    pub default_page_size: u32,
    /// How long a refresh token counts, in seconds.
    pub refresh_seconds: u32,
    /// Rows of all scan indexes together that are kept in memory, at about 40 bytes each.
    pub scan_index_rows: usize,
    /// Scans whose place is remembered between pages.
    pub scans: usize,
    /// After so many seconds without a new page a scan is forgotten.
    pub scan_idle_seconds: u32,
    /// Settings of one supplier, by its code.
    pub suppliers: BTreeMap<String, Overrides>,
}

/// What a supplier may set otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// What `promotional_price` is without a promotion in effect.
    pub no_promotion: Option<NoPromotion>,
    /// Status of an answer without any row.
    pub empty: Option<Empty>,
    /// Rows of a page when the call does not say, 1 to 10000.
    pub default_page_size: Option<u32>,
}

/// What `promotional_price` is without a promotion in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoPromotion {
    #[default]
    Zero,
    Null,
}

/// Status of an answer without any row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "u16", into = "u16")]
#[schemars(with = "u16")]
pub enum Empty {
    /// 200 and an empty list.
    #[default]
    Ok,
    /// 404.
    NotFound,
}

/// The settings that hold for one supplier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) no_promotion: NoPromotion,
    pub(crate) empty: Empty,
    pub(crate) default_page_size: NonZeroU32,
}

impl Default for Config {
    fn default() -> Self {
        let limits = ScanLimits::default();
        Self {
            enabled: true,
            prefix: String::new(),
            no_promotion: NoPromotion::Zero,
            empty: Empty::Ok,
            default_page_size: 20,
            refresh_seconds: 30 * 86_400,
            scan_index_rows: limits.index_rows,
            scans: limits.scans,
            scan_idle_seconds: u32::try_from(limits.idle_seconds).unwrap_or(u32::MAX),
            suppliers: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The settings, with the prefix as paths are compared with it, when they can be.
    pub(crate) fn checked(mut self) -> Result<Self, ConfigError> {
        let prefix = self.prefix.trim_matches('/').to_ascii_lowercase();
        if prefix.contains(['?', '#', '%']) || prefix.chars().any(char::is_control) {
            let reason = format!(
                "{:?} is not empty or a path such as /SMAPI, without its percent-encoding",
                self.prefix
            );
            return Err(ConfigError::new("prefix", reason));
        }
        self.prefix = if prefix.is_empty() { prefix } else { format!("/{prefix}") };
        let own = ("default_page_size".to_owned(), Some(self.default_page_size));
        let of_suppliers = self.suppliers.iter().map(|(code, overrides)| {
            (format!("suppliers.{code}.default_page_size"), overrides.default_page_size)
        });
        for (key, value) in std::iter::once(own).chain(of_suppliers) {
            if let Some(value) = value.filter(|size| !(1..=MAX_PAGE_SIZE).contains(size)) {
                let reason = format!("{value} is not 1 to {MAX_PAGE_SIZE}");
                return Err(ConfigError::new(key, reason));
            }
        }
        Ok(self)
    }

    pub(crate) fn of_supplier(&self, code: &str) -> Settings {
        let own = self.suppliers.get(code);
        let size = own.and_then(|own| own.default_page_size).unwrap_or(self.default_page_size);
        Settings {
            no_promotion: own.and_then(|own| own.no_promotion).unwrap_or(self.no_promotion),
            empty: own.and_then(|own| own.empty).unwrap_or(self.empty),
            default_page_size: NonZeroU32::new(size).unwrap_or(NonZeroU32::MIN),
        }
    }

    pub(crate) fn scan_limits(&self) -> ScanLimits {
        ScanLimits {
            index_rows: self.scan_index_rows,
            scans: self.scans,
            idle_seconds: i64::from(self.scan_idle_seconds),
        }
    }
}

impl TryFrom<u16> for Empty {
    type Error = &'static str;

    fn try_from(status: u16) -> Result<Self, Self::Error> {
        match status {
            200 => Ok(Self::Ok),
            404 => Ok(Self::NotFound),
            _ => Err("neither 200 nor 404"),
        }
    }
}

impl From<Empty> for u16 {
    fn from(empty: Empty) -> Self {
        match empty {
            Empty::Ok => 200,
            Empty::NotFound => 404,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_compared_without_case_and_needs_no_slashes() {
        for (prefix, expected) in
            [("", ""), ("/", ""), ("SMAPI", "/smapi"), ("/App/SM/", "/app/sm"), ("/á b", "/á b")]
        {
            let config = Config { prefix: prefix.to_owned(), ..Config::default() };
            assert_eq!(config.checked().unwrap().prefix, expected, "{prefix:?}");
        }
        for prefix in ["/a?b", "#", "/a%20b", "/a\n"] {
            let config = Config { prefix: prefix.to_owned(), ..Config::default() };
            let error = config.checked().unwrap_err().to_string();
            let shown = format!("prefix: {prefix:?} is not empty or a path such as /SMAPI");
            assert!(error.starts_with(&shown), "{error}");
        }
    }

    #[test]
    fn page_sizes_are_1_to_10000() {
        for (size, is_good) in [(0, false), (1, true), (10_000, true), (10_001, false)] {
            let config = Config { default_page_size: size, ..Config::default() };
            assert_eq!(config.checked().is_ok(), is_good, "{size}");
            let overrides = Overrides { default_page_size: Some(size), ..Overrides::default() };
            let suppliers = [("demo42".to_owned(), overrides)].into();
            let config = Config { suppliers, ..Config::default() };
            assert_eq!(config.checked().is_ok(), is_good, "{size}");
        }
        let config = Config { default_page_size: 0, ..Config::default() };
        let error = config.checked().unwrap_err().to_string();
        assert_eq!(error, "default_page_size: 0 is not 1 to 10000");
    }

    #[test]
    fn a_supplier_may_have_its_own_settings() {
        let overrides = Overrides {
            no_promotion: Some(NoPromotion::Null),
            empty: Some(Empty::NotFound),
            default_page_size: Some(50),
        };
        let suppliers = [("demo42".to_owned(), overrides)].into();
        let config = Config { suppliers, ..Config::default() };
        let settings = config.of_supplier("demo42");
        assert_eq!(settings.no_promotion, NoPromotion::Null);
        assert_eq!(settings.empty, Empty::NotFound);
        assert_eq!(settings.default_page_size.get(), 50);
        let settings = config.of_supplier("wcs-mini");
        assert_eq!(settings.no_promotion, NoPromotion::Zero);
        assert_eq!(settings.empty, Empty::Ok);
        assert_eq!(settings.default_page_size.get(), 20);
    }
}
