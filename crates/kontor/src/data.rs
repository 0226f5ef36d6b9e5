//! Opening the data.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_model::SystemClock;
use kontor_model::catalogue::Record;
use kontor_model::record::CellError;
use kontor_store_sqlite::{OpenOptions, SqliteStore};

/// Opens the database of a data directory.
pub(crate) fn open(directory: &Path, accept_older: bool) -> anyhow::Result<Arc<SqliteStore>> {
    let options = OpenOptions { accept_older, ..OpenOptions::default() };
    let store = SqliteStore::open(directory, &options)
        .with_context(|| format!("data directory {}", directory.display()))?;
    Ok(Arc::new(store))
}

/// The same where there is data already: commands that look after it make none.
pub(crate) fn existing(directory: &Path) -> anyhow::Result<Arc<SqliteStore>> {
    anyhow::ensure!(
        directory.is_dir(),
        "there is no data directory {}; `kontor import` makes one",
        directory.display()
    );
    open(directory, false)
}

/// The application on a data directory, for commands: the clock of the machine, no limits.
pub(crate) fn app(directory: &Path) -> anyhow::Result<Arc<App>> {
    let clock = Arc::new(SystemClock);
    let config =
        AppConfig { store: existing(directory)?, clock, login_limits: LoginLimits::default() };
    App::open(config).context("cannot load the price book")
}

/// What is done to rows of an import before they are stored.
pub(crate) fn prepare(record: Record, existing: Option<&Record>) -> Result<Record, CellError> {
    kontor_app::prepare::prepare(record, existing)
}
