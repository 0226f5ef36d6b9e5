//! The statements of every kind but prices, made from its columns.

use std::collections::HashMap;
use std::iter;
use std::sync::OnceLock;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Column, Row};

/// Statements over one table. Parameter 1 is the supplier's number, then come the cells of the key
/// or of its first columns.
pub(crate) struct Table {
    pub(crate) kind: Kind,
    /// By number of key columns given: the columns, `since_change` and the row's number of the
    /// supplier's rows with these, in key order.
    by_prefix: Vec<String>,
    /// The same columns of the supplier's rows after a key, in key order. `None` where a column of the
    /// key may be empty: such keys cannot be compared.
    pub(crate) after: Option<String>,
    /// The same columns of all rows of all suppliers, then the supplier's number.
    pub(crate) all: String,
    /// The same of the row with a number, of kinds that have one.
    pub(crate) by_number: String,
    /// Parameters: supplier, change, all columns.
    pub(crate) insert: String,
    /// Parameters: supplier, key, change, other columns. `None` when the key is all there is.
    pub(crate) update: Option<String>,
    pub(crate) delete: String,
    /// Copies a row to the history. Parameters: supplier, key, number of the change that ends it.
    /// `None` for kinds whose past nobody asks for.
    pub(crate) retire: Option<String>,
    /// All rows of the history: the columns, the changes that wrote and ended them, the row's number
    /// and the supplier's. `None` for kinds without one.
    pub(crate) past: Option<String>,
}

/// The kinds whose rows stand in a table of their own columns.
pub(crate) fn kinds() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| *kind != Kind::Price)
}

/// The statements of a kind.
#[expect(clippy::expect_used, reason = "callers treat prices before")]
pub(crate) fn table(kind: Kind) -> &'static Table {
    static TABLES: OnceLock<HashMap<Kind, Table>> = OnceLock::new();
    TABLES
        .get_or_init(|| kinds().map(|kind| (kind, Table::new(kind))).collect())
        .get(&kind)
        .expect("prices have a table of their own make")
}

impl Table {
    pub(crate) fn columns(&self) -> &'static [Column] {
        self.kind.columns()
    }

    /// The statement that finds rows by their first `given` key columns.
    pub(crate) fn find(&self, given: usize) -> Option<&str> {
        self.by_prefix.get(given).map(String::as_str)
    }

    /// The rows among the oldest of the history that a change ended or one before it. Parameters: the
    /// change, how many are looked at. [`Table::past`] has the columns.
    pub(crate) fn oldest_past(&self) -> String {
        let oldest = format!(
            "WHERE to_change <= ?1 AND rowid IN (SELECT rowid FROM {}_history ORDER BY rowid LIMIT ?2)",
            self.kind.name()
        );
        format!("{} {oldest}", select_past(self.kind))
    }

    /// The rows of the history of a supplier, for kinds that have one. [`Table::past`] has the columns.
    pub(crate) fn past_of_supplier(&self) -> Option<String> {
        let past = || format!("{} WHERE supplier_id = ?1", select_past(self.kind));
        self.kind.has_history().then(past)
    }

    /// The cells of a row as the history keeps them.
    pub(crate) fn without_secrets(&self, row: &[Cell]) -> Row {
        let columns = self.columns().iter().zip(row);
        let kept = |(column, cell): (&Column, &Cell)| {
            if column.secret { Cell::Null } else { cell.clone() }
        };
        columns.map(kept).collect()
    }

    /// How many columns the key has.
    pub(crate) fn key_width(&self) -> usize {
        self.by_prefix.len() - 1
    }

    fn new(kind: Kind) -> Self {
        let table = kind.name();
        let keys: Vec<&'static Column> =
            kind.columns().iter().filter(|column| column.key).collect();
        let columns = names(kind.columns().iter());
        let order = names(keys.iter().copied());
        let by_prefix = (0..=keys.len())
            .map(|given| {
                let found = matching(compared(&keys).take(given));
                format!(
                    "SELECT {columns}, since_change, {id} FROM {table}{index} WHERE {found} \
                     ORDER BY {order}",
                    id = id(kind),
                    index = if given == 0 { String::new() } else { index(kind, &keys) }
                )
            })
            .collect();
        let all_order =
            if kind.is_numbered() { "id".to_owned() } else { format!("supplier_id, {order}") };
        Self {
            kind,
            by_prefix,
            after: after(kind, &keys),
            all: format!(
                "SELECT {columns}, since_change, {id}, supplier_id FROM {table} \
                 ORDER BY {all_order}",
                id = id(kind)
            ),
            by_number: format!(
                "SELECT {columns}, since_change, {id}, supplier_id FROM {table} WHERE {id} = ?1",
                id = id(kind)
            ),
            insert: insert(kind, &columns),
            update: update(kind, &keys),
            delete: format!("DELETE FROM {table} WHERE {}", matching(compared(&keys))),
            retire: retire(kind, &keys),
            past: kind.has_history().then(|| format!("{} ORDER BY rowid", select_past(kind))),
        }
    }
}

