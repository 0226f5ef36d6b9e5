//! The contract suite, each check on a new database, and the plans of all statements that it and a few
//! other operations lead to. Both are one test, because the statements of one process are seen.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kontor_store::{Store, contract};

use super::*;
use crate::open::OpenOptions;
use crate::scratch::Scratch;
use crate::store::SqliteStore;

/// Files that use the connection beside [`crate::database::Database::prepare`], for settings, for the
/// bounds of transactions, and for tables of their own.
const BESIDE_PREPARE: [&str; 9] = [
    "backup.rs",
    "checkpoint.rs",
    "database.rs",
    "migrate.rs",
    "new_tables.rs",
    "open.rs",
    "probe.rs",
    "staging/rows.rs",
    "state/mod.rs",
];

/// How a connection takes a statement.
const DOORS: [&str; 6] =
    ["execute(", "execute_batch(", "query_row(", "prepare(", "prepare_cached(", "pragma_"];

#[test]
fn the_contract_is_kept_and_every_statement_finds_its_rows() {
    operations::run();
    for check in contract::checks() {
        println!("{}", check.name);
        keep(&check);
    }
    let calls = calls();
    assert!(calls.len() > 90, "the calls are looked for in the wrong place");
    // Other tests of this process prepare statements of their own.
    let mut noted = all();
    noted.retain(|_, noted| !noted.calls.is_disjoint(&calls));
    let keys = unique_keys();
    let wrong: Vec<String> = noted
        .iter()
        .filter(|(sql, noted)| is_slow(sql, &noted.steps, &keys) && !allowed::is_allowed(sql))
        .map(|(sql, noted)| format!("{sql}\n  {:?}\n  {:?}", noted.steps, noted.calls))
        .collect();
    assert!(wrong.is_empty(), "reads more than it asks for:\n{}", wrong.join("\n"));
    assert_eq!(allowed::unused(noted.keys().map(String::as_str)), [""; 0], "nobody does this");
    let reached: BTreeSet<(String, u32)> =
        noted.values().flat_map(|noted| noted.calls.iter().cloned()).collect();
    let missed: Vec<_> = calls.difference(&reached).collect();
    assert!(missed.is_empty(), "no operation here comes to these statements: {missed:?}");
}

#[test]
fn statements_are_prepared_in_one_place() {
    let beside: BTreeSet<String> = sources()
        .into_iter()
        .filter(|(_, code)| {
            // A chain of calls may stand on several lines.
            let dense: String = code.split_whitespace().collect();
            DOORS.iter().any(|door| dense.contains(&format!("connection.{door}")))
        })
        .map(|(file, _)| file)
        .collect();
    assert_eq!(beside, BESIDE_PREPARE.map(str::to_owned).into());
}

#[test]
fn a_plan_that_reads_too_much_is_seen() {
    let keys = unique_keys();
    let slow = |sql: &str, step: &str| is_slow(sql, &[step.to_owned()], &keys);
    let by_key = "SELECT 1 FROM leads WHERE supplier_id = ?1 AND lead = ?2";
    assert!(!slow(by_key, "SEARCH leads USING PRIMARY KEY (supplier_id=? AND lead=?)"));
    assert!(slow(by_key, "SEARCH leads USING PRIMARY KEY (supplier_id=?)"));
    assert!(slow(by_key, "SEARCH leads USING INDEX leads_by_partner (partner=?)"));
    assert!(slow(by_key, "SCAN leads"));
    assert!(slow(by_key, "SCAN leads USING INDEX leads_by_partner"));
    let by_partner = "SELECT 1 FROM leads WHERE supplier_id = ?1 AND partner = ?2";
    let step = "SEARCH leads USING INDEX leads_by_partner (supplier_id=? AND partner=?)";
    assert!(!slow(by_partner, step));
    assert!(slow(by_partner, "SEARCH leads USING PRIMARY KEY (supplier_id=?)"));
    assert!(!slow(by_partner, "SCAN CONSTANT ROW"));
}

/// The check on a new database; afterwards its chain and its sums are right.
fn keep(check: &contract::Check) {
    let dir = Scratch::new(check.name);
    let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    (check.run)(&store);
    drop(store);
    let again = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
    assert_eq!(again.verify_chain().unwrap(), again.last_change().unwrap().0);
    // Whatever was done, the sums that were kept up are those of all rows.
    assert_eq!(again.prove().unwrap().since, 0, "{}", check.name);
}

/// Tables with the columns of a unique key.
type Keys = Vec<(String, Vec<String>)>;

/// Whether a plan goes through a table or through all rows of a supplier, or looks a row up by fewer
/// columns than those of a key that the statement has.
fn is_slow(sql: &str, steps: &[String], keys: &Keys) -> bool {
    steps.iter().any(|step| {
        if let Some(scanned) = step.strip_prefix("SCAN ") {
            // Neither a single row without a table, nor the rows of an INSERT, nor the one import.
            let of_one = ["CONSTANT ROW", "VALUES CLAUSE", "price_import"];
            return !of_one.iter().any(|name| scanned.contains(name));
        }
        let Some(searched) = step.strip_prefix("SEARCH ") else { return false };
        if searched.ends_with("(supplier_id=?)") {
            return true;
        }
        let name = searched.split(' ').next().unwrap_or_default();
        let given = keys.iter().filter(|(table, _)| table == name);
        let given = given.filter(|(_, key)| key.iter().all(|column| is_compared(sql, column)));
        let shortest = given.map(|(_, key)| key.len()).min().unwrap_or(0);
        !searched.contains("(rowid=?)") && searched.matches("=?").count() < shortest
    })
}

/// Whether a statement asks for one value of a column.
fn is_compared(sql: &str, column: &str) -> bool {
    [" = ?", " IS ?"].iter().any(|compare| {
        sql.match_indices(&format!("{column}{compare}")).any(|(place, _)| {
            !sql[..place].ends_with(|before: char| before.is_alphanumeric() || before == '_')
        })
    })
}

fn unique_keys() -> Keys {
    let mut connection = Connection::open_in_memory().unwrap();
    crate::migrate::run(&mut connection, Path::new(".")).unwrap();
    // An index over an expression has a column without a name, and is no key that is compared.
    let sql = "SELECT t.name, group_concat(ifnull(c.name, '?')) FROM pragma_table_list t \
               JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c \
               WHERE t.schema = 'main' AND i.\"unique\" = 1 AND i.partial = 0 \
               GROUP BY t.name, i.name";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let columns: String = row.get(1)?;
        Ok((row.get(0)?, columns.split(',').map(str::to_owned).collect()))
    });
    let keys: Keys = rows.unwrap().map(Result::unwrap).collect();
    assert!(keys.len() > 20, "{keys:?}");
    keys
}

/// File and line of each call that prepares a statement.
fn calls() -> BTreeSet<(String, u32)> {
    let mut calls = BTreeSet::new();
    for (file, code) in sources() {
        for (line, text) in (1..).zip(code.lines()) {
            let text = text.trim_start();
            if text.contains(".prepare(") && !text.starts_with("//") && file != "migrate.rs" {
                calls.insert((format!("crates/kontor-store-sqlite/src/{file}"), line));
            }
        }
    }
    calls
}

/// The code of the crate without its tests, by file.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let file = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !file.starts_with("plans") && !file.ends_with("tests.rs") {
                let code = fs::read_to_string(&path).unwrap();
                let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                found.push((file, code));
            }
        }
    }
    found
}
