//! Who may depend on whom. Dependencies point inward; ARCHITECTURE.md draws them.
//!
//! A new edge between our crates, or a heavy library in a second crate, is a decision: it comes
//! with a record in `docs/decisions` and a line here.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::tidy::Fault;
use crate::tree::{File, Tree};

/// What a dialect may use of ours. No store, no server, no other dialect.
const DIALECT: &[&str] = &[
    "kontor-app",
    "kontor-dialect",
    "kontor-leads",
    "kontor-model",
    "kontor-pricing",
    "kontor-wire",
];

/// Our crates and what each may use of ours; dialects have [`DIALECT`].
const EDGES: &[(&str, &[&str])] = &[
    ("kontor-model", &[]),
    ("kontor-wire", &[]),
    ("kontor-pricing", &["kontor-model"]),
    ("kontor-store", &["kontor-model"]),
    ("kontor-store-sqlite", &["kontor-model", "kontor-store"]),
    ("kontor-app", &["kontor-model", "kontor-pricing", "kontor-rate-limit", "kontor-store"]),
    ("kontor-leads", &["kontor-app", "kontor-model", "kontor-pricing", "kontor-store"]),
    ("kontor-dialect", &["kontor-app", "kontor-wire"]),
    ("kontor-exchange", &["kontor-model", "kontor-store"]),
    ("kontor-http-gate", &[]),
    ("kontor-rate-limit", &[]),
    ("kontor-server", &["kontor-http-gate", "kontor-rate-limit", "kontor-wire"]),
    ("kontor-webhook", &["kontor-leads", "kontor-model"]),
    ("kontor", &["*"]),
    ("kontor-testkit", &["*"]),
    ("xtask", &[]),
];

/// What only tests may use of ours, besides the above: the kit, a store with data in it, a server to
/// measure.
const TEST_EDGES: &[&str] =
    &["kontor-exchange", "kontor-server", "kontor-store", "kontor-store-sqlite", "kontor-testkit"];

/// Crates that stay pure: the only libraries they may use.
const PURE: &[(&str, &[&str])] = &[
    ("kontor-model", &["cefact-units", "iso_currency", "jiff", "thiserror"]),
    ("kontor-pricing", &["rpds", "thiserror"]),
    ("kontor-store", &["jiff", "thiserror", "sha2"]),
];

/// Libraries that stay behind one wall: who may use them in what is shipped.
const HELD: &[(&str, &[&str])] = &[
    ("rusqlite", &["kontor-store-sqlite"]),
    ("refinery", &["kontor-store-sqlite"]),
    ("httparse", &["kontor-http-gate"]),
    ("hyper", &["kontor-server", "kontor-webhook"]),
    ("hyper-util", &["kontor-server", "kontor-webhook"]),
    ("rustls", &["kontor-server", "kontor-webhook"]),
    ("tokio-rustls", &["kontor-server", "kontor-webhook"]),
    ("metrics", &["kontor-server"]),
    ("regex", &["kontor-leads"]),
    ("roxmltree", &["kontor-wire"]),
    ("encoding_rs", &["kontor-wire"]),
    ("argon2", &["kontor-app"]),
    ("chacha20poly1305", &["kontor-leads"]),
    ("csv", &["kontor-leads", "kontor-exchange"]),
    ("clap", &["kontor"]),
    ("anyhow", &["kontor", "xtask"]),
    ("proptest", &["kontor-testkit"]),
];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let is_crate =
        |file: &&File| file.path.starts_with("crates/") || file.path.starts_with("xtask/");
    tree.ending("/Cargo.toml").filter(is_crate).flat_map(faults).collect()
}

fn faults(file: &File) -> Vec<Fault> {
    let Ok(manifest) = file.text.parse::<Table>() else {
        return vec![Fault::new(&file.path, 0, "is not TOML")];
    };
    let name = manifest.get("package").and_then(|package| package.get("name"));
    let Some(name) = name.and_then(Value::as_str) else {
        return vec![Fault::new(&file.path, 0, "has no name")];
    };
    let shipped = dependencies(&manifest, &["dependencies", "build-dependencies"]);
    let tested = dependencies(&manifest, &["dev-dependencies"]);
    let shipped = shipped.iter().filter_map(|used| shipped_fault(name, used));
    let tested = tested.iter().filter_map(|used| tested_fault(name, used));
    shipped.chain(tested).map(|message| Fault::new(&file.path, 0, message)).collect()
}