fn names<'a>(columns: impl Iterator<Item = &'a Column>) -> String {
    columns.map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// `supplier_id = ?1 AND a = ?2 AND b IS ?3`, from columns and how they are compared.
pub(crate) fn matching<'a>(columns: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let supplier = "supplier_id = ?1".to_owned();
    let others = columns.enumerate();
    let others = others.map(|(index, (name, compare))| format!("{name} {compare} ?{}", index + 2));
    iter::once(supplier).chain(others).collect::<Vec<_>>().join(" AND ")
}

/// Only columns that may be empty are compared with `IS`; the others can use every index.
fn compared(keys: &[&'static Column]) -> impl Iterator<Item = (&'static str, &'static str)> {
    keys.iter().map(|column| (column.name, if column.required { "=" } else { "IS" }))
}

fn id(kind: Kind) -> &'static str {
    if kind.is_numbered() {
        "id"
    } else if kind == Kind::Supplier {
        "supplier_id"
    } else {
        "0"
    }
}

/// Names the index of a key that is no primary key, because a column of it may be empty. Left alone,
/// SQLite takes an index that begins with the supplier as well and goes through all of its rows.
fn index(kind: Kind, keys: &[&'static Column]) -> String {
    let has_index = keys.iter().any(|column| !column.required);
    if has_index { format!(" INDEXED BY {}_key", kind.name()) } else { String::new() }
}

fn after(kind: Kind, keys: &[&'static Column]) -> Option<String> {
    let order = names(keys.iter().copied());
    let marks: Vec<String> = (0..keys.len()).map(|index| format!("?{}", index + 2)).collect();
    keys.iter().all(|column| column.required).then(|| {
        format!(
            "SELECT {}, since_change, {} FROM {} WHERE supplier_id = ?1 AND ({order}) > ({}) \
             ORDER BY {order}",
            names(kind.columns().iter()),
            id(kind),
            kind.name(),
            marks.join(", ")
        )
    })
}

fn insert(kind: Kind, columns: &str) -> String {
    let marks: Vec<String> =
        (0..kind.columns().len()).map(|index| format!("?{}", index + 3)).collect();
    // A new supplier gets its number from the table: the parameter is NULL.
    format!(
        "INSERT INTO {} (supplier_id, since_change, {columns}) VALUES (?1, ?2, {})",
        kind.name(),
        marks.join(", ")
    )
}

fn update(kind: Kind, keys: &[&'static Column]) -> Option<String> {
    let change = keys.len() + 2;
    let sets: Vec<String> = kind
        .columns()
        .iter()
        .filter(|column| !column.key)
        .enumerate()
        .map(|(index, column)| format!("{} = ?{}", column.name, change + 1 + index))
        .collect();
    (!sets.is_empty()).then(|| {
        format!(
            "UPDATE {} SET since_change = ?{change}, {} WHERE {}",
            kind.name(),
            sets.join(", "),
            matching(compared(keys))
        )
    })
}

fn select_past(kind: Kind) -> String {
    let number = if kind.is_numbered() { "id" } else { "0" };
    format!(
        "SELECT {}, from_change, to_change, {number}, supplier_id FROM {}_history",
        names(kind.columns().iter()),
        kind.name()
    )
}

fn retire(kind: Kind, keys: &[&'static Column]) -> Option<String> {
    if !kind.has_history() {
        return None;
    }
    let own = if kind.is_numbered() { "id, " } else { "" };
    let columns = names(kind.columns().iter());
    // A secret that was changed has no use any more, so the past does not keep it.
    let kept: Vec<&str> = kind
        .columns()
        .iter()
        .map(|column| if column.secret { "NULL" } else { column.name })
        .collect();
    Some(format!(
        "INSERT INTO {table}_history ({own}supplier_id, {columns}, from_change, to_change) \
         SELECT {own}supplier_id, {}, since_change, ?{end} FROM {table} WHERE {}",
        kept.join(", "),
        matching(compared(keys)),
        end = keys.len() + 2,
        table = kind.name(),
    ))
}

#[cfg(test)]
mod tests;
