//! The configuration: defaults in code, one file, environment and flags over it.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use kontor_app::retention::Retention;
use kontor_dialect::ConfigError;
use kontor_dialect_restigo::documents::DocumentWords;
use kontor_leads::config::LeadConfig;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use crate::config_fault::{self, Unreadable};
use crate::dialects::{DIALECTS, DialectSettings};
use crate::health::HealthLimits;

/// Everything `kontor.toml` may say. Unknown keys are errors that name the key.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where the data is.
    pub(crate) data: DataConfig,
    /// Listening, deadlines and caps.
    pub(crate) server: kontor_server::ServerConfig,
    /// Limits of requests and failed logins.
    pub(crate) logins: LoginConfig,
    /// Logs.
    pub(crate) log: LogConfig,
    /// Imports of catalogue folders.
    pub(crate) import: ImportConfig,
    /// One section for each dialect. They are read apart, see [`Config::parse`].
    #[serde(skip)]
    pub(crate) dialects: DialectSettings,
}

/// Where the data is.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DataConfig {
    /// Directory of the database.
    pub(crate) directory: PathBuf,
    /// Seconds that another process may keep the data from being written, and that a durable change
    /// may wait for being shown, before `/readyz` says that the server is not ready.
    pub(crate) not_ready_after_s: u64,
    /// Room in MiB that the disk must have; with less `/readyz` says that the server is not ready.
    /// 0: any is enough.
    pub(crate) min_free_mib: u64,
    /// How long what is not needed any more is kept.
    pub(crate) retention: RetentionConfig,
}

/// Days for which things are kept; 0 keeps them for ever. Nothing that is answered goes.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "names of settings end with their unit")]
pub(crate) struct RetentionConfig {
    /// Prices and other rows that were superseded or removed.
    pub(crate) history_days: u32,
    /// How deliveries of leads ended.
    pub(crate) deliveries_days: u32,
    /// Which rows each change touched. That there was a change, when and by whom, stays for ever.
    pub(crate) change_entries_days: u32,
}

/// Limits of requests and failed logins. Zero switches a limit off.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LoginConfig {
    /// Failed logins a minute of one account, and of one address.
    pub(crate) failed_per_minute: u32,
    /// Requests a second of one account.
    pub(crate) requests_per_second: u32,
    /// Sessions that anybody may open without credentials, a minute of one address.
    pub(crate) guests_per_minute: u32,
}

/// Logs.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogConfig {
    /// The least important level that is written: error, warn, info, debug or trace.
    pub(crate) level: Level,
    /// Form of a line.
    pub(crate) format: LogFormat,
}

/// Imports of catalogue folders.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ImportConfig {
    /// What a GTIN with a wrong check digit or length is: a fault of the file, or a warning; then the
    /// product keeps the GTIN it has.
    pub(crate) wrong_gtins: WrongGtins,
}

/// What a wrong GTIN is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WrongGtins {
    #[default]
    Fault,
    Warning,
}

impl From<WrongGtins> for kontor_exchange::WrongGtins {
    fn from(wrong: WrongGtins) -> Self {
        match wrong {
            WrongGtins::Fault => Self::Fault,
            WrongGtins::Warning => Self::Warning,
        }
    }
}

/// Importance of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// Form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The file that counts when none is named.
const DEFAULT_FILE: &str = "kontor.toml";

/// Reads the configuration file; defaults without one.
pub(crate) fn load(file: Option<&Path>) -> anyhow::Result<Config> {
    let path = match file {
        Some(path) => path,
        None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
        None => return Ok(Config::default()),
    };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))?;
    match Config::parse(&text) {
        Ok(config) => Ok(config),
        Err(error) => bail!("{}", config_fault::told(path, &text, &error)),
    }
}

impl Config {
    /// Reads the text of a configuration file.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut file = DeTable::parse(text)?;
        let dialects = DialectSettings::take_from(&mut file)?;
        let known = serde_json::to_value(Self::default()).unwrap_or_default();
        let unknown = file.get_ref().keys().find(|key| known.get(key.get_ref().as_ref()).is_none());
        if let Some(key) = unknown {
            let known = known.as_object().into_iter().flat_map(serde_json::Map::keys);
            let known =
                known.map(String::as_str).chain(DIALECTS.iter().map(|dialect| dialect.name));
            let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
            return Err(Unreadable {
                span: Some(key.span()),
                message: format!(
                    "unknown field `{}`, expected one of {}",
                    key.get_ref(),
                    known.join(", ")
                ),
            });
        }
        let config = Self::deserialize(toml::Deserializer::from(file))?;
        Ok(Self { dialects, ..config })
    }
}

impl Config {
    /// What happens to leads that were accepted: a part of the section of the protocol they come in.
    pub(crate) fn leads(&self) -> LeadConfig {
        self.dialects.of::<kontor_dialect_companeo::Config>().leads
    }

    /// The words in which documents of a supplier are written.
    pub(crate) fn document_words(&self, supplier: &str) -> Result<DocumentWords, ConfigError> {
        let settings = self.dialects.of::<kontor_dialect_restigo::Config>();
        let words = settings.document_words(supplier);
        words.map_err(|error| error.within(kontor_dialect_restigo::DIALECT.name))
    }
}

impl DataConfig {
    pub(crate) fn health_limits(&self) -> HealthLimits {
        HealthLimits {
            patience: Duration::from_secs(self.not_ready_after_s),
            min_free_mib: self.min_free_mib,
        }
    }
}

impl LoginConfig {
    pub(crate) fn limits(&self) -> kontor_app::LoginLimits {
        kontor_app::LoginLimits {
            failed_per_minute: NonZeroU32::new(self.failed_per_minute),
            requests_per_second: NonZeroU32::new(self.requests_per_second),
            guests_per_minute: NonZeroU32::new(self.guests_per_minute),
        }
    }
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("kontor-data"),
            not_ready_after_s: 5,
            min_free_mib: 64,
            retention: RetentionConfig::default(),
        }
    }
}

impl RetentionConfig {
    pub(crate) fn policy(&self) -> Retention {
        Retention { history_days: self.history_days, change_entries_days: self.change_entries_days }
    }
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self { history_days: 0, deliveries_days: 90, change_entries_days: 90 }
    }
}

impl Default for LoginConfig {
    fn default() -> Self {
        Self { failed_per_minute: 30, requests_per_second: 1000, guests_per_minute: 600 }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: Level::Info, format: LogFormat::Text }
    }
}

impl From<Level> for tracing::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::ERROR,
            Level::Warn => Self::WARN,
            Level::Info => Self::INFO,
            Level::Debug => Self::DEBUG,
            Level::Trace => Self::TRACE,
        }
    }
}
