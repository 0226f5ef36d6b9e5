//! How the section of a dialect in the configuration file is read and documented.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::de::{Error, ValueDeserializer};

use crate::Settings;

/// The type of a dialect's configuration, without being generic over it.
#[derive(Clone, Copy)]
pub struct Section {
    read: fn(ValueDeserializer<'_>) -> Result<Arc<dyn Settings>, Error>,
    default: fn() -> Arc<dyn Settings>,
    schema: fn() -> Value,
    default_values: fn() -> Value,
}

impl Section {
    /// A section that is read into a `C`.
    pub const fn of<C>() -> Self
    where
        C: Settings + Default + Serialize + DeserializeOwned + JsonSchema,
    {
        Self {
            read: |table| Ok(Arc::new(C::deserialize(table)?)),
            default: || Arc::new(C::default()),
            schema: || schemars::schema_for!(C).to_value(),
            // A configuration is a table of plain values; one that were none would show nothing.
            default_values: || serde_json::to_value(C::default()).unwrap_or_default(),
        }
    }

    /// Reads the table of the section.
    pub fn read(&self, table: ValueDeserializer<'_>) -> Result<Arc<dyn Settings>, Error> {
        (self.read)(table)
    }

    /// What counts where the file does not have the section.
    pub fn default_settings(&self) -> Arc<dyn Settings> {
        (self.default)()
    }

    /// The JSON schema of the section, with the documentation of its keys.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// The default of each key.
    pub fn default_values(&self) -> Value {
        (self.default_values)()
    }
}

impl fmt::Debug for Section {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Section")
    }
}
