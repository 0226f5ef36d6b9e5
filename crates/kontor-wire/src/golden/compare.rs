//! Comparing an answer with what a case expects.

use serde_json::Value;

use super::case::{Case, Compare, Step};
use super::exchange::Received;
use super::expand::Macros;
use super::pattern::{Any, matches};
use crate::json;

/// At most so many differences are told.
const MAX_PROBLEMS: usize = 40;

/// What is wrong with an answer; empty when nothing is.
pub(super) fn problems(
    case: &Case,
    step: &Step,
    got: &Received,
    macros: &mut Macros,
) -> Vec<String> {
    let mut problems = got.problems.clone();
    if got.status != step.status {
        problems.push(format!("status {}, expected {}", got.status, step.status));
    }
    for (name, expected) in &step.expected_headers {
        problems.extend(header_problem(name, &macros.expand(expected), got, macros));
    }
    let expected = macros.expand(&step.expected_body);
    match step.compare {
        Compare::Status => {}
        Compare::Bytes => problems.extend(text_problem(&expected, &got.body, macros)),
        Compare::Json => {
            let mut comparison =
                Comparison { ordered: case.keys_ordered, macros, problems: Vec::new() };
            comparison.bodies(&expected, &got.body);
            problems.extend(comparison.problems.into_iter().take(MAX_PROBLEMS));
        }
    }
    problems
}

fn header_problem(
    name: &str,
    expected: &str,
    got: &Received,
    macros: &mut Macros,
) -> Option<String> {
    let values: Vec<&str> = got.header_values(name).collect();
    let shown = values.first().copied();
    if expected == "{ABSENT}" {
        return shown.map(|value| format!("header {name}: {value}; expected none"));
    }
    let fits = |value: &&str| {
        normalised(name, value) == normalised(name, expected)
            || matches(expected, value, Any::Text, &mut macros.caught)
    };
    let found = values.iter().any(fits);
    (!found).then(|| format!("header {name}: {}; expected {expected}", shown.unwrap_or("(absent)")))
}

/// A header value without the differences that do not count.
fn normalised(name: &str, value: &str) -> String {
    if name.eq_ignore_ascii_case("content-type") {
        let parts: Vec<&str> = value.split(';').map(str::trim).collect();
        return parts.join("; ").to_lowercase();
    }
    if name.eq_ignore_ascii_case("allow") || name.eq_ignore_ascii_case("vary") {
        let mut parts: Vec<String> =
            value.split(',').map(|part| part.trim().to_lowercase()).collect();
        parts.sort();
        return parts.join(", ");
    }
    value.trim().to_owned()
}

fn text_problem(expected: &str, body: &[u8], macros: &mut Macros) -> Option<String> {
    let got = match std::str::from_utf8(body) {
        Ok(got) => got,
        Err(error) => return Some(format!("the body is not UTF-8: {error}")),
    };
    (!matches(expected, got, Any::Plain, &mut macros.caught))
        .then(|| first_difference(expected, got))
}

/// Shows two texts from a little before the first character that differs.
fn first_difference(expected: &str, got: &str) -> String {
    let same = expected.chars().zip(got.chars()).take_while(|(one, other)| one == other).count();
    let from = same.saturating_sub(60);
    let excerpt = |text: &str| text.chars().skip(from).take(160).collect::<String>();
    format!(
        "the body differs from character {}:\n      expected {:?}\n      got      {:?}",
        same + 1,
        excerpt(expected),
        excerpt(got)
    )
}

/// A comparison of two JSON values: numbers as they are written, order of lists always.
struct Comparison<'a> {
    ordered: bool,
    macros: &'a mut Macros,
    problems: Vec<String>,
}

impl Comparison<'_> {
    fn bodies(&mut self, expected: &str, got: &[u8]) {
        let Ok(expected) = json::parse_unique(expected.as_bytes()) else {
            self.problems.push("the expected body is not valid JSON".to_owned());
            return;
        };
        match json::parse_unique(got) {
            Ok(value) if !got.starts_with(b"\xEF\xBB\xBF") => self.values("$", &expected, &value),
            Ok(_) => self.problems.push("the body starts with a byte order mark".to_owned()),
            Err(error) => {
                let start: String = String::from_utf8_lossy(got).chars().take(200).collect();
                self.problems.push(format!("the body is not valid JSON ({error}): {start:?}"));
            }
        }
    }

    fn values(&mut self, path: &str, expected: &Value, got: &Value) {
        let equal = match (expected, got) {
            (Value::Object(_), Value::Object(_)) => return self.objects(path, expected, got),
            (Value::Array(expected), Value::Array(got)) => return self.lists(path, expected, got),
            (Value::String(expected), Value::String(got)) => {
                matches(expected, got, Any::Text, &mut self.macros.caught)
            }
            // Numbers compare by their digits: 60.00 is not 60.0.
            _ => expected == got,
        };
        if !equal {
            self.problems.push(format!("{path}: {}; expected {}", shown(got), shown(expected)));
        }
    }

    fn objects(&mut self, path: &str, expected: &Value, got: &Value) {
        let (Some(expected), Some(got)) = (expected.as_object(), got.as_object()) else {
            return;
        };
        let before = self.problems.len();
        for name in expected.keys().filter(|name| !got.contains_key(*name)) {
            self.problems.push(format!("{path}: missing key {name:?}"));
        }
        for (name, value) in got.iter().filter(|(name, _)| !expected.contains_key(*name)) {
            self.problems.push(format!("{path}: extra key {name:?} = {}", shown(value)));
        }
        let same_keys = self.problems.len() == before;
        if same_keys && self.ordered && !expected.keys().eq(got.keys()) {
            let list =
                |keys: serde_json::map::Keys<'_>| keys.cloned().collect::<Vec<_>>().join(", ");
            let (got, expected) = (list(got.keys()), list(expected.keys()));
            self.problems.push(format!("{path}: key order is {got}; expected {expected}"));
        }
        for (name, value) in expected {
            if let Some(other) = got.get(name) {
                self.values(&format!("{path}.{name}"), value, other);
            }
        }
    }

    fn lists(&mut self, path: &str, expected: &[Value], got: &[Value]) {
        if expected.len() != got.len() {
            let (got, expected) = (got.len(), expected.len());
            self.problems.push(format!("{path}: {got} elements, expected {expected}"));
        }
        for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
            self.values(&format!("{path}[{index}]"), expected, got);
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() < 160 {
        return text;
    }
    text.chars().take(157).chain("...".chars()).collect()
}
