//! `kontor example-config`: every key of the configuration, its default and what it means, made
//! from the types that read it.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Map, Value};

use crate::config::Config;
use crate::dialects::DIALECTS;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    use std::io::Write as _;
    std::io::stdout().write_all(text().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The example as TOML. Every key is a comment with its default, so that the file changes nothing
/// until a key is made to count.
pub(crate) fn text() -> String {
    let schema = schemars::schema_for!(Config).to_value();
    let mut out = String::from(
        "# Configuration of Kontor. Every key stands here with its default; remove the # to change\n\
         # it. Made by `kontor example-config`.\n",
    );
    table(&mut out, &schema, &definitions(&schema), "", &Value::Null);
    for dialect in DIALECTS {
        let (schema, defaults) = (dialect.section.schema(), dialect.section.default_values());
        line(&mut out, format_args!("\n[{}]", dialect.name));
        table(&mut out, &schema, &definitions(&schema), dialect.name, &defaults);
    }
    out
}

/// The types that a schema refers to, by name.
fn definitions(schema: &Value) -> Map<String, Value> {
    schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The keys of a table, then the tables in it. `outer` has the defaults that the table around it
/// states for this one.
fn table(
    out: &mut String,
    schema: &Value,
    definitions: &Map<String, Value>,
    path: &str,
    outer: &Value,
) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let mut tables = Vec::new();
    for (name, property) in properties {
        let resolved = resolve(property, definitions);
        if resolved.get("properties").is_some() {
            tables.push((name, property, resolved));
        } else {
            comment(out, property);
            let default = property.get("default").or_else(|| outer.get(name));
            let default = default.filter(|value| !value.is_null());
            match default {
                Some(value) => key(out, name, value),
                // A key that is unset by default has no value to show.
                None => line(out, format_args!("# {name} = …")),
            }
        }
    }
    for (name, property, resolved) in tables {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        out.push('\n');
        comment(out, property);
        let default = property.get("default").unwrap_or(&Value::Null);
        let is_needed = resolved.get("required").is_some();
        // A header that stands there asks for all keys that its table needs.
        let mark = if default.is_null() || is_needed { "# " } else { "" };
        line(out, format_args!("{mark}[{path}]"));
        table(out, resolved, definitions, &path, default);
    }
}

/// What a property refers to, through `$ref` and `anyOf` with null.
fn resolve<'s>(property: &'s Value, definitions: &'s Map<String, Value>) -> &'s Value {
    let any = property.get("anyOf").and_then(Value::as_array).and_then(|any| any.first());
    let target = any.unwrap_or(property);
    let name = target.get("$ref").and_then(Value::as_str);
    let name = name.and_then(|reference| reference.strip_prefix("#/$defs/"));
    name.and_then(|name| definitions.get(name)).unwrap_or(target)
}

fn comment(out: &mut String, property: &Value) {
    let text = property.get("description").and_then(Value::as_str).unwrap_or_default();
    for part in text.lines() {
        line(out, format_args!("# {part}"));
    }
}

fn key(out: &mut String, name: &str, value: &Value) {
    let text = inline(value);
    line(out, format_args!("# {name} = {text}"));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

/// A value on one line of TOML.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs: Vec<String> =
                map.iter().map(|(name, value)| format!("{name} = {}", inline(value))).collect();
            if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(inline).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed() -> std::path::PathBuf {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kontor.example.toml")
    }

    /// `UPDATE_GOLDEN=1` writes the file anew.
    #[test]
    fn the_committed_example_is_fresh() {
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(committed(), text()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(committed()).unwrap(), text());
    }

    #[test]
    fn the_example_is_a_configuration_and_every_default_can_be_written_out() {
        Config::parse(&text()).unwrap();
        let mut written = String::new();
        for section in text().split("\n\n").filter(|section| !section.contains(" = …")) {
            for line in section.lines() {
                let line = line.strip_prefix("# ").unwrap_or(line);
                let is_header = line.starts_with('[');
                let is_key = line.contains(" = ") && toml::from_str::<toml::Table>(line).is_ok();
                if is_header || is_key {
                    written.push_str(line);
                    written.push('\n');
                }
            }
        }
        Config::parse(&written).unwrap_or_else(|error| panic!("{error:?}\n{written}"));
    }

    #[test]
    fn unknown_keys_are_named() {
        for text in ["[sever]\n", "[server]\nlisten_on = 1\n", "[secomp]\nscale = 1\n"] {
            let error = Config::parse(text).unwrap_err().message;
            assert!(error.contains("unknown field"), "{error}");
        }
    }
}
