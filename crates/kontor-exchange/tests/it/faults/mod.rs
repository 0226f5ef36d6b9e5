//! Every sort of fault: told with its place, and nothing is applied.

mod cells;
mod files;
mod rows;
mod tokens;
mod told;

use crate::kit::{Database, demo};

/// Edits one text of a demo file and expects these faults.
fn check(file: &str, from: &str, to: &str, expected: &[&str]) {
    let database = Database::new();
    let folder = demo("demo42").edited(file, from, to);
    assert_eq!(database.faults(&folder), expected, "{file}: {from} -> {to}");
}

/// Replaces a demo file and expects these faults.
fn check_file(file: &str, text: impl AsRef<[u8]>, expected: &[&str]) {
    let database = Database::new();
    let folder = demo("demo42").with(file, text);
    assert_eq!(database.faults(&folder), expected, "{file}");
}
