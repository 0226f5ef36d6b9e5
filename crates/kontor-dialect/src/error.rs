//! Why a configuration is refused.

use std::fmt;

/// A setting that cannot be used: its key, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct ConfigError {
    key: String,
    reason: String,
}

impl ConfigError {
    /// `key` is written as in the file, from the section of the dialect on, e.g.
    /// `suppliers.acme.page_size`.
    pub fn new(key: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self { key: key.into(), reason: reason.to_string() }
    }

    /// The same error, with its key as seen from outside of a table.
    #[must_use]
    pub fn within(self, table: &str) -> Self {
        Self { key: format!("{table}.{}", self.key), reason: self.reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_key_is_named() {
        let error = ConfigError::new("page_size", "0 is not 1 to 10");
        assert_eq!(error.to_string(), "page_size: 0 is not 1 to 10");
        let error = error.within("suppliers.acme").within("quick");
        assert_eq!(error.to_string(), "quick.suppliers.acme.page_size: 0 is not 1 to 10");
    }
}
