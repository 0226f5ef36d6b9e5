//! The plan of every statement that tests prepare: how SQLite finds its rows. A plan depends on the
//! schema alone, since nothing here gathers statistics about the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

/// A statement that was prepared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Noted {
    /// File and line of each call that prepared it.
    pub(crate) calls: BTreeSet<(String, u32)>,
    /// The steps of its plan.
    pub(crate) steps: Vec<String>,
}

static NOTED: Mutex<BTreeMap<String, Noted>> = Mutex::new(BTreeMap::new());

/// Notes a statement with its plan, on the connection that has the temporary tables it may need.
pub(crate) fn note(connection: &Connection, sql: &str, call: &Location<'_>) {
    let call = (call.file().to_owned(), call.line());
    if let Some(known) = noted().get_mut(sql) {
        known.calls.insert(call);
        return;
    }
    let mut fresh = Noted::default();
    // Some pragmas act even when they are only explained, and none has a plan.
    if !sql.starts_with("PRAGMA") {
        // A statement that cannot be prepared is the caller's to report.
        let Ok(steps) = explain(connection, sql) else { return };
        fresh.steps = steps;
    }
    fresh.calls.insert(call);
    noted().entry(sql.to_owned()).or_default().merge(fresh);
}

/// All statements that were prepared so far by this process.
pub(crate) fn all() -> BTreeMap<String, Noted> {
    noted().clone()
}

impl Noted {
    fn merge(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.steps = other.steps;
    }
}

fn explain(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}

fn noted() -> MutexGuard<'static, BTreeMap<String, Noted>> {
    NOTED.lock().unwrap_or_else(PoisonError::into_inner)
}

mod allowed;
mod operations;
mod tests;