fn shipped_fault(name: &str, used: &str) -> Option<String> {
    if is_ours(used) {
        return (!may_use(name, used))
            .then(|| format!("{name} must not depend on {used} (xtask/src/tidy/edges.rs)"));
    }
    if let Some(libraries) = listed(PURE, name) {
        return (!libraries.contains(&used))
            .then(|| format!("{name} is pure and must not depend on {used}"));
    }
    let holders = listed(HELD, used)?;
    (!holders.contains(&name)).then(|| format!("{used} belongs into {} alone", holders.join(", ")))
}

fn tested_fault(name: &str, used: &str) -> Option<String> {
    let is_allowed = !is_ours(used) || TEST_EDGES.contains(&used) || may_use(name, used);
    // Between dialects there is no edge, not even in tests: what compares them is in the binary.
    (!is_allowed || (is_dialect(name) && is_dialect(used)))
        .then(|| format!("the tests of {name} must not depend on {used}"))
}

fn may_use(name: &str, used: &str) -> bool {
    let allowed = if is_dialect(name) { Some(DIALECT) } else { listed(EDGES, name) };
    allowed.is_some_and(|allowed| allowed.contains(&used) || allowed == ["*"])
        && (used != "kontor-testkit" || name == used)
}

fn is_ours(name: &str) -> bool {
    name == "kontor" || name == "xtask" || name.starts_with("kontor-")
}

fn is_dialect(name: &str) -> bool {
    name.starts_with("kontor-dialect-")
}

fn listed(list: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    list.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
}

/// Names of the crates in these tables, also in those of single platforms.
fn dependencies<'a>(manifest: &'a Table, tables: &[&str]) -> BTreeSet<&'a str> {
    let of_platforms = manifest.get("target").and_then(Value::as_table);
    let of_platforms = of_platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    std::iter::once(manifest)
        .chain(of_platforms)
        .flat_map(|table| tables.iter().filter_map(|name| table.get(*name)?.as_table()))
        .flat_map(|table| table.keys().map(String::as_str))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(name: &str, rest: &str) -> Vec<String> {
        let text = format!("[package]\nname = \"{name}\"\n{rest}");
        let file = File::new(&format!("crates/{name}/Cargo.toml"), &text);
        check(&Tree { files: vec![file] }).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn edges_that_point_outward_are_found() {
        for (name, used) in [
            ("kontor-model", "kontor-store"),
            ("kontor-pricing", "kontor-store"),
            ("kontor-app", "kontor-store-sqlite"),
            ("kontor-server", "kontor-app"),
            ("kontor-dialect-secomp", "kontor-dialect-restigo"),
            ("kontor-dialect-secomp", "kontor-store-sqlite"),
            ("kontor-dialect-secomp", "kontor-store"),
            ("kontor", "kontor-testkit"),
            ("kontor-new", "kontor-model"),
        ] {
            let found = messages(name, &format!("[dependencies]\n{used}.workspace = true\n"));
            assert_eq!(found.len(), 1, "{name} -> {used}: {found:?}");
        }
    }

    #[test]
    fn edges_that_point_inward_are_fine() {
        let found = messages(
            "kontor-dialect-secomp",
            "[dependencies]\nkontor-app.workspace = true\nserde.workspace = true\n\
             [dev-dependencies]\nkontor-testkit.workspace = true\nproptest.workspace = true\n",
        );
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn pure_crates_and_held_libraries_are_watched() {
        assert_eq!(messages("kontor-model", "[dependencies]\nserde = \"1\"\n").len(), 1);
        assert_eq!(messages("kontor-pricing", "[build-dependencies]\ntokio = \"1\"\n").len(), 1);
        assert_eq!(messages("kontor-app", "[dependencies]\nrusqlite = \"1\"\n").len(), 1);
        let table = "[target.'cfg(unix)'.dependencies]\nhyper = \"1\"\n";
        assert_eq!(messages("kontor-wire", table).len(), 1);
        assert_eq!(messages("kontor-server", table), [""; 0]);
        assert_eq!(messages("kontor-app", "[dev-dependencies]\nrusqlite = \"1\"\n"), [""; 0]);
    }

    #[test]
    fn tests_of_dialects_do_not_know_other_dialects() {
        let used = "[dev-dependencies]\nkontor-dialect-restigo.workspace = true\n";
        assert_eq!(messages("kontor-dialect-secomp", used).len(), 1);
        assert_eq!(messages("kontor", used), [""; 0]);
    }
}
