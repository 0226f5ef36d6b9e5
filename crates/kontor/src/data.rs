//! Opening the data.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_model::catalogue::Record;
use kontor_model::record::CellError;
use kontor_model::{Clock, FixedClock, Instant, SystemClock};
use kontor_store::StoreError;
use kontor_store_sqlite::{OpenOptions, SqliteStore};

/// Opens the database of a data directory.
pub(crate) fn open(directory: &Path, accept_older: bool) -> anyhow::Result<Arc<SqliteStore>> {
    let options = OpenOptions { accept_older, ..OpenOptions::default() };
    let store = SqliteStore::open(directory, &options)
        .with_context(|| format!("data directory {}", directory.display()))?;
    Ok(Arc::new(store))
}

/// Whether a directory has data.
pub(crate) fn is_there(directory: &Path) -> bool {
    let file = std::fs::metadata(directory.join("kontor.db"));
    file.is_ok_and(|file| file.len() > 0)
}

/// The same where there is data already: commands that look after it make none.
pub(crate) fn existing(directory: &Path) -> anyhow::Result<Arc<SqliteStore>> {
    anyhow::ensure!(
        is_there(directory),
        "there is no data in {0}; `kontor import --data {0} FOLDER` makes it",
        directory.display()
    );
    open(directory, false)
}

/// Makes days of what earlier versions stored as instants of days. Whatever hinders it hinders nothing
/// else: until it is done those validities count as they did.
pub(crate) fn make_days(store: &SqliteStore, clock: &Arc<dyn Clock>) {
    match store.make_days(clock) {
        Ok(changes) if changes.is_empty() => {}
        Ok(changes) => tracing::info!(
            changes = changes.len(),
            "validities that an earlier version stored as instants are days now; `kontor doctor \
             --upgrade-report` says which answers changed"
        ),
        Err(error) => tracing::error!(
            %error,
            "validities that an earlier version stored as instants stay instants"
        ),
    }
}

/// Looks at what opening and loading leave out: rows that the book does not hold, and every page
/// when the data was left without being closed. It runs beside everything else; a store that turns
/// out to be damaged says so by [`kontor_store::Store::broken`].
pub(crate) fn check_in_background(store: Arc<SqliteStore>) -> anyhow::Result<()> {
    let thread = std::thread::Builder::new().name("data-check".to_owned());
    let check = move || match check(&store) {
        // At the end of the server the store is closed under the check; the next start makes it.
        Ok(()) | Err(StoreError::Closed) => {}
        Err(error) => tracing::error!(%error, "the check of the data failed"),
    };
    thread.spawn(check).map(drop).context("cannot start the check of the data")
}

fn check(store: &SqliteStore) -> Result<(), StoreError> {
    store.prove_beside_book()?;
    if store.check_is_due()? {
        tracing::info!("the data was not closed the last time; looking at every page of it");
        store.check()?;
        tracing::info!("every page of the data is sound");
    }
    Ok(())
}

/// The application on a data directory, for commands: the clock of the machine, no limits.
pub(crate) fn app(directory: &Path) -> anyhow::Result<Arc<App>> {
    app_at(directory, Arc::new(SystemClock))
}

/// The same with another clock.
pub(crate) fn app_at(directory: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<Arc<App>> {
    let config =
        AppConfig { store: existing(directory)?, clock, login_limits: LoginLimits::default() };
    App::open(config).context("cannot load the price book")
}

/// A clock that stands at this instant, or that of the machine.
pub(crate) fn clock(at: Option<Instant>) -> Arc<dyn Clock> {
    match at {
        Some(instant) => Arc::new(FixedClock(instant)),
        None => Arc::new(SystemClock),
    }
}

/// What is done to rows of an import before they are stored.
pub(crate) fn prepare(record: Record, existing: Option<&Record>) -> Result<Record, CellError> {
    kontor_leads::prepare::prepare(record, existing)
}
