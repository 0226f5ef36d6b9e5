//! Settings of what happens to leads after they were accepted.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outbox::DELAYS;

/// What happens to leads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LeadConfig {
    /// Key that seals the personal data of leads in the database: 32 bytes in base64, e.g. from
    /// `openssl rand -base64 32`. Without it they are stored readable. Leads that were stored
    /// before stay as they are; whoever loses the key loses the leads.
    pub seal_key: Option<ConfigSecret>,
    /// Days after which a lead is removed; default 0: leads are kept.
    pub retention_days: u32,
    /// Where leads are delivered to, by supplier code. Leads of other suppliers wait for theirs.
    pub webhooks: BTreeMap<String, WebhookConfig>,
}

/// A receiver of leads. It gets Standard Webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Address of the receiver. It must be https, except for private addresses that are allowed.
    pub url: String,
    /// Key of the signatures: `whsec_` and 24 to 64 bytes in base64.
    pub secret: ConfigSecret,
    /// The key before, while receivers change to the new one: both sign.
    #[serde(default)]
    pub previous_secret: Option<ConfigSecret>,
    /// Whether the receiver may have a private, loopback or link-local address; default no.
    #[serde(default)]
    pub allow_private: bool,
    /// Deliveries under way at the same time, 1 to 64; default 8.
    #[serde(default = "eight")]
    pub at_once: u8,
    /// Seconds a receiver has to answer, 1 to 60; default 20.
    #[serde(default = "twenty")]
    pub timeout_seconds: u8,
    /// Seconds after each failed attempt until the next, at most 30 of them, each at most 604800 (a
    /// week); a tenth may be added. When they are used up the delivery is dead. Default: 5 s,
    /// 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h.
    #[serde(default = "delays")]
    pub retry_seconds: Vec<i64>,
}

/// A secret of the configuration. It is never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ConfigSecret(String);

impl ConfigSecret {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself. Every use of this is a place where it could leak.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Serialize for ConfigSecret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("…")
    }
}

impl fmt::Debug for ConfigSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfigSecret(…)")
    }
}

fn eight() -> u8 {
    8
}

fn twenty() -> u8 {
    20
}

fn delays() -> Vec<i64> {
    DELAYS.to_vec()
}
