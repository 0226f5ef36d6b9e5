//! The dialects: what their manifests say of them, and their rows in README.md.

use toml::{Table, Value};

use crate::tidy::Fault;
use crate::tree::{File, Tree};

/// What the names of the crates of dialects begin with.
const PREFIX: &str = "kontor-dialect-";
const README: &str = "README.md";

/// A dialect, as its manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Name without the prefix of the crates.
    pub(super) name: String,
    /// Folder of its crate, with `/` at the end.
    pub(super) folder: String,
    /// Name of the protocol for people, and what partners do with it.
    pub(super) description: String,
    /// Words that only its protocol uses.
    pub(super) wire_words: Vec<String>,
}

/// All dialects, by folder.
pub(super) fn dialects(tree: &Tree) -> Vec<Dialect> {
    tree.ending("/Cargo.toml").filter_map(dialect).collect()
}

fn dialect(file: &File) -> Option<Dialect> {
    let folder = file.path.strip_suffix("Cargo.toml")?;
    let (_, name) = folder.trim_end_matches('/').rsplit_once('/')?;
    let name = name.strip_prefix(PREFIX)?;
    let manifest = file.text.parse::<Table>().unwrap_or_default();
    let package = manifest.get("package");
    let description = package.and_then(|package| package.get("description"));
    let words = package
        .and_then(|package| package.get("metadata")?.get("kontor")?.get("wire_words")?.as_array());
    let words = words.into_iter().flatten().filter_map(Value::as_str);
    Some(Dialect {
        name: name.to_owned(),
        folder: folder.to_owned(),
        description: description.and_then(Value::as_str).unwrap_or_default().to_owned(),
        wire_words: words.map(str::to_owned).collect(),
    })
}

/// Every dialect says what it is, which words are its own, and stands in the table of README.md.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let readme = tree.file(README).map(|file| &*file.text).unwrap_or_default();
    dialects(tree).iter().flat_map(|dialect| faults(dialect, readme)).collect()
}

fn faults(dialect: &Dialect, readme: &str) -> Vec<Fault> {
    let manifest = format!("{}Cargo.toml", dialect.folder);
    let mut faults = Vec::new();
    if dialect.wire_words.is_empty() {
        let message = "package.metadata.kontor.wire_words names no word of the protocol";
        faults.push(Fault::new(&manifest, 0, message));
    }
    let Some((title, purpose)) = dialect.description.split_once(": ") else {
        let message = "the description is not the protocol's name, a colon, and what partners do";
        faults.push(Fault::new(&manifest, 0, message));
        return faults;
    };
    let Dialect { name, folder, .. } = dialect;
    let row = format!("| {title} | {purpose} | done | [{PREFIX}{name}]({folder}README.md) |");
    // What is below another folder is an example and not offered.
    let is_offered = folder.matches('/').count() == 2;
    if is_offered != readme.lines().any(|line| line == row) {
        let message = if is_offered { "lacks the row" } else { "must not have the row" };
        faults.push(Fault::new(README, 0, format!("{message} {row}")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    const MANIFEST: &str = "[package]\nname = \"kontor-dialect-x\"\n\
        description = \"X query: ask for prices\"\n\
        [package.metadata.kontor]\nwire_words = [\"X_NO\"]\n";

    fn check_with(manifest: &str, readme: &str) -> usize {
        let path = "crates/kontor-dialect-x/Cargo.toml";
        lines(check, &[(path, manifest), ("README.md", readme)]).len()
    }

    #[test]
    fn a_dialect_says_what_it_is_and_stands_in_the_readme() {
        let row = "| X query | ask for prices | done | \
            [kontor-dialect-x](crates/kontor-dialect-x/README.md) |\n";
        assert_eq!(check_with(MANIFEST, row), 0);
        assert_eq!(check_with(MANIFEST, ""), 1);
        assert_eq!(check_with(&MANIFEST.replace("X query: ", ""), row), 1);
        assert_eq!(check_with(&MANIFEST.replace("\"X_NO\"", ""), row), 1);
        let example = ("crates/kontor-testkit/examples/kontor-dialect-x/Cargo.toml", MANIFEST);
        assert_eq!(lines(check, &[example]), []);
    }
}
