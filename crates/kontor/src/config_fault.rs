//! Faults of the configuration file, told by file, line and key.
//!
//! The parser would show the line itself, in which a secret may stand: one whose quote was forgotten
//! is as secret as before. So a line is never shown, and what the parser says of a value only where
//! the value is known to be none.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use crate::config::Config;
use crate::dialects::DIALECTS;

/// Keys whose values are secrets.
const SECRETS: [&str; 3] = ["seal_key", "secret", "previous_secret"];

/// Why a file is no configuration.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Where in the text.
    pub(crate) span: Option<Range<usize>>,
    pub(crate) message: String,
}

impl From<toml::de::Error> for Unreadable {
    fn from(error: toml::de::Error) -> Self {
        Self { span: error.span(), message: error.message().to_owned() }
    }
}

/// A fault in `text`, the content of the file.
pub(crate) fn told(path: &Path, text: &str, error: &Unreadable) -> String {
    let mut told = path.display().to_string();
    let message = &*error.message;
    let Some(span) = error.span.clone() else {
        let _ = write!(told, ": {message}");
        return told;
    };
    let (line, column) = place(text, span.start);
    let _ = write!(told, ":{line}:{column}: line {line}");
    let key = key_at(text, &span).filter(|key| is_known(key));
    if let Some(key) = key {
        let _ = write!(told, ", key `{key}`");
    }
    // Unknown keys are named by the parser; a value is quoted by it when it has the wrong type.
    if key.is_some_and(|key| !SECRETS.contains(&key)) || !quotes_value(message) {
        let _ = write!(told, ": {message}");
    } else {
        told.push_str(": the value is not of the kind that this key takes");
    }
    told
}

/// Line and column, from 1; columns are counted in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// The key whose value the fault is in: the last one before it on its line, or the first on it.
fn key_at<'t>(text: &'t str, span: &Range<usize>) -> Option<&'t str> {
    let before = text.get(..span.start)?;
    let begin = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(begin..)?.lines().next()?;
    let until = before.get(begin..).and_then(|before| before.rfind('='));
    let left = until.and_then(|at| line.get(..at)).or_else(|| line.split('=').next())?;
    let name = left.trim_end().trim_end_matches(['"', '\'']);
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '-';
    let start = name.rfind(|sign| !is_part(sign)).map_or(0, |at| at + 1);
    name.get(start..)
}

/// Whether a text is the name of a setting: anything else on the line may be part of a secret.
fn is_known(key: &str) -> bool {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        let Value::Object(members) = value else { return };
        for (name, value) in members {
            names.insert(name.clone());
            collect(value, names);
        }
    }
    let mut names: BTreeSet<String> = SECRETS.map(str::to_owned).into();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    collect(&defaults, &mut names);
    for dialect in DIALECTS {
        names.insert(dialect.name.to_owned());
        collect(&dialect.section.default_values(), &mut names);
    }
    names.contains(key)
}

/// Whether a message of the parser quotes the value it cannot use.
fn quotes_value(message: &str) -> bool {
    !message.starts_with("unknown field")
        && !message.starts_with("missing field")
        && message.contains(['"', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "c2VjcmV0a2V5c2VjcmV0a2V5c2VjcmV0a2V5c2VjcmU=";

    fn fault(text: &str) -> String {
        let error = Config::parse(text).unwrap_err();
        told(Path::new("kontor.toml"), text, &error)
    }

    #[test]
    fn a_fault_is_told_by_line_and_key_and_no_secret_is_shown() {
        let webhook = "[companeo.leads.webhooks.acme]\nurl = \"https://a.test\"\n";
        for (text, line) in [
            (format!("[companeo.leads]\nseal_key = \"{KEY}\n"), 2),
            (format!("[companeo.leads]\nseal_key = \"{KEY}\" x\n"), 2),
            (format!("[companeo.leads]\nseal_key = {KEY}\n"), 2),
            (format!("[companeo.leads]\nseal_key = [\"{KEY}\"]\n"), 2),
            (format!("[companeo.leads]\n{KEY}\n"), 2),
            (format!("[companeo.leads]\nretention_days = 3\nseal_key = \"\"\"\n{KEY}\n"), 5),
            ("[companeo.leads]\nseal_key = 31337031337\n".to_owned(), 2),
            (format!("{webhook}secret = \"{KEY}\n"), 3),
            (format!("{webhook}secret = \"x\"\nprevious_secret = {{ a = \"{KEY}\" }}\n"), 4),
            (format!("{webhook}secret = {KEY}\n"), 3),
        ] {
            let told = fault(&text);
            assert!(told.starts_with("kontor.toml:"), "{told}");
            assert!(told.contains(&format!("line {line}")), "{text}{told}");
            assert!(!told.contains(&KEY[..8]) && !told.contains("31337"), "{told}");
        }
    }

    #[test]
    fn other_faults_say_what_is_wrong() {
        let told = fault("[companeo.leads]\nretention_days = \"many\"\n");
        assert_eq!(
            told,
            "kontor.toml:2:18: line 2, key `retention_days`: invalid type: string \"many\", \
             expected u32"
        );
        let told = fault("[server]\nlisten = \"x\"\n");
        assert!(told.contains("line 2, key `listen`: invalid socket address"), "{told}");
        let told = fault("[sever]\n");
        assert!(told.starts_with("kontor.toml:1:2: line 1: unknown field `sever`"), "{told}");
        assert!(
            told.ends_with("`import`, `secomp`, `websphere`, `consinco`, `restigo`, `companeo`")
        );
        let told = fault("[server.limits]\nheds_ms = 3\n");
        assert!(told.contains("line 2: unknown field `heds_ms`, expected one of"), "{told}");
    }
}
